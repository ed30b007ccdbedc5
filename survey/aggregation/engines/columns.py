"""Check the columns of files against a request before anything is summed.

Not the values in them, which each engine looks at while it reads.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from survey.aggregation.engines.collapse_request import CollapseRequest
from survey.aggregation.engines.errors import ChangedColumns, UnreadableFile


def key_columns(request: CollapseRequest) -> list[str]:
    """Return the columns beside the items, each once."""
    named = (request.stratum, request.psu, request.weights, *request.dimensions)
    return list(dict.fromkeys(name for name in named if name is not None))


def check_files(request: CollapseRequest) -> int:
    """Count rows; refuse files that lack a column, or hold one in a type that is not fit or not the first's.

    Raises:
        UnreadableFile, ChangedColumns.
    """
    first: pa.Schema | None = None
    rows = 0
    for path in request.files:
        schema, count = _schema(path)
        rows += count
        for name in (*key_columns(request), *request.items):
            _check(schema, name, path, request)
            if first is not None and _plain(first.field(name).type) != _plain(schema.field(name).type):
                problem = f"{first.field(name).type} → {schema.field(name).type}"
                raise ChangedColumns(column=name, file=path.name, problem=problem)
        first = first or schema
    return rows


def _schema(path: Path) -> tuple[pa.Schema, int]:
    try:
        with pq.ParquetFile(path) as file:
            return file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(file=path.name, problem=str(error)) from error


def _check(schema: pa.Schema, name: str, path: Path, request: CollapseRequest) -> None:
    if schema.get_field_index(name) < 0:
        raise ChangedColumns(column=name, file=path.name, problem="không có / not there")
    kind = schema.field(name).type
    if name in request.items and not (pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
        raise ChangedColumns(
            column=name, file=path.name, problem=f"{kind}: cần số nguyên / whole numbers needed"
        )
    if name == request.weights and not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        raise ChangedColumns(column=name, file=path.name, problem=f"{kind}: cần số / numbers needed")


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values, however they are encoded."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.string() if pa.types.is_large_string(kind) else kind
