"""A table as offices draw it: header in two storeys, a (1)(2)(3) row, rows of typed cells.

It knows columns, not what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at, put_text
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import BODY, FONT, HEADER, CellValue, fill_cell

Row = TypeVar("Row")
_BOLD = 0.85  # bold letters are wider


@dataclass(frozen=True)  # no slots: Column[Row](…) sets __orig_class__, which 3.11 cannot refuse politely
class Column(Generic[Row]):
    """One column: `over` is the header it shares with its neighbours, `kind` a look.COLUMN_FORMATS key."""

    title: str
    width: float
    kind: str
    read: Callable[[Row], CellValue]
    over: str = ""


def write_header(sheet: Worksheet, top: int, columns: Sequence[Column[Row]]) -> int:
    """Write header and number row from row `top`; return the first row after them."""
    storeys = 2 if any(column.over for column in columns) else 1
    first = 1
    for over, members in groupby(columns, key=lambda column: column.over):
        last = first + len(list(members)) - 1
        if over:
            _header_cell(sheet, top, first, top, last, over)
        for index in range(first, last + 1):
            start = top + 1 if over else top
            _header_cell(sheet, start, index, top + storeys - 1, index, columns[index - 1].title)
        first = last + 1
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
        _number_cell(sheet, top + storeys, index)
    _set_header_heights(sheet, top, storeys, columns)
    return top + storeys + 1


def write_row(
    sheet: Worksheet, line: int, columns: Sequence[Column[Row]], row: Row, emphasis: str = "plain"
) -> None:
    """Write one row of typed cells."""
    texts = []
    for index, column in enumerate(columns, start=1):
        value = column.read(row)
        fill_cell(cell_at(sheet, line, index), value, column.kind, emphasis)
        if isinstance(value, str):
            texts.append((value, column.width))
    set_height(sheet, line, texts)


def indented(level: int) -> Alignment:
    """Return the alignment of a title at a depth of a tree, from 0."""
    return Alignment(horizontal="left", indent=1 + 2 * level, vertical="center", wrap_text=True)


def _set_header_heights(sheet: Worksheet, top: int, storeys: int, columns: Sequence[Column[Row]]) -> None:
    """Give each storey room for its bold words; a column of both storeys has room in their sum."""
    over: dict[str, float] = {}
    for column in columns:
        over[column.over] = over.get(column.over, 0) + column.width
    upper = [(text, width * _BOLD) for text, width in over.items() if text]
    lower = [(column.title, column.width * _BOLD) for column in columns if column.over or storeys == 1]
    if storeys == 2:
        set_height(sheet, top, upper)
    set_height(sheet, top + storeys - 1, lower)


def _header_cell(sheet: Worksheet, top: int, left: int, bottom: int, right: int, text: str) -> None:
    for line in range(top, bottom + 1):
        for index in range(left, right + 1):
            sheet.cell(line, index).style = HEADER
    put_text(cell_at(sheet, top, left), text)
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _number_cell(sheet: Worksheet, line: int, index: int) -> None:
    cell = cell_at(sheet, line, index)
    cell.style = HEADER
    cell.font = Font(name=FONT, size=BODY - 1, italic=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    put_text(cell, f"({index})")
