"""The drawing of totals: survey leaves vary by their standard errors, and go through the rules again.

Not ranks (ranks.py). Linear propagation (survey.scoring.uncertainty) gives the same spread wherever no
leaf is so near an end of its scale that it is held there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray, IntArray
from survey.scoring.batch.roll_up import share, with_bonus
from survey.scoring.batch.scores import Scores
from survey.scoring.batch.sums import exact_sum
from survey.scoring.batch.tree import TOTAL
from survey.scoring.chances.correlating import root_of_correlations
from survey.scoring.chances.errors import BadDraws
from survey.scoring.chances.totals import TotalDraws

#: Draws of the values of one leaf, (draws, units) on the leaf's own scale, by leaf id and group ("" for
#: an index of its own): as another room makes them from a covariance between units.
LeafDraws = Mapping[tuple[str, str], FloatArray]
#: Simulated values held at a time: 2 MB of them, which stay in the cache.
VALUES_AT_A_TIME = 1 << 18


def simulate_totals(
    scores: Scores, *, seed: int, draws: int = 10_000, given: LeafDraws | None = None
) -> TotalDraws:
    """Simulate the percents of the units whose total is known.

    Each survey of a unit brings one normal deviation, which all of its leaves share (or several, where
    correlations between leaves were given to the scores). Units are drawn in the order of their names,
    so the order in which they were given changes nothing. A unit with a survey leaf whose error is not
    known, or has no degrees of freedom, gets no draws of its own.

    Args:
        seed: not negative.
        given: draws for some leaves in place of our own, in the order of `scores.units`; NaN for a unit
            that has none.

    Raises:
        BadDraws: no draw, a negative seed, given draws of another shape or for no survey leaf.
        ImpossibleCorrelations.
    """
    if draws < 1 or seed < 0:
        raise BadDraws(problem=f"draws={draws}, seed={seed}")
    units = np.flatnonzero(~np.isnan(scores.totals.percent))
    units = units[np.argsort(np.array([scores.units[at] for at in units], dtype=object), kind="stable")]
    slots = VaryingSlots.of(scores, units, checked(scores, given or {}, draws))
    value, order = scores.totals.percent[units], np.argsort(units)
    percent = np.empty((draws, units.size))
    generator = np.random.Generator(np.random.PCG64(seed))
    for rows in blocks(draws, units.size):
        drawn = through_the_rules(scores, units, slots.points(generator, rows))
        percent[rows] = np.where(slots.is_known, drawn, value)[:, order]
    return TotalDraws(
        tuple(scores.units[at] for at in units[order]),
        value[order],
        percent,
        slots.is_known[order],
        seed,
        method_of(scores, given or {}),
    )


def blocks(draws: int, units: int) -> Iterator[slice]:
    """Split the draws into blocks of a size that stays in the cache."""
    size = max(1, VALUES_AT_A_TIME // max(units, 1))
    return (slice(start, min(start + size, draws)) for start in range(0, draws, size))


def checked(scores: Scores, given: LeafDraws, draws: int) -> LeafDraws:
    """Refuse given draws that do not fit."""
    known = {(scores.held.tree.leaves[slot.leaf].id, slot.group) for slot in scores.held.leaves.slots}
    for key, drawn in given.items():
        if key not in known or drawn.shape != (draws, len(scores.units)):
            raise BadDraws(problem=f"{key}: {drawn.shape}; cần / needed ({draws}, {len(scores.units)})")
    return given


@dataclass(frozen=True, slots=True)
class VaryingSlots:
    """The survey estimates of some units, and how they vary; (slots, units) each unless said.

    Attributes:
        value, se: on the scale of the estimate; se is 0 where it does not vary.
        factor: points for one of the value's unit; 0 where the leaf does not count.
        scale: (slots,) the most that a value can be.
        survey: number of the survey within the unit.
        root: (slots, factors) how the slots of one survey move together.
        drawn: by slot, values that were drawn elsewhere (draws, units).
        fixed: (units,) points of everything else inside the base.
        is_known: (units,) whether every error is known.
    """

    value: FloatArray
    se: FloatArray
    factor: FloatArray
    scale: FloatArray
    survey: IntArray
    root: FloatArray
    drawn: Mapping[int, FloatArray]
    fixed: FloatArray
    is_known: BoolArray

    @classmethod
    def of(cls, scores: Scores, units: IntArray, given: LeafDraws) -> VaryingSlots:
        """Take the survey estimates out of the scores of some units."""
        held, slots = scores.held, scores.held.leaves.slots
        shape = len(slots), units.size
        leaf = np.array([slot.leaf for slot in slots], dtype=np.intp)
        names = [held.tree.leaves[at].id for at in leaf]
        counts = held.known[leaf][:, units]
        value, se, df, factor = (
            np.array(rows, dtype=np.float64).reshape(shape)
            for rows in (
                [slot.estimates.value[units] for slot in slots],
                [slot.estimates.se[units] for slot in slots],
                [slot.estimates.df[units] for slot in slots],
                [slot.factor[units] for slot in slots],
            )
        )
        drawn = {at: given[key] for at, key in enumerate(keys(scores)) if key in given}
        is_ours = np.array([at not in drawn for at in range(len(slots))], dtype=np.bool_)
        unknown = counts & is_ours[:, None] & (np.isnan(se) | ((df == 0) & (se > 0)))
        for at, one in drawn.items():
            unknown[at] = counts[at] & ~np.isfinite(one[:, units]).all(axis=0)
        others = np.setdiff1d(held.tree.branches[scores.branch(TOTAL)].leaves, leaf)
        return cls(
            value=np.where(counts, value, 0.0),
            se=np.where(counts & ~np.isnan(se), se, 0.0),
            factor=np.where(counts, factor, 0.0),
            scale=np.array([slot.scale for slot in slots]),
            survey=held.errors.survey[:, units],
            root=roots(scores, names, held.errors.survey[:, units]),
            drawn={at: one[:, units] for at, one in drawn.items()},
            fixed=exact_sum(held.points[others][:, units], units.size),
            is_known=~unknown.any(axis=0),
        )

    def points(self, generator: np.random.Generator, rows: slice) -> FloatArray:
        """Draw the points inside the base (rows, units) of one block of draws."""
        size = rows.stop - rows.start, self.fixed.size
        total = np.broadcast_to(self.fixed, size).copy()
        used = np.unique(self.survey) if self.survey.size else np.zeros(0, dtype=np.intp)
        shocks = {int(survey): generator.standard_normal((self.root.shape[1], *size)) for survey in used}
        for slot in range(len(self.scale)):
            values = self.drawn[slot][rows] if slot in self.drawn else self.values(slot, shocks, size)
            total += self.factor[slot] * np.clip(values, 0.0, self.scale[slot])
        return total

    def values(self, slot: int, shocks: Mapping[int, FloatArray], size: tuple[int, int]) -> FloatArray:
        """Draw one slot's values: each unit moves with the survey that its own estimate comes from."""
        moved = np.zeros(size)
        surveys = np.unique(self.survey[slot])
        for survey in surveys.tolist():
            mine = 1.0 if surveys.size == 1 else (self.survey[slot] == survey).astype(np.float64)
            for factor, weight in enumerate(self.root[slot].tolist()):
                if weight:
                    moved += (weight * mine * self.se[slot]) * shocks[survey][factor]
        moved += self.value[slot]
        return moved


def keys(scores: Scores) -> list[tuple[str, str]]:
    """Name each slot by its leaf and group."""
    return [(scores.held.tree.leaves[slot.leaf].id, slot.group) for slot in scores.held.leaves.slots]


def roots(scores: Scores, names: list[str], survey: IntArray) -> FloatArray:
    """Give (slots, factors) how slots move together: as one, where no correlation was given."""
    if not scores.correlations:
        return np.ones((len(names), 1))
    leaves = list(dict.fromkeys(names))
    place = np.array([leaves.index(name) for name in names], dtype=np.intp)
    shared = np.eye(len(leaves), dtype=np.bool_)
    for one in range(len(names)):
        for other in np.flatnonzero((survey == survey[one]).any(axis=1)):
            shared[place[one], place[other]] = True
    return root_of_correlations(leaves, shared, scores.correlations)[place]


def through_the_rules(scores: Scores, units: IntArray, points: FloatArray) -> FloatArray:
    """Take points inside the base to percents: rescaled, with bonus, and within the base."""
    kept, row = scores.criteria_set, scores.branch(TOTAL)
    applicable = scores.sums.applicable[row, units]
    held = np.fmin(points, applicable)
    rescaled = share(held, np.broadcast_to(applicable, held.shape), kept.base)
    return 100 * with_bonus(rescaled, scores.totals.bonus[units], kept) / kept.base


def method_of(scores: Scores, given: LeafDraws) -> str:
    """Say how the totals were drawn, in fixed words."""
    together = "correlated as given" if scores.correlations else "fully correlated"
    words = [
        "totals simulated from the standard errors of survey leaves",
        "normal draws held to each scale",
        "surveys independent",
        f"leaves of one survey {together}",
        "units independent",
        *(["some leaves drawn as given"] if given else []),
    ]
    return "; ".join(words)
