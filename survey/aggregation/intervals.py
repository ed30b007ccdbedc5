"""Confidence intervals from a value, its standard error and its degrees of freedom.

Not the standard error (variance.py) nor the choice of a method for a report (results.py). All take
arrays or numbers that broadcast, and return (low, high), NaN where there is no interval: no degrees
of freedom, no standard error, or a proportion at 0 or 1 where the method has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from survey.aggregation.errors import BadRequest
from survey.aggregation.labels import FloatArray

Interval = tuple[FloatArray, FloatArray]


def check_level(level: float) -> None:
    """Refuse a confidence level outside (0, 1).

    Raises:
        BadRequest.
    """
    if not 0 < level < 1:
        raise BadRequest(problem=f"level={level!r}")


def t_quantile(df: ArrayLike, level: float) -> FloatArray:
    """Return the two-sided t quantile; NaN for df below 1, the normal quantile for infinite df."""
    check_level(level)
    degrees = np.asarray(df, dtype=np.float64)
    distinct, place = np.unique(degrees, return_inverse=True)
    quantile = special.stdtrit(np.where(distinct >= 1, distinct, 1.0), (1 + level) / 2)
    quantile = np.where(np.isinf(distinct), special.ndtri((1 + level) / 2), quantile)
    return np.where(distinct >= 1, quantile, np.nan)[place].reshape(degrees.shape)


def t_interval(value: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> Interval:
    """Return value ± t se; with infinite df, the normal interval."""
    centre, spread = _real(value), _standard_error(se)
    half = t_quantile(df, level) * spread
    return centre - half, centre + half


def logit_interval(p: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> Interval:
    """Return the Wald interval on the log odds, by the delta method (R `svyciprop` "xlogit")."""
    share, spread = _inside(p), _standard_error(se)
    log_odds = special.logit(share)
    half = t_quantile(df, level) * spread / (share * (1 - share))
    return special.expit(log_odds - half), special.expit(log_odds + half)


def arcsine_interval(p: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> Interval:
    """Return the interval on the arcsine square root scale (R `svyciprop` "asin")."""
    share, spread = _inside(p), _standard_error(se)
    angle = np.arcsin(np.sqrt(share))
    half = t_quantile(df, level) * spread / (2 * np.sqrt(share * (1 - share)))
    low, high = np.clip(angle - half, 0, np.pi / 2), np.clip(angle + half, 0, np.pi / 2)
    return np.square(np.sin(low)), np.square(np.sin(high))


def wilson_interval(p: ArrayLike, se: ArrayLike, df: ArrayLike, level: float = 0.95) -> Interval:
    """Return the score interval in R's convention: n_eff = p(1-p)/se², unadjusted, and t.

    Other programs adjust n_eff for df as well; name the convention wherever it is printed.
    """
    share, spread = _inside(p), _standard_error(se)
    t_squared = np.square(t_quantile(df, level))
    n_eff = share * (1 - share) / np.square(spread)
    centre = (share + t_squared / (2 * n_eff)) / (1 + t_squared / n_eff)
    half = np.sqrt(t_squared * (share * (1 - share) + t_squared / (4 * n_eff)) / n_eff)
    half = half / (1 + t_squared / n_eff)
    return centre - half, centre + half


def beta_interval(p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, level: float = 0.95) -> Interval:
    """Return the Korn-Graubard interval as R does (`svyciprop` "beta"): n_eff is not truncated.

    n_eff = p(1-p)/se² · (t_{n-1}/t_df)², with n rows (Korn & Graubard 1998).
    """
    share, spread = _inside(p), _standard_error(se)
    n_eff = share * (1 - share) / np.square(spread) * _df_adjustment(n, df, level)
    return _clopper_pearson(share, n_eff, level)


def korn_graubard_interval(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, level: float = 0.95
) -> Interval:
    """Return the Korn-Graubard interval as the NCHS publishes it (Parker et al. 2017).

    As `beta_interval`, with n_eff = n at p = 0 and 1 before the adjustment for df, and n_eff never
    above n. It is defined at p = 0 and 1, whatever `se`.
    """
    share, rows, spread = _real(p), _real(n), _real(se)
    share = np.where((share < 0) | (share > 1), np.nan, share)
    at_end = (share == 0) | (share == 1)
    spread = np.where(at_end, 1.0, _standard_error(spread))
    n_eff = np.where(at_end, rows, share * (1 - share) / np.square(spread))
    return _clopper_pearson(share, np.minimum(n_eff * _df_adjustment(n, df, level), rows), level)


def _clopper_pearson(share: FloatArray, n_eff: FloatArray, level: float) -> Interval:
    tail = (1 - level) / 2
    hits, misses = n_eff * share, n_eff * (1 - share)
    known = np.isfinite(hits)
    ends = np.where(known, hits, 1.0), np.where(known, misses, 1.0)
    low = special.betaincinv(np.maximum(ends[0], 1e-300), ends[1] + 1, tail)
    high = special.betaincinv(ends[0] + 1, np.maximum(ends[1], 1e-300), 1 - tail)
    low, high = np.where(ends[0] == 0, 0.0, low), np.where(ends[1] == 0, 1.0, high)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _df_adjustment(n: ArrayLike, df: ArrayLike, level: float) -> FloatArray:
    return np.square(t_quantile(_real(n) - 1, level) / t_quantile(df, level))


def _real(value: ArrayLike) -> FloatArray:
    return np.asarray(value, dtype=np.float64)


def _inside(p: ArrayLike) -> FloatArray:
    share = _real(p)
    return np.where((share > 0) & (share < 1), share, np.nan)


def _standard_error(se: ArrayLike) -> FloatArray:
    """Return se, NaN where it is 0: an interval of no width claims what no sample can."""
    spread = _real(se)
    return np.where(spread > 0, spread, np.nan)
