"""What a column of responses is: an id, a label and a declared kind, never guessed from the values.

Not how a file writes it (workbook.py, csv_file.py).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from survey.reports.cells import clean_text
from survey.reports.errors import CellKindMismatch, HeaderRepeated, RowsMissing, RowWidthDiffers

SIMULATED_MARK = "DỮ LIỆU MÔ PHỎNG"
SIMULATED_CELL = "mô phỏng"
_EXACT_INTEGERS = 10**15
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day that never was


class Kind(Enum):
    """What a column holds; decided by the questionnaire, not by the look of a value."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"


class Absent(Enum):
    """Why there is no answer, in any kind of column; a plain blank is None."""

    NOT_ASKED = ".not_asked"
    DONT_KNOW = ".dont_know"
    REFUSED = ".refused"


Value = str | int | float | date | Absent | None


@dataclass(frozen=True, slots=True)
class ResponseColumn:
    """One column: `id` is the item's id (the key), `label` what people read under it."""

    id: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Written:
    """What a finished export holds, to be compared with the database.

    Attributes:
        content_sha256: of the header and the rows as kept, the same for xlsx and CSV.
    """

    rows: int
    columns: int
    sheets: int
    content_sha256: str


class Table:
    """A stream of checked rows under one header, counted and hashed as it passes."""

    def __init__(self, columns: Sequence[ResponseColumn], *, simulated: bool) -> None:
        marked = (ResponseColumn("simulated", SIMULATED_MARK, Kind.TEXT),) if simulated else ()
        self.columns = (*marked, *columns)
        self.rows = 0
        self.answered = [0] * len(self.columns)
        self.sums = [0.0] * len(self.columns)
        self.mark = SIMULATED_MARK if simulated else ""
        self._hash = hashlib.sha256()
        _assert_unique([clean_text(column.id) for column in self.columns])
        self._digest([[column.id, column.kind.value] for column in self.columns])

    def checked(self, rows: Iterable[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
        """Yield every row once, with text cleaned and each value of its column's kind.

        Raises:
            RowWidthDiffers, CellKindMismatch: with the row's number, from 1.
        """
        for given in rows:
            row = self._checked_row((SIMULATED_CELL, *given) if self.mark else tuple(given))
            self.rows += 1
            self._tally(row)
            yield row

    def finish(self, expected_rows: int | None, sheets: int = 1) -> Written:
        """Close the count; refuse an export that lost rows on its way."""
        if expected_rows is not None and expected_rows != self.rows:
            raise RowsMissing(expected=expected_rows, written=self.rows)
        return Written(self.rows, len(self.columns), sheets, self._hash.hexdigest())

    def _checked_row(self, row: tuple[Value, ...]) -> tuple[Value, ...]:
        if len(row) != len(self.columns):
            raise RowWidthDiffers(row=self.rows + 1, cells=len(row), columns=len(self.columns))
        return tuple(self._kept(value, column) for value, column in zip(row, self.columns, strict=True))

    def _kept(self, value: Value, column: ResponseColumn) -> Value:
        if value is None or isinstance(value, Absent):
            return value
        if column.kind is Kind.TEXT and isinstance(value, str):
            return clean_text(value)
        if not _fits(value, column.kind):
            raise CellKindMismatch(row=self.rows + 1, column=column.id, kind=column.kind.value)
        return value

    def _tally(self, row: tuple[Value, ...]) -> None:
        for index, value in enumerate(row):
            if value is None or isinstance(value, Absent):
                continue
            self.answered[index] += 1
            if isinstance(value, int | float):
                self.sums[index] += value
        self._digest([_plain(value) for value in row])

    def _digest(self, line: list[object]) -> None:
        self._hash.update(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _fits(value: Value, kind: Kind) -> bool:
    if isinstance(value, bool | datetime):
        return False
    match kind:
        case Kind.INTEGER:
            return isinstance(value, int) and abs(value) < _EXACT_INTEGERS
        case Kind.NUMBER:
            return isinstance(value, int | float) and math.isfinite(value)
        case Kind.DATE:
            return isinstance(value, date) and value >= _FIRST_DAY
        case _:
            return False


def _plain(value: Value) -> object:
    if isinstance(value, Absent):
        return {"absent": value.value}
    return value.isoformat() if isinstance(value, date) else value


def _assert_unique(headers: list[str]) -> None:
    counts = Counter(headers)
    wrong = [header or "(trống)" for header, times in counts.items() if times > 1 or not header.strip()]
    if wrong or not headers:
        raise HeaderRepeated(headers=", ".join(wrong) or "(không có cột)")
