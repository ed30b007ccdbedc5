"""Residuals of a fitted model: do the areas look as the model says?

Not a test that decides; a person looks at them before anything is published.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.reml import LeastSquares


@dataclass(frozen=True, slots=True)
class Residuals:
    """Standardised residuals of the areas in the fit.

    Attributes:
        standardised: (m,) (y - x'β)/√(σ² + ψ - x'(X'V⁻¹X)⁻¹x); NaN where an area decides its own fit.
        skewness, excess_kurtosis: their third and fourth standardised moments, 0 for a normal.
        normality_p: p-value of Jarque & Bera (1987) from the χ² with two degrees of freedom, rough for
            few areas; NaN where the residuals do not vary.
    """

    standardised: tuple[float, ...]
    skewness: float
    excess_kurtosis: float
    normality_p: float


def residuals_of(x: FloatArray, fit: LeastSquares) -> Residuals:
    """Return the residuals of a fit with covariates x (m, p)."""
    total = 1 / fit.weights
    variance = total - np.einsum("ip,pq,iq->i", x, fit.inverse, x)
    decided = variance <= 1e-10 * total
    standardised = np.where(decided, np.nan, fit.residual / np.sqrt(np.where(decided, 1.0, variance)))
    skewness, kurtosis = _moments(standardised[~decided])
    statistic = np.count_nonzero(~decided) / 6 * (skewness**2 + kurtosis**2 / 4)
    return Residuals(tuple(standardised.tolist()), skewness, kurtosis, math.exp(-statistic / 2))


def _moments(values: FloatArray) -> tuple[float, float]:
    centred = values - values.mean()
    variance = float(np.square(centred).mean())
    if variance <= 1e-20:
        return math.nan, math.nan
    return float((centred**3).mean()) / variance**1.5, float((centred**4).mean()) / variance**2 - 3
