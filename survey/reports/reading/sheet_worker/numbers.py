"""A number out of a cell, and the day it stands for where its cell is formatted as one.

Not texts that look like numbers: they stay texts, and who asked for the file decides.
"""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

from .texts import BadCell

_EXACT = 10**15
_LONGEST = 40
_NEVER_WAS = 60  # 29 February 1900, in Excel's calendar only
_LAST = 2_958_465  # 31 December 9999
#: Number formats of every workbook that show a day or a time (ECMA-376 part 1, 18.8.30).
_BUILT_IN = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General', re.IGNORECASE)
_OF_A_DAY = re.compile("[dy]", re.IGNORECASE)
_OF_A_TIME = re.compile("[mhs]", re.IGNORECASE)


def number(text: str) -> int | float:
    """Read a number as it stands in the file; whole ones as int.

    Raises:
        BadCell: it is none, or has no end.
    """
    try:
        value = float(text) if len(text) <= _LONGEST else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadCell("bad-number")
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def is_day_format(number_id: int, code: str | None) -> bool:
    """Say whether a number format shows its number as a day or a time."""
    if code is None:
        return number_id in _BUILT_IN
    first = _NOT_LETTERS.sub("", code).split(";")[0]
    return bool(_OF_A_DAY.search(first) or _OF_A_TIME.search(first))


def day(serial: int | float, *, since_1904: bool) -> date | int | float:
    """Give the day of a serial number; a time of day within it is left out, a bare time stays a number.

    Raises:
        BadCell: there is no such day.
    """
    if 0 <= serial < 1:
        return serial
    whole = math.floor(serial)
    if serial < 0 or whole > _LAST or (whole == _NEVER_WAS and not since_1904):
        raise BadCell("no-such-day")
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=whole) if whole <= _LAST - 1462 else _no_day()
    # Excel counts a 29 February 1900, so that its days before March are one behind.
    return date(1899, 12, 31 if whole < _NEVER_WAS else 30) + timedelta(days=whole)


def iso_day(text: str) -> date:
    """Read a day written as ISO 8601, its time left out.

    Raises:
        BadCell: it is none.
    """
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise BadCell("no-such-day")
