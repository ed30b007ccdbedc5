"""Whether columns have the types that a request declares.

Not what the columns are used for: numbers and labels are checked where they are read (columns.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa

from survey.aggregation.request.columns import Columns
from survey.aggregation.request.errors import TypeChanged
from survey.aggregation.request.shape import at

_PARQUET: dict[str, tuple[Callable[[pa.DataType], bool], ...]] = {
    "text": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
    "number": (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal),
    "integer": (pa.types.is_integer,),
    "boolean": (pa.types.is_boolean,),
    "date": (pa.types.is_date, pa.types.is_timestamp),
}


def check_types(columns: Columns, types: Iterable[tuple[str, str]]) -> None:
    """Refuse a column of another type than declared.

    Raises:
        TypeChanged: a Parquet column of another type, or CSV cells that cannot be read as it.
        NotNumbers: CSV cells that are text in a column of numbers, with count and first row.
    """
    for column, kind in types:
        path = at("data.types", column)
        found = columns.table.column(column).type
        if columns.is_text:
            _check_cells(columns, column, kind, path)
            continue
        plain = found.value_type if pa.types.is_dictionary(found) else found
        if not any(test(plain) for test in _PARQUET[kind]):
            raise TypeChanged(column=column, path=path, found=str(found), expected=kind)


def _check_cells(columns: Columns, column: str, kind: str, path: str) -> None:
    if kind == "number":
        columns.numbers(column, path)
    elif kind == "integer":
        numbers = columns.numbers(column, path)
        if not np.array_equal(numbers, np.round(numbers), equal_nan=True):
            raise TypeChanged(column=column, path=path, found="number", expected=kind)
    elif kind == "boolean":
        labels = {str(label).lower() for label in columns.labels(column).labels}
        if not labels <= {"true", "false", "0", "1"}:
            raise TypeChanged(column=column, path=path, found="text", expected=kind)
    elif kind == "date":
        _check_dates(columns, column, path)


def _check_dates(columns: Columns, column: str, path: str) -> None:
    try:
        columns.table.column(column).cast(pa.timestamp("s"))
    except pa.ArrowInvalid as error:
        raise TypeChanged(column=column, path=path, found="text", expected="date") from error
