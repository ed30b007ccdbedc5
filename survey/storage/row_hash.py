"""A hash of rows as a set: the same whatever their order and whichever files they are cut into.

Not the proof that a file was not changed (SHA-256 of the file): this one says that two snapshots hold the
same responses, and what a result was computed from.

Each row becomes eight little-endian bytes a column, in the order of the columns' names: a whole number, yes
or no, or day as int64 (null is -2**63), a decimal number as its IEEE bits, a text as the first eight bytes
of the SHA-256 of its UTF-8. The SHA-256 of the rows, read as little-endian integers, add up modulo 2**256.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BLOCK_ROWS = 16_384
_MODULUS = 1 << 256
_NOTHING = -(1 << 63)


def sum_of_rows(table: pa.Table) -> int:
    """Add up the hashes of the rows; sums of parts add up, modulo 2**256, to the sum of the whole."""
    total, names = 0, sorted(table.column_names)
    for block in table.to_batches(max_chunksize=BLOCK_ROWS):
        records = np.stack([_eight_bytes(block.column(name)) for name in names], axis=1)
        rows = records.astype("<i8", copy=False).view(f"V{8 * records.shape[1]}").ravel().tolist()
        digests = b"".join([hashlib.sha256(row).digest() for row in rows])
        limbs = np.frombuffer(digests, "<u4").reshape(-1, 8).sum(axis=0, dtype=np.uint64)
        total += sum(int(limb) << (32 * place) for place, limb in enumerate(limbs))
    return total % _MODULUS


def rows_sha256(schema: pa.Schema, rows: int, sums: Iterable[int]) -> str:
    """Make one hash of the sums of all parts, the names of the columns and how many rows there are."""
    told = {"columns": sorted(schema.names), "rows": rows, "sum": f"{sum(sums) % _MODULUS:064x}"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _eight_bytes(column: pa.Array) -> NDArray[np.int64]:
    if pa.types.is_dictionary(column.type):
        codes: NDArray[np.int32] = column.indices.to_numpy()
        return _of_texts(column.dictionary)[codes]
    if pa.types.is_string(column.type):
        return _eight_bytes(column.dictionary_encode())
    if pa.types.is_floating(column.type):
        decimals: NDArray[np.int64] = column.to_numpy(zero_copy_only=False).view(np.int64)
        return decimals
    whole: Any = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    numbers: NDArray[np.int64] = pc.fill_null(whole.cast(pa.int64()), _NOTHING).to_numpy()
    return numbers


def _of_texts(texts: pa.Array) -> NDArray[np.int64]:
    digests = b"".join(hashlib.sha256(text.encode()).digest()[:8] for text in texts.to_pylist())
    return np.frombuffer(digests, "<i8").astype(np.int64)
