"""One text out of a file: composed letters, plain line ends, and no character that cannot be kept.

Not what a text means to whoever asked for the file.
"""

from __future__ import annotations

import re
import unicodedata

from .limits import CELL_LETTERS

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class BadCell(Exception):
    """One cell cannot be read; `code` is a word of `problems.py`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def clean(text: str) -> str | None:
    """Give a text in NFC with line ends as LF; None where only blanks are.

    Raises:
        BadCell: it is too long, or holds a control character or half a letter.
    """
    if text.isascii() and text.isprintable() and len(text) <= CELL_LETTERS:
        return text if text and not text.isspace() else None
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _CONTROL.search(whole):
        raise BadCell("control-character")
    if len(whole) > CELL_LETTERS:
        raise BadCell("too-long")
    return whole if whole and not whole.isspace() else None


def unescaped(text: str) -> str:
    """Read the `_x000A_` that workbooks write some letters as (ECMA-376, ST_Xstring)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
