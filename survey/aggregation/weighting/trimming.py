"""Trim weights to bounds: what is cut goes to the other rows, and margins are met again.

Not bounds on the ratio of calibrated to base weights (calibration.py). Potter 1990; Valliant, Dever &
Kreuter 2018, ch. 14.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.auxiliary import Auxiliary, make_auxiliary
from survey.aggregation.weighting.bounds import refuse_unreachable
from survey.aggregation.weighting.calibrated import Calibration
from survey.aggregation.weighting.calibration import DistanceName, choose_distance, solve
from survey.aggregation.weighting.convergence import TOLERANCE, demand
from survey.aggregation.weighting.distances import truncated
from survey.aggregation.weighting.errors import UnreachableTotal
from survey.aggregation.weighting.inputs import Margin, NumericTotal, read_base_weights
from survey.aggregation.weighting.weight_bounds import BoundsRule, WeightBounds

#: Halvings of the interval that holds the factor of the rows not trimmed.
BISECTIONS = 200


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Weights held to bounds.

    Attributes:
        weights: (rows,) trimmed weights, of the sum they had.
        bounds: the bounds.
        factor: what the weights strictly inside the bounds were multiplied by.
        below, above: rows that were raised to the lower and cut to the upper bound.
    """

    weights: FloatArray
    bounds: WeightBounds
    factor: float
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class Trimming:
    """Calibrated weights held to bounds.

    Attributes:
        calibration: the weights, of kind "trimmed".
        bounds: the bounds.
        rounds: how often weights were trimmed and calibrated again.
        below, above: rows outside the bounds before the first round.
        finished: "untouched" if none were; "rounds" if these sufficed; "bounded" if a calibration
            bounded row by row had to end it.
    """

    calibration: Calibration
    bounds: WeightBounds
    rounds: int
    below: int
    above: int
    finished: Literal["untouched", "rounds", "bounded"]


def trim_weights(weights: ArrayLike, bounds: WeightBounds) -> Trimmed:
    """Hold positive weights (rows,) to bounds and keep their sum.

    All weights are multiplied by one factor and then held to the bounds, the factor that keeps the sum:
    where trimming and handing the excess to the rest in proportion, over and over, ends.

    Raises:
        EmptySample, BadWeights.
        UnreachableTotal: bounds that cannot hold the sum.
    """
    read = read_base_weights(weights)
    held, factor = _held(read[read > 0], bounds)
    trimmed = np.zeros_like(read)
    trimmed[read > 0] = held
    live = read[read > 0] * factor
    return Trimmed(
        trimmed, bounds, factor, int((live < bounds.lower).sum()), int((live > bounds.upper).sum())
    )


def trim_and_calibrate(
    weights: ArrayLike,
    margins: Sequence[Margin] = (),
    numbers: Sequence[NumericTotal] = (),
    *,
    bounds: BoundsRule,
    population: float | None = None,
    distance: DistanceName = "raking",
    tolerance: float = TOLERANCE,
    most_rounds: int = 10,
    most_steps: int = 100,
    strict: bool = True,
) -> Trimming:
    """Calibrate base weights (rows,), trim them to bounds and calibrate again until both hold.

    If `most_rounds` do not suffice, a last calibration by the linear distance is bounded row by row,
    so that its weights obey the bounds. `bounds` may be a rule on the weights calibrated first, such as
    `lambda w: bounds_from_median(w, spread=4)`. Variances regress on the margins with base weights.

    Raises:
        what `calibrate` raises, UnreachableTotal also for bounds too narrow for a total.
        NotConverged: totals not reached within the bounds, unless not `strict`.
    """
    auxiliary = make_auxiliary(weights, margins, numbers, population=population)
    chosen = choose_distance(distance, None)
    made = solve(auxiliary, chosen, tolerance=tolerance, most_steps=most_steps)
    limits = bounds if isinstance(bounds, WeightBounds) else bounds(made.weights)
    live = auxiliary.live.astype(np.float64)
    refuse_unreachable(auxiliary, limits.lower * live, limits.upper * live)
    below, above = limits.outside(made.weights, tolerance)
    rounds = 0
    while rounds < most_rounds and _can_be_trimmed(made) and not _holds(made, limits, tolerance):
        rounds += 1
        again = replace(auxiliary, weights=trim_weights(made.weights, limits).weights)
        made = solve(again, chosen, tolerance=tolerance, most_steps=most_steps)
    finished: Literal["untouched", "rounds", "bounded"] = "rounds" if rounds else "untouched"
    if not _holds(made, limits, tolerance):
        finished, start = "bounded", made.weights if _can_be_trimmed(made) else auxiliary.weights
        made = _bounded(auxiliary, _inside(start, limits), limits, tolerance, most_steps)
    if strict:
        demand(made.report)
    calibration = replace(made, design_weights=auxiliary.weights, kind="trimmed")
    return Trimming(calibration, limits, rounds, below, above, finished)


def _holds(calibration: Calibration, bounds: WeightBounds, tolerance: float) -> bool:
    inside = bounds.outside(calibration.weights, tolerance) == (0, 0)
    return inside and _can_be_trimmed(calibration) and calibration.report.converged


def _can_be_trimmed(calibration: Calibration) -> bool:
    """Say whether every row of positive base weight still has one; a linear distance may take it."""
    return bool((calibration.weights[calibration.design_weights > 0] > 0).all())


def _inside(weights: FloatArray, bounds: WeightBounds) -> FloatArray:
    """Put positive weights between the bounds, their sum kept where that can be."""
    live = weights > 0
    total = float(np.clip(weights.sum(), bounds.lower * live.sum(), bounds.upper * live.sum()))
    return trim_weights(weights * (total / weights.sum()), bounds).weights


def _bounded(
    auxiliary: Auxiliary, start: FloatArray, bounds: WeightBounds, tolerance: float, most_steps: int
) -> Calibration:
    live = start > 0
    lower = np.divide(bounds.lower, start, out=np.zeros_like(start), where=live)
    upper = np.divide(bounds.upper, start, out=np.ones_like(start), where=live)
    again = replace(auxiliary, weights=start)
    return solve(again, truncated(lower, upper), tolerance=tolerance, most_steps=most_steps)


def _held(weights: FloatArray, bounds: WeightBounds) -> tuple[FloatArray, float]:
    """Find the factor that keeps the sum of positive weights held to bounds; returns both."""
    total, ends = float(weights.sum()), (weights.size * bounds.lower, weights.size * bounds.upper)
    if not ends[0] <= total <= ends[1]:
        raise UnreachableTotal(
            margin="Σ",
            count=weights.size,
            target=f"{total:.10g}",
            least=f"{ends[0]:.10g}",
            most=f"{ends[1]:.10g}",
        )
    if bounds.outside(weights, 0.0) == (0, 0):
        return weights, 1.0
    low, high = 0.0, max(1.0, bounds.upper / float(weights.min()))
    for _ in range(BISECTIONS):
        factor = (low + high) / 2
        short = float(np.clip(factor * weights, bounds.lower, bounds.upper).sum()) < total
        low, high = (factor, high) if short else (low, factor)
    return np.clip(high * weights, bounds.lower, bounds.upper), high
