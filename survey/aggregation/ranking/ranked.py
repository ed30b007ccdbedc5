"""Check what is to be ranked, and rank it.

Not how sure the ranks are (joint.py, differences.py, probabilities.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import DifferentLengths, listed
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.ranking.errors import BadEstimates

Names = tuple[Hashable, ...]


def named_estimates(estimates: ArrayLike, names: Sequence[Hashable] | None) -> tuple[FloatArray, Names]:
    """Return K estimates and their names, "1" to "K" where none are given.

    Raises:
        BadEstimates: none at all, one that is not a finite number, a repeated name.
        DifferentLengths.
    """
    values = np.atleast_1d(np.asarray(estimates, dtype=np.float64))
    if values.ndim != 1 or values.size == 0:
        raise BadEstimates(
            problem="cần một cột ước lượng / one column of estimates is needed", names=values.shape
        )
    named = tuple(str(place) for place in range(1, values.size + 1)) if names is None else tuple(names)
    if len(named) != values.size:
        raise DifferentLengths(column="names", found=len(named), expected=values.size)
    repeated = (
        sorted({str(name) for name in named if named.count(name) > 1}) if len(set(named)) < len(named) else []
    )
    if repeated:
        raise BadEstimates(problem="tên lặp lại / a repeated name", names=listed(repeated))
    refuse(~np.isfinite(values), named, "ước lượng không phải là số / an estimate that is not a number")
    return values, named


def refuse(bad: BoolArray, names: Names, problem: str) -> None:
    """Raise BadEstimates naming the units where `bad` holds, if any."""
    if bad.any():
        raise BadEstimates(problem=problem, names=listed(names[at] for at in np.flatnonzero(bad)))


def column(name: str, values: ArrayLike, size: int) -> FloatArray:
    """Return a column of numbers with one value a unit.

    Raises:
        DifferentLengths.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (size,):
        raise DifferentLengths(column=name, found=numbers.size, expected=size)
    return numbers


def counts(name: str, values: Sequence[int] | None, size: int) -> tuple[int, ...] | None:
    """Return one whole number a unit, or None where none are given.

    Raises:
        DifferentLengths.
    """
    if values is None:
        return None
    return tuple(int(count) for count in column(name, np.asarray(values), size))


def competition_ranks(values: FloatArray) -> IntArray:
    """Rank K values, 1 the largest; equal values share the best rank of theirs ("1224")."""
    above = values.size - np.searchsorted(np.sort(values), values, side="right")
    return above + 1
