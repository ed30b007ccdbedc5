"""Single responses leave as they are kept: typed, counted, whole."""

from __future__ import annotations

import csv
import html
import re
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from survey.reports import (
    Absent,
    CellKindMismatch,
    HeaderRepeated,
    Kind,
    ResponseColumn,
    RowsMissing,
    RowWidthDiffers,
    TooManyColumns,
    Value,
    Written,
    clean_text,
    write_responses,
    write_responses_csv,
)
from survey.reports.cells import plain_from_csv
from tests.unit.reports.workbooks import NASTY, parts, unescaped

MADE_AT = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
COLUMNS = (
    ResponseColumn("response", "Mã phiếu", Kind.TEXT),
    ResponseColumn("B2.1", "=Biển chỉ dẫn dễ thấy", Kind.INTEGER),
    ResponseColumn("weight", "Trọng số", Kind.NUMBER),
    ResponseColumn("day", "Ngày nhận", Kind.DATE),
    ResponseColumn("comment", "Ý kiến khác", Kind.TEXT),
)
text = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(NASTY)
absent = st.none() | st.sampled_from(Absent)
response = st.tuples(
    text,
    absent | st.integers(-9, 9),
    absent | st.floats(-1e6, 1e6),
    absent | st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    absent | text,
)


def workbook(rows: list[tuple[Value, ...]], **more: object) -> tuple[BytesIO, Workbook, Written]:
    stream = BytesIO()
    options = {"simulated": False, "made_at": MADE_AT, **more}
    written = write_responses(COLUMNS, rows, stream, **options)  # type: ignore[arg-type]
    return stream, load_workbook(stream), written


def read_back(cell: object, given_value: Value) -> object:
    value = cell.value  # type: ignore[attr-defined]
    if isinstance(given_value, str):
        return unescaped(value)
    return value.date() if isinstance(value, datetime) else value


def expected(value: Value) -> object:
    if isinstance(value, Absent):
        return value.value
    return clean_text(value) if isinstance(value, str) else value


@settings(max_examples=40, deadline=None)
@given(st.lists(response, max_size=8))
@example([(bad, -5, None, None, bad) for bad in NASTY])
def test_what_is_read_back_is_what_was_kept_for_every_kind(rows: list[tuple[Value, ...]]) -> None:
    """Faults 8, 9, 10: formulas, lost signs, numbers and dates as text."""
    _, book, written = workbook(rows)
    sheet = book.worksheets[0]
    assert written.rows == len(rows)
    for line, row in enumerate(rows, start=3):
        for index, value in enumerate(row, start=1):
            cell = sheet.cell(line, index)
            assert cell.data_type != "f"
            if isinstance(value, float):
                assert cell.value == pytest.approx(value, rel=1e-15, abs=0)
            elif "_x0041_x0041_" not in str(value):
                assert read_back(cell, value) == expected(value)


@settings(max_examples=60, deadline=None)
@given(st.lists(response, max_size=8))
@example([(bad, -5, -0.5, None, bad) for bad in NASTY])
def test_csv_reads_back_and_guards_text_only(rows: list[tuple[Value, ...]]) -> None:
    """T12: only text is prefixed; −5 stays −5."""
    stream = BytesIO()
    write_responses_csv(COLUMNS, rows, stream, simulated=False)
    content = stream.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == [column.id for column in COLUMNS]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert plain_from_csv(line[0]) == clean_text(str(row[0]))
        if isinstance(row[1], int):
            assert line[1] == str(row[1])


@pytest.mark.parametrize("tricky", ["_x0041_x0041_", "a_x0041_x0042_x0043_b", "<r>_x0041_</r>", "<r></r>"])
def test_what_looks_like_the_markup_of_the_file_is_kept_as_text(tricky: str) -> None:
    """ECMA-376 decodes each <t> by itself; the writer alone would lose these texts."""
    stream, _, _ = workbook([(tricky, None, None, None, None)])
    row = parts(stream)["xl/worksheets/sheet1.xml"].split('<row r="3"')[1]
    pieces = re.findall("<t[^>]*>(.*?)</t>", row)
    assert "".join(unescaped(html.unescape(piece)) for piece in pieces) == tricky


def test_ids_stand_in_the_first_row_and_labels_in_the_second() -> None:
    _, book, _ = workbook([("r1", 4, 1.25, date(2026, 11, 5), "tốt")])
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.id for column in COLUMNS]
    assert [cell.value for cell in sheet[2]] == [column.label for column in COLUMNS]
    assert sheet["B2"].data_type == "s"
    assert sheet["D3"].number_format == "dd/mm/yyyy"
    assert sheet.freeze_panes == "B3"


def test_simulated_responses_say_so_in_every_row_and_on_every_page() -> None:
    stream, book, _ = workbook([("r1", 4, 1.0, None, None), ("r2", 3, 1.0, None, None)], simulated=True)
    first = [cell.value for cell in book.worksheets[0]["A"]]
    assert first == ["simulated", "DỮ LIỆU MÔ PHỎNG", "mô phỏng", "mô phỏng"]
    assert book["Kiểm tra"]["A1"].value == "DỮ LIỆU MÔ PHỎNG"
    sheets = [xml for name, xml in parts(stream).items() if name.startswith("xl/worksheets/sheet")]
    assert all("DỮ LIỆU MÔ PHỎNG</oddHeader>" in xml for xml in sheets)
    plain = BytesIO()
    write_responses_csv(COLUMNS, [("r1", 4, 1.0, None, None)], plain, simulated=True)
    assert plain.getvalue().decode("utf-8-sig").splitlines()[1].startswith("mô phỏng,")


def test_the_checking_sheet_counts_what_was_written() -> None:
    """Fault 6: exports were truncated or shifted unseen."""
    rows: list[tuple[Value, ...]] = [
        ("r1", 4, 1.5, None, Absent.NOT_ASKED),
        ("r2", None, 2.0, None, "=x"),
        ("r3", 5, 0.5, None, None),
    ]
    _, book, written = workbook(rows, notes=["=ghi chú"])
    facts = {row[0].value: [cell.value for cell in row[1:]] for row in book["Kiểm tra"].iter_rows()}
    assert facts["Số dòng (rows)"][0] == written.rows == 3
    assert facts["Số cột (columns)"][0] == written.columns == len(COLUMNS)
    assert facts["SHA-256 nội dung (content)"][0] == written.content_sha256
    assert facts["B2.1"][2:] == [2, 9]
    assert facts["weight"][2:] == [3, 4]
    assert facts["comment"][2:] == [1, None]


def test_a_full_sheet_is_followed_by_another() -> None:
    rows: list[tuple[Value, ...]] = [(f"r{number}", number, None, None, None) for number in range(7)]
    _, book, written = workbook(rows, rows_per_sheet=3)
    assert book.sheetnames == ["Phiếu trả lời", "Phiếu trả lời (2)", "Phiếu trả lời (3)", "Kiểm tra"]
    answers = [
        row[1] for sheet in book.worksheets[:3] for row in sheet.iter_rows(min_row=3, values_only=True)
    ]
    assert answers == list(range(7))
    assert written.sheets == 3


def test_the_same_responses_give_the_same_bytes_and_the_hash_of_their_csv() -> None:
    rows: list[tuple[Value, ...]] = [("r1", 4, 1.25, date(2026, 11, 5), "tốt")]
    (one, _, first), (two, _, second) = workbook(rows), workbook(rows)
    assert one.getvalue() == two.getvalue()
    as_csv = write_responses_csv(COLUMNS, rows, BytesIO(), simulated=False)
    assert first.content_sha256 == second.content_sha256 == as_csv.content_sha256


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("r", "4", 1.0, None, None), "B2.1"),
        (("r", 4.0, 1.0, None, None), "B2.1"),
        (("r", True, 1.0, None, None), "B2.1"),
        (("r", 10**16, 1.0, None, None), "B2.1"),
        (("r", 4, float("nan"), None, None), "weight"),
        (("r", 4, float("inf"), None, None), "weight"),
        (("r", 4, 1.0, datetime(2026, 1, 1, tzinfo=UTC), None), "day"),
        (("r", 4, 1.0, date(1900, 1, 1), None), "day"),
        ((7, 4, 1.0, None, None), "response"),
    ],
)
def test_a_value_of_another_kind_stops_the_export(
    row: tuple[Value, ...], column: str, tmp_path: Path
) -> None:
    target = tmp_path / "r.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(CellKindMismatch) as refusal:
        write_responses(COLUMNS, [row], target, simulated=False, made_at=MADE_AT)
    assert refusal.value.places["column"] == column
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_that_lost_rows_is_not_finished(tmp_path: Path) -> None:
    """Fault 6: refuse to finish when the database holds more."""
    with pytest.raises(RowsMissing):
        write_responses_csv(COLUMNS, [], tmp_path / "r.csv", simulated=False, expected_rows=1)
    with pytest.raises(RowsMissing):
        write_responses(COLUMNS, [], tmp_path / "r.xlsx", simulated=False, made_at=MADE_AT, expected_rows=1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("second", ["q1", "", " "])
def test_a_repeated_or_blank_header_is_refused(second: str) -> None:
    """Fault 11: the same header overwrote a column."""
    columns = [ResponseColumn("q1", "a", Kind.TEXT), ResponseColumn(second, "b", Kind.TEXT)]
    with pytest.raises(HeaderRepeated):
        write_responses_csv(columns, [], BytesIO(), simulated=False)


def test_headers_that_differ_only_in_their_encoding_are_the_same() -> None:
    columns = [ResponseColumn("ế", "a", Kind.TEXT), ResponseColumn("e\u0302\u0301", "b", Kind.TEXT)]
    with pytest.raises(HeaderRepeated):
        write_responses_csv(columns, [], BytesIO(), simulated=False)


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(RowWidthDiffers):
        write_responses_csv(COLUMNS, [("r1",)], BytesIO(), simulated=False)


def test_more_columns_than_excel_holds_are_refused() -> None:
    columns = [ResponseColumn(f"q{number}", "", Kind.TEXT) for number in range(16_385)]
    with pytest.raises(TooManyColumns):
        write_responses(columns, [], BytesIO(), simulated=False, made_at=MADE_AT)


def test_a_reader_that_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> object:
        yield ("r1", 4, 1.0, None, None)
        raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        write_responses(COLUMNS, rows(), tmp_path / "r.xlsx", simulated=False, made_at=MADE_AT)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
