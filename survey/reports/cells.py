"""Text on its way into a cell: kept as the text it is, whatever it begins with.

Text stays text (a leading = runs nothing), and only what a file cannot hold is changed, visibly.
Numbers and dates do not pass here: −5 stays a number. Not for labels in Vietnamese (figures.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

CELL_LIMIT = 32_767
SHEET_NAME_LIMIT = 31
CUT_MARK = "… [cắt bớt / cut]"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Also after a separator: a Vietnamese Excel splits at the semicolon whatever the quotes.
_CSV_RISK = re.compile("('*|.*[;\t|]\\s*)[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]", re.DOTALL)
_LINE_ENDS = re.compile("\r\n?")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def clean_text(text: str) -> str:
    """Return text that every spreadsheet can hold, changed only where it must be, and visibly.

    NFC; line ends as LF; a control character becomes its picture (U+2400…), a lone surrogate or
    non-character becomes U+FFFD; text over 32,767 UTF-16 units is cut and says so.
    """
    if len(text) < CELL_LIMIT // 2 and text.isascii() and text.isprintable():
        return text
    whole = _UNWRITABLE.sub(_picture, _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)))
    return whole if _excel_length(whole) <= CELL_LIMIT else _cut(whole)


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run this text if somebody edits its cell."""
    return text.startswith(_FORMULA_STARTS)


def escape_text(text: str) -> str:
    """Guard a literal `_x0041_`, which the file format would read back as the letter A (ECMA-376)."""
    return _ESCAPE_LIKE.sub("_x005F_", text)


def cell_at(sheet: Worksheet, line: int, column: int) -> Cell:
    """Return a cell to write to: one of its own, or the first of a merged range."""
    return cast(Cell, sheet.cell(line, column))


def put_text(cell: Cell, text: str) -> None:
    """Write text into an openpyxl cell as a string, never as a formula or an error value."""
    kept = clean_text(text)
    cell.value = escape_text(kept)
    cell.data_type = "s"
    if looks_like_formula(kept):
        cell.quotePrefix = True


def csv_text(text: str) -> str:
    """Return text for a CSV cell; what a spreadsheet would run is prefixed with an apostrophe.

    `plain_from_csv` takes the apostrophe away again, so nothing is lost (OWASP, CSV injection).
    """
    kept = clean_text(text)
    return f"'{kept}" if _CSV_RISK.match(kept) else kept


def plain_from_csv(text: str) -> str:
    """Undo `csv_text`."""
    return text[1:] if text.startswith("'") and _CSV_RISK.match(text) else text


def sheet_name(title: str, taken: Collection[str] = ()) -> str:
    """Return a name Excel accepts for a sheet: 31 units, no []:*?/\\, unlike every taken one."""
    kept = _SHEET_FORBIDDEN.sub(" ", clean_text(title).replace("\ufffd", " "))
    base = _shortened(kept.strip(" '"), SHEET_NAME_LIMIT) or "Trang"
    base = f"{base} 1" if base.casefold() == "history" else base
    used = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in used:
        mark = f" ({number})"
        name, number = _shortened(base, SHEET_NAME_LIMIT - len(mark)) + mark, number + 1
    return name


def page_header_text(text: str) -> str:
    """Return text for a print header, where a single & would start a code."""
    return _shortened(clean_text(text).replace("\n", " "), 120).replace("&", "&&")


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _excel_length(text: str) -> int:
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def _shortened(text: str, units: int) -> str:
    while _excel_length(text) > units:
        text = text[: len(text) - max(1, (_excel_length(text) - units) // 2)]
    return text.strip(" '")


def _cut(text: str) -> str:
    room = CELL_LIMIT - len(CUT_MARK) - 7 * len(_ESCAPE_LIKE.findall(text[:CELL_LIMIT]))
    while _excel_length(text) > max(room, 0):
        text = text[: len(text) - max(1, (_excel_length(text) - room) // 2)]
    return text + CUT_MARK
