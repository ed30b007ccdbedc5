"""The columns of the data as numbers or labels, each read once, with what is wrong named by row.

Not the file (files.py). Rows are counted from 1 below the header. A column of numbers may hold missing
cells; a column of labels numbers its values in their own order, -1 where the cell is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.request.errors import NotNumbers, TypeChanged
from survey.aggregation.request.request import Label
from survey.aggregation.request.values import canonical

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
#: Above this many digits a number is a code that floating point would change.
_DIGITS = 15


@dataclass(frozen=True)
class Coded:
    """A column of labels: the distinct ones in order, and each row's place among them (-1: missing)."""

    labels: tuple[Label, ...]
    codes: IntArray

    @cached_property
    def missing(self) -> int:
        """Count the rows without a label."""
        return int((self.codes < 0).sum())

    def as_objects(self) -> list[Label | None]:
        """Give the labels row by row, None where missing."""
        values = np.array([*self.labels, None], dtype=object)
        found: list[Label | None] = values[self.codes].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a request uses.

    Attributes:
        table: one row a response.
        is_text: whether every cell is text of no declared type (CSV).
        types: what the request declares.
        paths: where the request first names each column.
    """

    table: pa.Table
    is_text: bool
    types: dict[str, str]
    paths: dict[str, str]
    _numbers: dict[str, FloatArray] = field(default_factory=dict)
    _labels: dict[str, Coded] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Count the rows."""
        return int(self.table.num_rows)

    def numbers(self, column: str, path: str = "") -> FloatArray:
        """Return a column as numbers (rows,), NaN where missing.

        Raises:
            NotNumbers: cells that are text or infinite. TypeChanged: a Parquet column of another type.
        """
        if column not in self._numbers:
            self._numbers[column] = self._read_numbers(column, path or self.paths.get(column, column))
        return self._numbers[column]

    def labels(self, column: str) -> Coded:
        """Return a column as labels.

        Raises:
            TypeChanged: a column of lists or other values that are no label.
        """
        if column not in self._labels:
            self._labels[column] = self._read_labels(column)
        return self._labels[column]

    def is_numeric(self, column: str) -> bool:
        """Say whether every cell of a column is a number or missing."""
        return all(isinstance(label, int | float) for label in self.labels(column).labels)

    def _read_numbers(self, column: str, path: str) -> FloatArray:
        values = _whole_column(self.table, column)
        if self.is_text:
            return _parsed(values, column, path)
        if not _is_number(values.type):
            raise TypeChanged(column=column, path=path, found=str(values.type), expected="number")
        numbers = _floats(values)
        _refuse(np.isinf(numbers), values, column, path)
        return numbers

    def _read_labels(self, column: str) -> Coded:
        values = _whole_column(self.table, column)
        if pa.types.is_nested(values.type):
            path = self.paths.get(column, column)
            raise TypeChanged(column=column, path=path, found=str(values.type), expected="text")
        encoded = _plain(values).dictionary_encode()
        told = [_label(value) for value in encoded.dictionary.to_pylist()]
        if self.is_text and self.types.get(column) not in ("text", "date"):
            told = _numbers_if_all(told)
        kept = sorted({one for one in told if one is not None}, key=_order)
        place = {label: at for at, label in enumerate(kept)}
        recode = np.array([*(-1 if one is None else place[one] for one in told), -1], dtype=np.intp)
        codes = encoded.indices.fill_null(len(told)).to_numpy(zero_copy_only=False)
        return Coded(tuple(kept), recode[codes])


def _whole_column(table: pa.Table, column: str) -> pa.Array:
    values = table.column(column).combine_chunks()
    return values.chunk(0) if isinstance(values, pa.ChunkedArray) else values


def _is_number(kind: pa.DataType) -> bool:
    tests = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal)
    return any(test(kind) for test in tests) or pa.types.is_null(kind)


def _floats(values: pa.Array) -> FloatArray:
    cast = values.cast(pa.uint8()) if pa.types.is_boolean(values.type) else values
    numbers: FloatArray = cast.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.where(np.isnan(numbers), np.nan, numbers) if values.null_count else numbers


def _parsed(values: pa.Array, column: str, path: str) -> FloatArray:
    """Read text cells as numbers; true and false as 1 and 0 where a column holds nothing else."""
    trimmed = pc.utf8_trim_whitespace(values)
    try:
        numbers = trimmed.cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        truths = pc.index_in(pc.utf8_lower(trimmed), value_set=pa.array(["false", "true"]))
        if truths.null_count > trimmed.null_count:
            numbers = _one_by_one(trimmed)
            _refuse(np.isnan(numbers) & np.asarray(trimmed.is_valid()), values, column, path)
        return _floats(truths)
    found: FloatArray = np.asarray(numbers, dtype=np.float64)
    _refuse(~np.isfinite(found) & np.asarray(trimmed.is_valid()), values, column, path)
    return found


def _one_by_one(values: pa.Array) -> FloatArray:
    """Read what can be read, cell by cell, to find out which cannot: slow, and only before an error."""
    return np.array([_number_or_nan(cell) for cell in values], dtype=np.float64)


def _number_or_nan(cell: pa.Scalar) -> float:
    try:
        value = cell.cast(pa.float64()).as_py()
    except pa.ArrowInvalid:
        return np.nan
    return value if value is not None and np.isfinite(value) else np.nan


def _refuse(bad: BoolArray, values: pa.Array, column: str, path: str) -> None:
    if bad.any():
        first = int(np.argmax(bad))
        shown = repr(values[first].as_py())[:60]
        raise NotNumbers(column=column, path=path, count=int(bad.sum()), row=first + 1, value=shown)


def _plain(values: pa.Array) -> pa.Array:
    """Return values of a type whose distinct ones are labels: text, numbers."""
    if pa.types.is_dictionary(values.type):
        return _plain(values.dictionary_decode())
    if pa.types.is_decimal(values.type):
        return values.cast(pa.float64())
    if pa.types.is_boolean(values.type) or pa.types.is_temporal(values.type):
        return values.cast(pa.string())
    return values


def _label(value: Label | None) -> Label | None:
    if value is None or value == "" or value != value:
        return None
    return canonical(value)


def _numbers_if_all(told: list[Label | None]) -> list[Label | None]:
    """Read text labels as numbers if all of them are written as numbers are: 7, never 07."""
    texts = [one for one in told if isinstance(one, str)]
    if len(texts) < sum(one is not None for one in told) or not all(_is_written_number(one) for one in texts):
        return told
    return [None if one is None else _number(str(one)) for one in told]


def _is_written_number(text: str) -> bool:
    return len(text) <= _DIGITS and bool(_WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text))


def _number(text: str) -> Label:
    return int(text) if _WHOLE.fullmatch(text) else canonical(float(text))


def _order(label: Label) -> tuple[int, float, str]:
    return (1, 0.0, label) if isinstance(label, str) else (0, float(label), "")
