"""What a file that came from outside holds: sheets of rows, and what is wrong with single cells.

Not how it is read (reading.py), nor what its columns mean: that is the services' work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from survey.questionnaires import Text

CellValue = str | int | float | bool | date | None
#: The sheet that a file is handed back with; it is no data when the mended file comes again.
ERRORS_SHEET = "Lỗi"
#: Sheets that stand beside the data in the site's own workbooks.
ASIDE = frozenset({ERRORS_SHEET, "Hướng dẫn", "Mã trả lời", "Kiểm tra"})


def column_letters(column: int) -> str:
    """Name a column as spreadsheets do: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Name a cell, both counted from 1: row 7, column 2 is B7."""
    return f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One thing wrong at one place of a file.

    Attributes:
        cell: "B7", a range "A1:C1", or "" where it is about the whole sheet.
        code: stable word of the finding.
    """

    sheet: str
    cell: str
    code: str
    message: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something: its number in the sheet, from 1, and its cells from column A."""

    number: int
    cells: tuple[CellValue, ...]

    def at(self, column: int) -> CellValue:
        """Give the value in a column, counted from 1; None where the row ends before it."""
        return self.cells[column - 1] if column <= len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: the rows that hold something, and the ranges that are merged."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheets:
    """A whole file as it was read.

    A cell with a problem has no value. Who uses the file refuses it while `problems` has any for
    the cells that matter, together with the problems found by its own rules.

    Attributes:
        kind: "xlsx" or "csv".
        sha256: of the file's bytes.
        hidden: names of sheets that were hidden, so not read.
        unlisted: how many problems there are beyond the first thousand.
    """

    name: str
    kind: str
    sha256: str
    sheets: tuple[Sheet, ...]
    problems: tuple[CellProblem, ...]
    hidden: tuple[str, ...] = ()
    unlisted: int = 0

    def first(self) -> Sheet:
        """Give the first sheet with data; those that the site's own workbooks have beside it are passed over.

        Where nothing but such sheets hold anything, or every cell has a problem, it is the first of all.
        """
        filled = [sheet for sheet in self.sheets if sheet.rows and sheet.name not in ASIDE]
        return (filled or [sheet for sheet in self.sheets if sheet.rows] or list(self.sheets))[0]

    def problems_in(self, sheet: str) -> tuple[CellProblem, ...]:
        """List the problems of one sheet."""
        return tuple(one for one in self.problems if one.sheet == sheet)


def in_order(problems: Iterable[CellProblem]) -> tuple[CellProblem, ...]:
    """Sort problems as somebody would meet them: down the rows of each sheet, then across."""
    return tuple(sorted(problems, key=lambda one: (one.sheet, *_place(one.cell))))


def _place(cell: str) -> tuple[int, int, str]:
    first = cell.partition(":")[0]
    letters = first.rstrip("0123456789")
    return int(first[len(letters) :] or 0), len(letters), letters
