"""The SQL engine on DuckDB: its sums are the local engine's, and those of a plain loop over the rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import Measure, fingerprint
from survey.aggregation.engines import (
    BadValues,
    CellTable,
    CollapseRequest,
    UnreadableFile,
    analyse_cells,
    collapse_files,
    selection_of,
)
from survey.aggregation.engines.duckdb_engine import collapse_with_duckdb
from survey.aggregation.engines.errors import EngineFailed
from survey.aggregation.engines.responses_view import view_of
from survey.aggregation.engines.sql import collapse_sql
from tests.unit.aggregation.engines.agreement import (
    AGE,
    DAY,
    ITEMS,
    MEASURES,
    PLACE,
    PSU,
    STRATUM,
    TOLERANCE,
    WEIGHT,
    awkward_request,
    awkward_table,
    largest_difference,
    write_files,
)

Key = tuple[Hashable, ...]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.kind)
@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 400), files=st.integers(1, 4))
def test_duckdb_gives_the_sums_of_the_local_engine(
    tmp_path_factory: pytest.TempPathFactory, measure: Measure, seed: int, rows: int, files: int
) -> None:
    """To 1e-12 relative: the order of additions differs."""
    table = awkward_table(rows, seed)
    paths = write_files(table, tmp_path_factory.mktemp("files"), files)
    request = awkward_request(paths, measure)
    assert largest_difference(request, collapse_with_duckdb(request), collapse_files(request)) <= TOLERANCE


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.kind)
def test_duckdb_gives_the_sums_of_a_plain_loop(tmp_path: Path, measure: Measure) -> None:
    """Source: the definitions of the sums, added row by row without rounding (math.fsum)."""
    table = awkward_table(900, 7)
    request = awkward_request(write_files(table, tmp_path, 3), measure)
    found = {tuple(sorted(one.labels)): one for one in collapse_with_duckdb(request)}
    assert set(found) == {tuple(sorted(one)) for one in ((AGE, PLACE), (STRATUM, DAY))}
    for dimensions, cells in found.items():
        expected = _looped(table, request, dimensions)
        assert set(_by_key(cells)) == set(expected)
        for key, sums in _by_key(cells).items():
            np.testing.assert_allclose(sums, expected[key], rtol=TOLERANCE, atol=0, err_msg=str(key))


def _looped(table: pa.Table, request: CollapseRequest, dimensions: Key) -> dict[Key, list[float]]:
    columns: dict[Key, list[list[float]]] = defaultdict(list)
    for row in table.to_pylist():
        labels = (row[name] for name in dimensions)
        key = (row[STRATUM], row[PSU], *(None if label == "" else label for label in labels))
        columns[key].append(_of_row(row, request))
    return {key: [math.fsum(column) for column in zip(*rows, strict=True)] for key, rows in columns.items()}


def _of_row(row: dict[str, float], request: CollapseRequest) -> list[float]:
    w = row[WEIGHT]
    answers = [row[item] for item in request.items]
    answered = [answer is not None and answer >= 0 for answer in answers]
    shown = [answer if given else 0 for answer, given in zip(answers, answered, strict=True)]
    unions = [any(answered[at] for at in union) for union in request.layout.unions]
    mean = request.measure.kind == "mean"
    figures = shown if mean else [answer in request.measure.levels for answer in shown]
    return [
        w > 0,
        *(w * figure for figure in figures),
        *(w * given for given in answered),
        *(given and w > 0 for given in answered),
        *((w * figure**2 for figure in figures) if mean else ()),
        *(w * union for union in unions),
        *(union and w > 0 for union in unions),
    ]


def _by_key(cells: CellTable) -> dict[Key, np.ndarray]:
    names = sorted(cells.labels)
    labels = [np.array([*cells.labels[name], None], dtype=object)[cells.codes[name]] for name in names]
    sums = np.column_stack([cells.members, cells.sums.table])
    return {
        (*cells.psus[cells.psu[at]], *(column[at] for column in labels)): sums[at]
        for at in range(cells.cells)
    }


def test_estimates_have_the_same_fingerprint_from_either_engine(tmp_path: Path) -> None:
    request = awkward_request(write_files(awkward_table(2_000, 3), tmp_path, 2), Measure("mean"))
    prints = set()
    for tables in (collapse_with_duckdb(request), collapse_files(request)):
        prints.add(fingerprint(analyse_cells(tables, request, selection_of(tables[0]))))
    assert len(prints) == 1


def test_weights_of_one_and_one_stratum_need_no_columns(tmp_path: Path) -> None:
    (path,) = write_files(awkward_table(300, 5), tmp_path, 1)
    request = CollapseRequest((path,), ITEMS[:2], Measure("mean"), psu=PSU)
    (cells,) = collapse_with_duckdb(request)
    assert cells.members.sum() == cells.rows == 300
    assert largest_difference(request, (cells,), collapse_files(request)) == 0.0


def test_a_psu_whose_labels_are_all_missing_still_belongs_to_the_sample(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"psu": ["a", "b"], "place": ["", "Huế"], "q": [5, 5]}), path)
    request = CollapseRequest((path,), ("q",), Measure("mean"), psu="psu", sets=(("place",),))
    (cells,) = collapse_with_duckdb(request)
    assert cells.psus == (("", "a"), ("", "b"))
    assert cells.labels == {"place": ("Huế",)}
    assert cells.codes["place"].tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("column", "values", "places"),
    [
        (WEIGHT, [1.0, -1.0, None, math.nan, math.inf, 0.0], {"column": WEIGHT, "count": 4}),
        (WEIGHT, ["1", "2", "3", "4", "5", "6"], {"column": WEIGHT, "file": "a.parquet"}),
        (PSU, ["a", "", None, "b", "c", ""], {"column": PSU, "count": 3}),
        (STRATUM, [1.0, math.nan, 2.0, 2.0, 1.0, None], {"column": STRATUM, "count": 2}),
        (ITEMS[0], ["5", "4", "3", "2", "1", ""], {"column": ITEMS[0], "file": "a.parquet"}),
        (ITEMS[0], None, {"column": ITEMS[0], "file": "a.parquet"}),
        (DAY, None, {"column": DAY, "file": "a.parquet"}),
    ],
)
def test_a_faulty_column_is_named_in_the_words_of_the_local_engine(
    tmp_path: Path, column: str, values: list[object] | None, places: dict[str, object]
) -> None:
    table = awkward_table(6, 1).drop([column])
    path = tmp_path / "a.parquet"
    pq.write_table(table if values is None else table.append_column(column, pa.array(values)), path)
    request = awkward_request((path,), Measure("mean"))
    raised = []
    for engine in (collapse_with_duckdb, collapse_files):
        with pytest.raises(Exception, match=r"\w") as caught:
            engine(request)
        raised.append((type(caught.value), caught.value.places))
    assert raised[0] == raised[1]
    assert raised[0][1].items() >= places.items()


def test_a_type_that_changes_between_files_is_named_with_the_file(tmp_path: Path) -> None:
    (path,) = write_files(awkward_table(10, 1), tmp_path, 1)
    table = awkward_table(10, 2)
    other = tmp_path / "b.parquet"
    at = table.column_names.index(ITEMS[0])
    pq.write_table(table.set_column(at, ITEMS[0], table.column(ITEMS[0]).cast(pa.int64())), other)
    with pytest.raises(Exception, match=r"b\.parquet.*int8 → int64"):
        collapse_with_duckdb(awkward_request((path, other), Measure("mean")))


def test_a_list_cannot_be_a_label(tmp_path: Path) -> None:
    table = awkward_table(2, 1).drop([DAY]).append_column(DAY, pa.array([[1], [2]]))
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(Exception, match="cannot be a label"):
        collapse_with_duckdb(awkward_request((tmp_path / "a.parquet",), Measure("mean")))


def test_files_that_are_missing_broken_or_empty_are_refused(tmp_path: Path) -> None:
    (good,) = write_files(awkward_table(1_000, 1), tmp_path, 1)
    content = bytearray(good.read_bytes())
    content[100:2_000] = bytes(1_900)
    damaged, text, empty = (tmp_path / name for name in ("damaged.parquet", "text.parquet", "empty.parquet"))
    damaged.write_bytes(content)
    text.write_text("a,b\n1,2\n")
    pq.write_table(awkward_table(0, 1), empty)
    for path, error in (
        (tmp_path / "absent.parquet", UnreadableFile),
        (text, UnreadableFile),
        (damaged, UnreadableFile),
        (empty, BadValues),
    ):
        with pytest.raises(error):
            collapse_with_duckdb(awkward_request((path,), Measure("mean")))


def test_an_engine_that_skips_rows_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"psu": ["a", "b", "b"], "q": [5, 5, None]}), path)
    view = view_of(CollapseRequest((path,), ("q",), Measure("top_share", (5,)), psu="psu"))
    answer = {"psu": ["a"], "n_rows": [1], "members": [1], "bad_weights": [0]}
    sums = {"weighted_1": [1.0], "weight_1": [1.0], "answered_1": [1]}
    with pytest.raises(UnreadableFile, match="1 rows, 3 expected"):
        collapse_sql(view, lambda _: pa.table(answer | sums))


def test_cells_beyond_the_memory_limit_go_to_disk_and_leave_nothing_there(tmp_path: Path) -> None:
    """Without a folder for it, DuckDB 2.0 needs more than 60 MB here; 30 MB are allowed."""
    rows = 40_000
    draw = np.random.default_rng(1)
    items = {f"q{k}": pa.array(draw.integers(1, 6, rows), pa.int8()) for k in range(20)}
    path, spill = tmp_path / "a.parquet", tmp_path / "spill"
    pq.write_table(pa.table({"psu": np.arange(rows), **items}), path, row_group_size=10_000)
    spill.mkdir()
    request = CollapseRequest((path,), tuple(items), Measure("mean"), psu="psu")
    found = collapse_with_duckdb(request, memory_limit="30MB", threads=1, temp_folder=spill)
    assert found[0].cells == rows
    assert largest_difference(request, found, collapse_files(request)) == 0.0
    assert list(spill.iterdir()) == []
    with pytest.raises(EngineFailed, match="Memory"):
        collapse_with_duckdb(request, memory_limit="1MB", threads=1, temp_folder=spill)


@pytest.mark.parametrize("told", [{"memory_limit": "plenty"}, {"threads": -1}])
def test_a_setting_that_duckdb_refuses_is_told(tmp_path: Path, told: dict[str, str | int]) -> None:
    (path,) = write_files(awkward_table(10, 1), tmp_path, 1)
    with pytest.raises(EngineFailed, match="DuckDB stopped"):
        collapse_with_duckdb(awkward_request((path,), Measure("mean")), **told)
