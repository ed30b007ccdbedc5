"""A text file of separated values (CSV): its encoding, its separator, its rows.

Every value is a text: what looks like a number or a day is not guessed at.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from .limits import CELL_LETTERS
from .refusal import Refused
from .telling import Telling, Value
from .texts import BadCell, clean

#: Where two stand equally often in the header, the first of these: a comma may be part of a title.
SEPARATORS = ("\t", ";", ",")
_MARKS = (
    # UTF-32 begins as UTF-16 does, so it is looked for first.
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_comma_text(file: IO[bytes], telling: Telling) -> None:
    """Tell the rows of a CSV as one sheet; rows are numbered as a spreadsheet program would.

    Raises:
        Refused: its encoding is another, its quotes do not close, or it is too large in any way.
    """
    text = decoded(file.read())
    separator, text = separated(text)
    telling.sheet("CSV")
    for number, fields in enumerate(_records(text, separator), start=1):
        values = list(_values(telling, number, fields))
        while values and values[-1] is None:
            values.pop()
        if values:
            telling.row(number, values)


def decoded(raw: bytes) -> str:
    """Read bytes as UTF-8, or as UTF-16 where a mark at the beginning says so.

    Raises:
        Refused: they are in another encoding.
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        text = None
    # UTF-16 without its mark reads as UTF-8 full of NULs.
    if text is None or text.count("\0") > len(text) // 4:
        raise Refused("encoding")
    return text


def separated(text: str) -> tuple[str, str]:
    """Give the separator and the text to read with it; a first line `sep=;` says it itself."""
    first, end, rest = text.partition("\n")
    if first.rstrip("\r").casefold().startswith("sep=") and first.rstrip("\r")[4:] in SEPARATORS:
        return first.rstrip("\r")[4:], rest
    header = _first_record(text)
    return max(SEPARATORS, key=header.count), text


def _first_record(text: str) -> str:
    """Give the first line that holds something, without what stands in quotes."""
    line = next((one for one in io.StringIO(text) if one.strip()), "")
    return "".join(line.split('"')[::2])


def _records(text: str, separator: str) -> Iterator[Sequence[str]]:
    csv.field_size_limit(4 * CELL_LETTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused("bad-csv", line=reader.line_num) from None


def _values(telling: Telling, row: int, fields: Sequence[str]) -> Iterator[Value]:
    for column, field in enumerate(fields, start=1):
        try:
            yield clean(field)
        except BadCell as bad:
            telling.problem(row, column, bad.code)
            yield None
