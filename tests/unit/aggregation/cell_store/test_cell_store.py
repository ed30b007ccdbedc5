"""Kept cells: a refresh gives what collapsing everything again gives, whatever was kept, lost or broken."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import IndexDefinition, Measure
from survey.aggregation.engines import (
    BadValues,
    ChangedColumns,
    CollapseRequest,
    analyse_cells,
    cell_store,
    collapse_files,
    selection_of,
)
from survey.aggregation.engines.cell_files import read_tables, write_tables
from survey.aggregation.engines.cell_store import collapse_batches
from survey.aggregation.errors import BadRequest

ITEMS = ("b1", "b2", "b3")
SETS = (("unit",), ("unit", "channel"), ("day",), ("channel", "day"))


def responses(rows: int, seed: int, *, psus: int = 12, nested: bool = True) -> pa.Table:
    """Draw responses: PSUs in strata, a unit a PSU has one of unless not nested, gaps everywhere."""
    rng = np.random.default_rng(seed)
    psu = rng.integers(0, psus, rows)
    unit = psu % 5 if nested else rng.integers(0, 5, rows)
    columns: dict[str, Any] = {
        "psu": pa.array([f"p{x}" for x in psu]),
        "stratum": pa.array([f"h{x % 3}" for x in psu], pa.string()).dictionary_encode(),
        "unit": pa.array(
            [None if nested and x == 4 else f"đơn vị {x}" for x in unit], pa.string()
        ).dictionary_encode(),
        "channel": pa.array(rng.integers(0, 3, rows).astype(np.int16)),
        "day": pa.array([date(2026, 3, 1 + int(x)) for x in rng.integers(0, 4, rows)], pa.date32()),
        "weight": pa.array(rng.uniform(0, 2, rows)),
    }
    for item in ITEMS:
        answers = rng.integers(-1, 6, rows).astype(np.int8)
        columns[item] = pa.array(answers, mask=answers == 0)
    return pa.table(columns)


def request_of(files: Sequence[Path], measure: Measure, sets: Any = SETS) -> CollapseRequest:
    return CollapseRequest(
        files=tuple(files),
        items=ITEMS,
        measure=measure,
        weights="weight",
        stratum="stratum",
        psu="psu",
        sets=sets,
        indices=(IndexDefinition.averaged("index", {"b1": 0.5, "b2": 0.3, "b3": 0.2}),),
    )


def hashes_of(files: Sequence[Path]) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]


def write_cuts(folder: Path, table: pa.Table, cuts: Sequence[int]) -> list[Path]:
    places = [0, *sorted(cuts), table.num_rows]
    files = []
    for at, (start, end) in enumerate(zip(places, places[1:], strict=False)):
        files.append(folder / f"{at}.parquet")
        pq.write_table(table.slice(start, end - start), files[-1])
    return files


def refreshed(request: CollapseRequest, kept: Path) -> tuple[Any, ...]:
    return collapse_batches(request, hashes_of(request.files), kept)


def assert_same_estimates(request: CollapseRequest, tables: tuple[Any, ...]) -> None:
    """Hold every value, standard error, n and domain against the collapse of all files, to 1e-12."""
    whole = collapse_files(request)
    ours, theirs = (
        {
            (domain, name): one
            for domain, name, one in analyse_cells(
                cells, request, selection_of(cells[0], lonely="adjust"), deff=False
            ).rows()
        }
        for cells in (tables, whole)
    )
    assert ours.keys() == theirs.keys()
    for key, estimate in theirs.items():
        assert (ours[key].n, ours[key].df, ours[key].flags) == (estimate.n, estimate.df, estimate.flags)
        for figure in ("value", "se"):
            found, expected = getattr(ours[key], figure), getattr(estimate, figure)
            assert (found is None) == (expected is None)
            assert expected is None or found == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def collapsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were collapsed."""
    names: list[str] = []

    def noting(request: CollapseRequest) -> Any:
        names.extend(path.name for path in request.files)
        return collapse_files(request)

    monkeypatch.setattr(cell_store, "collapse_files", noting)
    return names


@given(
    rows=st.integers(1, 90),
    cuts=st.lists(st.integers(0, 90), max_size=6),
    seed=st.integers(0, 10**6),
    measure=st.sampled_from([Measure("mean"), Measure("top_share", (4, 5))]),
    nested=st.booleans(),
    sets=st.sampled_from([(), ((),), (("unit",),), SETS]),
)
@settings(deadline=None, max_examples=40)
def test_any_way_of_cutting_gives_the_estimates_of_the_whole(
    rows: int, cuts: list[int], seed: int, measure: Measure, nested: bool, sets: Any
) -> None:
    with TemporaryDirectory() as folder:
        table = responses(rows, seed, nested=nested)
        files = write_cuts(Path(folder), table, [cut for cut in cuts if cut <= rows])
        request = request_of(files, measure, sets)
        for count in (1, len(files), len(files)):
            some = replace(request, files=request.files[:count])
            if sum(pq.read_metadata(path).num_rows for path in some.files):
                assert_same_estimates(some, refreshed(some, Path(folder) / "kept"))


def test_only_files_that_came_since_are_collapsed(tmp_path: Path, kept: Path, collapsed: list[str]) -> None:
    files = write_cuts(tmp_path, responses(400, 1), [200, 300, 350])
    for count in (2, 3, 4):
        request = request_of(files[:count], Measure("mean"))
        assert_same_estimates(request, refreshed(request, kept))
    assert collapsed == ["0.parquet", "1.parquet", "2.parquet", "3.parquet"]
    request = request_of([files[0], files[3]], Measure("mean"))
    assert_same_estimates(request, refreshed(request, kept))
    assert len(collapsed) == 4


def test_a_file_written_again_is_collapsed_again_and_the_others_are_not(
    tmp_path: Path, kept: Path, collapsed: list[str]
) -> None:
    table = responses(300, 2)
    files = write_cuts(tmp_path, table, [100, 200])
    refreshed(request_of(files, Measure("mean")), kept)
    pq.write_table(table.slice(100, 97), files[1])
    request = request_of(files, Measure("mean"))
    assert_same_estimates(request, refreshed(request, kept))
    assert collapsed == ["0.parquet", "1.parquet", "2.parquet", "1.parquet"]


def test_another_request_has_cells_of_its_own(tmp_path: Path, kept: Path, collapsed: list[str]) -> None:
    files = write_cuts(tmp_path, responses(120, 3), [60])
    asked = request_of(files, Measure("mean"))
    others = (
        asked,
        replace(asked, measure=Measure("top_share", (5,))),
        replace(asked, measure=Measure("top_share", (4, 5))),
        replace(asked, weights=None),
        replace(asked, stratum=None),
        replace(asked, sets=(("day",),)),
        replace(asked, items=("b1", "b3"), indices=()),
        replace(asked, indices=(IndexDefinition.pooled("index", ("b1", "b3")),)),
    )
    for request in others:
        assert_same_estimates(request, refreshed(request, kept))
    assert len(collapsed) == 2 * len(others)
    refreshed(replace(asked, sets=(*SETS, ("channel",))), kept)
    assert len(collapsed) == 2 * len(others)


def test_crossings_that_differ_from_file_to_file_meet(tmp_path: Path, kept: Path) -> None:
    """In the first file each PSU has one unit and channel, in the second several: other tables."""
    rows = responses(500, 4, psus=40, nested=False)
    place = {name: rows.column_names.index(name) for name in ("channel", "unit")}
    psu = [int(label[1:]) for label in rows.column("psu").to_pylist()]
    flat = rows.set_column(place["channel"], "channel", pa.array([x % 3 for x in psu], pa.int16()))
    units = pa.array([f"đơn vị {x % 5}" for x in psu], pa.string()).dictionary_encode()
    flat = flat.set_column(place["unit"], "unit", units)
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for path, table in zip(files, (flat, rows), strict=True):
        pq.write_table(table, path)
    alone = [collapse_files(request_of([path], Measure("mean"))) for path in files]
    assert [len(tables) for tables in alone] == [1, 2]
    request = request_of(files, Measure("mean"))
    assert_same_estimates(request, refreshed(request, kept))


@pytest.mark.parametrize("harm", ["cut", "bit", "empty", "gone", "other file"])
def test_kept_cells_that_are_broken_are_never_trusted(
    tmp_path: Path, kept: Path, collapsed: list[str], harm: str
) -> None:
    files = write_cuts(tmp_path, responses(200, 5), [100])
    request = request_of(files, Measure("mean"))
    refreshed(request, kept)
    places = sorted(kept.iterdir())
    assert len([path for path in places if path.name.startswith("file-")]) == 2
    for path in places:
        raw = path.read_bytes()
        if harm == "gone":
            path.unlink()
        else:
            changed = bytearray(raw)
            changed[len(raw) // 2] ^= 4
            harmed = {"cut": raw[:-8], "bit": bytes(changed), "empty": b"", "other file": os.urandom(99)}
            path.write_bytes(harmed[harm])
    assert_same_estimates(request, refreshed(request, kept))
    assert len(collapsed) == 4
    refreshed(request, kept)
    assert len(collapsed) == 4


def test_a_sum_over_files_is_kept_when_it_is_worth_it_and_few_of_them(
    tmp_path: Path, kept: Path, collapsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write_cuts(tmp_path, responses(1_600, 6), range(100, 1_600, 100))
    for count in range(1, 17):
        request = request_of(files[:count], Measure("mean"))
        tables = refreshed(request, kept)
        assert len(list(kept.glob("sum-*"))) <= cell_store.MOST_SUMS
    assert_same_estimates(request, tables)
    assert len(collapsed) == 16
    assert len(list(kept.glob("sum-*"))) > 1
    read: list[Path] = []
    monkeypatch.setattr(
        cell_store, "read_tables", lambda path, layout: read.append(path) or read_tables(path, layout)
    )
    assert_same_estimates(request, refreshed(request, kept))
    assert len([path for path in read if path.name.startswith("file-")]) < 4


def test_tables_read_back_are_the_tables_written(tmp_path: Path) -> None:
    for seed, measure in enumerate((Measure("mean"), Measure("top_share", (4, 5)))):
        (path,) = write_cuts(tmp_path, responses(150, seed), [])
        request = request_of([path], measure)
        tables = collapse_files(request)
        write_tables(tmp_path / "one.cells", tables)
        again = read_tables(tmp_path / "one.cells", request.layout)
        assert again is not None
        for ours, theirs in zip(again, tables, strict=True):
            assert (ours.psus, dict(ours.labels), ours.rows) == (
                theirs.psus,
                dict(theirs.labels),
                theirs.rows,
            )
            assert ours.psu.tolist() == theirs.psu.tolist()
            assert ours.members.tolist() == theirs.members.tolist()
            assert {n: c.tolist() for n, c in ours.codes.items()} == {
                n: c.tolist() for n, c in theirs.codes.items()
            }
            assert ours.sums.table.tolist() == theirs.sums.table.tolist()
            assert ours.sums.table.dtype == np.float64
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert read_tables(tmp_path / "none.cells", request.layout) is None


def test_what_is_wrong_with_files_is_said_as_by_the_collapse(tmp_path: Path, kept: Path) -> None:
    table = responses(40, 7)
    first, second = write_cuts(tmp_path, table, [20])
    request = request_of([first, second], Measure("mean"))
    with pytest.raises(BadRequest):
        collapse_batches(request, hashes_of([first]), kept)
    refreshed(request, kept)
    wrong = table.set_column(table.column_names.index("b2"), "b2", table.column("b2").cast(pa.int32()))
    pq.write_table(wrong, second)
    with pytest.raises(ChangedColumns, match=r"b2 of file 1\.parquet"):
        refreshed(request, kept)
    pq.write_table(table.slice(0, 0), first)
    with pytest.raises(BadValues):
        refreshed(request_of([first], Measure("mean")), kept)
