"""What the statement reads: the columns of the files under the names it calls them by.

Not the statement (statement.py), and not how an engine makes a view. Ids of items may hold any character,
so they are quoted once, where an engine makes its view, and never in the statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from survey.aggregation.engines.collapse_request import CollapseRequest
from survey.aggregation.engines.columns import check_files
from survey.aggregation.engines.errors import BadValues, ChangedColumns, UnreadableFile

#: The name of the view.
VIEW = "responses"
STRATUM, PSU, WEIGHT = "stratum", "psu", "weight"


def dimension_name(request: CollapseRequest, dimension: str) -> str:
    """Return what the statement calls a dimension: by_1, by_2, …"""
    return f"by_{request.dimensions.index(dimension) + 1}"


def item_name(place: int) -> str:
    """Return what the statement calls the item at a place: item_1, item_2, …"""
    return f"item_{place + 1}"


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """One column of the view.

    Attributes:
        name: what the statement calls it.
        source: the column of the files; None is 1 in every row.
        type: the SQL type to cast it to; "" leaves it as it is.
    """

    name: str
    source: str | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class ParquetColumns:
    """A file's path and the names of its columns, in its own order."""

    path: Path
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResponsesView:
    """The responses of a request, checked by the schemas of its files.

    Attributes:
        columns: what an engine has to put into its view.
        labels: the type of each column of labels, by its name in the view.
        files: the files and their columns.
        rows: responses that the files say they hold.
    """

    request: CollapseRequest
    columns: tuple[ViewColumn, ...]
    labels: dict[str, pa.DataType]
    files: tuple[ParquetColumns, ...]
    rows: int


def view_of(request: CollapseRequest) -> ResponsesView:
    """Check the files of a request and say what an engine has to put into its view.

    Raises:
        UnreadableFile, ChangedColumns; BadValues: there is no row.
    """
    check_files(request)
    footers = [_footer(path) for path in request.files]
    rows = sum(footer.metadata.num_rows for footer in footers)
    if not rows:
        raise BadValues(column=request.psu, count=0, problem="không có dòng nào / no rows")
    schema = footers[0].schema_arrow
    labels = _label_columns(request)
    return ResponsesView(
        request=request,
        columns=(
            *(ViewColumn(name, source) for name, source in labels.items()),
            ViewColumn(WEIGHT, request.weights, "DOUBLE"),
            *(_item(at, item, schema) for at, item in enumerate(request.items)),
        ),
        labels={name: _label_type(schema, source, request) for name, source in labels.items()},
        files=tuple(
            ParquetColumns(path, tuple(footer.schema_arrow.names))
            for path, footer in zip(request.files, footers, strict=True)
        ),
        rows=rows,
    )


def _footer(path: Path) -> pq.ParquetFile:
    try:
        with pq.ParquetFile(path) as file:
            return file
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(file=path.name, problem=str(error)) from error


def _label_columns(request: CollapseRequest) -> dict[str, str]:
    named = {STRATUM: request.stratum, PSU: request.psu}
    found = {name: source for name, source in named.items() if source is not None}
    return found | {dimension_name(request, one): one for one in request.dimensions}


def _label_type(schema: pa.Schema, source: str, request: CollapseRequest) -> pa.DataType:
    """Return the type of the labels themselves; text, numbers and days can be labels."""
    found = schema.field(source).type
    plain = found.value_type if pa.types.is_dictionary(found) else found
    is_kind = (
        *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        *(pa.types.is_integer, pa.types.is_boolean, pa.types.is_float32, pa.types.is_float64),
        pa.types.is_date32,
    )
    if not any(one(plain) for one in is_kind):
        problem = f"{found}: không dùng làm nhãn được / cannot be a label"
        raise ChangedColumns(column=source, file=request.files[0].name, problem=problem)
    return plain


def _item(place: int, item: str, schema: pa.Schema) -> ViewColumn:
    """Give levels as numbers, also where the file holds yes and no."""
    is_yes_or_no = pa.types.is_boolean(schema.field(item).type)
    return ViewColumn(item_name(place), item, "SMALLINT" if is_yes_or_no else "")
