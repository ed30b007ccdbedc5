"""How the standard errors of survey parts travel into a sum of points.

Not the estimation of those errors (the aggregation room) and not rank intervals (chances/). Many units
at once: batch/spreads.py.
Linear propagation (Särndal, Swensson & Wretman 1992 §5.5); degrees of freedom after
Satterthwaite 1946.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scipy.special import ndtri, stdtrit

#: Correlation of the estimates of two leaves of one survey, by their two ids in either order.
Correlations = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Deviation:
    """The standard error, in points, that one survey puts into one leaf."""

    leaf: str
    survey: str
    se: float | None
    df: int | None

    def scaled(self, factor: float) -> Deviation:
        return replace(self, se=None if self.se is None else self.se * factor)


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard error of a sum and its degrees of freedom (None: normal)."""

    se: float | None
    df: float | None


def combine(deviations: Sequence[Deviation], correlations: Correlations) -> Spread:
    """Add the deviations of a sum of points.

    Different surveys are independent: variances add. Leaves of one survey are not: where no
    correlation is given they are taken as fully correlated, which can only overstate the error.
    An unknown error anywhere makes the sum's error unknown.
    """
    if any(deviation.se is None for deviation in deviations):
        return Spread(None, None)
    return satterthwaite([one_survey(group, correlations) for group in by_survey(deviations)])


def by_survey(deviations: Sequence[Deviation]) -> list[list[Deviation]]:
    """Split into groups that are independent of each other; an unnamed survey stands alone."""
    alone = [[deviation] for deviation in deviations if not deviation.survey]
    named = sorted((d for d in deviations if d.survey), key=lambda deviation: deviation.survey)
    return alone + [list(group) for _, group in groupby(named, key=lambda deviation: deviation.survey)]


def one_survey(group: Sequence[Deviation], correlations: Correlations) -> Spread:
    variance = sum(
        correlation(one.leaf, other.leaf, correlations) * (one.se or 0.0) * (other.se or 0.0)
        for one in group
        for other in group
    )
    known = [deviation.df for deviation in group if deviation.df is not None and deviation.se]
    return Spread(math.sqrt(max(variance, 0.0)), min(known) if known else None)


def correlation(one: str, other: str, given: Correlations) -> float:
    if one == other:
        return 1.0
    return given.get((one, other), given.get((other, one), 1.0))


def satterthwaite(parts: Sequence[Spread]) -> Spread:
    """Add independent parts: total variance, and the df of a t with the same two moments."""
    variances = [((part.se or 0.0) ** 2, part.df) for part in parts]
    total = sum(variance for variance, _ in variances)
    if any(df == 0 and variance > 0 for variance, df in variances):
        return Spread(math.sqrt(total), 0)
    spent = sum(variance**2 / df for variance, df in variances if df)
    return Spread(math.sqrt(total), total**2 / spent if spent > 0 else None)


def interval(value: float, spread: Spread, level: float) -> tuple[float, float] | None:
    """Return the two-sided interval of a value, or None without a known error or with no df."""
    if spread.se is None or spread.df == 0:
        return None
    tail = (1 + level) / 2
    quantile = float(ndtri(tail) if spread.df is None else stdtrit(spread.df, tail))
    return value - quantile * spread.se, value + quantile * spread.se
