"""A file handed back holds its data as it was, its problems where they are, and nothing that runs."""

from __future__ import annotations

import io
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey.reports.reading import ERRORS_SHEET, CellValue, Row, Sheet, Sheets, error_workbook, read_sheets
from survey.reports.reading.problems import cell_problem

_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
)
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.dates(date(1905, 1, 1), date(2100, 1, 1)),
    _TEXTS,
    st.sampled_from(["=1+1", "+84", "-5", "@x", "<r>a</r>", "_x0041_x0041_", "'x", "=HYPERLINK(\"http://192.0.2.1\")"]),
)  # fmt: skip


def _sheets(*sheets: Sheet) -> Sheets:
    return Sheets(name="p.xlsx", kind="xlsx", sha256="0" * 64, sheets=sheets, problems=())


def _plain(row: tuple[CellValue, ...]) -> tuple[CellValue, ...]:
    import unicodedata

    values = [unicodedata.normalize("NFC", value) if isinstance(value, str) else value for value in row]
    values = [None if isinstance(value, str) and value.isspace() else value for value in values]
    while values and values[-1] is None:
        values.pop()
    return tuple(values)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_VALUES, min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_data_comes_back_as_it_was(rows: list[list[CellValue]]) -> None:
    sheet = Sheet("Phiếu", tuple(Row(2 * number, tuple(row)) for number, row in enumerate(rows, start=1)))
    made = error_workbook(_sheets(sheet), [cell_problem("Phiếu", "Z99", "formula")])
    book = load_workbook(io.BytesIO(made))
    assert all(cell.data_type != "f" for one in book for line in one.iter_rows() for cell in line)
    again = read_sheets(made, name="x.xlsx", patience=60)
    assert again.problems == ()
    found = {row.number: row.cells for one in again.sheets if one.name == "Phiếu" for row in one.rows}
    assert found == {row.number: _plain(row.cells) for row in sheet.rows if _plain(row.cells)}


def test_every_problem_has_a_line_a_link_a_colour_and_a_note() -> None:
    sheet = Sheet("Bảng 'một'", (Row(1, ("a", "b")), Row(2, ("x", None, "y"))))
    problems = [
        cell_problem(sheet.name, "B2", "formula"),
        cell_problem(sheet.name, "D7", "error-value"),
        cell_problem(sheet.name, "A1:B1", "merged"),
    ]
    book = load_workbook(io.BytesIO(error_workbook(_sheets(sheet), problems)))
    assert book.sheetnames[0] == ERRORS_SHEET
    listed = book[ERRORS_SHEET]
    assert [listed.cell(line, 3).value for line in (2, 3, 4)] == ["B2", "D7", "A1:B1"]
    assert listed["C2"].hyperlink is not None
    data = book.worksheets[1]
    assert data.title == "Bảng 'một"
    for cell in ("A1", "B1", "B2", "D7"):
        assert data[cell].fill.start_color.rgb == "FFFFD9D9", cell
        assert data[cell].comment is not None, cell
    assert data["A2"].comment is None


def test_an_earlier_list_of_errors_is_replaced_and_a_range_over_a_sheet_costs_little() -> None:
    sheets = _sheets(Sheet(ERRORS_SHEET, (Row(1, ("STT",)),)), Sheet("P", (Row(1, ("a",)),)))
    made = error_workbook(sheets, [cell_problem("P", "A1:XFD1048576", "merged")])
    assert load_workbook(io.BytesIO(made)).sheetnames == [ERRORS_SHEET, "P"]
    assert len(made) < 200_000
