"""Joint rank intervals from each estimate's own interval.

Not from differences (differences.py), which needs the covariance, nor probabilities (probabilities.py).
Nothing is drawn at random: the same estimates give the same intervals.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.ranking.intervals import JointRanks, Ranked
from survey.aggregation.ranking.quantiles import LevelSharing, joint_quantile
from survey.aggregation.ranking.ranked import column, counts, named_estimates, refuse


def joint_ranks(
    estimates: ArrayLike,
    se: ArrayLike,
    *,
    names: Sequence[Hashable] | None = None,
    df: ArrayLike | None = None,
    n: Sequence[int] | None = None,
    level: float = 0.95,
    largest_first: bool = True,
) -> JointRanks:
    """Return the ranks of K units with joint intervals (Klein, Wright & Wieczorek 2020).

    Every estimate gets the interval value ± z·se with z = Φ⁻¹(1 - γ/2), γ = 1 - level^{1/m} (Šidák),
    m the number of units with a standard error; with `df`, Student's quantile at the same γ. A unit is
    clearly above another when its interval lies wholly above (intervals that touch do not), and the rank
    interval is [1 + clearly above, K - clearly below]. All true ranks lie in theirs with probability
    `level` at least: exactly Šidák's for independent estimates, more for correlated ones (Šidák 1967).

    A unit without standard error (NaN, or df below 1) is clearly above or below nobody: its own interval
    is [1, K], and it adds one to the high end of every other, for it may be above. It takes no part of
    the level (m does not count it), and the level still holds for all K ranks. A standard error of 0 is
    taken as exact knowledge: give NaN where it only says that all respondents answered alike.

    Args:
        estimates, se: (K,) in one unit.
        df: (K,) degrees of freedom; infinite for normal. None is normal for all.
        n: (K,) respondents, carried to the result.
        largest_first: whether rank 1 is the largest estimate.

    Raises:
        BadEstimates: no unit, an estimate that is not a number, a negative or infinite standard error, a
            repeated name.
        BadRequest: a level outside (0, 1).
        DifferentLengths.
    """
    values, named = named_estimates(estimates, names)
    spread = column("se", se, values.size)
    refuse(
        (spread < 0) | np.isinf(spread),
        named,
        "sai số chuẩn không hợp lệ / a standard error that is not valid",
    )
    degrees = np.full(values.size, np.inf) if df is None else column("df", df, values.size)
    known = ~np.isnan(spread) & (degrees >= 1)
    ranked = Ranked(named, values, 1 if largest_first else -1, known, counts("n", n, values.size))
    half = _half_widths(spread, degrees, known, level, "sidak")
    quantiles = "normal quantiles" if df is None else "t quantiles"
    return ranked.with_intervals(
        *_clearly(ranked.sign * values, half),
        level=level,
        method=f"joint rank intervals (Klein, Wright & Wieczorek 2020); Šidák level; {quantiles}",
        df=None if df is None else degrees,
    )


def _half_widths(
    se: FloatArray, df: FloatArray, known: BoolArray, level: float, adjustment: LevelSharing
) -> FloatArray:
    quantile = joint_quantile(level, int(np.count_nonzero(known)), df, adjustment)
    return np.where(known, quantile * np.where(known, se, 0.0), np.inf)


def _clearly(values: FloatArray, half: FloatArray) -> tuple[np.ndarray, np.ndarray]:
    """Count, for each unit, those whose interval lies wholly above its own, and wholly below."""
    low, high = values - half, values + half
    above = values.size - np.searchsorted(np.sort(low), high, side="right")
    below = np.searchsorted(np.sort(high), low, side="left")
    return above, below
