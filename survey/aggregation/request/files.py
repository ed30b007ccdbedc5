"""The data file of a request: opened once, hashed, and read column by column.

Not what the columns hold (columns.py). CSV cells stay text here; missing is an empty cell or NA. The same
open file is hashed and read, so that nobody can change it in between.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from survey.aggregation.errors import listed
from survey.aggregation.request.document import nfc
from survey.aggregation.request.errors import DataChanged, DataUnreadable, NoSuchFile, RaggedRows
from survey.aggregation.request.request import DataRequest

MISSING = ("", "NA")
_PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class DataFile:
    """An open data file.

    Attributes:
        name: its own name, without folders.
        format: "csv", "parquet" or "table".
        sha256: of its bytes; empty for a table in memory.
        names: its columns in order, in NFC.
        raw_names: the same as the file writes them.
        stream: the file, or a table in memory.
        delimiter: of a CSV file.
    """

    name: str
    format: str
    sha256: str
    names: tuple[str, ...]
    raw_names: tuple[str, ...]
    stream: BinaryIO | pa.Table
    delimiter: str = ","

    @property
    def is_text(self) -> bool:
        """Say whether every cell is text whose type nobody declared."""
        return self.format == "csv"

    def read(self, columns: Sequence[str]) -> pa.Table:
        """Read some columns, every row.

        Raises:
            RaggedRows, DataUnreadable.
        """
        raw = [self.raw_names[self.names.index(column)] for column in columns]
        if isinstance(self.stream, pa.Table):
            table = self.stream.select(raw)
        else:
            self.stream.seek(0)
            table = self._csv(raw) if self.format == "csv" else self._parquet(raw)
        if table.num_rows == 0:
            raise DataUnreadable(name=self.name, problem="không có dòng nào / no row at all")
        return table.rename_columns(list(columns))

    def _parquet(self, raw: list[str]) -> pa.Table:
        try:
            return pq.ParquetFile(self.stream).read(columns=raw)
        except (OSError, pa.ArrowException) as error:
            raise DataUnreadable(name=self.name, problem=_first_line(error)) from error

    def _csv(self, raw: list[str]) -> pa.Table:
        try:
            return self._read_csv(raw, threads=True)
        except pa.ArrowException as error:
            self._say_which_line(raw)
            raise DataUnreadable(name=self.name, problem=_first_line(error)) from error

    def _read_csv(self, raw: list[str], *, threads: bool, invalid: Any = None) -> pa.Table:
        self.stream.seek(0)
        return pa_csv.read_csv(
            pa.PythonFile(self.stream, mode="r"),
            read_options=pa_csv.ReadOptions(use_threads=threads),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=invalid
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(raw, pa.string()),
                include_columns=raw,
                null_values=list(MISSING),
                strings_can_be_null=True,
            ),
        )

    def _say_which_line(self, raw: list[str]) -> None:
        """Read again in one thread, which knows its line, and refuse the first ragged one."""
        found: list[Any] = []

        def refuse(row: Any) -> str:
            found.append(row)
            return "error"

        try:
            self._read_csv(raw, threads=False, invalid=refuse)
        except pa.ArrowException as error:
            if found:
                row = found[0]
                raise RaggedRows(
                    name=self.name, row=row.number, found=row.actual_columns, expected=row.expected_columns
                ) from error


@contextmanager
def open_data(told: DataRequest, folder: Path) -> Iterator[DataFile]:
    """Open the file that a request names, relative to a folder, until the block ends.

    Raises:
        NoSuchFile, DataChanged, DataUnreadable.
    """
    path = folder / told.path
    try:
        stream = path.open("rb")
    except OSError as error:
        raise NoSuchFile(name=path.name, problem=error.strerror or "I/O") from error
    with stream:
        sha256, quotes = _digest(stream)
        if told.sha256 and told.sha256 != sha256:
            raise DataChanged(name=path.name, expected=told.sha256, found=sha256)
        opened = _opened(told, path.name, stream, sha256)
        if opened.is_text and quotes % 2:
            raise DataUnreadable(name=path.name, problem="dấu nháy không đóng / a quote is not closed")
        yield opened


def _digest(stream: BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 of a file and how many quotes it holds, which CSV writes in pairs."""
    digest, quotes = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        quotes += block.count(b'"')
    return digest.hexdigest(), quotes


def table_in_memory(held: Any, name: str = "table") -> DataFile:
    """Take data that a program already holds: a table of Arrow, or what Arrow makes one of.

    A "sha256" in the table's metadata is that of the file it came from.

    Raises:
        DataUnreadable: no table, or a column name twice.
    """
    try:
        table = (
            held
            if isinstance(held, pa.Table)
            else pa.table(dict(held) if isinstance(held, Mapping) else held)
        )
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise DataUnreadable(name=name, problem=_first_line(error)) from error
    sha256 = (table.schema.metadata or {}).get(b"sha256", b"").decode()
    return _named(name, "table", sha256, table.column_names, table)


def _opened(told: DataRequest, name: str, stream: BinaryIO, sha256: str) -> DataFile:
    stream.seek(0)
    if told.format == "parquet" or (not told.format and stream.read(4) == _PARQUET_MAGIC):
        return _named(name, "parquet", sha256, _parquet_names(name, stream), stream)
    return _named(name, "csv", sha256, _csv_names(name, stream, told.delimiter), stream, told.delimiter)


def _named(
    name: str,
    format: str,
    sha256: str,
    raw: Sequence[str],
    stream: BinaryIO | pa.Table,
    delimiter: str = ",",
) -> DataFile:
    names = tuple(nfc(one) for one in raw)
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise DataUnreadable(name=name, problem=f"tên cột lặp lại / a column name twice: {listed(twice)}")
    return DataFile(name, format, sha256, names, tuple(raw), stream, delimiter)


def _parquet_names(name: str, stream: BinaryIO) -> list[str]:
    stream.seek(0)
    try:
        names: list[str] = pq.ParquetFile(stream).schema_arrow.names
    except (OSError, pa.ArrowException) as error:
        raise DataUnreadable(name=name, problem=_first_line(error)) from error
    return names


def _csv_names(name: str, stream: BinaryIO, delimiter: str) -> list[str]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        names = next(csv.reader(text, delimiter=delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataUnreadable(name=name, problem=_first_line(error)) from error
    finally:
        text.detach()
    if not names:
        raise DataUnreadable(name=name, problem="không có dòng tiêu đề / no header line")
    return names


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
