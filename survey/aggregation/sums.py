"""Sums by group, row by row.

Not matrix products: BLAS and pairwise sums add in an order that depends on the machine. These add one
row after another, so the same rows give the same bits everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# The one door to SciPy's sparse kernels that adds into an array that is there already; its public
# products make a new array of all groups for every block of rows.
from scipy.sparse import _sparsetools

from survey.aggregation.labels import FloatArray, IntArray

#: A dense table of pairs up to this size is cheaper than sorting the rows.
DENSE_PAIRS = 4_000_000
#: Where each row of a block starts, made once: blocks of this size are added in their thousands.
_STARTS = np.arange(4097, dtype=np.intp)


def sum_by(groups: IntArray, values: NDArray[Any], size: int) -> FloatArray:
    """Sum values (rows,) by group, in row order; returns (size,)."""
    summed: NDArray[Any] = np.bincount(groups, weights=values, minlength=size)
    return summed


def grouped_sum(values: FloatArray, groups: IntArray, size: int) -> FloatArray:
    """Sum the rows of (cells, K) by group, in row order; returns (size, K)."""
    summed = np.zeros((size, values.shape[1]))
    add_rows(np.ascontiguousarray(values), groups, summed)
    return summed


def add_rows(
    values: FloatArray, groups: IntArray, sums: FloatArray, weights: FloatArray | None = None
) -> None:
    """Add the rows of (rows, K), times their weights, to their groups' rows of (groups, K), in place.

    Both arrays lie row by row in memory (C order); rows are added in their order.
    """
    rows, width = values.shape
    if rows and width:
        starts = _STARTS[: rows + 1] if rows < _STARTS.size else np.arange(rows + 1, dtype=np.intp)
        data = np.ones(rows) if weights is None else weights
        _sparsetools.csc_matvecs(
            sums.shape[0], rows, width, starts, groups, data, values.reshape(-1), sums.reshape(-1)
        )


def number_pairs(pair: IntArray, pairs: int) -> tuple[IntArray, IntArray]:
    """Number the pairs that occur, in their order: their keys, and the number of each row's pair."""
    if pairs > max(DENSE_PAIRS, 4 * pair.size):
        keys, place = np.unique(pair, return_inverse=True)
        return keys, place.astype(np.intp, copy=False)
    seen = np.zeros(pairs, dtype=np.bool_)
    seen[pair] = True
    keys = np.flatnonzero(seen)
    number = np.empty(pairs, dtype=np.intp)
    number[keys] = np.arange(keys.size)
    return keys, number[pair]
