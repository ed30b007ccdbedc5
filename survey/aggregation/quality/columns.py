"""Answers and columns beside them, read once for every rule of the review.

Not the rules. Missing answers are NaN here and level -1 in codes; missing never matches missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.aggregation.answers import ItemBlock, Measure
from survey.aggregation.errors import DifferentLengths
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, number
from survey.aggregation.quality.errors import UnusableColumn

LevelArray = NDArray[np.int32]


def answer_matrix(block: ItemBlock) -> FloatArray:
    """Return the answers (rows, items), NaN where there is none.

    Raises:
        DifferentLengths.
    """
    matrix = np.empty((block.rows, len(block.items)))
    for at, (item, column) in enumerate(zip(block.items, block.columns, strict=True)):
        if len(column) != block.rows:
            raise DifferentLengths(column=item, found=len(column), expected=block.rows)
        figure = Measure("mean").read(column)
        matrix[:, at] = np.where(figure.answered, figure.value, np.nan)
    return matrix


def level_codes(matrix: FloatArray) -> LevelArray:
    """Number the distinct answers of all items (rows, items), a number an (item, answer); -1 for none."""
    codes = np.full(matrix.shape, -1, dtype=np.int32)
    first = 0
    for at, column in enumerate(matrix.T):
        answered = ~np.isnan(column)
        levels, place = np.unique(column[answered], return_inverse=True)
        codes[answered, at] = first + place
        first += levels.size
    return codes


def longest_run(matrix: FloatArray) -> IntArray:
    """Return the longest run (rows,) of one answer from item to item; a missing answer ends a run."""
    answered = ~np.isnan(matrix)
    run = answered[:, 0].astype(np.intp)
    longest = run.copy()
    for at in range(1, matrix.shape[1]):
        run = np.where(matrix[:, at] == matrix[:, at - 1], run + 1, answered[:, at])
        np.maximum(longest, run, out=longest)
    return longest


def commonest(matrix: FloatArray) -> IntArray:
    """Count how often each row (rows,) gives its commonest answer."""
    return longest_run(np.sort(matrix, axis=1))


def real_column(values: ArrayLike, column: str, rows: int, *, signed: bool = False) -> FloatArray:
    """Read a column of numbers, NaN where unknown.

    Raises:
        UnusableColumn: text, infinite or (unless signed) negative numbers; DifferentLengths.
    """
    raw = np.asarray(values)
    if raw.dtype.kind not in "biuf":
        raise UnusableColumn(column=column, problem="cần một cột số / a column of numbers is needed")
    _same_length(raw, column, rows)
    read = raw.astype(np.float64)
    if np.isinf(read).any():
        raise UnusableColumn(column=column, problem="số vô hạn / an infinite number")
    if not signed and (read < 0).any():
        raise UnusableColumn(column=column, problem="số âm / a negative number")
    return read


def seconds_column(times: ArrayLike, column: str, rows: int) -> FloatArray:
    """Read a column of times as seconds: numpy datetimes, or numbers of seconds; NaN where unknown.

    Raises:
        UnusableColumn, DifferentLengths.
    """
    raw = np.asarray(times)
    if raw.dtype.kind != "M":
        return real_column(raw, column, rows, signed=True)
    _same_length(raw, column, rows)
    seconds: FloatArray = raw.astype("datetime64[us]").astype(np.int64) / 1e6
    return np.where(np.isnat(raw), np.nan, seconds)


def label_codes(labels: Labels, column: str, rows: int) -> IntArray:
    """Number a column of labels (rows,), -1 where missing.

    Raises:
        DifferentLengths.
    """
    if len(labels) != rows:
        raise DifferentLengths(column=column, found=len(labels), expected=rows)
    return number(labels).codes


def flag_column(flags: ArrayLike, column: str, shape: tuple[int, ...]) -> BoolArray:
    """Read an array of true and false.

    Raises:
        UnusableColumn, DifferentLengths.
    """
    raw = np.asarray(flags)
    if raw.dtype.kind != "b" or raw.ndim != len(shape):
        raise UnusableColumn(column=column, problem="cần giá trị đúng/sai / true and false are needed")
    for found, expected in zip(raw.shape, shape, strict=True):
        if found != expected:
            raise DifferentLengths(column=column, found=found, expected=expected)
    read: BoolArray = raw
    return read


def quotient(upper: NDArray[Any], lower: NDArray[Any]) -> FloatArray:
    """Divide (rows,) by (rows,), NaN where nothing is divided by."""
    divided = np.full(upper.shape, np.nan)
    np.divide(upper, lower, out=divided, where=lower > 0)
    return divided


def _same_length(raw: NDArray[Any], column: str, rows: int) -> None:
    if raw.shape != (rows,):
        raise DifferentLengths(column=column, found=raw.size, expected=rows)
