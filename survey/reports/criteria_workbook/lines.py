"""The lines of one sheet of a criteria workbook: the values under its headers, and where each stands.

Not what the lines make up (reading.py). A file has been read by the limited process before this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from survey.reports.criteria_workbook.layout import HEAD_ROWS, Column, Table
from survey.reports.criteria_workbook.problems import PlacedProblem, sheet_problem
from survey.reports.criteria_workbook.values import ReadValue, is_blank, value_of
from survey.reports.reading import CellValue, HeadedSheet, Row, Sheets, address, folded, headed

#: The largest set known has 104 sub-criteria; what is far beyond that is no criteria set.
MOST_ROWS = 5_000


@dataclass(slots=True)
class Line:
    """One row of a table.

    Attributes:
        values: JSON value by column key; a blank cell has none.
        cells: address by column key, blank cells too.
        faults: what could not be read, until its place in the document is known.
    """

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    faults: dict[str, ReadValue] = field(default_factory=dict)

    def take(self, column: Column, cell: CellValue) -> None:
        """Read one cell."""
        if is_blank(cell):
            return
        read = ReadValue(cell) if column.kind == "any" else value_of(cell, column)
        self.values[column.key] = read.value
        if read.fault:
            self.faults[column.key] = read

    def problem(self, key: str, path: str, code: str, /, **places: object) -> PlacedProblem:
        """Say that something is wrong in one of the line's cells."""
        return sheet_problem(path, self.sheet, self.cells[key], code, **places)

    def fault(self, key: str, path: str) -> Iterator[PlacedProblem]:
        """Say why a cell could not be read, once."""
        read = self.faults.pop(key, None)
        if read is not None:
            yield self.problem(key, path, read.fault, **read.places)


def lines_of(sheets: Sheets, table: Table) -> tuple[list[Line], list[PlacedProblem]]:
    """Read the lines of a table, and what is wrong with its sheet, headers and merged cells."""
    sheet = next((one for one in sheets.sheets if folded(one.name) == folded(table.sheet)), None)
    if sheet is None or not sheet.rows:
        is_hidden = any(folded(name) == folded(table.sheet) for name in sheets.hidden)
        missing = table.needed or is_hidden
        return [], [sheet_problem("", table.sheet, "", "sheet_missing", sheet=table.sheet)] if missing else []
    found = headed(sheet, [column.vi for column in table.columns])
    problems = [
        PlacedProblem("", one.sheet, one.cell, one.code, dict(one.message.by_language))
        for one in found.problems
    ]
    problems += _header_problems(found, table)
    if len(found.rows) > MOST_ROWS:
        where = address(found.rows[MOST_ROWS].number, 1)
        problems.append(sheet_problem("", table.sheet, where, "too_many_rows", limit=MOST_ROWS))
    lines = (_line(found, row, table) for row in found.rows[:MOST_ROWS])
    return [line for line in lines if line.values], problems


def _line(found: HeadedSheet, row: Row, table: Table) -> Line:
    line = Line(found.sheet.name, row.number)
    for column in table.columns:
        if not column.is_aside:
            line.cells[column.key] = found.cell(row, column.vi)
            line.take(column, found.value(row, column.vi))
    return line


def _header_problems(found: HeadedSheet, table: Table) -> Iterator[PlacedProblem]:
    known = {folded(column.vi) for column in table.columns}
    for name, place in found.columns.items():
        if name not in known:
            where = address(found.header_row, place)
            yield sheet_problem("", table.sheet, where, "column_unknown", column=found.shown[place])
    missing = [one for one in table.columns if not one.is_aside and folded(one.vi) not in found.columns]
    for column in missing if found.rows or table.needed else ():
        where = address(min(found.header_row, HEAD_ROWS), 1)
        yield sheet_problem("", table.sheet, where, "column_missing", column=column.vi)
