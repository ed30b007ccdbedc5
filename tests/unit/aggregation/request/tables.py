"""A small sample in memory for the tests of requests, and files made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

DESIGN = {"weights": "w", "strata": "stratum", "psu": "psu"}


def sample(rows: int = 60, seed: int = 1) -> pa.Table:
    """Make a stratified cluster sample: 3 strata of 5 PSUs, three items with gaps, two ways to group."""
    chance = np.random.default_rng(seed)
    psu = np.arange(rows) % 15

    def item() -> pa.Array:
        return pa.array(chance.integers(1, 6, rows), mask=chance.random(rows) < 0.15)

    return pa.table(
        {
            "w": chance.uniform(0.5, 3, rows),
            "stratum": [f"tầng {one % 3}" for one in psu],
            "psu": [f"xã {one}" for one in psu],
            "size": [30] * rows,
            "q1": item(),
            "q2": item(),
            "q3": item(),
            "hours": chance.exponential(4, rows).round(2),
            "sex": pa.array(
                [("nam", "nữ", None)[one] for one in chance.choice(3, rows, p=[0.5, 0.45, 0.05])]
            ),
            "year": chance.choice([2023, 2024], rows),
        }
    )


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    """Put the rows in another order."""
    return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))


def written(table: pa.Table, folder: Path) -> tuple[str, str]:
    """Write a table as CSV and Parquet; return the two names."""
    pa_csv.write_csv(table, folder / "sample.csv")
    pq.write_table(table, folder / "sample.parquet")
    return "sample.csv", "sample.parquet"


def request(statistics: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """Make a request of the sample."""
    return {"data": "sample", "design": DESIGN, "statistics": list(statistics)} | more
