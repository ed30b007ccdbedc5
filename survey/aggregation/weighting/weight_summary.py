"""Describe weights: how uneven they are and what that costs.

Not the design effect of an estimate, which also knows strata, PSUs and answers (survey.aggregation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadWeights, DifferentLengths, EmptySample
from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.inputs import read_base_weights
from survey.aggregation.weighting.weight_bounds import WeightBounds


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """How uneven weights are, over rows of weight other than 0.

    Attributes:
        n: rows of weight other than 0.
        zero, negative: rows of weight 0 and below, which linear calibration may give.
        total, mean, least, most: sum, mean and range of the weights.
        spread: most / least; None if a weight is negative.
        cv: standard deviation (divisor n) over the mean.
        deff_kish: n Σw² / (Σw)² = 1 + cv², the loss by unequal weights (Kish 1965 §11.7, 1992).
        n_eff: n / deff_kish.
        least_ratio, most_ratio: range of g = weight / base weight; None without base weights.
        below, above: rows outside the bounds; None without bounds.
    """

    n: int
    zero: int
    negative: int
    total: float
    mean: float
    least: float
    most: float
    spread: float | None
    cv: float
    deff_kish: float
    n_eff: float
    least_ratio: float | None = None
    most_ratio: float | None = None
    below: int | None = None
    above: int | None = None


def summarise_weights(
    weights: ArrayLike, *, base_weights: ArrayLike | None = None, bounds: WeightBounds | None = None
) -> WeightSummary:
    """Summarise weights (rows,), against base weights and bounds where given.

    Raises:
        EmptySample, BadWeights, DifferentLengths.
    """
    every: FloatArray = np.array(weights, dtype=np.float64).reshape(-1)
    live = every[every != 0]
    if every.size == 0:
        raise EmptySample
    if not np.isfinite(live).all() or not live.sum() > 0:
        raise BadWeights(
            count=live.size, problem="vô hạn hoặc tổng không dương / infinite, or no positive sum"
        )
    mean, deff = float(live.mean()), float(live.size * np.square(live).sum() / np.square(live.sum()))
    ratios = None if base_weights is None else _ratios(every, read_base_weights(base_weights))
    below, above = (None, None) if bounds is None else bounds.outside(live)
    return WeightSummary(
        n=live.size,
        zero=every.size - live.size,
        negative=int((live < 0).sum()),
        total=float(live.sum()),
        mean=mean,
        least=float(live.min()),
        most=float(live.max()),
        spread=float(live.max() / live.min()) if live.min() > 0 else None,
        cv=float(live.std() / mean),
        deff_kish=deff,
        n_eff=live.size / deff,
        least_ratio=None if ratios is None else float(ratios.min()),
        most_ratio=None if ratios is None else float(ratios.max()),
        below=below,
        above=above,
    )


def _ratios(weights: FloatArray, base: FloatArray) -> FloatArray:
    if base.size != weights.size:
        raise DifferentLengths(column="base_weights", found=base.size, expected=weights.size)
    ratios: FloatArray = weights[base > 0] / base[base > 0]
    return ratios
