"""Bounds on weights: given, or found by a rule in the weights themselves.

Not how weights are held to them (trimming.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.convergence import TOLERANCE
from survey.aggregation.weighting.errors import BadBounds
from survey.aggregation.weighting.inputs import read_base_weights


@dataclass(frozen=True, slots=True)
class WeightBounds:
    """Bounds on positive weights, and the rule that set them, in words.

    Raises:
        BadBounds: not 0 <= lower < upper.
    """

    lower: float
    upper: float
    rule: str = "given"

    def __post_init__(self) -> None:
        if not 0 <= self.lower < self.upper:
            problem = "cần 0 <= cận dưới < cận trên / 0 <= lower < upper is needed"
            raise BadBounds(lower=self.lower, upper=self.upper, problem=problem)

    def outside(self, weights: FloatArray, tolerance: float = TOLERANCE) -> tuple[int, int]:
        """Count weights other than 0 that are below and above the bounds by more than `tolerance` of them."""
        below = (weights != 0) & (weights < self.lower * (1 - tolerance))
        return int(below.sum()), int((weights > self.upper * (1 + tolerance)).sum())


#: Bounds, or the rule that finds them in the weights before trimming.
BoundsRule = WeightBounds | Callable[[FloatArray], WeightBounds]


def bounds_from_median(weights: ArrayLike, *, spread: float, lower: float = 0.0) -> WeightBounds:
    """Bound weights by median + spread · interquartile range of those above 0 (Potter 1990)."""
    read = read_base_weights(weights)
    first, median, third = np.quantile(read[read > 0], [0.25, 0.5, 0.75])
    rule = f"median + {spread:g} IQR"
    return WeightBounds(lower, float(median + spread * (third - first)), rule)


def bounds_from_mean(weights: ArrayLike, *, most: float, least: float = 0.0) -> WeightBounds:
    """Bound weights by multiples of the mean of those above 0."""
    read = read_base_weights(weights)
    mean = float(read[read > 0].mean())
    return WeightBounds(least * mean, most * mean, f"{least:g} to {most:g} times the mean")
