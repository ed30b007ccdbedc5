"""Making a snapshot's folder: whole or not at all, from batches shared, rewritten and new.

Not which responses go where (survey.services.refreshing), and not reading one back (snapshots.py).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from survey.questionnaires import Questionnaire
from survey.storage.batches import (
    DATA,
    Batch,
    data_sha256,
    file_sha256,
    read_batch,
    share_batch,
    tables_of,
    write_batch,
)
from survey.storage.row_hash import rows_sha256
from survey.storage.snapshot_columns import columns_of, schema_of
from survey.storage.snapshots import MANIFEST, MARKS, QUESTIONNAIRE, Snapshot

SCHEMA_VERSION = "2.0"
_MAKING = ".making-"
#: A folder in the making that is older was left by a process that was killed.
_LEFT_AFTER_S = 86_400


class SnapshotInMaking:
    """A snapshot's folder under a temporary name; batches are added in order."""

    def __init__(self, folder: Path, code: str, questionnaire: Questionnaire) -> None:
        self.folder, self.code, self.questionnaire = folder, code, questionnaire
        self.columns = columns_of(questionnaire)
        self.batches: list[Batch] = []
        (folder / DATA).mkdir()

    @property
    def rows(self) -> int:
        """Count the rows of the batches so far."""
        return sum(one.rows for one in self.batches)

    def share(self, snapshot: Snapshot, batch: Batch) -> None:
        """Take an earlier snapshot's batch as it is."""
        self.batches.append(share_batch(batch, snapshot.folder, self.folder, len(self.batches) + 1))

    def rewrite(self, snapshot: Snapshot, parts: Sequence[tuple[Batch, NDArray[Any]]]) -> None:
        """Write one batch from some of an earlier snapshot's.

        Args:
            parts: each batch with a mask (rows,) of the rows to keep.
        """
        kept = [
            read_batch(snapshot.code, snapshot.folder, batch).filter(pa.array(mask)) for batch, mask in parts
        ]
        self._write(pa.concat_tables(kept))

    def write(self, rows: Iterator[Mapping[str, Any]]) -> None:
        """Write responses as new batches (survey.storage.snapshot_columns.table_of says of what)."""
        for table in tables_of(self.columns, rows):
            self._write(table)

    def write_marks(self, marks: NDArray[np.uint8]) -> Mapping[str, Any]:
        """Write one byte a row, in the order of the batches, and say how the file is named and hashed."""
        path = self.folder / MARKS
        with path.open("xb") as file:
            pq.write_table(pa.table({"marks": marks}), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        return {"file": MARKS, "sha256": file_sha256(path)}

    def manifest(self, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """Say what is in the folder."""
        asked = self.questionnaire
        sums = [one.rows_sum or 0 for one in self.batches]
        return {
            "schema_version": SCHEMA_VERSION,
            "snapshot": self.code,
            **about,
            "questionnaire": {
                "id": asked.id,
                "version": asked.version,
                "sha256": asked.sha256,
                "file": QUESTIONNAIRE,
            },
            "rows": self.rows,
            "columns": {one.item: {"kind": one.kind, "codes": dict(one.codes)} for one in self.columns},
            "data": {
                "sha256": data_sha256(self.batches),
                "rows_sha256": rows_sha256(schema_of(self.columns), self.rows, sums),
                "batches": [one.told() for one in self.batches],
            },
        }

    def finish(self, about: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write the questionnaire and the manifest, and give the manifest."""
        manifest = self.manifest(about)
        (self.folder / QUESTIONNAIRE).write_bytes(self.questionnaire.raw)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")
        return manifest

    def _write(self, table: pa.Table) -> None:
        self.batches.append(write_batch(self.folder, len(self.batches) + 1, self.code, table))


@contextmanager
def making_snapshot(parent: Path, *, code: str, questionnaire: Questionnaire) -> Iterator[SnapshotInMaking]:
    """Give a folder to fill; at the end of the block it is `parent/code`, after an error it is gone.

    Raises:
        FileExistsError: a snapshot of that code is there already.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(parent)
    final = parent / code
    if final.exists():
        raise FileExistsError(final)
    with tempfile.TemporaryDirectory(dir=parent, prefix=_MAKING) as making:
        folder = Path(making) / "snapshot"
        folder.mkdir()
        yield SnapshotInMaking(folder, code, questionnaire)
        _settle(folder)
        try:
            os.replace(folder, final)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise FileExistsError(final) from error
            raise
    _settle(parent, files=())


def _settle(folder: Path, files: Sequence[str] = (QUESTIONNAIRE, MANIFEST, DATA, ".")) -> None:
    """Have the disk hold a folder before the database says that it is there."""
    for name in (*files, "."):
        opened = os.open(folder / name, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{_MAKING}*"):
        try:
            if time.time() - left.stat().st_mtime > _LEFT_AFTER_S:
                shutil.rmtree(left)
        except FileNotFoundError:
            continue
