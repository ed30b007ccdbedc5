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

from survey.reports.cells import put_text
from survey.reports.summary.look import BODY, FONT, HEADER, CellValue, fill_cell

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
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
    return top + storeys + 1


def write_row(
    sheet: Worksheet, line: int, columns: Sequence[Column[Row]], row: Row, emphasis: str = "plain"
) -> None:
    """Write one row of typed cells."""
    for index, column in enumerate(columns, start=1):
        fill_cell(sheet.cell(line, index), column.read(row), column.kind, emphasis)


def _header_cell(sheet: Worksheet, top: int, left: int, bottom: int, right: int, text: str) -> None:
    for line in range(top, bottom + 1):
        for index in range(left, right + 1):
            sheet.cell(line, index).style = HEADER
    put_text(sheet.cell(top, left), text)
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def _number_cell(sheet: Worksheet, line: int, index: int) -> None:
    cell = sheet.cell(line, index)
    cell.style = HEADER
    cell.font = Font(name=FONT, size=BODY - 1, italic=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    put_text(cell, f"({index})")
