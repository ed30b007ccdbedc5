"""Labels as statistical programs hold them: one line, NFC, cut between letters at each format's limit.

The whole text stands in the codebook. Not names of variables (names.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from survey.reports.cells import clean_text

CUT_MARK = "…"
_GAPS = re.compile(r"\s+")
_JOINER = "\u200d"


def one_line(text: str) -> str:
    """Write a text on one line, in letters that every program can hold."""
    return _GAPS.sub(" ", clean_text(text)).strip()


def cut_bytes(text: str, limit: int) -> str:
    """Cut to at most `limit` bytes of UTF-8, never inside a letter and its marks."""
    return _cut(one_line(text), limit, lambda part: len(part.encode()))


def cut_letters(text: str, limit: int) -> str:
    """Cut to at most `limit` Unicode characters, never inside a letter and its marks."""
    return _cut(one_line(text), limit, len)


def _cut(text: str, limit: int, size: Callable[[str], int]) -> str:
    if size(text) <= limit:
        return text
    end = min(len(text), limit)
    while end and (size(text[:end]) + size(CUT_MARK) > limit or _continues(text, end)):
        end -= 1
    return text[:end].rstrip() + CUT_MARK


def _continues(text: str, place: int) -> bool:
    """Say whether the letter before `place` goes on after it."""
    after = text[place : place + 1]
    return bool(after) and (unicodedata.category(after)[0] == "M" or _JOINER in text[place - 1 : place + 1])
