"""Results with and without the flagged responses, side by side.

Not a filter: flagged responses keep their place in the design with weight zero, so every stratum and
PSU still counts in the standard errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.analysis import Analysis
from survey.aggregation.domains import Domain
from survey.aggregation.errors import UnknownResult
from survey.aggregation.estimates import known
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.quality.columns import flag_column, real_column
from survey.aggregation.quality.errors import NotComparable, NothingLeft


def without_flagged(weights: ArrayLike, flagged: ArrayLike) -> FloatArray:
    """Return the weights (rows,) with zero for the flagged responses.

    Raises:
        NothingLeft: every response with a weight is flagged; UnusableColumn, DifferentLengths.
    """
    rows = np.asarray(weights).size
    given = real_column(weights, "weights", rows)
    left = np.where(flag_column(flagged, "flagged", (rows,)), 0.0, given)
    if not (left > 0).any():
        raise NothingLeft(count=int((given > 0).sum()))
    return left


@dataclass(frozen=True, slots=True)
class Change:
    """One estimate with and without the flagged responses; None where there is none."""

    with_flagged: float | None
    without_flagged: float | None
    difference: float | None
    se_with: float | None
    se_without: float | None
    n_with: int
    n_without: int

    @property
    def n_lost(self) -> int:
        """Count the respondents who were flagged."""
        return self.n_with - self.n_without


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Every estimate of an analysis with and without flagged responses: D domains, T statistics.

    The difference is without less with, in the unit of the estimates. It has no standard error of its
    own: it is what the review changes, not what chance changes.

    Attributes:
        domains, statistics: what the rows and columns are.
        unit: of every value.
        value_with, value_without, se_with, se_without: (D, T), NaN where there is none.
        n_with, n_without: (D, T) respondents.
    """

    domains: tuple[Domain, ...]
    statistics: tuple[str, ...]
    unit: str
    value_with: FloatArray
    value_without: FloatArray
    se_with: FloatArray
    se_without: FloatArray
    n_with: IntArray
    n_without: IntArray

    @property
    def difference(self) -> FloatArray:
        """Return without less with (D, T)."""
        return self.value_without - self.value_with

    @property
    def n_lost(self) -> IntArray:
        """Return the flagged respondents (D, T)."""
        return self.n_with - self.n_without

    def change(self, domain: Domain, statistic: str) -> Change:
        """Return one estimate with and without.

        Raises:
            UnknownResult.
        """
        if domain not in self.domains or statistic not in self.statistics:
            raise UnknownResult(name=f"{domain}, {statistic}")
        return self._change(self.domains.index(domain), self.statistics.index(statistic))

    def rows(self) -> Iterator[tuple[Domain, str, Change]]:
        """Walk over every estimate, domain by domain."""
        for row, domain in enumerate(self.domains):
            for column, statistic in enumerate(self.statistics):
                yield domain, statistic, self._change(row, column)

    def _change(self, row: int, column: int) -> Change:
        at = row, column
        return Change(
            known(self.value_with[at]),
            known(self.value_without[at]),
            known(self.value_without[at] - self.value_with[at]),
            known(self.se_with[at]),
            known(self.se_without[at]),
            int(self.n_with[at]),
            int(self.n_without[at]),
        )


def with_and_without(complete: Analysis, reviewed: Analysis) -> Sensitivity:
    """Compare an analysis of all responses with the same one under `without_flagged` weights.

    Raises:
        NotComparable: other domains, statistics, unit or number of rows.
    """
    for what, one, other in (
        ("domains", complete.domains, reviewed.domains),
        ("statistics", complete.statistics, reviewed.statistics),
        ("unit", complete.unit, reviewed.unit),
        ("rows", complete.design.rows, reviewed.design.rows),
    ):
        if one != other:
            raise NotComparable(problem=what)
    return Sensitivity(
        complete.domains,
        complete.statistics,
        complete.unit,
        complete.value,
        reviewed.value,
        complete.se,
        reviewed.se,
        np.round(complete.n).astype(np.intp),
        np.round(reviewed.n).astype(np.intp),
    )
