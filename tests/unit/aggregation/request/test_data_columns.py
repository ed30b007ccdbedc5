"""Reading data: what is missing, what is a number, what is a label, and the same from CSV and Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.request import DataUnreadable, NotNumbers, RaggedRows, TypeChanged
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.declared import check_types
from survey.aggregation.request.files import open_data, table_in_memory
from survey.aggregation.request.request import DataRequest


def read(path: Path, names: list[str], types: dict[str, str] | None = None, **told: str) -> Columns:
    data = DataRequest(path.name, **told)  # type: ignore[arg-type]  # format and delimiter are text
    with open_data(data, path.parent) as file:
        return Columns(file.read(names), file.is_text, types or {}, {})


def csv(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_empty_and_na_are_missing_quoted_or_not(tmp_path: Path) -> None:
    columns = read(csv(tmp_path, 'a,b\n1,x\nNA,NA\n"NA","NA"\n,\n" 3 ",y\n'), ["a", "b"])
    np.testing.assert_array_equal(columns.numbers("a"), [1, np.nan, np.nan, np.nan, 3])
    assert columns.labels("b").labels == ("x", "y")
    assert columns.labels("b").codes.tolist() == [0, -1, -1, -1, 1]
    assert columns.labels("b").missing == 3


def test_quotes_commas_line_ends_and_a_byte_order_mark_are_read_as_csv_has_them(tmp_path: Path) -> None:
    columns = read(
        csv(tmp_path, '\ufeff"tên, họ",b\r\n"một ""hai""",1\r\n"hai\ndòng",2\r\n'), ["tên, họ", "b"]
    )
    assert set(columns.labels("tên, họ").labels) == {'một "hai"', "hai\ndòng"}


def test_a_name_stored_apart_is_the_name_in_one_piece(tmp_path: Path) -> None:
    columns = read(csv(tmp_path, "Tỉnh\nLâm Đồng\nLâm Đồng\n"), ["Tỉnh"])
    assert columns.labels("Tỉnh").labels == ("Lâm Đồng",)


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["10", "9", "1"], (1, 9, 10)),
        (["2", "2.0", "1.5"], (1.5, 2)),
        (["01", "1"], ("01", "1")),
        (["1e3", "2"], ("1e3", "2")),
        (["12345678901234567", "1"], ("1", "12345678901234567")),
        (["true", "false"], ("false", "true")),
        (["a", "1"], ("1", "a")),
    ],
)
def test_labels_are_numbers_only_if_every_one_is_written_as_one(
    tmp_path: Path, cells: list[str], labels: tuple[object, ...]
) -> None:
    found = read(csv(tmp_path, "x,y\n" + "".join(f"{cell},0\n" for cell in cells)), ["x"]).labels("x")
    assert found.labels == labels
    assert [str(found.labels[code]) for code in found.codes] == [
        str(float(c)) if c == "1.5" else c.removesuffix(".0") for c in cells
    ]


def test_labels_declared_as_text_stay_text(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "x\n10\n9\n"), ["x"], {"x": "text"}).labels("x")
    assert found.labels == ("10", "9")


@pytest.mark.parametrize("bad", ["x", "1,5", "Inf", "nan", "1_000", "0x10", "--1", "٣"])
def test_a_cell_that_is_no_number_is_counted_and_its_row_named(tmp_path: Path, bad: str) -> None:
    path = csv(tmp_path, f'a,b\n1,2\n"{bad}",2\n,3\n"{bad}",4\n')
    with pytest.raises(NotNumbers) as caught:
        read(path, ["a"]).numbers("a", "statistics[0].items")
    assert caught.value.places["count"] == 2
    assert caught.value.places["row"] == 2
    assert "statistics[0].items" in caught.value.text("en")


def test_true_and_false_are_one_and_nought(tmp_path: Path) -> None:
    np.testing.assert_array_equal(
        read(csv(tmp_path, "a\nTRUE\nfalse\nNA\n"), ["a"]).numbers("a"), [1, 0, np.nan]
    )


@pytest.mark.parametrize(
    ("text", "line"), [("a,b\n1,2\n1,2,3\n", 3), ("a,b\n1,2\n3\n1,2\n", 3), ('a,b\n"1\n2",2\n3\n', 4)]
)
def test_a_ragged_line_is_refused_with_its_number(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(RaggedRows) as caught:
        read(csv(tmp_path, text), ["a"])
    assert caught.value.places["name"] == "data.csv"
    assert abs(int(str(caught.value.places["row"])) - line) <= 1  # a quoted line end may count as no line


@pytest.mark.parametrize(
    "raw", [b"", b"a,a\n1,2\n", b"a,b\n", b"a,b\n\xff,1\n", b'a,b\n"1,2\n3,4\n', b"PAR1 broken"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(DataUnreadable):
        read(csv(tmp_path, raw), ["a"])


def test_a_semicolon_may_separate(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "a;b\n1;x,y\n"), ["b"], delimiter=";").labels("b").labels == ("x,y",)


def test_parquet_is_known_by_its_content(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a.b": [1, None]}), tmp_path / "data.bin")
    np.testing.assert_array_equal(read(tmp_path / "data.bin", ["a.b"]).numbers("a.b"), [1, np.nan])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1, None, 3], pa.int8()), [1, np.nan, 3]),
        (pa.array([1.5, None, float("nan")]), [1.5, np.nan, np.nan]),
        (pa.array([True, None, False]), [1, np.nan, 0]),
        (pa.array([1, 2, 3], pa.decimal128(10, 2)), [1, 2, 3]),
        (pa.array([2**40, 1, 2], pa.int64()), [2**40, 1, 2]),
    ],
)
def test_numbers_of_every_type_are_read(values: pa.Array, expected: list[float]) -> None:
    file = table_in_memory({"x": values})
    np.testing.assert_array_equal(Columns(file.read(["x"]), file.is_text, {}, {}).numbers("x"), expected)


@pytest.mark.parametrize(
    "values", [pa.array(["1", "2"]), pa.array([[1], [2]]), pa.array(["1", "2"]).dictionary_encode()]
)
def test_text_of_a_typed_file_is_never_read_as_numbers(values: pa.Array) -> None:
    file = table_in_memory({"x": values})
    with pytest.raises(TypeChanged):
        Columns(file.read(["x"]), file.is_text, {}, {}).numbers("x")


def test_an_infinite_number_is_refused() -> None:
    file = table_in_memory({"x": [1.0, float("inf")]})
    with pytest.raises(NotNumbers, match="row 2"):
        Columns(file.read(["x"]), file.is_text, {}, {}).numbers("x")


def test_lists_are_no_labels() -> None:
    file = table_in_memory({"x": [[1], [2]]})
    with pytest.raises(TypeChanged):
        Columns(file.read(["x"]), file.is_text, {}, {}).labels("x")


@pytest.mark.parametrize("held", [5, {"a": [1], "b": [1, 2]}, [1, 2]])
def test_what_arrow_makes_no_table_of_is_refused(held: object) -> None:
    with pytest.raises(DataUnreadable):
        table_in_memory(held)


@pytest.mark.parametrize(
    ("kind", "cells", "fits"),
    [
        ("number", ["1.5", ""], True),
        ("integer", ["1", "2.0", ""], True),
        ("integer", ["1.5"], False),
        ("boolean", ["TRUE", "false"], True),
        ("boolean", ["yes"], False),
        ("date", ["2024-05-01", ""], True),
        ("date", ["01/05/2024"], False),
        ("text", ["1"], True),
    ],
)
def test_declared_types_are_held_against_the_cells_of_csv(
    tmp_path: Path, kind: str, cells: list[str], fits: bool
) -> None:
    columns = read(csv(tmp_path, "x,y\n" + "".join(f"{cell},0\n" for cell in cells)), ["x"], {"x": kind})
    if fits:
        check_types(columns, [("x", kind)])
        return
    with pytest.raises(TypeChanged, match=r"data\.types\.x"):
        check_types(columns, [("x", kind)])


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", pa.array(["a"])),
        ("text", pa.array(["a"]).dictionary_encode()),
        ("number", pa.array([1.5])),
        ("number", pa.array([1], pa.int8())),
        ("integer", pa.array([1], pa.int8())),
        ("boolean", pa.array([True])),
        ("date", pa.array([1], pa.date32())),
    ],
)
def test_declared_types_are_held_against_the_types_of_parquet(kind: str, values: pa.Array) -> None:
    file = table_in_memory({"x": values, "other": pa.array([{"a": 1}])})
    columns = Columns(file.read(["x", "other"]), file.is_text, {}, {})
    check_types(columns, [("x", kind)])
    with pytest.raises(TypeChanged):
        check_types(columns, [("other", kind)])


CELLS = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-9_999, 9_999)), min_size=1, max_size=12),
    st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))), min_size=1, max_size=12),
    st.lists(
        st.one_of(st.none(), st.text("abzÀđ ,\"'\né-", min_size=1, max_size=5)), min_size=1, max_size=12
    ),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=12),
)


@given(cells=CELLS)
@settings(deadline=None, max_examples=50)
def test_csv_and_parquet_hold_the_same_labels_and_numbers(
    tmp_path_factory: pytest.TempPathFactory, cells: list[object]
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    table = pa.table({"x": pa.array(cells), "y": [0] * len(cells)})
    pa_csv.write_csv(table, folder / "a.csv")
    pq.write_table(table, folder / "a.parquet")
    one, other = read(folder / "a.csv", ["x"]), read(folder / "a.parquet", ["x"])
    if {"NA"} & {str(cell) for cell in cells}:
        return
    assert one.labels("x").labels == other.labels("x").labels
    np.testing.assert_array_equal(one.labels("x").codes, other.labels("x").codes)
    if not any(isinstance(cell, str) for cell in cells):
        np.testing.assert_array_equal(one.numbers("x"), other.numbers("x"))
