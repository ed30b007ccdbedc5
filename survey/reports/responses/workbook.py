"""Responses as a workbook, row by row in bounded memory, with a sheet to check it by.

Not the summary that people print (../summary). Sheets: responses, as many as Excel's row limit
asks for, then “Kiểm tra”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import page_header_text
from survey.reports.errors import TooManyColumns
from survey.reports.responses.check_sheet import write_check
from survey.reports.responses.columns import Kind, ResponseColumn, Table, Value, Written
from survey.reports.responses.typed_cells import TypedCells
from survey.reports.targets import Target, whole_file

HEADER_ROWS = 2
ROWS_PER_SHEET = 1_048_576 - HEADER_ROWS
COLUMNS_PER_SHEET = 16_384
_A4 = 9
_WIDTHS = {Kind.TEXT: 24, Kind.INTEGER: 9, Kind.NUMBER: 12, Kind.DATE: 12}


def write_responses(
    columns: Sequence[ResponseColumn],
    rows: Iterable[Sequence[Value]],
    target: Target,
    *,
    simulated: bool,
    made_at: datetime,
    notes: Sequence[str] = (),
    expected_rows: int | None = None,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> Written:
    """Write responses as xlsx: row 1 item ids, row 2 labels, typed cells, a checking sheet.

    The same rows, notes and `made_at` (with a time zone) give the same bytes. Simulated
    responses carry a first column that says so in every row.

    Raises:
        HeaderRepeated, TooManyColumns, RowWidthDiffers, CellKindMismatch, RowsMissing: the
            target is untouched.
    """
    table = Table(columns, simulated=simulated)
    if len(table.columns) > COLUMNS_PER_SHEET:
        raise TooManyColumns(columns=len(table.columns), limit=COLUMNS_PER_SHEET)
    with whole_file(target) as work:
        book = _new_book(work, made_at)
        try:
            cells = TypedCells(book)
            sheets = _write_rows(book, cells, table, rows, rows_per_sheet)
            written = table.finish(expected_rows, sheets)
            write_check(_new_sheet(book, "Kiểm tra", table), cells, table, written, notes)
        finally:
            book.close()
        return written


def _new_book(work: Path, made_at: datetime) -> Workbook:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "tmpdir": str(work.parent),
    }
    book = Workbook(str(work), options)
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    return book


def _write_rows(
    book: Workbook, cells: TypedCells, table: Table, rows: Iterable[Sequence[Value]], rows_per_sheet: int
) -> int:
    """Write every row, on a further sheet where one is full; return the number of sheets."""
    kinds = [column.kind for column in table.columns]
    sheet, sheets, line = _response_sheet(book, cells, table, 1), 1, HEADER_ROWS
    for row in table.checked(rows):
        if line == rows_per_sheet + HEADER_ROWS:
            sheets, line = sheets + 1, HEADER_ROWS
            sheet = _response_sheet(book, cells, table, sheets)
        for column, value in enumerate(row):
            cells.put(sheet, line, column, value, kinds[column])
        line += 1
    return sheets


def _response_sheet(book: Workbook, cells: TypedCells, table: Table, number: int) -> Worksheet:
    sheet = _new_sheet(book, "Phiếu trả lời" if number == 1 else f"Phiếu trả lời ({number})", table)
    sheet.freeze_panes(HEADER_ROWS, 1)
    sheet.repeat_rows(0, HEADER_ROWS - 1)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, _WIDTHS[column.kind])
        cells.put_key(sheet, 0, index, column.id)
    for index, column in enumerate(table.columns):
        cells.put_label(sheet, 1, index, column.label)
    return sheet


def _new_sheet(book: Workbook, name: str, table: Table) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    if table.mark:
        sheet.set_header(f'&C&"Times New Roman,Bold"&KC00000{page_header_text(table.mark)}')
    return sheet
