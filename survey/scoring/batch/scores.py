"""The scores of many units against one criteria set, in arrays, and any one of them in full.

Not the arithmetic (leaves.py, roll_up.py), nor places among the units (survey.scoring.rank).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from survey.rounding import round_half_up
from survey.scoring.bands import Band
from survey.scoring.batch.columns import FloatArray, LeafColumns, known
from survey.scoring.batch.leaves import earn
from survey.scoring.batch.reading import read_columns
from survey.scoring.batch.refusing import refuse_unfit
from survey.scoring.batch.roll_up import Held, Sums, Totals, exemptions, hold, roll_up, total_up
from survey.scoring.batch.tree import Tree
from survey.scoring.block_ranking import placed_by
from survey.scoring.criteria import CriteriaSet
from survey.scoring.ranking import Rank
from survey.scoring.refusals import Inputs
from survey.scoring.result import Score
from survey.scoring.roll_up import score
from survey.scoring.uncertainty import Correlations


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Mapping[str, Score]):
    """The scores of many units: arrays of every figure, and each unit's `Score` when asked for.

    Attributes:
        units: names, in the order of the last axis of every array.
        branches: ids of nodes and parts, and "" for the total inside the base: the first axis of `sums`.
        sums: what `NodeScore` says of one unit.
        totals: what `Score` says of one unit; `totals.percent` is what units are ranked on.
        best: the best unit's value by leaf id, of leaves normalised to the best.
        correlations, level: as they were given.
    """

    criteria_set: CriteriaSet
    units: tuple[str, ...]
    branches: tuple[str, ...]
    sums: Sums
    totals: Totals
    best: Mapping[str, float]
    correlations: Correlations
    level: float
    columns: LeafColumns
    held: Held

    def __getitem__(self, unit: str) -> Score:
        """Score one unit in full, by the plain reading of the rules."""
        return score(
            self.criteria_set,
            self.columns.given(self.units.index(unit) if unit in self.units else self.missing(unit)),
            best=self.best,
            correlations=self.correlations,
            level=self.level,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.units)

    def __len__(self) -> int:
        return len(self.units)

    @staticmethod
    def missing(unit: str) -> int:
        raise KeyError(unit)

    def branch(self, name: str) -> int:
        """Give the row of a node or part in `sums`; "" is the total inside the base.

        Raises:
            KeyError: the set has none of that id.
        """
        if name not in self.branches:
            raise KeyError(name)
        return self.branches.index(name)

    def percents(self, branch: str | None = None) -> dict[str, float | None]:
        """Give the percent of each unit, or of one of its nodes or parts; None where not known."""
        figures = self.totals.percent if branch is None else self.sums.percent[self.branch(branch)]
        return {unit: known(figure) for unit, figure in zip(self.units, figures, strict=True)}

    def ranks(self, branch: str | None = None) -> dict[str, Rank | None]:
        """Rank the units by the set's settings, ties broken as it says, on the total or on one branch."""
        settings = self.criteria_set.ranking
        columns = [self.percents(branch), *map(self.tie_breaker, settings.tie_break)]
        return placed_by(
            settings,
            {
                unit: None
                if columns[0][unit] is None
                else tuple(round_half_up(column[unit] or 0.0, settings.places) for column in columns)
                for unit in self.units
            },
        )

    def tie_breaker(self, branch: str) -> dict[str, float | None]:
        """Give what equal units are compared by; unknown counts as below every value."""
        return {unit: -1.0 if one is None else one for unit, one in self.percents(branch).items()}

    def bands(self) -> dict[str, Band | None]:
        """Give the band of each unit, by the scale of the set."""
        scale = self.criteria_set.bands
        return {
            unit: None if percent is None else scale.band(percent)
            for unit, percent in self.percents().items()
        }

    def missing_leaves(self) -> dict[str, tuple[str, ...]]:
        """Give the leaves without points of each unit that has any."""
        lacking = ~self.held.known & ~self.held.exempt
        ids = [leaf.id for leaf in self.held.tree.leaves]
        return {
            self.units[column]: tuple(ids[row] for row in np.flatnonzero(lacking[:, column]))
            for column in np.flatnonzero(lacking.any(axis=0))
        }

    def intervals(self, branch: str) -> FloatArray:
        """Give (2, units) the interval of a node's points, NaN where there is none."""
        row = self.branch(branch)
        held = self.held.tree.branches[row]
        low, high = bounds(self.sums.points[row], self.sums.se[row], self.sums.df[row], self.level)
        return np.stack([np.maximum(low, held.lowest), np.fmin(high, self.sums.applicable[row])]) + 0 * low

    def percent_intervals(self) -> FloatArray:
        """Give (2, units) the interval of the percent, NaN where there is none."""
        totals = self.totals
        low, high = bounds(totals.percent, totals.percent_se, totals.percent_df, self.level)
        if not self.criteria_set.bounded:
            return np.stack([low, high])
        return np.stack([np.maximum(low, 0.0), np.minimum(high, 100.0)])


def score_units(
    criteria_set: CriteriaSet,
    inputs: Mapping[str, Inputs] | LeafColumns,
    *,
    correlations: Correlations | None = None,
    level: float = 0.95,
) -> Scores:
    """Score units together, so that leaves normalised to the best see the best of them.

    Every figure is that of `score` for the one unit with the same best values.

    Args:
        inputs: by unit and then by leaf id, as `score` takes them for one; or in columns.

    Raises:
        RefusedInputs: of the first unit whose inputs do not fit.
        RaggedColumns: from `LeafColumns`.
    """
    tree = Tree.of(criteria_set)
    if isinstance(inputs, LeafColumns):
        columns, given = inputs, None
    else:
        columns, given = read_columns([leaf.id for leaf in tree.leaves], inputs), inputs
    leaves = earn(tree, columns)
    exempt = exemptions(tree, columns)
    refuse_unfit(tree, columns, leaves, exempt, given)
    held = hold(tree, leaves, exempt, correlations or {})
    sums = roll_up(held)
    return Scores(
        criteria_set,
        columns.units,
        tuple(branch.id for branch in tree.branches),
        sums,
        total_up(tree, sums),
        leaves.best,
        correlations or {},
        level,
        columns,
        held,
    )


def bounds(value: FloatArray, se: FloatArray, df: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Give the two-sided interval of each value; NaN without a known error or with no df."""
    tail = (1 + level) / 2
    finite = np.isfinite(df) & (df > 0)
    quantile = np.full(df.shape, float(ndtri(tail)))
    quantile[finite] = stdtrit(df[finite], tail)
    quantile[(df == 0) | np.isnan(se)] = np.nan
    return value - quantile * se, value + quantile * se
