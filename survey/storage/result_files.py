"""The figures of a result, kept as Parquet beside the snapshots: one row a figure, tidy."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

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


def write_figures(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write figures whole or not at all; the same figures are written over themselves."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), making, compression="zstd")
    os.replace(making, path)


def read_figures(path: Path) -> list[dict[str, Any]]:
    """Read figures back, in the order they were written."""
    rows: list[dict[str, Any]] = pq.read_table(path, schema=SCHEMA).to_pylist()
    return rows
