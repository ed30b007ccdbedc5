"""Raking by iterative proportional fitting: weights that reach the populations of several margins.

Not for numeric totals or bounds (calibration.py). Deming & Stephan 1940. Rows with the same label in
every margin share a factor, so the sweeps run over such cells and never over rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import sum_by
from survey.aggregation.weighting.auxiliary import Auxiliary, make_auxiliary
from survey.aggregation.weighting.calibrated import Calibration
from survey.aggregation.weighting.conventions import Convention
from survey.aggregation.weighting.convergence import TOLERANCE, demand
from survey.aggregation.weighting.errors import BadAuxiliary
from survey.aggregation.weighting.inputs import Margin


def rake(
    weights: ArrayLike,
    margins: Sequence[Margin],
    *,
    convention: Convention = "calibrate",
    tolerance: float = TOLERANCE,
    most_sweeps: int = 2_000,
    strict: bool = True,
) -> Calibration:
    """Rake base weights (rows,) to margins until each total is reached within `tolerance` of itself.

    Variances follow R `calibrate`; `convention="rake"` takes R `rake`'s residuals from unweighted means.

    Raises:
        EmptySample, BadWeights, DifferentLengths, MissingLabels, BadTotals, UnknownLabel, UnsampledLabel,
        DisagreeingMargins, BadAuxiliary.
        NotConverged: totals not reached, unless not `strict`: then the report says so.
    """
    if not margins:
        raise BadAuxiliary(column="-", problem="không có biên nào / no margin at all")
    auxiliary = make_auxiliary(weights, margins)
    factor, sweeps = _fit(auxiliary, tolerance, most_sweeps)
    reached = auxiliary.weights * factor
    report = auxiliary.report(reached, sweeps, tolerance)
    if strict:
        demand(report)
    return Calibration(
        weights=reached,
        design_weights=auxiliary.weights,
        auxiliary=auxiliary.columns,
        names=auxiliary.names,
        kind="rake",
        convention=convention,
        report=report,
        margins=auxiliary.codes,
    )


def _fit(auxiliary: Auxiliary, tolerance: float, most_sweeps: int) -> tuple[FloatArray, int]:
    """Return each row's factor (rows,), 1 without weight, and the sweeps made."""
    live = auxiliary.live
    cells, row_cell = np.unique(np.column_stack(auxiliary.codes)[live], axis=0, return_inverse=True)
    row_cell = row_cell.reshape(-1)
    start = sum_by(row_cell, auxiliary.weights[live], cells.shape[0])
    margins = [(cells[:, at], margin.totals) for at, margin in enumerate(auxiliary.margins)]
    sums, sweeps = start.copy(), 0
    # Half the tolerance over cells, for sums over rows round differently.
    while sweeps < most_sweeps and _furthest(sums, margins) > tolerance / 2:
        sweeps += 1
        for codes, totals in margins:
            sums = sums * (totals / sum_by(codes, sums, totals.size))[codes]
    factor = np.ones(live.size)
    factor[live] = (sums / start)[row_cell]
    return factor, sweeps


def _furthest(sums: FloatArray, margins: list[tuple[IntArray, FloatArray]]) -> float:
    errors = [np.abs(sum_by(codes, sums, totals.size) / totals - 1).max() for codes, totals in margins]
    return float(max(errors))
