"""Calibrated weights, and what estimates need of them: residuals for the variance, by named conventions.

Not how the weights are found (poststratify.py, raking.py, calibration.py, trimming.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.errors import BadRequest, DifferentLengths, listed
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import grouped_sum, sum_by
from survey.aggregation.weighting.conventions import OF_CONVENTION, OF_KIND, Convention, Kind
from survey.aggregation.weighting.convergence import ConvergenceReport
from survey.aggregation.weighting.errors import BadAuxiliary
from survey.aggregation.weighting.projection import Projection, independent_columns, project

#: Sweeps over the margins under R's `rake` convention.
RAKE_SWEEPS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights that reach population totals, with what their variances need.

    Attributes:
        weights: (rows,) calibrated weights; 0 where the design weight is 0.
        design_weights: (rows,) weights before.
        auxiliary: (rows, q) independent columns calibrated on, 0 in rows without weight.
        names: (q,) their names: "total", "column=label" or "column".
        kind: how the weights were made.
        convention: whose residuals enter the variance.
        report: how closely every total is reached.
        margins: the label of each row in each margin, as numbers (rows,); -1 in rows without weight.

    Raises:
        BadRequest: a convention of residuals from means without the margins it needs.
    """

    weights: FloatArray
    design_weights: FloatArray
    auxiliary: FloatArray
    names: tuple[str, ...]
    kind: Kind
    convention: Convention
    report: ConvergenceReport
    margins: tuple[IntArray, ...] = ()

    def __post_init__(self) -> None:
        fits = {"calibrate": True, "poststratify": len(self.margins) == 1, "rake": bool(self.margins)}
        if not fits.get(self.convention, False):
            raise BadRequest(problem=f"convention={self.convention!r}, {len(self.margins)} margins")

    @property
    def ratios(self) -> FloatArray:
        """Return g = weight / design weight (rows,), 1 in rows without weight."""
        live = self.design_weights > 0
        return np.divide(self.weights, self.design_weights, out=np.ones_like(self.weights), where=live)

    @property
    def phrases(self) -> tuple[str, str]:
        """Say in fixed words how weights and variances are made (Vietnamese: `conventions.PHRASES`)."""
        return OF_KIND[self.kind][0], OF_CONVENTION[self.convention][0]


def gram(calibration: Calibration) -> FloatArray:
    """Return Σ d x x′ (q, q) with design weights."""
    x = calibration.auxiliary
    summed: FloatArray = x.T @ (calibration.design_weights[:, None] * x)
    return summed


def projection(calibration: Calibration) -> Projection:
    """Factor the regression on the auxiliary columns with design weights, for many right-hand sides.

    Raises:
        BadAuxiliary: columns that follow from others.
    """
    factored = project(calibration.auxiliary, calibration.design_weights)
    independent = independent_columns(factored.triangle)
    if not independent.all():
        names = [name for name, is_free in zip(calibration.names, independent, strict=True) if not is_free]
        problem = "suy ra được từ cột khác / follows from other columns"
        raise BadAuxiliary(column=listed(names), problem=problem)
    return factored


def residuals(calibration: Calibration, influence: FloatArray) -> FloatArray:
    """Return the residuals (rows, m) whose weighted sums by PSU give variances after calibration.

    `influence` (rows, m) is each row's influence on each statistic, not multiplied by its weight. By
    convention (Deville & Särndal 1992 §5; R survey 4.5 `calibrate`, `postStratify`, `rake`):
    calibrate u - x (Σ d x x′)⁻¹ Σ d x u; poststratify u less its design-weighted cell mean; rake u less
    its unweighted margin means, swept ten times. Rows without weight get 0.

    Raises:
        DifferentLengths: influence of other rows.
        BadAuxiliary: columns that follow from others.
    """
    live = calibration.design_weights > 0
    if influence.shape[0] != live.size:
        raise DifferentLengths(column="influence", found=influence.shape[0], expected=live.size)
    known = np.where(live[:, None], influence, 0.0)
    if calibration.convention == "calibrate":
        left = projection(calibration).residuals(known)
    elif calibration.convention == "poststratify":
        left = _less_means(known, calibration.margins[0], calibration.design_weights)
    else:
        left = _swept(known, calibration.margins, live.astype(np.float64))
    return np.where(live[:, None], left, 0.0)


def _swept(values: FloatArray, margins: tuple[IntArray, ...], counted: FloatArray) -> FloatArray:
    for _ in range(RAKE_SWEEPS):
        for codes in margins:
            values = _less_means(values, codes, counted)
    return values


def _less_means(values: FloatArray, codes: IntArray, weights: FloatArray) -> FloatArray:
    """Take from values (rows, m) the weighted mean of their cell; rows of code -1 have weight 0."""
    cell = np.maximum(codes, 0)
    cells = int(cell.max(initial=0)) + 1
    means = grouped_sum(weights[:, None] * values, cell, cells) / sum_by(cell, weights, cells)[:, None]
    left: FloatArray = values - means[cell]
    return left
