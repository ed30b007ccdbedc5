"""What a sound file holds comes out as it stands; every doubtful cell is told by its address (F16)."""

from __future__ import annotations

import datetime
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey.reports.cells import csv_text
from survey.reports.reading import ASIDE, Sheets, UnreadableFile, address, folded, headed, read_sheets
from survey.reports.reading.sheet_worker.numbers import day, is_day_format, number
from survey.reports.reading.sheet_worker.references import row_and_column
from survey.reports.reading.sheet_worker.texts import BadCell
from tests.unit.reports.reading.workbooks import archive, by_hand, bytes_of, cell, parts_of, workbook


def _read(raw: bytes, name: str = "phieu.xlsx") -> Sheets:
    return read_sheets(raw, name=name, patience=60)


def _codes(sheets: Sheets) -> list[tuple[str, str]]:
    return [(one.cell, one.code) for one in sheets.problems]


def test_values_come_as_they_were_typed() -> None:
    rows = [["Mã", "Số", "Ngày"], ["001", 2.5, datetime.date(2026, 3, 5)], [None, True, 7]]
    sheet = _read(workbook(rows)).first()
    assert [row.cells for row in sheet.rows] == [tuple(row) for row in rows]


def test_a_formula_is_told_by_its_cell_and_its_result_is_not_believed() -> None:
    sheets = _read(workbook([["a", "b"], [1, "=1+1"]]))
    assert _codes(sheets) == [("B2", "formula")]
    assert sheets.first().rows[1].cells == (1,)


def test_every_cell_that_an_array_formula_fills_is_a_formula() -> None:
    rows = '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X1:Y2</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
    sheets = _read(
        by_hand(f'<sheetData>{rows}<row r="2"><c r="A2"><v>3</v></c><c r="C2"><v>4</v></c></row></sheetData>')
    )
    assert _codes(sheets) == [("A1", "formula"), ("B1", "formula"), ("A2", "formula")]


def test_an_error_value_is_told_by_its_cell() -> None:
    sheets = _read(by_hand('<sheetData><row r="3"><c r="D3" t="e"><v>#N/A</v></c></row></sheetData>'))
    assert _codes(sheets) == [("D3", "error-value")]


def test_a_text_escaped_into_a_nul_is_told_by_its_cell() -> None:
    sheets = _read(
        by_hand(f'<sheetData><row r="1">{cell("A1", "a_x0000_b")}{cell("B1", "tốt")}</row></sheetData>')
    )
    assert _codes(sheets) == [("A1", "control-character")]
    assert sheets.first().rows[0].cells == (None, "tốt")


def test_letters_taken_apart_come_put_together() -> None:
    """L1: NFD text, as macOS writes it, is the same text."""
    taken_apart = unicodedata.normalize("NFD", "Rất hài lòng – Ê Đê")
    assert _read(workbook([[taken_apart]])).first().rows[0].cells == ("Rất hài lòng – Ê Đê",)


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_of_both_calendars_come_right(since_1904: bool) -> None:
    """A workbook from an old Mac counts days from 1904."""
    book = Workbook()
    if since_1904:
        book.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001  # how openpyxl names the calendar
    sheet = book.active
    assert sheet is not None
    sheet.append([datetime.date(2026, 2, 28), datetime.date(1999, 12, 31)])
    cells = _read(bytes_of(book)).first().rows[0].cells
    assert cells == (datetime.date(2026, 2, 28), datetime.date(1999, 12, 31))


def test_the_calendar_of_excel_has_one_day_that_never_was() -> None:
    """Excel counts 29 February 1900 (serial 60); before it days are one behind."""
    assert day(59, since_1904=False) == datetime.date(1900, 2, 28)
    assert day(61, since_1904=False) == datetime.date(1900, 3, 1)
    with pytest.raises(BadCell):
        day(60, since_1904=False)


def test_a_time_within_a_day_is_left_out() -> None:
    """T8: nothing finer than a day is taken from a file."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([datetime.datetime(2026, 3, 5, 10, 32)])  # noqa: DTZ001  # a cell has no zone
    assert _read(bytes_of(book)).first().rows[0].cells == (datetime.date(2026, 3, 5),)


@pytest.mark.parametrize(
    ("code", "is_day"),
    [("dd/mm/yyyy", True), ("[$-42A]d mmmm yyyy", True), ("h:mm", True), ("General", False), ("0.00", False)]
    + [("#,##0 \"đồng/ngày\"", False), ("[Red]0", False), ("@", False), ("0.00E+00", False)],
)  # fmt: skip
def test_a_format_says_whether_its_number_is_a_day(code: str, is_day: bool) -> None:
    assert is_day_format(164, code) is is_day


def test_a_number_without_end_is_none() -> None:
    for text in ("1e999", "nan", "inf", "1" * 400, "0x10", ""):
        with pytest.raises(BadCell):
            number(text)


def test_hidden_sheets_are_named_and_not_read() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["thấy"])
    for state in ("hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet.append(["giấu"])
        sheet.sheet_state = state
    sheets = _read(bytes_of(book))
    assert sheets.hidden == ("hidden", "veryHidden")
    assert [sheet.name for sheet in sheets.sheets] == ["Sheet"]


def test_a_workbook_with_only_hidden_sheets_says_so() -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    parts = parts_of(sheet)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheet ", '<sheet state="hidden" ')
    hidden = archive(parts)
    with pytest.raises(UnreadableFile) as refused:
        _read(hidden)
    assert refused.value.reason == "no-rows"


def test_merged_headers_are_told_by_their_range() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["BÁO CÁO"])
    sheet.append(["Mã phiếu", "Câu 1", None])
    sheet.append(["1", "x", "y"])
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("B2:C2")
    table = headed(_read(bytes_of(book)).first(), ["mã phiếu"])
    assert table.header_row == 2
    assert [(one.cell, one.code) for one in table.problems] == [("B2:C2", "merged"), ("C2", "unnamed-column")]


def test_repeated_headers_name_the_first_cell() -> None:
    table = headed(_read(workbook([["Mã", "Câu 1", " CÂU  1 "], [1, 2, 3]])).first(), ["Mã"])
    (one,) = table.problems
    assert (one.cell, one.code) == ("C1", "repeated-header")
    assert "B1" in one.message.in_("vi")


def test_the_sites_own_sheets_beside_the_data_are_passed_over() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Lỗi"
    book.active.append(["Ô"])
    book.create_sheet("Dữ liệu của tôi").append(["Mã"])
    assert "Lỗi" in ASIDE
    assert _read(bytes_of(book)).first().name == "Dữ liệu của tôi"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_its_encoding_with_its_separator(separator: str, encoding: str) -> None:
    text = separator.join(["Mã", "Ý kiến, góp ý" if separator != "," else "Ý kiến"]) + "\r\n"
    text += separator.join(["1", '"hai\ndòng; có, dấu"']) + "\r\n\r\n" + separator.join(["2", "=1+1"])
    sheet = _read(text.encode(encoding), "phieu.csv").first()
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(1, "Mã"), (2, "1"), (4, "2")]
    assert sheet.rows[1].cells[1] == "hai\ndòng; có, dấu"
    assert sheet.rows[2].cells[1] == "=1+1"


@pytest.mark.parametrize(
    "raw",
    ["Mã;Tên".encode("utf-16-le"), "Mã;Tên".encode("utf-32"), b"M\xe3;T\xean\n1;Nguy\xeeo", b"\xff\xff\xff"],
    ids=["UTF-16 without its mark", "UTF-32", "windows-1258", "nothing known"],
)
def test_a_csv_in_another_encoding_says_how_to_save_it(raw: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        _read(raw, "phieu.csv")
    assert refused.value.reason == "encoding"
    assert "CSV UTF-8" in refused.value.text("vi")


def test_excels_own_line_about_the_separator_is_no_row() -> None:
    sheet = _read(b"sep=;\r\na;b,c\r\n1;2", "a.csv").first()
    assert [row.cells for row in sheet.rows] == [("a", "b,c"), ("1", "2")]
    assert sheet.rows[0].number == 1


def test_quotes_that_do_not_close_are_told_with_their_line() -> None:
    with pytest.raises(UnreadableFile) as refused:
        _read('a,b\n1,"mở\n2,3'.encode(), "a.csv")
    assert refused.value.reason == "bad-csv"


def test_control_characters_of_a_csv_are_told_by_their_cell() -> None:
    assert _codes(_read(b"a,b\n1,x\x00y\n2,\x1b[31m", "a.csv")) == [
        ("B2", "control-character"),
        ("B3", "control-character"),
    ]


def test_rows_that_hold_nothing_do_not_count_and_do_not_cost() -> None:
    """F16: a sheet formatted down to row 1,048,576."""
    empty = "".join(f'<row r="{number}" spans="1:3" ht="15"/>' for number in range(2, 1_048_577))
    sheets = _read(by_hand(f'<sheetData><row r="1">{cell("A1", "Mã")}</row>{empty}</sheetData>'))
    assert [row.number for row in sheets.first().rows] == [1]


@given(st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_an_address_leads_back_to_its_cell(column: int, row: int) -> None:
    assert row_and_column(address(row, column)) == (row, column)


@given(st.text(min_size=1))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_TEXTS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_texts_come_back_from_a_csv_as_they_were_exported(rows: list[list[str]]) -> None:
    """BLNS-like strings: what a spreadsheet would run is guarded on the way out and whole on the way in."""
    import csv
    import io

    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(["mã"] * 5)
    for row in rows:
        writer.writerow([csv_text(text) for text in row])
    sheet = _read(made.getvalue().encode("utf-8-sig"), "a.csv").first()
    expected = [tuple(_normal(text) for text in row) for row in rows]
    assert [row.cells for row in sheet.rows[1:]] == [_trimmed(row) for row in expected if any(row)]


def _normal(text: str) -> str | None:
    whole = unicodedata.normalize("NFC", text)
    return None if whole.isspace() else whole


def _trimmed(row: tuple[str | None, ...]) -> tuple[str | None, ...]:
    while row and row[-1] is None:
        row = row[:-1]
    return row
