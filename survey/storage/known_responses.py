"""Which responses a round's newest snapshot took account of, and which batch each is in.

It stands apart from the snapshots, because ids of responses never enter one, and it can be lost: the
next freeze then reads the whole round again. Not the decision what to read (survey.services.refreshing).
"""

from __future__ import annotations

import os
import secrets
from array import array
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

ID = pa.binary(16)
_LABEL = pa.dictionary(pa.int32(), pa.string())
_SCHEMA = pa.schema([("id", ID), ("unit", _LABEL), ("standing", _LABEL), ("batch", pa.int32())])
#: The standing of a response that is in a batch; others say why they are in none.
COUNTED = "counted"
#: The standing of one that two persons keep out, which they may change again.
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class KnownResponses:
    """Responses by id: their unit, standing and batch.

    Attributes:
        table: columns id, unit, standing and batch (0 is none), by batch and there in the file's order.
    """

    table: pa.Table

    @property
    def ids(self) -> pa.ChunkedArray:
        """Return the ids as sixteen bytes each."""
        return self.table.column("id")

    @property
    def batch(self) -> NDArray[np.int32]:
        """Return the number of each response's batch (responses,), 0 for none."""
        numbers: NDArray[np.int32] = self.table.column("batch").to_numpy()
        return numbers

    def has_standing(self, standing: str) -> NDArray[np.bool_]:
        """Say which responses (responses,) have a standing."""
        found = pc.equal(self.table.column("standing").cast(pa.string()), standing)
        held: NDArray[np.bool_] = found.to_numpy()
        return held

    def rows_by_batch(self) -> list[int]:
        """Count the responses of batch 1, 2, …"""
        counts: list[int] = np.bincount(self.batch, minlength=1)[1:].tolist()
        return counts

    def kept(self, keep: NDArray[np.bool_], new_numbers: NDArray[np.int32]) -> KnownResponses:
        """Leave responses out and give batches new numbers.

        Args:
            keep: (responses,) those that stay.
            new_numbers: (batches + 1,) new number of each old one.
        """
        stay = self.table.filter(pa.array(keep))
        batch = new_numbers[stay.column("batch").to_numpy()]
        stay = stay.set_column(3, "batch", pa.array(batch, pa.int32()))
        return KnownResponses(stay.take(pa.array(np.argsort(batch, kind="stable"))))

    def followed_by(self, others: KnownResponses) -> KnownResponses:
        """Append responses of later batches, or of none."""
        table = pa.concat_tables([self.table, others.table]).unify_dictionaries()
        order = np.argsort(table.column("batch").to_numpy(), kind="stable")
        return KnownResponses(table.take(pa.array(order)))

    def by_standing(self) -> dict[str, int]:
        """Count the responses of each standing."""
        return _counts(self.table.column("standing"))

    def by_unit(self, *, without: str) -> dict[str, int]:
        """Count the responses about each unit, those of one standing left out."""
        other = pc.not_equal(self.table.column("standing").cast(pa.string()), without)
        return _counts(self.table.filter(other).column("unit"))


class Noting:
    """Notes responses as they are read, sixteen bytes and two numbers each."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._units, self._standings = array("i"), array("i")
        self._labels: dict[str, int] = {}

    def note(self, response_id: UUID, unit: str, standing: str) -> None:
        """Note one response; those that are counted come in the order of their batches."""
        self._ids += response_id.bytes
        self._units.append(self._labels.setdefault(unit, len(self._labels)))
        self._standings.append(self._labels.setdefault(standing, len(self._labels)))

    def known(self, batches: list[int], *, first: int) -> KnownResponses:
        """Give what was noted.

        Args:
            batches: how many rows each batch got, in order.
            first: number of the first of them.
        """
        labels = pa.array(list(self._labels), pa.string())
        numbers = [pa.array(np.array(one, dtype=np.int32)) for one in (self._units, self._standings)]
        units, standings = (pa.DictionaryArray.from_arrays(one, labels) for one in numbers)
        batch = np.zeros(len(self._units), dtype=np.int32)
        is_counted = np.array(self._standings, dtype=np.int32) == self._labels.get(COUNTED, -1)
        batch[is_counted] = np.repeat(np.arange(first, first + len(batches)), batches)
        ids = pa.FixedSizeBinaryArray.from_buffers(ID, len(batch), [None, pa.py_buffer(bytes(self._ids))])
        return KnownResponses(pa.table([ids, units, standings, pa.array(batch)], schema=_SCHEMA))


def keep_known(folder: Path, round_code: str, snapshot: str, known: KnownResponses) -> None:
    """Keep what a round's snapshot knows, in place of what an earlier one knew."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(folder, round_code)
    making = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    table = known.table.replace_schema_metadata({"snapshot": snapshot})
    try:
        making.touch(mode=0o600, exist_ok=False)
        pq.write_table(table, making, compression="none", write_page_checksum=True)
        os.replace(making, path)
    finally:
        making.unlink(missing_ok=True)


def read_known(folder: Path, round_code: str) -> tuple[str, KnownResponses] | None:
    """Read what a round's newest snapshot knows, with its code; None when it is lost or broken."""
    try:
        with pq.ParquetFile(_path(folder, round_code), page_checksum_verification=True) as file:
            table = file.read()
    except (OSError, pa.ArrowException):
        return None
    told = table.schema.metadata or {}
    if b"snapshot" not in told or not table.schema.equals(_SCHEMA):
        return None
    return told[b"snapshot"].decode(), KnownResponses(table)


def ids_of_hex(text: str) -> pa.Array:
    """Read ids written one after another, thirty-two hexadecimal digits each."""
    raw = bytes.fromhex(text)
    return pa.FixedSizeBinaryArray.from_buffers(ID, len(raw) // 16, [None, pa.py_buffer(raw)])


def _path(folder: Path, round_code: str) -> Path:
    return folder / f"{round_code}.parquet"


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    found = pc.value_counts(column.cast(pa.string())).to_pylist()
    return {one["values"]: one["counts"] for one in found}
