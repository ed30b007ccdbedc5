"""The interval of the variance between groups over that within, for groups of unequal sizes.

Not the point estimate (enumerators.py). With θ = σ²a/σ²e, the group means have variance
σ²e (θ + 1/m), so F(θ) = Σ (ȳ - ȳ_θ)² / (θ + 1/m) / (J-1) / σ²e, means ȳ_θ weighted likewise, is F
distributed at the true θ and falls in θ: the interval is where it is neither too large nor too small
(Wald 1940; exact for normal values).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from survey.aggregation.labels import FloatArray


@dataclass(frozen=True, slots=True)
class Between:
    """Group means with their effective sizes m, and the variance within."""

    mean: FloatArray
    size: FloatArray
    within: float

    def f(self, theta: float) -> float:
        """Return F(θ); at θ = 0 it is the ANOVA's."""
        weight = 1 / (theta + 1 / self.size)
        centre = float((weight * self.mean).sum() / weight.sum())
        squares = float((weight * np.square(self.mean - centre)).sum())
        return squares / (self.mean.size - 1) / self.within


def variance_ratio_interval(
    between: Between, df_between: int, df_within: int, level: float
) -> tuple[float, float]:
    """Return the interval of ρ = θ / (1 + θ) at a level, cut at 0."""
    low, high = (
        _solve(between, float(special.fdtri(df_between, df_within, tail)))
        for tail in ((1 + level) / 2, (1 - level) / 2)
    )
    return low / (1 + low), high / (1 + high)


def _solve(between: Between, quantile: float) -> float:
    """Return θ at which F(θ) falls to a quantile; 0 where it starts below it."""
    if between.f(0.0) <= quantile:
        return 0.0
    far = 1.0
    while between.f(far) > quantile:
        far *= 4
    return float(optimize.brentq(lambda theta: between.f(theta) - quantile, 0.0, far, xtol=1e-14, rtol=1e-12))
