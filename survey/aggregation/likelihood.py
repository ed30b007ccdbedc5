"""The likelihood interval of a proportion: shares whose likelihood the data do not contradict.

Not the other intervals (intervals.py), nor the standard error that it starts from (variance.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from survey.aggregation.intervals import Interval, t_quantile
from survey.aggregation.labels import FloatArray

#: Newton's steps at most; from the start chosen here it doubles its digits at each step near the end.
STEPS = 200
#: A step this small on the log odds changes no digit of a share that is printed.
SETTLED = 1e-14


def likelihood_interval(
    p: ArrayLike, se: ArrayLike, n: ArrayLike, df: ArrayLike, level: float = 0.95
) -> Interval:
    """Return the profile-likelihood interval by the working Rao-Scott deviance (R `svyciprop` "likelihood").

    A share x is inside when 2 n_eff [p log(p/x) + (1-p) log((1-p)/(1-x))] <= t² n/(n-1), where
    n_eff = p(1-p)/se² makes the deviance as curved at p as the design's variance says, t has `df`
    degrees of freedom, and n/(n-1) is the dispersion that R's `svyglm` divides the deviance by. R
    interpolates its profile, so that the two agree to about 1e-5 (Rao & Scott 1984; Lumley & Scott 2014).

    Arrays or numbers that broadcast; n counts respondents. NaN where p is 0 or 1, se is 0 or unknown,
    n is below 2 or df below 1.

    Raises:
        BadRequest: a level outside (0, 1).
    """
    share, spread, rows, t = np.broadcast_arrays(
        np.asarray(p, dtype=np.float64),
        np.asarray(se, dtype=np.float64),
        np.asarray(n, dtype=np.float64),
        t_quantile(df, level),
    )
    known = (share > 0) & (share < 1) & (spread > 0) & (rows >= 2) & np.isfinite(t)
    centre = np.where(known, share, 0.5)
    n_eff = centre * (1 - centre) / np.square(np.where(known, spread, 1.0))
    dispersion = np.where(known, rows, 2.0) / (np.where(known, rows, 2.0) - 1)
    allowed = np.square(np.where(known, t, 1.0)) * dispersion / (2 * n_eff)
    low, high = _ends(centre, allowed)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _ends(share: FloatArray, allowed: FloatArray) -> Interval:
    """Solve g(η) = log(1 + e^η) - pη = g(logit p) + allowed on both sides of logit p.

    g is convex and lies above its asymptotes -pη and (1-p)η, where Newton starts: from outside it
    comes to each end without passing it.
    """
    wanted = _minus_log_likelihood(special.logit(share), share) + allowed
    low = _newton(-wanted / share, share, wanted)
    high = _newton(wanted / (1 - share), share, wanted)
    return special.expit(low), special.expit(high)


def _newton(start: FloatArray, share: FloatArray, wanted: FloatArray) -> FloatArray:
    log_odds = start
    for _ in range(STEPS):
        slope = special.expit(log_odds) - share
        step = (_minus_log_likelihood(log_odds, share) - wanted) / slope
        log_odds = log_odds - step
        if np.all(np.abs(step) <= SETTLED * np.maximum(np.abs(log_odds), 1.0)):
            break
    return log_odds


def _minus_log_likelihood(log_odds: FloatArray, share: FloatArray) -> FloatArray:
    return np.logaddexp(0.0, log_odds) - share * log_odds
