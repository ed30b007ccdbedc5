"""Least squares on auxiliary columns with weights: which columns are independent, and the coefficients.

Not what the columns mean (auxiliary.py) nor which weights enter (calibrated.py). Everything is solved
from the triangle R of a QR of √d·x with columns of norm 1, corrected once (seminormal
equations, Björck 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from survey.aggregation.labels import BoolArray, FloatArray

#: A column is dependent if less than this share of its length lies outside those before it (R `lm`).
DEPENDENT = 1e-7
#: Rows factored together: what bounds the memory.
BLOCK_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Projection:
    """The weighted regression on independent columns.

    Attributes:
        columns: (rows, q) the auxiliary columns.
        weights: (rows,) weights of the regression.
        norms: (q,) √Σ d x² of each column.
        triangle: (q, q) R of the QR of √d·x / norms.
    """

    columns: FloatArray
    weights: FloatArray
    norms: FloatArray
    triangle: FloatArray

    def coefficients(self, moments: FloatArray) -> FloatArray:
        """Solve (Σ d x x′) β = moments for moments (q, m), such as Σ d x u; returns (q, m)."""
        scaled = moments / self.norms[:, None]
        half = solve_triangular(self.triangle, scaled, trans="T")
        solved: FloatArray = solve_triangular(self.triangle, half) / self.norms[:, None]
        return solved

    def residuals(self, values: FloatArray) -> FloatArray:
        """Return values (rows, m) less their weighted regression on the columns."""
        left = values
        for _ in range(2):
            left = left - self.columns @ self.coefficients(self.columns.T @ (self.weights[:, None] * left))
        return left


def project(columns: FloatArray, weights: FloatArray) -> Projection:
    """Factor columns (rows, q) under weights (rows,) for regressions."""
    norms = np.sqrt(weights @ np.square(columns))
    norms = np.where(norms > 0, norms, 1.0)
    triangle: FloatArray = np.zeros((0, columns.shape[1]))
    for start in range(0, columns.shape[0], BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        block = np.sqrt(weights[rows])[:, None] * columns[rows] / norms
        triangle = np.asarray(np.linalg.qr(np.vstack([triangle, block]), mode="r"))
    return Projection(columns, weights, norms, triangle)


def independent_columns(triangle: FloatArray) -> BoolArray:
    """Say which columns (q,) do not follow from those before them, from their R (any rows, q).

    The columns of R have the inner products of the columns themselves, so Gram-Schmidt on them, twice
    over for rounding, sees what it would see on all rows.
    """
    kept: list[int] = []
    basis = np.zeros((triangle.shape[0], 0))
    for at in range(triangle.shape[1]):
        rest = triangle[:, at]
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > DEPENDENT:
            kept.append(at)
            basis = np.column_stack([basis, rest / length])
    independent: BoolArray = np.isin(np.arange(triangle.shape[1]), kept)
    return independent
