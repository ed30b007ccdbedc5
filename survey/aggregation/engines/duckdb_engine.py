"""The SQL engine on one machine: DuckDB, which spills to disk what does not fit in memory.

Not for data that the local engine takes (docs/engines.md says when to use which).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from survey.aggregation.engines.cell_table import CellTable
from survey.aggregation.engines.collapse_request import CollapseRequest
from survey.aggregation.engines.errors import EngineFailed, UnreadableFile
from survey.aggregation.engines.responses_view import VIEW, ResponsesView, ViewColumn, view_of
from survey.aggregation.engines.sql import collapse_sql, first_line
from survey.aggregation.errors import listed

#: What DuckDB says of a file that it cannot read.
_UNREADABLE = (duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException)


def collapse_with_duckdb(
    request: CollapseRequest,
    *,
    memory_limit: str = "",
    threads: int = 0,
    temp_folder: Path | None = None,
) -> tuple[CellTable, ...]:
    """Sum every response into its cells: one table for each maximal set of dimensions.

    Args:
        memory_limit: such as "4GB"; by default 80 % of the machine's memory.
        threads: by default one a core.
        temp_folder: where what does not fit in memory goes; by default a folder of the system's.

    Raises:
        UnreadableFile, ChangedColumns, BadValues; EngineFailed: too little memory or disk, or a setting
            that DuckDB refuses.
    """
    view = view_of(request)
    try:
        with _connection(memory_limit, threads, temp_folder) as connection:
            connection.execute(_create_view(connection, view))
            return collapse_sql(view, lambda text: connection.sql(text).to_arrow_table())
    except duckdb.OutOfMemoryException as error:
        raise EngineFailed(engine="DuckDB", problem=first_line(error)) from error
    except _UNREADABLE as error:
        names = listed(path.name for path in request.files)
        raise UnreadableFile(file=names, problem=first_line(error)) from error
    except duckdb.Error as error:
        raise EngineFailed(engine="DuckDB", problem=first_line(error)) from error


@contextmanager
def _connection(
    memory_limit: str, threads: int, temp_folder: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix="survey-duckdb-", dir=temp_folder) as folder:
        told: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        told |= {"memory_limit": memory_limit} if memory_limit else {}
        told |= {"threads": threads} if threads else {}
        with duckdb.connect(":memory:", config=told) as connection:
            yield connection


def _create_view(connection: duckdb.DuckDBPyConnection, view: ResponsesView) -> str:
    """Select the columns from the files, group by group of files with the same columns in one order.

    DuckDB takes A and a for one name and gives the second of them another, by their order.
    """
    groups: dict[tuple[str, ...], list[Path]] = {}
    for file in view.files:
        groups.setdefault(file.columns, []).append(file.path)
    selects = []
    for columns, paths in groups.items():
        source = f"read_parquet([{', '.join(_path(one) for one in paths)}], hive_partitioning = false)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
        called = dict(zip(columns, (str(row[0]) for row in described), strict=True))
        listed_columns = ", ".join(_column(one, called) for one in view.columns)
        selects.append(f"SELECT {listed_columns} FROM {source}")  # noqa: S608  # every name is quoted
    return f"CREATE TEMP VIEW {VIEW} AS {' UNION ALL '.join(selects)}"


def _column(column: ViewColumn, called: dict[str, str]) -> str:
    value = "1" if column.source is None else _quoted(called[column.source])
    return f"CAST({value} AS {column.type}) AS {column.name}" if column.type else f"{value} AS {column.name}"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _path(path: Path) -> str:
    """Write a path as text that means this file and no pattern."""
    plain = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.resolve()))
    doubled = plain.replace("'", "''")
    return f"'{doubled}'"
