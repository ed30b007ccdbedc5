"""A few CellTables as one file: written whole, with its own hash, and read back only when that is right.

Not which tables are kept or used (cell_store.py). The file is SHA-256 and then Arrow streams: for each table
its PSUs, the labels of each dimension, and its cells.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

from survey.aggregation.engines.cell_table import CellTable
from survey.aggregation.labels import FloatArray
from survey.aggregation.table import Layout, Sums

_DIGEST = hashlib.sha256().digest_size
#: Whole numbers are kept as narrow as they fit.
_NARROW = (np.uint8, np.uint16, np.uint32)


def write_tables(path: Path, tables: Sequence[CellTable]) -> None:
    """Write tables to a file, whole or not at all."""
    sink = pa.BufferOutputStream()
    for part in _parts(tables):
        with pa.ipc.new_stream(sink, part.schema) as stream:
            stream.write_table(part)
    payload = sink.getvalue()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with making.open("xb") as file:
            file.write(hashlib.sha256(payload).digest())
            file.write(payload)
        os.replace(making, path)
    finally:
        making.unlink(missing_ok=True)


def read_tables(path: Path, layout: Layout) -> tuple[CellTable, ...] | None:
    """Read tables of a layout back; None when the file is not there or is not what was written."""
    try:
        raw = path.read_bytes()
        if raw[:_DIGEST] != hashlib.sha256(memoryview(raw)[_DIGEST:]).digest():
            return None
        return tuple(_tables(pa.BufferReader(pa.py_buffer(raw).slice(_DIGEST)), layout))
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return None


def _parts(tables: Sequence[CellTable]) -> Iterator[pa.Table]:
    yield pa.table({"tables": [len(tables)]})
    for one in tables:
        stratum, psu = zip(*one.psus, strict=True)
        yield pa.table({"stratum": pa.array(stratum), "psu": pa.array(psu)})
        yield pa.table({"dimension": pa.array(list(one.labels), pa.string())})
        for labels in one.labels.values():
            yield pa.table({"label": pa.array(labels)})
        columns = {"psu": one.psu, "members": one.members}
        columns |= {f"code {at}": codes for at, codes in enumerate(one.codes.values())}
        columns |= {f"sum {kind}": sums for kind, sums in one.sums.kinds.items()}
        table = pa.table({name: _column(values) for name, values in columns.items()})
        yield table.replace_schema_metadata({"rows": str(one.rows)})


def _tables(source: pa.BufferReader, layout: Layout) -> Iterator[CellTable]:
    for _table in range(_next(source).column("tables")[0].as_py()):
        psus = _next(source)
        names = _next(source).column("dimension").to_pylist()
        labels = {name: tuple(_next(source).column("label").to_pylist()) for name in names}
        cells = _next(source)
        codes = {name: _flat(cells, f"code {at}").astype(np.intp) for at, name in enumerate(names)}
        kinds = {kind: _sums(cells, kind, width) for kind, width in layout.widths().items()}
        yield CellTable(
            psus=tuple(zip(psus.column("stratum").to_pylist(), psus.column("psu").to_pylist(), strict=True)),
            psu=_flat(cells, "psu").astype(np.intp),
            labels=labels,
            codes=codes,
            members=_flat(cells, "members").astype(np.float64),
            rows=int(cells.schema.metadata[b"rows"]),
            sums=Sums(layout, kinds, cells.num_rows),
        )


def _next(source: pa.BufferReader) -> pa.Table:
    with pa.ipc.open_stream(source) as stream:
        return stream.read_all()


def _column(values: NDArray[Any]) -> pa.Array:
    flat = pa.array(_narrowed(values.ravel()))
    return flat if values.ndim == 1 else pa.FixedSizeListArray.from_arrays(flat, values.shape[1])


def _narrowed(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values in the narrowest type that holds each exactly."""
    if not values.size or values.min() < 0:
        return values
    for kind in _NARROW:
        if values.max() <= np.iinfo(kind).max:
            narrow = values.astype(kind)
            return narrow if np.array_equal(narrow, values) else values
    return values


def _sums(cells: pa.Table, kind: str, width: int) -> FloatArray:
    flat = _flat(cells, f"sum {kind}")
    return flat.astype(np.float64, copy=False).reshape(cells.num_rows, width)


def _flat(cells: pa.Table, name: str) -> NDArray[Any]:
    column = cells.column(name).combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    flat = column.flatten() if pa.types.is_fixed_size_list(column.type) else column
    values: NDArray[Any] = flat.to_numpy()
    return values
