"""Snapshots read back: a round's responses as typed Parquet columns, with a manifest that says what they are.

Indices are computed from these files only. Not how a snapshot is made (snapshot_making.py) nor one file of
it (batches.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from survey.storage.batches import (
    Batch,
    batches_told,
    check_batch,
    data_sha256,
    file_sha256,
    read_batch,
)
from survey.storage.errors import SnapshotChanged, SnapshotFileUnreadable, SnapshotUnreadable
from survey.storage.row_hash import rows_sha256, sum_of_rows
from survey.storage.snapshot_columns import ItemColumns, columns_of, columns_told, schema_of

__all__ = [
    "LOWEST_VALUE",
    "MANIFEST",
    "MARKS",
    "QUESTIONNAIRE",
    "Batch",
    "ItemColumns",
    "Snapshot",
    "columns_of",
    "file_sha256",
    "read_snapshot",
]

MANIFEST = "manifest.json"
QUESTIONNAIRE = "questionnaire.json"
#: Which responses are suspected, one byte a row; beside the data, whose hashes it does not touch.
MARKS = "marks.parquet"
#: In an item's int8 column, the lowest value that is an answer on the scale. Options that leave
#: the denominator are −1, −2, … in the order of the scale; blank and not asked are null.
LOWEST_VALUE = 0


@dataclass(frozen=True)
class Snapshot:
    """A frozen round as it is read back; its responses are decoded when they are first asked for.

    Attributes:
        folder: where its files are.
        manifest: what they are (docs/architecture.md, "Snapshot").
        questionnaire_raw: the questionnaire's own bytes.
        batches: its files, in order.
    """

    folder: Path
    manifest: Mapping[str, Any]
    questionnaire_raw: bytes
    batches: tuple[Batch, ...]

    @property
    def code(self) -> str:
        return str(self.manifest["snapshot"])

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.batches)

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the Parquet files in order, as an engine streams them."""
        return tuple(self.folder / one.file for one in self.batches)

    @property
    def hashes(self) -> tuple[str, ...]:
        """Return the SHA-256 of each file, proven when the snapshot was opened."""
        return tuple(one.sha256 for one in self.batches)

    @property
    def contents_sha256(self) -> str:
        """Return what a result is bound to: the hash of the rows as a set.

        Before there were batches it was the hash of the file, and stays so for those snapshots.
        """
        data = self.manifest["data"]
        return str(data["rows_sha256"] if "rows_sha256" in data else data["sha256"])

    @cached_property
    def table(self) -> pa.Table:
        """Return the responses, one row each, decoded once.

        Raises:
            SnapshotFileUnreadable: a file went away since the snapshot was opened.
        """
        tables = [read_batch(self.folder.name, self.folder, one) for one in self.batches]
        return pa.concat_tables(tables).unify_dictionaries()

    def weights(self) -> NDArray[np.float64]:
        weights: NDArray[np.float64] = self.table.column("base_weight").to_numpy()
        return weights

    def codes(self, column: str) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """Give a dictionary column as codes and the labels they stand for."""
        combined = self.table.column(column).combine_chunks()
        combined = combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined
        return combined.indices.to_numpy(), tuple(combined.dictionary.to_pylist())

    def scale_values(self, item: str) -> NDArray[np.int8]:
        """Give an ordinal item's answers as int8 (rows,), −1 where the answer is not on the scale."""
        column = self.table.column(item)
        values = column.fill_null(-1).to_numpy().astype(np.int8, copy=False)
        return np.where(values < LOWEST_VALUE, np.int8(-1), values)

    def marks(self) -> NDArray[np.uint8]:
        """Give what is suspected of each response (rows,) as bits; zero where nothing is.

        Raises:
            SnapshotFileUnreadable, SnapshotChanged: the file is not the one that was written.
        """
        told = self.manifest.get("integrity", {}).get("marks")
        if told is None:
            return np.zeros(self.rows, dtype=np.uint8)
        try:
            found = file_sha256(self.folder / MARKS)
            marks: NDArray[np.uint8] = pq.read_table(self.folder / MARKS).column("marks").to_numpy()
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(self.folder, MARKS, str(error)) from error
        if found != told["sha256"] or marks.size != self.rows:
            raise SnapshotChanged("marks", snapshot=self.folder.name, file=MARKS)
        return marks

    def has_the_rows_told(self) -> bool:
        """Say whether its rows, hashed again one by one, are those that the manifest tells of."""
        if "rows_sha256" not in self.manifest["data"]:
            return True
        found = rows_sha256(self.table.schema, self.rows, [sum_of_rows(self.table)])
        return found == self.contents_sha256


def read_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot, proving that neither its data nor its questionnaire changed.

    Raises:
        SnapshotUnreadable: a file is missing or broken, or has other columns than the manifest says.
        SnapshotChanged: a hash differs from the manifest's.
    """
    manifest, raw = _manifest(folder), _questionnaire(folder)
    try:
        batches, columns = batches_told(manifest), columns_told(manifest["columns"])
        told = (manifest["data"]["sha256"], manifest["questionnaire"]["sha256"], manifest["rows"])
        rows_told = manifest["data"].get("rows_sha256")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(folder, MANIFEST, repr(error)) from error
    if told[1] != hashlib.sha256(raw).hexdigest():
        raise SnapshotChanged("questionnaire", snapshot=folder.name, file=QUESTIONNAIRE)
    for one in batches:
        check_batch(folder.name, folder, one, columns)
    rows = sum(one.rows for one in batches)
    if (told[0], told[2]) != (data_sha256(batches), rows):
        raise SnapshotChanged("data", snapshot=folder.name, file=MANIFEST)
    if rows_told not in (None, rows_sha256(schema_of(columns), rows, [one.rows_sum or 0 for one in batches])):
        raise SnapshotChanged("rows", snapshot=folder.name, file=MANIFEST)
    return Snapshot(folder, manifest, raw, batches)


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(folder, MANIFEST, str(error)) from error
    if not isinstance(manifest, dict):
        raise _unreadable(folder, MANIFEST, type(manifest).__name__)
    return manifest


def _questionnaire(folder: Path) -> bytes:
    try:
        return (folder / QUESTIONNAIRE).read_bytes()
    except OSError as error:
        raise _unreadable(folder, QUESTIONNAIRE, error.strerror or str(error)) from error


def _unreadable(folder: Path, file: str, problem: str) -> SnapshotUnreadable:
    return SnapshotFileUnreadable(snapshot=folder.name, file=file, problem=problem)
