"""Interval propagation: what each equation by itself says about its cells, repeated until it says no more.

Not exact bounds (attack.py); these are outer ones, and cost no solver (Buzzigoli & Giusti 1999,
the shuttle algorithm).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from survey.aggregation.disclosure.measured import BoolArray, FloatArray

#: Rounds after which slow convergence is left to the solver.
ROUNDS: Final = 12
_GAIN: Final = 1e-6


def tighten(
    matrix: sparse.csr_array[np.float64], least: FloatArray, most: FloatArray, integral: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Tighten bounds on deviations δ under matrix @ δ = 0; whole cells are rounded inward.

    Args:
        least, most: (C,) finite bounds with least <= 0 <= most.

    Returns:
        (least, most), never looser than given and always holding 0.
    """
    entries = sparse.coo_array(matrix)
    keep = (most > least)[entries.col] & (entries.data != 0)
    rows, columns, a = entries.row[keep], entries.col[keep], entries.data[keep]
    fixed = sparse.coo_array(matrix).shape[0]
    least, most = least.copy(), most.copy()
    for _ in range(ROUNDS):
        smallest = np.where(a > 0, a * least[columns], a * most[columns])
        largest = np.where(a > 0, a * most[columns], a * least[columns])
        of_rest = (
            np.bincount(rows, smallest, fixed)[rows] - smallest,
            np.bincount(rows, largest, fixed)[rows] - largest,
        )
        size = np.bincount(rows, np.maximum(np.abs(smallest), np.abs(largest)), fixed)[rows] / np.abs(a)
        ends = -of_rest[1] / a, -of_rest[0] / a
        floor, ceiling = np.minimum(*ends), np.maximum(*ends)
        before = float(np.sum(most - least))
        np.maximum.at(least, columns, floor - _slack(floor, size))
        np.minimum.at(most, columns, ceiling + _slack(ceiling, size))
        least, most = _inward(least, most, integral)
        if before - float(np.sum(most - least)) <= _GAIN:
            break
    return least, most


def _slack(bound: FloatArray, size: FloatArray) -> FloatArray:
    """Leave room for the rounding of sums, so that a bound is never too tight."""
    slack: FloatArray = 1e-9 * (1 + np.abs(bound)) + 1e-14 * size
    return slack


def _inward(least: FloatArray, most: FloatArray, integral: BoolArray) -> tuple[FloatArray, FloatArray]:
    low = np.where(integral, np.ceil(least - 1e-6), least)
    high = np.where(integral, np.floor(most + 1e-6), most)
    return np.minimum(low, 0.0), np.maximum(high, 0.0)
