"""Simulated rounds of any size for the estimation benchmarks: no real answers.

Not the measuring (estimation.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from survey.aggregation import IndexDefinition, Measure

PROVINCES, COMMUNES, SERVICES, GENDERS, AGES = 63, 628, 8, 2, 5
TOP = Measure("top_share", (4, 5))
#: Nine sets of domains: 1,846 domains.
SETS = (
    ("province",),
    ("province", "service"),
    ("commune",),
    ("service",),
    ("gender",),
    ("age",),
    ("province", "gender"),
    ("province", "age"),
    ("service", "gender"),
)


@dataclass(frozen=True, slots=True)
class Round:
    """A simulated round: design columns, dimensions, and answers (rows, items) of 1-5 or -1."""

    weights: NDArray[np.float64]
    stratum: NDArray[np.int64]
    psu: NDArray[np.int64]
    dimensions: dict[str, NDArray[np.int64]]
    answers: NDArray[np.int8]

    @property
    def items(self) -> tuple[str, ...]:
        return item_names(self.answers.shape[1])

    def crossed(self, dimensions: tuple[str, ...]) -> NDArray[np.int64]:
        """Number the crossing of some dimensions row by row."""
        key = np.zeros(self.weights.size, dtype=np.int64)
        for name in dimensions:
            key = key * (int(self.dimensions[name].max()) + 1) + self.dimensions[name]
        return key


def item_names(items: int) -> tuple[str, ...]:
    """Name the items."""
    return tuple(f"b{at}" for at in range(items))


def index_of(items: tuple[str, ...]) -> IndexDefinition:
    """Define the average of all items."""
    return IndexDefinition.averaged("index", {item: 1 / len(items) for item in items})


def simulate(rows: int, items: int, psus: int, seed: int = 2024) -> Round:
    """Draw a round: PSUs within communes within provinces, two strata a province, 4 % missing."""
    rng = np.random.default_rng(seed)
    psu = np.sort(rng.integers(0, psus, rows))
    commune = np.arange(psus) * COMMUNES // psus
    province = np.arange(COMMUNES) * PROVINCES // COMMUNES
    level = rng.normal(3.9, 0.4, psus)[psu][:, None]
    answers = np.empty((rows, items), dtype=np.int8)
    for item in range(items):
        said = level[:, 0] + rng.normal(0, 0.9, rows)
        answers[:, item] = np.where(rng.random(rows) < 0.04, -1, np.clip(np.rint(said), 1, 5))
    return Round(
        weights=rng.uniform(0.5, 2.0, rows),
        stratum=(province[commune] * 2 + np.arange(psus) % 2)[psu],
        psu=psu,
        dimensions={
            "province": province[commune][psu],
            "commune": commune[psu],
            "service": rng.integers(0, SERVICES, rows),
            "gender": rng.integers(0, GENDERS, rows),
            "age": rng.integers(0, AGES, rows),
        },
        answers=answers,
    )


def table_of(drawn: Round) -> pa.Table:
    """Lay a round out as a snapshot does: small whole numbers, gaps as nulls."""
    columns = {
        "stratum": pa.array(drawn.stratum.astype(np.int32)),
        "psu": pa.array(drawn.psu.astype(np.int32)),
        "weight": pa.array(drawn.weights),
        **{name: pa.array(codes.astype(np.int16)) for name, codes in drawn.dimensions.items()},
    }
    for place, item in enumerate(drawn.items):
        codes = drawn.answers[:, place]
        columns[item] = pa.array(codes, mask=codes < 0)
    return pa.table(columns)


def write(path: Path, parts: Iterator[Round]) -> None:
    """Write rounds to one Parquet file, as snapshots are written."""
    writer: pq.ParquetWriter | None = None
    for part in parts:
        table = table_of(part)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=250_000)
    if writer is not None:
        writer.close()
