"""Smooth sampling variances over areas: a regression of their logarithm on that of the sample size.

Not the model of the estimates (reml.py). Direct variances of small samples are themselves uncertain; a
model that takes them for known leans on areas whose variance came out small by luck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.small_area.errors import BadAreas, CollinearCovariates, TooFewAreas

#: How the mean of the logarithm becomes a mean: exp(s²/2) of the lognormal (You & Hidiroglou 2012); the
#: mean of exp(residual) (Duan 1983); or the factor that keeps the sum of the variances (Hidiroglou,
#: Beaumont & Yung 2019).
Retransformation = Literal["lognormal", "smearing", "total"]
#: Areas that the regression needs: two coefficients and a residual variance.
AREAS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class SmoothedVariances:
    """Sampling variances (M,) that follow log V = a + b·log(size).

    Attributes:
        variance: (M,) factor·exp(a + b·log(size)); NaN without a size.
        given: (M,) the variances before.
        is_imputed: (M,) areas with a size and no variance of their own.
        intercept, slope: a and b.
        residual_variance: s² of the regression, on the log scale, with k - 2 degrees of freedom.
        factor: the retransformation factor.
        areas: k, the areas in the regression.
        method: how, in fixed English words (`model.PHRASES` has the Vietnamese).
    """

    variance: FloatArray
    given: FloatArray
    is_imputed: BoolArray
    intercept: float
    slope: float
    residual_variance: float
    factor: float
    areas: int
    method: str


def smooth_variances(
    variance: ArrayLike, size: ArrayLike, *, retransformation: Retransformation = "lognormal"
) -> SmoothedVariances:
    """Smooth the sampling variances (M,) of areas by their effective (or plain) sample size (M,).

    Every area with a size gets the model's variance. Areas whose own variance is missing or 0 (all
    respondents alike) do not enter the regression.

    Raises:
        BadAreas: a negative or infinite variance, a size that is negative or infinite.
        TooFewAreas: fewer than three areas have a variance and a size.
        CollinearCovariates: all of these have one size.
        BadRequest: an unknown retransformation.
        DifferentLengths.
    """
    given, sizes = _checked(variance, size)
    if retransformation not in _FACTORS:
        raise BadRequest(problem=f"retransformation={retransformation!r}")
    used = (given > 0) & (sizes > 0)
    if np.count_nonzero(used) < AREAS_NEEDED:
        raise TooFewAreas(found=int(np.count_nonzero(used)), needed=AREAS_NEEDED)
    intercept, slope = _line(np.log(sizes[used]), np.log(given[used]))
    log_size = np.log(sizes, where=sizes > 0, out=np.full(sizes.size, np.nan))
    fitted = intercept + slope * log_size
    residual = np.log(given[used]) - fitted[used]
    residual_variance = float(np.square(residual).sum() / (residual.size - 2))
    factor = _FACTORS[retransformation](residual, residual_variance, given[used])
    return SmoothedVariances(
        variance=factor * np.exp(fitted),
        given=given,
        is_imputed=(sizes > 0) & ~(given > 0),
        intercept=intercept,
        slope=slope,
        residual_variance=residual_variance,
        factor=factor,
        areas=residual.size,
        method=f"sampling variances smoothed by log-log regression on sample size; {retransformation} factor",
    )


def _checked(variance: ArrayLike, size: ArrayLike) -> tuple[FloatArray, FloatArray]:
    given, sizes = np.array(variance, dtype=np.float64), np.array(size, dtype=np.float64)
    if given.ndim != 1 or sizes.shape != given.shape:
        raise DifferentLengths(column="size", found=sizes.size, expected=given.size)
    for name, values in (("variance", given), ("size", sizes)):
        bad = (values < 0) | np.isinf(values)
        if bad.any():
            places = ", ".join(str(at + 1) for at in np.flatnonzero(bad)[:10])
            raise BadAreas(problem=f"{name}: số âm hoặc vô hạn / negative or infinite", names=places)
    return given, sizes


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    centred = x - x.mean()
    spread = float(np.square(centred).sum())
    if spread <= 1e-20 * x.size * max(1.0, float(np.square(x).max())):
        raise CollinearCovariates(names="intercept, log(size)")
    slope = float(centred @ (y - y.mean())) / spread
    return float(y.mean()) - slope * float(x.mean()), slope


def _lognormal(residual: FloatArray, residual_variance: float, given: FloatArray) -> float:
    return float(np.exp(residual_variance / 2))


def _smearing(residual: FloatArray, residual_variance: float, given: FloatArray) -> float:
    return float(np.exp(residual).mean())


def _total(residual: FloatArray, residual_variance: float, given: FloatArray) -> float:
    return float(given.sum() / (given / np.exp(residual)).sum())


_FACTORS: dict[Retransformation, Callable[[FloatArray, float, FloatArray], float]] = {
    "lognormal": _lognormal,
    "smearing": _smearing,
    "total": _total,
}
