"""How far two engines are apart, and tables with everything in them that could drive them apart.

Not an engine, and not a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from survey.aggregation import IndexDefinition, IndexTerm, Measure
from survey.aggregation.engines import CellTable, CollapseRequest, cells_of, selection_of

#: What two engines may differ by (docs of the engines; order of additions differs).
TOLERANCE = 1e-12
#: Items whose ids are as awkward as a column's name can be; two of them differ by case only.
ITEMS = ("B2.trust", "b2.TRUST", 'say "hello"', "back`tick ${env:HOME}", "hài lòng; -- 'x'", "yes/no", "\\")
WEIGHT, STRATUM, PSU = "trọng số", "tầng", "đơn vị (mẫu)"
PLACE, AGE, DAY = "nơi ở", "age", "ngày"
MEASURES = (Measure("mean"), Measure("top_share", (4, 5)))


def largest_difference(request: CollapseRequest, *engines: Sequence[CellTable]) -> float:
    """Return the largest relative difference of any sum of two engines.

    Raises:
        AssertionError: they disagree on rows, PSUs, domains, cells or members.
    """
    one, other = engines
    selection = selection_of(one[0], lonely="remove")
    assert one[0].psus == other[0].psus
    assert {table.rows for table in (*one, *other)} == {one[0].rows}
    largest = 0.0
    for dimensions in ((), *request.sets):
        a, b = (cells_of(tables, dimensions, selection) for tables in (one, other))
        assert a.grid.domains == b.grid.domains
        for name in ("unit", "domain", "members"):
            np.testing.assert_array_equal(getattr(a.grid, name), getattr(b.grid, name))
        assert a.sums.layout.items == b.sums.layout.items
        apart = np.abs(a.sums.table - b.sums.table) / np.maximum(np.abs(b.sums.table), 1e-300)
        largest = max(largest, float(np.where(a.sums.table == b.sums.table, 0.0, apart).max()))
    return largest


def awkward_table(rows: int, seed: int) -> pa.Table:
    """Make responses with nulls, codes below zero, weights of zero, missing labels and awkward names."""
    draw = np.random.default_rng(seed)
    stratum = draw.integers(0, 4, rows)
    columns = {
        STRATUM: pa.array([f"tầng {one}" for one in stratum]).dictionary_encode(),
        PSU: pa.array([f"xã {one}" for one in draw.integers(0, 6, rows)], pa.large_string()),
        WEIGHT: pa.array(np.where(draw.random(rows) < 0.1, 0.0, draw.lognormal(0, 2, rows))),
        PLACE: pa.array(draw.choice(["Đà Nẵng", "Đà Nẵng ", "O'Xã \U0001f600", "", None], rows), pa.string()),
        AGE: _with_nulls(draw, draw.integers(-1, 3, rows), pa.int16()),
        DAY: pa.array([date(2026, 1, int(one)) for one in draw.integers(1, 4, rows)], pa.date32()),
        **{item: _with_nulls(draw, draw.integers(-3, 6, rows), pa.int8()) for item in ITEMS},
        "yes/no": _with_nulls(draw, draw.random(rows) < 0.5, pa.bool_()),
        ITEMS[3]: _with_nulls(draw, draw.integers(0, 6, rows), pa.uint8()),
        "\\": pa.nulls(rows, pa.int8()),
    }
    return pa.table(columns)


def awkward_request(files: Sequence[Path], measure: Measure) -> CollapseRequest:
    """Ask for everything there is in such a table: three crossings, an averaged and a pooled index."""
    return CollapseRequest(
        tuple(files),
        ITEMS,
        measure,
        weights=WEIGHT,
        stratum=STRATUM,
        psu=PSU,
        sets=((PLACE,), (AGE, PLACE), (DAY,), (STRATUM, DAY)),
        indices=(
            IndexDefinition.averaged("chung", {ITEMS[0]: 0.25, ITEMS[2]: 0.75}),
            IndexDefinition("nhóm", (IndexTerm(1.0, ITEMS[:3]), IndexTerm(0.5, ITEMS[3:5]))),
        ),
    )


def write_files(table: pa.Table, folder: Path, count: int) -> tuple[Path, ...]:
    """Write a table as several files with awkward names, every other one with its columns reversed."""
    size = -(-table.num_rows // count)
    paths = []
    for at in range(count):
        part = table.slice(at * size, size)
        path = folder / f"phần [{at}] {{a}}*'% đợt=1.parquet"
        pq.write_table(part.select(part.column_names[:: -1 if at % 2 else 1]), path)
        paths.append(path)
    return tuple(paths)


def _with_nulls(draw: np.random.Generator, values: np.ndarray, kind: pa.DataType) -> pa.Array:
    return pa.array(values, mask=draw.random(values.size) < 0.1).cast(kind)
