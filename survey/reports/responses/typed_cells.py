"""Cells of a streamed workbook, written by their declared kind.

Not the rows or sheets they make up (workbook.py).
"""

from __future__ import annotations

import re
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import clean_text, looks_like_formula
from survey.reports.responses.columns import Absent, Kind, Value

_FORMATS = {Kind.TEXT: "@", Kind.INTEGER: "0", Kind.NUMBER: "General", Kind.DATE: "dd/mm/yyyy"}
_OVERLAPPING = re.compile("_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_INSIDE_ESCAPE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_FONT = {"font_name": "Times New Roman", "font_size": 12}


class TypedCells:
    """The formats of one workbook, and how each kind of value is put into a cell."""

    def __init__(self, book: Workbook) -> None:
        self._by_kind = {kind: book.add_format({**_FONT, "num_format": _FORMATS[kind]}) for kind in Kind}
        self._quoted = book.add_format({**_FONT, "num_format": "@", "quote_prefix": True})
        self._key = book.add_format({**_FONT, "bold": True})
        self._label = book.add_format(
            {**_FONT, "italic": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        self._absent = book.add_format({**_FONT, "italic": True, "font_color": "#7F7F7F"})

    def put(self, sheet: Worksheet, line: int, column: int, value: Value, kind: Kind) -> None:
        """Write one value; None leaves the cell empty."""
        if isinstance(value, str):
            self.put_text(sheet, line, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(line, column, value, self._by_kind[kind])
        elif isinstance(value, date):
            sheet.write_datetime(line, column, value, self._by_kind[kind])
        elif isinstance(value, Absent):
            sheet.write_string(line, column, value.value, self._absent)

    def put_text(self, sheet: Worksheet, line: int, column: int, text: str) -> None:
        """Write cleaned text as text, marked so that editing the cell does not run it."""
        quoted = looks_like_formula(text)
        write_text(sheet, line, column, text, self._quoted if quoted else self._by_kind[Kind.TEXT])

    def put_key(self, sheet: Worksheet, line: int, column: int, text: str) -> None:
        write_text(sheet, line, column, clean_text(text), self._key)

    def put_label(self, sheet: Worksheet, line: int, column: int, text: str) -> None:
        write_text(sheet, line, column, clean_text(text), self._label)


def write_text(sheet: Worksheet, line: int, column: int, text: str, cell_format: Format) -> None:
    """Write text; what the writer would misread as its own markup goes in pieces, so as it stands.

    It takes a literal <r>…</r> for rich text, and of two overlapping _x0041_x0041_ escapes one.
    """
    if (text.startswith("<r>") and text.endswith("</r>")) or _OVERLAPPING.search(text):
        sheet.write_rich_string(line, column, *_pieces(text), cell_format)
    else:
        sheet.write_string(line, column, text, cell_format)


def _pieces(text: str) -> list[str]:
    """Split inside every escape, so that none is left; three pieces at least, or the writer refuses."""
    pieces = [piece for piece in _INSIDE_ESCAPE.split(text) if piece]
    while len(pieces) < 3:
        pieces[-1:] = [pieces[-1][:1], pieces[-1][1:]]
    return pieces
