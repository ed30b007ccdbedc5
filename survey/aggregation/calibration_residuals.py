"""The regression whose residuals enter the variance after calibration, from sums alone.

Not the calibration itself (weighting/). An influence is regressed on the calibration's columns by
coefficients that follow from Σ c x u, so no residual of a single response is ever formed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.weighting import Calibration, projection
from survey.aggregation.weighting.calibrated import RAKE_SWEEPS


@dataclass(frozen=True, slots=True)
class Regression:
    """A regression of influences on columns.

    Attributes:
        columns: (rows, q).
        weights: (rows,) c, by the calibration's convention.
        coefficients: from the moments Σ c x u (q, m) to coefficients (q, m).
    """

    columns: FloatArray
    weights: FloatArray
    coefficients: Callable[[FloatArray], FloatArray]


def regression_of(calibration: Calibration) -> Regression:
    """Return the regression that a calibration's convention names.

    Raises:
        BadAuxiliary: columns that follow from others.
    """
    if calibration.convention != "rake":
        projected = projection(calibration)
        return Regression(projected.columns, projected.weights, projected.coefficients)
    live = (calibration.design_weights > 0).astype(np.float64)
    dummies = [_dummies(codes) * live[:, None] for codes in calibration.margins]
    columns = np.concatenate(dummies, axis=1)
    gram = columns.T @ columns
    ends = np.cumsum([0, *(one.shape[1] for one in dummies)])
    blocks = [slice(*pair) for pair in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]

    def swept(moments: FloatArray) -> FloatArray:
        fitted = np.zeros(moments.shape)
        for _ in range(RAKE_SWEEPS):
            for block in blocks:
                left = moments[block] - gram[block] @ fitted
                fitted[block] += left / np.maximum(np.diag(gram)[block], 1.0)[:, None]
        return fitted

    return Regression(columns, live, swept)


def _dummies(codes: IntArray) -> FloatArray:
    """Return a column a label (rows, labels); rows of code -1 have none."""
    dummies: FloatArray = (codes[:, None] == np.arange(int(codes.max(initial=0)) + 1)).astype(np.float64)
    return dummies
