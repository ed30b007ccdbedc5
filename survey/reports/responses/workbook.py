"""Responses as a workbook, row by row in bounded memory, with a sheet to check it by.

Not the summary that people print (../summary). Sheets: responses (as many as Excel's row limit
asks for), then “Kiểm tra”: counts, hash, one line a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text, looks_like_formula, page_header_text
from survey.reports.errors import TooManyColumns
from survey.reports.responses.columns import (
    SIMULATED_MARK,
    Absent,
    Kind,
    ResponseColumn,
    Table,
    Value,
    Written,
)
from survey.reports.targets import Target, whole_file

HEADER_ROWS = 2
ROWS_PER_SHEET = 1_048_576 - HEADER_ROWS
COLUMNS_PER_SHEET = 16_384
_WIDTHS = {Kind.TEXT: 24, Kind.INTEGER: 9, Kind.NUMBER: 12, Kind.DATE: 12}
_FORMATS = {Kind.TEXT: "@", Kind.INTEGER: "0", Kind.NUMBER: "General", Kind.DATE: "dd/mm/yyyy"}


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

    The same rows, notes and `made_at` (naive, local) give the same bytes. Simulated responses
    carry a first column that says so in every row.

    Raises:
        HeaderRepeated, TooManyColumns, RowWidthDiffers, CellKindMismatch, RowsMissing: the
            target is untouched.
    """
    table = Table(columns, simulated=simulated)
    if len(table.columns) > COLUMNS_PER_SHEET:
        raise TooManyColumns(columns=len(table.columns), limit=COLUMNS_PER_SHEET)
    with whole_file(target) as work:
        book = _Book(work, table, made_at, simulated)
        try:
            book.write_rows(table.checked(rows), rows_per_sheet)
            written = table.finish(expected_rows, sheets=book.sheets)
            book.write_check(written, notes)
        finally:
            book.close()
        return written


class _Book:
    """One workbook being streamed."""

    def __init__(self, work: Path, table: Table, made_at: datetime, simulated: bool) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(work.parent),
            "default_format_properties": {"font_name": "Times New Roman", "font_size": 12},
        }
        self.sheets = 0
        self._book = Workbook(str(work), options)
        self._book.set_properties({"created": made_at, "title": SIMULATED_MARK if simulated else ""})
        self._table = table
        self._mark = SIMULATED_MARK if simulated else ""
        self._formats = {kind: self._book.add_format({"num_format": _FORMATS[kind]}) for kind in Kind}
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._key = self._book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self._label = self._book.add_format({"italic": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._writers = [self._writer(column.kind) for column in table.columns]

    def close(self) -> None:
        self._book.close()

    def write_rows(self, rows: Iterable[tuple[Value, ...]], rows_per_sheet: int) -> None:
        sheet, line = self._next_sheet(), HEADER_ROWS
        for row in rows:
            if line == rows_per_sheet + HEADER_ROWS:
                sheet, line = self._next_sheet(), HEADER_ROWS
            for index, value in enumerate(row):
                if value is not None:
                    self._writers[index](sheet, line, index, value)
            line += 1

    def write_check(self, written: Written, notes: Sequence[str]) -> None:
        """Write what lets a reader prove that nothing was lost: counts, hash, sums a column."""
        sheet = self._book.add_worksheet("Kiểm tra")
        self._dress(sheet)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 2, 44)
        lines: list[tuple[str | int | float, ...]] = [(self._mark,)] if self._mark else []
        lines += [
            ("Số dòng (rows)", written.rows),
            ("Số cột (columns)", written.columns),
            ("Số trang dữ liệu (sheets)", written.sheets),
            ("SHA-256 nội dung (content)", written.content_sha256),
            *[("Ghi chú (note)", note) for note in notes],
            *[(reason.value, _ABSENT_WORDS[reason]) for reason in Absent],
            ("",),
            ("Mã cột (id)", "Nhãn (label)", "Kiểu (kind)", "Số ô có giá trị (answered)", "Tổng (sum)"),
            *self._column_lines(),
        ]
        for line, cells in enumerate(lines):
            for index, cell in enumerate(cells):
                self._write_plain(sheet, line, index, cell)

    def _column_lines(self) -> list[tuple[str | int | float, ...]]:
        return [
            (column.id, column.label, column.kind.value, answered, total)
            if column.kind in (Kind.INTEGER, Kind.NUMBER)
            else (column.id, column.label, column.kind.value, answered)
            for column, answered, total in zip(
                self._table.columns, self._table.answered, self._table.sums, strict=True
            )
        ]

    def _next_sheet(self) -> Worksheet:
        self.sheets += 1
        name = "Phiếu trả lời" if self.sheets == 1 else f"Phiếu trả lời ({self.sheets})"
        sheet = self._book.add_worksheet(name)
        self._dress(sheet)
        sheet.freeze_panes(HEADER_ROWS, 1)
        sheet.repeat_rows(0, HEADER_ROWS - 1)
        for index, column in enumerate(self._table.columns):
            sheet.set_column(index, index, _WIDTHS[column.kind])
        for index, column in enumerate(self._table.columns):
            _write_text(sheet, 0, index, clean_text(column.id), self._key)
        for index, column in enumerate(self._table.columns):
            _write_text(sheet, 1, index, clean_text(column.label), self._label)
        return sheet

    def _dress(self, sheet: Worksheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        if self._mark:
            sheet.set_header(f'&C&"Times New Roman,Bold"&KC00000{page_header_text(self._mark)}')

    def _write_plain(self, sheet: Worksheet, line: int, index: int, cell: str | float) -> None:
        if isinstance(cell, str):
            self._write_string(sheet, line, index, clean_text(cell))
        else:
            sheet.write_number(line, index, cell, self._formats[Kind.NUMBER])

    def _writer(self, kind: Kind) -> Callable[[Worksheet, int, int, Value], None]:
        cell_format = self._formats[kind]

        def write(sheet: Worksheet, line: int, index: int, value: Value) -> None:
            if isinstance(value, int | float):
                sheet.write_number(line, index, value, cell_format)
            elif isinstance(value, date):
                sheet.write_datetime(line, index, value, cell_format)
            elif isinstance(value, Absent):
                sheet.write_string(line, index, value.value, self._label)
            elif value is not None:
                self._write_string(sheet, line, index, value)

        return write

    def _write_string(self, sheet: Worksheet, line: int, index: int, text: str) -> None:
        quoted = looks_like_formula(text)
        _write_text(sheet, line, index, text, self._quoted if quoted else self._formats[Kind.TEXT])


_ABSENT_WORDS = {
    Absent.NOT_ASKED: "không hỏi do rẽ nhánh (not asked, by routing)",
    Absent.DONT_KNOW: "không biết, chưa sử dụng (do not know, not used)",
    Absent.REFUSED: "từ chối trả lời (refused)",
}


def _write_text(sheet: Worksheet, line: int, index: int, text: str, cell_format: Format) -> None:
    """Write text; the writer would take a literal <r>…</r> for its own markup, so it goes in pieces."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(line, index, text[0], text[1], text[2:], cell_format)
    else:
        sheet.write_string(line, index, text, cell_format)
