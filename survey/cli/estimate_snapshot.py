"""A snapshot as the data of a request: its hashes proven, its codes turned back into answers.

Not its freezing (survey.services.snapshots). An ordinal item keeps its values, options outside the scale
become missing; a nominal item becomes the ids of its options.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from survey.aggregation.request import DataChanged
from survey.aggregation.request.request import DataRequest
from survey.storage.snapshots import MANIFEST, read_snapshot


def is_snapshot(data: DataRequest, folder: Path) -> bool:
    """Say whether a request's data is the folder of a snapshot."""
    return data.format == "snapshot" or (folder / data.path / MANIFEST).is_file()


def snapshot_table(data: DataRequest, folder: Path) -> pa.Table:
    """Read a snapshot as a table of answers, a column an item, with its design columns.

    Raises:
        SnapshotUnreadable, SnapshotChanged; DataChanged: not the snapshot that the request means.
    """
    snapshot = read_snapshot(folder / data.path)
    found = snapshot.contents_sha256
    if data.sha256 and data.sha256 != found:
        raise DataChanged(name=Path(data.path).name, expected=data.sha256, found=found)
    table = snapshot.table
    for item, told in snapshot.manifest["columns"].items():
        if item in table.column_names:
            place = table.column_names.index(item)
            table = table.set_column(place, item, _answers(table.column(item), told))
    return table.replace_schema_metadata({"sha256": found})


def _answers(codes: pa.ChunkedArray, told: Mapping[str, Any]) -> pa.ChunkedArray:
    if told["kind"] == "ordinal":
        return pc.if_else(pc.less(codes, 0), pa.scalar(None, codes.type), codes)
    if told["kind"] == "nominal":
        names = {code: option for option, code in told["codes"].items()}
        options = pa.array([names.get(code) for code in range(max(names, default=-1) + 1)], pa.string())
        return pc.take(options, codes.cast(pa.int64()))
    return codes
