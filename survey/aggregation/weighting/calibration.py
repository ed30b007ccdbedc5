"""Calibration on margins and numeric totals by a distance: linear (GREG), raking, bounded.

Not for post-strata alone (poststratify.py) nor bounds on the weights themselves (trimming.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import FloatArray
from survey.aggregation.weighting.auxiliary import POPULATION, Auxiliary, make_auxiliary
from survey.aggregation.weighting.bounds import refuse_bad_bounds, refuse_unreachable
from survey.aggregation.weighting.calibrated import Calibration
from survey.aggregation.weighting.convergence import TOLERANCE, demand
from survey.aggregation.weighting.distances import LINEAR, RAKING, Distance, logit, truncated
from survey.aggregation.weighting.errors import BadBounds
from survey.aggregation.weighting.inputs import Margin, NumericTotal
from survey.aggregation.weighting.newton import equations

DistanceName = Literal["linear", "raking", "logit"]
Bounds = tuple[float, float]


def calibrate(
    weights: ArrayLike,
    margins: Sequence[Margin] = (),
    numbers: Sequence[NumericTotal] = (),
    *,
    population: float | None = None,
    distance: DistanceName = "linear",
    bounds: Bounds | None = None,
    tolerance: float = TOLERANCE,
    most_steps: int = 100,
    strict: bool = True,
) -> Calibration:
    """Calibrate base weights (rows,) to population totals (Deville & Särndal 1992; R `calibrate`).

    Args:
        distance: "linear" is the regression estimator, in one step; "raking" keeps weights positive;
            "logit" keeps g = weight / base weight strictly inside `bounds`.
        bounds: of g; with "linear" the truncated linear distance, whose g may lie on them.

    Raises:
        EmptySample, BadWeights, DifferentLengths, MissingLabels, BadTotals, UnknownLabel, UnsampledLabel,
        DisagreeingMargins, BadAuxiliary.
        BadBounds, UnreachableTotal: bounds without 1 inside, or too narrow for a total.
        NotConverged: totals not reached, unless not `strict`: then the report says so.
    """
    chosen = choose_distance(distance, bounds)
    auxiliary = make_auxiliary(weights, margins, numbers, population=population)
    if bounds is not None:
        live, base = auxiliary.live, auxiliary.weights
        least, most = (np.multiply(base, bound, out=np.zeros_like(base), where=live) for bound in bounds)
        refuse_unreachable(auxiliary, least, most)
    made = solve(auxiliary, chosen, tolerance=tolerance, most_steps=most_steps)
    if strict:
        demand(made.report)
    return made


def choose_distance(name: str, bounds: Bounds | None) -> Distance:
    """Find a distance by name, within bounds.

    Raises:
        BadBounds: bounds without 1 inside, or that the distance does not take or lacks.
    """
    if name not in get_args(DistanceName):
        raise BadBounds(lower="-", upper="-", problem=f"distance={name!r}")
    if name == "raking" and bounds is not None:
        problem = "khoảng cách raking không có giới hạn, hãy dùng logit / raking takes no bounds, use logit"
        raise BadBounds(lower=bounds[0], upper=bounds[1], problem=problem)
    if name == "logit" and bounds is None:
        raise BadBounds(lower="-", upper="-", problem="logit cần hai cận / logit needs both bounds")
    if bounds is None:
        return LINEAR if name == "linear" else RAKING
    refuse_bad_bounds(*bounds, finite=name == "logit")
    return truncated(*bounds) if name == "linear" else logit(*bounds)


def solve(auxiliary: Auxiliary, distance: Distance, *, tolerance: float, most_steps: int) -> Calibration:
    """Solve the equations of a calibration for one distance; the report says whether they are met."""
    start = _scaled(auxiliary, distance)
    system = equations(distance, auxiliary.columns, start, auxiliary.totals)

    def is_reached(weights: FloatArray) -> bool:
        return auxiliary.report(weights, 0, tolerance).converged

    found = system.solve(is_reached, most_steps)
    reached = start * found.ratios
    report = auxiliary.report(reached, found.steps, tolerance)
    return Calibration(
        weights=reached,
        design_weights=auxiliary.weights,
        auxiliary=auxiliary.columns,
        names=auxiliary.names,
        kind=distance.kind,
        convention="calibrate",
        report=replace(report, impossible=found.is_impossible and not report.converged),
        margins=auxiliary.codes,
    )


def _scaled(auxiliary: Auxiliary, distance: Distance) -> FloatArray:
    """Scale weights to the population where that leaves the solution: a column of ones and no bounds."""
    if distance.kind not in ("linear", "raking") or auxiliary.names[0] != POPULATION:
        return auxiliary.weights
    scaled: FloatArray = auxiliary.weights * (auxiliary.totals[0] / np.sum(auxiliary.weights))
    return scaled
