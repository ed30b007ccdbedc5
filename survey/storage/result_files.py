"""The figures of a result, kept as Parquet beside the snapshots: one row a figure, tidy."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from survey.storage.snapshots import file_sha256

SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("kind", pa.string()),
        ("statistic", pa.string()),
        ("value", pa.float64()),
        ("se", pa.float64()),
        ("ci_low", pa.float64()),
        ("ci_high", pa.float64()),
        ("level", pa.float64()),
        ("n", pa.int64()),
        ("n_eff", pa.float64()),
        ("deff", pa.float64()),
        ("df", pa.int64()),
        ("estimate_unit", pa.string()),
        ("method", pa.string()),
        ("flags", pa.list_(pa.string())),
    ]
)


def write_figures(path: Path, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write figures whole or not at all, and give the SHA-256 of the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), making, compression="zstd")
    os.replace(making, path)
    return file_sha256(path)


def read_figures(path: Path, sha256: str) -> list[dict[str, Any]] | None:
    """Read figures back in the order they were written; None when the file is not the one written."""
    if not path.is_file() or file_sha256(path) != sha256:
        return None
    rows: list[dict[str, Any]] = pq.read_table(path, schema=SCHEMA).to_pylist()
    return rows
