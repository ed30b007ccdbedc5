"""A file handed back with what is wrong in it: its data, the wrong cells marked, a sheet that lists them.

Texts stay texts, whatever they begin with. Formulas and formats of the first file are not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text, looks_like_formula, sheet_name
from survey.reports.reading.sheet_worker.limits import COLUMNS
from survey.reports.reading.sheet_worker.references import Range, range_of
from survey.reports.reading.sheets import (
    ERRORS_SHEET,
    CellProblem,
    CellValue,
    Row,
    Sheet,
    Sheets,
)
from survey.reports.responses.typed_cells import write_text
from survey.reports.summary.heights import height_needed

#: How many cells carry a note; Excel draws each as a shape of its own.
_NOTES = 1_000
#: How many cells of one range are marked, so that a range of a million cells costs nothing.
_OF_A_RANGE = 1_000
_A4 = 9
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_HEAD = ("STT", "Trang tính (sheet)", "Ô (cell)", "Cần sửa", "What to mend")
_WIDTHS = (6, 22, 12, 70, 70)
Marks = Mapping[tuple[int, int], Sequence[CellProblem]]


def error_workbook(sheets: Sheets, problems: Sequence[CellProblem]) -> bytes:
    """Write a file's data again as xlsx, with the sheet “Lỗi” first and every wrong cell in colour.

    Args:
        sheets: the file as it was read; cells that could not be read come back empty, and marked.
        problems: in the order they are to be listed.
    """
    made = BytesIO()
    book = Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = _Formats(book)
    names = _names(sheets)
    _list(book.add_worksheet(ERRORS_SHEET), formats, names, problems)
    for sheet in sheets.sheets:
        if sheet.name in names:
            mine = [one for one in problems if one.sheet == sheet.name]
            _copy(book.add_worksheet(names[sheet.name]), formats, sheet, _marks(mine))
    book.close()
    return made.getvalue()


class _Formats:
    """How cells look: plain or wrong, text or number or day."""

    def __init__(self, book: Workbook) -> None:
        self.head = book.add_format({**_FONT, "bold": True, "bottom": 1, "bg_color": "#F2F2F2"})
        self.told = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
        self.link = book.add_format({**_FONT, "font_color": "#0B5394", "underline": 1, "valign": "top"})
        wrong = {"bg_color": "#FFD9D9", "border": 1, "border_color": "#C00000"}
        self._of = {
            (kind, is_wrong): book.add_format(
                {
                    **_FONT,
                    "num_format": code,
                    "quote_prefix": kind == "quoted",
                    **(wrong if is_wrong else {}),
                }
            )
            for kind, code in (("text", "@"), ("quoted", "@"), ("number", "General"), ("day", "dd/mm/yyyy"))
            for is_wrong in (False, True)
        }

    def of(self, value: CellValue, *, wrong: bool) -> Format:
        if isinstance(value, str) and looks_like_formula(value):
            kind = "quoted"
        else:
            kind = (
                "day" if isinstance(value, date) else "number" if isinstance(value, int | float) else "text"
            )
        return self._of[kind, wrong]


def _names(sheets: Sheets) -> dict[str, str]:
    """Give each sheet a name that a workbook takes; an earlier list of errors is left out."""
    names: dict[str, str] = {}
    for sheet in sheets.sheets:
        if sheet.name != ERRORS_SHEET and sheet.name not in names:
            names[sheet.name] = sheet_name(sheet.name, taken=(ERRORS_SHEET, *names.values()))
    return names


def _list(
    sheet: Worksheet, formats: _Formats, names: Mapping[str, str], problems: Sequence[CellProblem]
) -> None:
    for column, (title, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats.head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for line, problem in enumerate(problems, start=1):
        texts = [(problem.sheet, _WIDTHS[1]), *((problem.message.in_(to), _WIDTHS[3]) for to in ("vi", "en"))]
        sheet.set_row(line, height_needed(texts))
        sheet.write_number(line, 0, line, formats.told)
        write_text(sheet, line, 1, clean_text(problem.sheet), formats.told)
        if problem.cell and problem.sheet in names:
            quoted = names[problem.sheet].replace("'", "''")
            sheet.write_url(line, 2, f"internal:'{quoted}'!{problem.cell}", formats.link, problem.cell)
        else:
            sheet.write_string(line, 2, problem.cell, formats.told)
        for column, language in ((3, "vi"), (4, "en")):
            write_text(sheet, line, column, clean_text(problem.message.in_(language)), formats.told)


def _marks(problems: Sequence[CellProblem]) -> Marks:
    marks: dict[tuple[int, int], list[CellProblem]] = {}
    for problem in problems:
        if problem.cell:
            for place in _cells_of(range_of(problem.cell)):
                marks.setdefault(place, []).append(problem)
    return marks


def _cells_of(range_: Range) -> list[tuple[int, int]]:
    top, left, bottom, right = range_
    right = min(right, COLUMNS)
    bottom = min(bottom, top + _OF_A_RANGE // max(1, right - left + 1))
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _copy(made: Worksheet, formats: _Formats, sheet: Sheet, marks: Marks) -> None:
    """Write the rows in order, those that hold nothing but a mark among them."""
    made.set_column(0, COLUMNS, 16)
    for line, column in list(marks)[:_NOTES]:
        told = (f"{one.message.in_('vi')}\n{one.message.in_('en')}" for one in marks[line, column][:3])
        note = clean_text("\n".join(told))
        made.write_comment(line - 1, column - 1, note, {"x_scale": 2.5, "y_scale": 1.4})
    marked: dict[int, list[int]] = {}
    for line, column in marks:
        marked.setdefault(line, []).append(column)
    rows = {row.number: row for row in sheet.rows}
    for line in sorted(rows.keys() | marked.keys()):
        row = rows.get(line, Row(line, ()))
        width = max([len(row.cells), *marked.get(line, ())])
        _copy_row(made, formats, Row(line, row.cells + (None,) * (width - len(row.cells))), marks)


def _copy_row(made: Worksheet, formats: _Formats, row: Row, marks: Marks) -> None:
    for column, value in enumerate(row.cells, start=1):
        form = formats.of(value, wrong=(row.number, column) in marks)
        at = (row.number - 1, column - 1)
        match value:
            case None:
                if (row.number, column) in marks:
                    made.write_blank(*at, None, form)
            case bool():
                made.write_boolean(*at, value, form)
            case int() | float():
                made.write_number(*at, value, form)
            case date():
                made.write_datetime(*at, value, form)
            case _:
                write_text(made, *at, clean_text(value), form)
