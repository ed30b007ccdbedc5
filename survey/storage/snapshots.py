"""Snapshots: a round's responses as typed Parquet columns, with a manifest that says what they are.

Indices are computed from these files only. Free text never enters one.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from survey.questionnaires import Item, Questionnaire
from survey.storage.errors import SnapshotChanged, SnapshotUnreadable

DATA = "responses.parquet"
MANIFEST = "manifest.json"
QUESTIONNAIRE = "questionnaire.json"
SCHEMA_VERSION = "1.0"
#: In an item's int8 column, the lowest value that is an answer on the scale. Options that leave
#: the denominator are −1, −2, … in the order of the scale; blank and not asked are null.
LOWEST_VALUE = 0

_DESIGN = {
    "unit": pa.dictionary(pa.int32(), pa.string()),
    "stratum": pa.dictionary(pa.int32(), pa.string()),
    "psu": pa.string(),
    "base_weight": pa.float64(),
    "channel": pa.dictionary(pa.int32(), pa.string()),
    "evidence": pa.dictionary(pa.int32(), pa.string()),
    "day": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class ItemColumns:
    """How the answers to one item are written: which columns, and which code for which option."""

    item: str
    kind: str
    codes: Mapping[str, int] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        if self.kind == "multiple":
            return tuple(f"{self.item}/{option}" for option in self.codes)
        return (self.item,)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen round as it is read back.

    Attributes:
        folder: where its files are.
        manifest: what they are (docs/architecture.md, "Snapshot").
        questionnaire_raw: the questionnaire's own bytes.
        table: the responses, one row each.
    """

    folder: Path
    manifest: Mapping[str, Any]
    questionnaire_raw: bytes
    table: pa.Table

    @property
    def code(self) -> str:
        return str(self.manifest["snapshot"])

    @property
    def rows(self) -> int:
        return int(self.table.num_rows)

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


def columns_of(questionnaire: Questionnaire) -> tuple[ItemColumns, ...]:
    """Say how each item that is not free text is written."""
    return tuple(_item_columns(item) for item in questionnaire.items if item.kind != "text")


def _item_columns(item: Item) -> ItemColumns:
    if item.scale is None:
        raise ValueError(f"{item.id} has no scale")
    if item.kind == "multiple":
        return ItemColumns(item.id, "multiple", {option.id: 1 for option in item.scale.options})
    if item.scale.kind == "nominal":
        return ItemColumns(item.id, "nominal", {option.id: n for n, option in enumerate(item.scale.options)})
    outside = iter(range(-1, -128, -1))
    return ItemColumns(
        item.id,
        "ordinal",
        {option.id: next(outside) if option.value is None else option.value for option in item.scale.options},
    )


def write_snapshot(
    parent: Path,
    *,
    code: str,
    questionnaire: Questionnaire,
    rows: Iterable[Mapping[str, Any]],
    describe: Callable[[], Mapping[str, Any]],
) -> tuple[Path, Mapping[str, Any]]:
    """Write a snapshot folder whole or not at all, and give it with its manifest.

    Args:
        parent: folder of all snapshots; the new one is `parent/code`.
        rows: one mapping a response: the design columns and `answers` (item → option ids).
        describe: called when the rows are written, for what else the manifest says.

    Raises:
        FileExistsError: a snapshot of that code is there already.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = parent / code
    if final.exists():
        raise FileExistsError(final)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".making-") as making:
        folder = Path(making) / "snapshot"
        folder.mkdir()
        columns = columns_of(questionnaire)
        count = _write_rows(folder / DATA, columns, rows)
        (folder / QUESTIONNAIRE).write_bytes(questionnaire.raw)
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "snapshot": code,
            **describe(),
            "questionnaire": {
                "id": questionnaire.id,
                "version": questionnaire.version,
                "sha256": questionnaire.sha256,
                "file": QUESTIONNAIRE,
            },
            "rows": count,
            "columns": {
                column.item: {"kind": column.kind, "codes": dict(column.codes)} for column in columns
            },
            "data": {"file": DATA, "sha256": file_sha256(folder / DATA)},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True))
        try:
            os.replace(folder, final)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise FileExistsError(final) from error
            raise
    return final, manifest


def read_snapshot(folder: Path) -> Snapshot:
    """Read a snapshot back, proving that neither its data nor its questionnaire changed.

    Raises:
        SnapshotUnreadable: a file is missing or broken.
        SnapshotChanged: a hash differs from the manifest's.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        raw = (folder / QUESTIONNAIRE).read_bytes()
        told = (manifest["data"]["sha256"], manifest["questionnaire"]["sha256"])
        found = (file_sha256(folder / DATA), hashlib.sha256(raw).hexdigest())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotUnreadable(str(error), snapshot=folder.name) from error
    if told != found:
        raise SnapshotChanged(f"told {told}, found {found}", snapshot=folder.name)
    try:
        return Snapshot(folder, manifest, raw, pq.read_table(folder / DATA, memory_map=False))
    except (OSError, pa.ArrowInvalid) as error:
        raise SnapshotUnreadable(str(error), snapshot=folder.name) from error


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_rows(path: Path, columns: Sequence[ItemColumns], rows: Iterable[Mapping[str, Any]]) -> int:
    schema = pa.schema([*_DESIGN.items(), *(field for column in columns for field in _fields(column))])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows, 20_000):
            writer.write_table(pa.table(_arrays(columns, batch), schema=schema))
            count += len(batch)
    return count


def _fields(column: ItemColumns) -> Iterator[tuple[str, pa.DataType]]:
    for name in column.names:
        yield name, pa.bool_() if column.kind == "multiple" else pa.int8()


def _arrays(columns: Sequence[ItemColumns], batch: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    arrays: dict[str, list[Any]] = {name: [row[name] for row in batch] for name in _DESIGN}
    answers = [row["answers"] for row in batch]
    for column in columns:
        given = [one.get(column.item) for one in answers]
        if column.kind == "multiple":
            for option in column.codes:
                arrays[f"{column.item}/{option}"] = [None if g is None else option in g for g in given]
        else:
            arrays[column.item] = [None if g is None else column.codes[g] for g in given]
    return arrays


def _batches(rows: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
