"""What simple random sampling would have given: the yardstick of design effects.

Not the design-based variance (variance.py). Three conventions, named: against sampling with
replacement, against sampling without replacement (R `deff="replace"`, `deff=TRUE`), and Kish's
factor for unequal weights alone (Kish 1965, 1992).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from survey.aggregation.labels import FloatArray

Convention = Literal["with_replacement", "without_replacement", "kish"]


def divide(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Divide, with NaN where the divisor is 0 or either is NaN."""
    out = np.full(np.broadcast_shapes(upper.shape, lower.shape), np.nan)
    np.divide(upper, lower, out=out, where=lower != 0)
    return out


def simple_random_variance(squares: FloatArray, weight: FloatArray, n: FloatArray) -> FloatArray:
    """Return W Σwe² / (n - 1), the variance of a mean under simple random sampling with replacement.

    `squares` is Σ w e² of the linearised residuals e (for a mean, (y - m)/W), `weight` is W = Σ w.
    NaN below two respondents, and where weights that calibration made negative leave no spread.
    """
    spread = weight * squares / np.maximum(n - 1, 1)
    return np.where((n > 1) & (spread >= 0), spread, np.nan)


def without_replacement(deff_with_replacement: FloatArray, n: FloatArray, weight: FloatArray) -> FloatArray:
    """Turn a design effect against sampling with replacement into one against sampling without it.

    The population is taken as the sum of weights; NaN where the sample is not smaller than it.
    """
    unsampled = 1 - divide(n, weight)
    return divide(deff_with_replacement, np.where(unsampled > 0, unsampled, np.nan))


def kish(n: FloatArray, weight: FloatArray, weight_squares: FloatArray) -> FloatArray:
    """Return n Σw² / (Σw)², the design effect of unequal weights alone."""
    return divide(n * weight_squares, np.square(weight))
