"""A sheet read as a table: which column stands under which header, and the rows below.

Headers are compared without their case, accents' encoding or spaces around; their meaning is the caller's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from survey.reports.reading.problems import cell_problem
from survey.reports.reading.sheets import CellProblem, CellValue, Row, Sheet, address, column_letters


@dataclass(frozen=True, slots=True)
class HeadedSheet:
    """A sheet with its header row found.

    Attributes:
        columns: folded header → column, from 1.
        shown: column → header as it is written.
        rows: below the header.
        problems: merged cells from the header down, repeated headers, columns without one.
    """

    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    shown: Mapping[int, str]
    rows: tuple[Row, ...]
    problems: tuple[CellProblem, ...]

    def value(self, row: Row, header: str) -> CellValue:
        """Give a row's value under a header; None where there is no such column."""
        column = self.columns.get(folded(header))
        return None if column is None else row.at(column)

    def cell(self, row: Row | int, header: str) -> str:
        """Name the cell of a row under a header; the row's first where there is no such column."""
        number = row if isinstance(row, int) else row.number
        return address(number, self.columns.get(folded(header), 1))


def folded(text: CellValue) -> str:
    """Make a text comparable: NFC, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str("" if text is None else text)).casefold().split())


def headed(sheet: Sheet, known: Collection[str]) -> HeadedSheet:
    """Find the header row of a sheet: the first of its leading rows that holds most of the known headers.

    Titles above it are passed over. Without any known header it is the first row.
    """
    wanted = {folded(name) for name in known}
    # A sheet in which every cell has a problem holds nothing that could be read.
    leading = sheet.rows[:20] or (Row(1, ()),)
    row = max(leading, key=lambda one: (len({folded(cell) for cell in one.cells} & wanted), -one.number))
    rows = tuple(one for one in sheet.rows if one.number > row.number)
    columns: dict[str, int] = {}
    problems = list(_merged(sheet, row.number))
    for column, cell in enumerate(row.cells, start=1):
        name = folded(cell)
        if name and name in columns:
            first = address(row.number, columns[name])
            where = address(row.number, column)
            problems.append(cell_problem(sheet.name, where, "repeated-header", header=cell, first=first))
        elif name:
            columns[name] = column
    problems += _unnamed(sheet, row, rows)
    shown = {column: " ".join(str(row.at(column)).split()) for column in columns.values()}
    return HeadedSheet(sheet, row.number, columns, shown, rows, tuple(problems))


def _merged(sheet: Sheet, header_row: int) -> Iterator[CellProblem]:
    """Report merged cells that reach the header row or the data: only their first cell has the value."""
    last = max((row.number for row in sheet.rows), default=header_row)
    for reference in sheet.merged:
        first, _, end = reference.partition(":")
        top, bottom = (int(cell.lstrip("$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
                       for cell in (first, end or first))  # fmt: skip
        if bottom >= header_row and top <= last and first != end:
            yield cell_problem(sheet.name, reference, "merged")


def _unnamed(sheet: Sheet, header: Row, rows: tuple[Row, ...]) -> Iterator[CellProblem]:
    widest = max((len(row.cells) for row in rows), default=0)
    for column in range(1, widest + 1):
        if header.at(column) is None and any(row.at(column) is not None for row in rows):
            where = f"{column_letters(column)}{header.number}"
            yield cell_problem(sheet.name, where, "unnamed-column")
