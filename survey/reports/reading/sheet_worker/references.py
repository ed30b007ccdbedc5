"""Addresses of cells: "B7" as row 7, column 2, and ranges of them.

Not how an address is shown to people: that is the site's (../sheets.py).
"""

from __future__ import annotations

import re

from .refusal import Refused

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
Range = tuple[int, int, int, int]


def row_and_column(reference: str) -> tuple[int, int]:
    """Read the address of one cell.

    Raises:
        Refused: it is none; the file is damaged.
    """
    found = _CELL.fullmatch(reference)
    if found is None:
        raise Refused("damaged")
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    if not (1 <= row <= _LAST_ROW and column <= _LAST_COLUMN):
        raise Refused("damaged")
    return row, column


def range_of(reference: str) -> Range:
    """Read a range as first row, first column, last row, last column.

    Raises:
        Refused: it is none.
    """
    first, _, last = reference.partition(":")
    return (*row_and_column(first), *row_and_column(last or first))


def row_number(text: str | None, after: int) -> int:
    """Read the number of a row; one that is not written follows the row before.

    Raises:
        Refused: it is none, or rows are not in order.
    """
    row = after + 1 if text is None else row_and_column(f"A{text}")[0]
    if row <= after or row > _LAST_ROW:
        raise Refused("damaged")
    return row
