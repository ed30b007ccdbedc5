"""Bring model-based estimates to the direct estimate of the whole, so that the parts add up to it.

Not calibration of weights (weighting): here estimates are shifted after the model.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.errors import BadBenchmark
from survey.aggregation.small_area.estimates import Benchmark, ModelEstimate, SmallAreas
from survey.aggregation.small_area.model import normal_interval

#: Shares add up to 1 within this.
SUM_TOLERANCE = 1e-9


def benchmark(
    areas: SmallAreas, shares: ArrayLike, target: float, *, kind: Literal["ratio", "difference"] = "ratio"
) -> SmallAreas:
    """Shift every estimate so that Σ share·estimate = target, the direct estimate of the whole.

    "ratio" multiplies by target / Σ share·estimate, "difference" adds target - Σ share·estimate (Rao &
    Molina 2015, ch. 6). The mean squared error becomes that before plus the squared shift; what is
    random in the shift, and the sampling error of the target, are left out: it is named so in `method`.

    Args:
        shares: (M,) each area's part of the population, adding up to 1.
        target: in the unit of the estimates.

    Raises:
        BadBenchmark: shares that are negative, not numbers or do not add up to 1; a target that is not a
            number; a ratio of figures that are not both positive; estimates benchmarked already.
        BadRequest: an unknown kind.
        DifferentLengths.
    """
    part = _shares(shares, len(areas.estimates))
    values = np.array([one.value for one in areas.estimates])
    before = float(np.sum(part * values))
    if areas.benchmark is not None:
        raise BadBenchmark(problem="đã hiệu chỉnh rồi / they are benchmarked already")
    shifted, adjustment = _shifted(values, before, float(target), kind)
    return replace(
        areas,
        estimates=tuple(
            _moved(one, value, kind) for one, value in zip(areas.estimates, shifted.tolist(), strict=True)
        ),
        benchmark=Benchmark(kind, float(target), before, adjustment),
    )


def _shares(shares: ArrayLike, size: int) -> FloatArray:
    part = np.asarray(shares, dtype=np.float64)
    if part.shape != (size,):
        raise DifferentLengths(column="shares", found=part.size, expected=size)
    if not np.all(np.isfinite(part) & (part >= 0)):
        raise BadBenchmark(problem="tỷ trọng âm hoặc thiếu / a share that is negative or missing")
    if abs(part.sum() - 1) > SUM_TOLERANCE:
        raise BadBenchmark(problem=f"tổng tỷ trọng / the shares add up to {part.sum():.12g}")
    return part


def _shifted(values: FloatArray, before: float, target: float, kind: str) -> tuple[FloatArray, float]:
    if not math.isfinite(target):
        raise BadBenchmark(problem=f"target={target!r}")
    if kind == "difference":
        return values + (target - before), target - before
    if kind != "ratio":
        raise BadRequest(problem=f"kind={kind!r}")
    if before <= 0 or target <= 0:
        raise BadBenchmark(problem=f"tỷ số không có nghĩa / a ratio without meaning: {target:g} / {before:g}")
    return values * (target / before), target / before


def _moved(one: ModelEstimate, value: float, kind: str) -> ModelEstimate:
    shift = value - one.value
    mse = one.mse + shift**2
    low, high = normal_interval(value, mse, one.level)
    return replace(
        one,
        value=value,
        mse=mse,
        rmse=mse**0.5,
        ci_low=low,
        ci_high=high,
        shift=shift,
        method=f"{one.method}; benchmarked by {kind}; MSE before benchmarking plus squared shift",
    )
