"""Sums by group, row by row.

Not matrix products: BLAS and pairwise sums add in an order that depends on the machine. `bincount`
adds one row after another, so the same rows give the same bits everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.labels import FloatArray, IntArray


def sum_by(groups: IntArray, values: NDArray[Any], size: int) -> FloatArray:
    """Sum values (rows,) by group, in row order; returns (size,)."""
    summed: NDArray[Any] = np.bincount(groups, weights=values, minlength=size)
    return summed


def grouped_sum(values: FloatArray, groups: IntArray, size: int) -> FloatArray:
    """Sum the rows of (cells, K) by group, in row order; returns (size, K)."""
    summed = np.empty((size, values.shape[1]))
    for column in range(values.shape[1]):
        summed[:, column] = sum_by(groups, values[:, column], size)
    return summed
