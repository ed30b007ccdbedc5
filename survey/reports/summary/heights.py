"""How high a row must be for its wrapped text: no program grows a merged or prepared row by itself.

An estimate by letters a line, generous rather than tight.
"""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.worksheet.worksheet import Worksheet

LINE_POINTS = 16.5
_PADDING_POINTS = 3.0
_LETTERS_A_WIDTH_UNIT = 0.95


def lines_needed(text: str, width: float) -> int:
    """Return the lines a text wraps to in a column of `width` (Excel's unit, about one digit)."""
    letters = max(1, int(width * _LETTERS_A_WIDTH_UNIT))
    return sum(-(-max(len(part), 1) // letters) for part in text.split("\n"))


def height_needed(texts: Iterable[tuple[str, float]]) -> float:
    """Return the points of a row as high as its tallest text; `texts` are pairs of text and column width."""
    lines = max((lines_needed(text, width) for text, width in texts), default=1)
    return lines * LINE_POINTS + _PADDING_POINTS


def set_height(sheet: Worksheet, line: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its tallest text; `texts` are pairs of text and column width."""
    sheet.row_dimensions[line].height = height_needed(texts)
