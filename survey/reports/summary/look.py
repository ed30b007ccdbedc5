"""How cells look: Times New Roman, thin borders, true numbers behind formats, grey for few answers.

One named style a use, so that thousands of cells share it. Not page setup (page.py).
"""

from __future__ import annotations

from itertools import product
from typing import Literal

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook import Workbook

from survey.reports.cells import put_text
from survey.reports.figures import DASH

CellValue = str | int | float | None

FONT = "Times New Roman"
BODY, LARGE, SMALL = 12, 13, 11
RED = "C00000"
GREY = "D9D9D9"
PALE = "F2F2F2"
COLUMN_FORMATS = {
    "text": "@",
    "centre": "@",
    "integer": "#,##0",
    "order": "0",
    "decimal": "#,##0.00",
    "signed": "+#,##0.00;-#,##0.00;0.00",
    "signed_integer": "+#,##0;-#,##0;0",
}
EMPHASES = ("plain", "bold", "few", "group", "total")
_SIDE = Side(style="thin", color="000000")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_FILLS = {"few": GREY, "group": PALE, "total": PALE}


def register_styles(book: Workbook) -> None:
    """Add every named style of the tables to a workbook and set its default font."""
    _set_default_font(book, Font(name=FONT, size=BODY))
    for kind, emphasis in product(COLUMN_FORMATS, EMPHASES):
        book.add_named_style(_table_style(kind, emphasis))
    book.add_named_style(_header_style())


def _set_default_font(book: Workbook, font: Font) -> None:
    """Replace the font that column widths and bare cells go by; openpyxl has no public door to it."""
    book._fonts = IndexedList([font])  # type: ignore[attr-defined]  # not in the stubs
    book._named_styles["Normal"].font = font  # type: ignore[attr-defined]  # not in the stubs


def style_name(kind: str, emphasis: str = "plain") -> str:
    return f"survey {kind} {emphasis}"


HEADER = "survey header"


def fill_cell(cell: Cell, value: CellValue, kind: str, emphasis: str = "plain") -> None:
    """Put a value in a table cell: text as text, numbers as numbers, a dash where there is none."""
    if value is None and kind != "text":
        cell.style = style_name("centre", emphasis)
        put_text(cell, DASH)
    elif isinstance(value, str):
        cell.style = style_name("text" if kind == "text" else "centre", emphasis)
        put_text(cell, value)
    else:
        cell.style = style_name(kind, emphasis)
        cell.value = value


def plain(
    size: int = BODY,
    *,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    color: str = "000000",
) -> Font:
    """Return a font outside the tables."""
    line: Literal["single", "none"] = "single" if underlined else "none"
    return Font(name=FONT, size=size, bold=bold, italic=italic, underline=line, color=color)


def _table_style(kind: str, emphasis: str) -> NamedStyle:
    centred = kind in ("centre", "order")
    style = NamedStyle(name=style_name(kind, emphasis))
    style.font = Font(name=FONT, size=BODY, bold=emphasis in ("bold", "group", "total"))
    style.border = _BORDER
    style.number_format = COLUMN_FORMATS[kind]
    style.alignment = Alignment(
        horizontal="center" if centred else "left" if kind == "text" else "right",
        vertical="center",
        indent=0 if centred else 1,
        wrap_text=kind in ("text", "centre"),
    )
    if emphasis in _FILLS:
        style.fill = PatternFill("solid", start_color=_FILLS[emphasis])
    return style


def _header_style() -> NamedStyle:
    style = NamedStyle(name=HEADER)
    style.font = Font(name=FONT, size=BODY, bold=True)
    style.border = _BORDER
    style.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    style.fill = PatternFill("solid", start_color=PALE)
    return style
