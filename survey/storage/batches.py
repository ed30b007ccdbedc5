"""Batches: the Parquet files of a snapshot, each written once, linked into later snapshots, proven by hash.

Not which responses belong in one (survey.services.refreshing) nor the folder around them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from survey.storage.errors import SnapshotChanged, SnapshotFileUnreadable
from survey.storage.row_hash import sum_of_rows
from survey.storage.snapshot_columns import ItemColumns, schema_of, table_of

#: Folder of the batches in that of a snapshot.
DATA = "data"
#: The one file of a snapshot frozen before there were batches.
ONLY_FILE = "responses.parquet"
#: A batch holds at most so many rows, in one row group: what a reader decodes at a time.
MOST_ROWS = 250_000
_ROWS_AT_ONCE = 20_000
_NAME = re.compile(rf"{DATA}/[0-9]{{6}}\.parquet|{re.escape(ONLY_FILE)}")


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of a snapshot.

    Attributes:
        file: its path in the folder.
        snapshot: code of the snapshot that it was first written for.
        rows_sum: the sum of the hashes of its rows (row_hash.py); None before there were batches.
    """

    file: str
    sha256: str
    rows: int
    snapshot: str
    rows_sum: int | None

    def told(self) -> Mapping[str, Any]:
        """Write it as the manifest says it."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "rows": self.rows,
            "snapshot": self.snapshot,
            "rows_sum": f"{self.rows_sum or 0:064x}",
        }


def batches_told(manifest: Mapping[str, Any]) -> tuple[Batch, ...]:
    """Read the batches from a manifest of any version.

    Raises:
        KeyError, TypeError, ValueError: it does not say them, or names a file outside the folder.
    """
    data, code = manifest["data"], str(manifest["snapshot"])
    if "batches" not in data:
        found = [Batch(str(data["file"]), str(data["sha256"]), int(manifest["rows"]), code, None)]
    else:
        found = [
            Batch(
                str(one["file"]),
                str(one["sha256"]),
                int(one["rows"]),
                str(one["snapshot"]),
                int(one["rows_sum"], 16),
            )
            for one in data["batches"]
        ]
    if not found or not all(_NAME.fullmatch(one.file) for one in found):
        raise ValueError(f"batches {[one.file for one in found]}")
    return tuple(found)


def data_sha256(batches: Sequence[Batch]) -> str:
    """Give the hash of all data: of the one file, or of the list of (hash, rows) of several."""
    if len(batches) == 1:
        return batches[0].sha256
    return hashlib.sha256(json.dumps([[one.sha256, one.rows] for one in batches]).encode()).hexdigest()


def file_name(number: int) -> str:
    """Name the file of a batch, from 1."""
    return f"{DATA}/{number:06d}.parquet"


def write_batch(folder: Path, number: int, code: str, table: pa.Table) -> Batch:
    """Write one batch as one row group; nobody may write to it again, for later snapshots share it."""
    name = file_name(number)
    path = folder / name
    with path.open("xb") as file:
        pq.write_table(table.unify_dictionaries(), file, compression="zstd", row_group_size=MOST_ROWS)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(path.stat().st_mode & ~0o222)
    return Batch(name, file_sha256(path), table.num_rows, code, sum_of_rows(table))


def share_batch(batch: Batch, source: Path, folder: Path, number: int) -> Batch:
    """Take an earlier snapshot's batch into a folder: the same file where links are possible, else a copy."""
    name = file_name(number)
    try:
        os.link(source / batch.file, folder / name)
    except OSError:
        shutil.copy(source / batch.file, folder / name)
        if file_sha256(folder / name) != batch.sha256:
            raise SnapshotChanged("copied", snapshot=source.name, file=batch.file) from None
    return Batch(name, batch.sha256, batch.rows, batch.snapshot, batch.rows_sum)


def tables_of(columns: Sequence[ItemColumns], rows: Iterator[Mapping[str, Any]]) -> Iterator[pa.Table]:
    """Cut responses into the tables of batches, each full but the last."""
    pieces: list[pa.Table] = []
    for some in _some_at_once(rows):
        pieces.append(table_of(columns, some))
        if sum(piece.num_rows for piece in pieces) >= MOST_ROWS:
            yield pa.concat_tables(pieces)
            pieces = []
    if pieces:
        yield pa.concat_tables(pieces)


def check_batch(snapshot: str, folder: Path, batch: Batch, columns: Sequence[ItemColumns]) -> None:
    """Prove that a batch is the file that was written, and of the columns that the manifest says.

    Raises:
        SnapshotFileUnreadable: it is missing, broken, or of other columns or types.
        SnapshotChanged: its hash differs.
    """
    try:
        found = file_sha256(folder / batch.file)
    except OSError as error:
        problem = error.strerror or str(error)
        raise SnapshotFileUnreadable(snapshot=snapshot, file=batch.file, problem=problem) from error
    if found != batch.sha256:
        raise SnapshotChanged(f"told {batch.sha256}, found {found}", snapshot=snapshot, file=batch.file)
    try:
        with pq.ParquetFile(folder / batch.file) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowException) as error:
        raise SnapshotFileUnreadable(snapshot=snapshot, file=batch.file, problem=str(error)) from error
    problem = _difference(schema, schema_of(columns))
    if rows != batch.rows:
        problem = f"{rows} ≠ {batch.rows} dòng / rows"
    if problem:
        raise SnapshotFileUnreadable(snapshot=snapshot, file=batch.file, problem=problem)


def read_batch(snapshot: str, folder: Path, batch: Batch) -> pa.Table:
    """Read a batch that was checked.

    Raises:
        SnapshotFileUnreadable.
    """
    try:
        with pq.ParquetFile(folder / batch.file) as file:
            return file.read()
    except (OSError, pa.ArrowException) as error:
        raise SnapshotFileUnreadable(snapshot=snapshot, file=batch.file, problem=str(error)) from error


def file_sha256(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _difference(found: pa.Schema, wanted: pa.Schema) -> str:
    """Name the first column that is not as it was frozen, in both languages; "" when there is none."""
    for one in wanted:
        if found.get_field_index(one.name) < 0:
            return f"cột {one.name} không có / column {one.name} is not there"
        kind = found.field(one.name).type
        if kind != one.type:
            return f"cột {one.name}: {kind}, cần {one.type} / column {one.name}: {kind}, not {one.type}"
    more = [name for name in found.names if wanted.get_field_index(name) < 0]
    return f"cột lạ {more[0]} / unknown column {more[0]}" if more else ""


def _some_at_once(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    some: list[Mapping[str, Any]] = []
    room = MOST_ROWS
    for row in rows:
        some.append(row)
        if len(some) == min(_ROWS_AT_ONCE, room):
            yield some
            room = room - len(some) or MOST_ROWS
            some = []
    if some:
        yield some
