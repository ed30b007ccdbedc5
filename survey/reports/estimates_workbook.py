"""Estimates as a workbook: estimates, comparisons, covariances and notes, a sheet each.

Cells hold true numbers with every digit; Excel rounds what it shows. Not the survey's own summary
(summary/), which reads a round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.aggregation import describe_method
from survey.aggregation.request import Answer, CovarianceTable
from survey.reports.cells import clean_text, escape_text, sheet_name
from survey.reports.estimates_columns import Cell, FlatTable, comparisons_table, estimates_table
from survey.reports.estimates_table import note_lines
from survey.reports.targets import Target, whole_file

_WIDTHS = {"method": 60, "flags": 22, "where": 24, "domain": 24, "other": 24}
#: A column below this many estimates fits a sheet; Excel has 16,384.
_MOST_COLUMNS = 16_000
#: Height of a line of text, in points.
_LINE_POINTS = 15
#: Excel's number of the paper.
_A4 = 9


def write_estimates_workbook(
    answer: Answer, target: Target, *, made_at: datetime, language: str = "vi"
) -> None:
    """Write an answer as xlsx, whole or not at all; the same answer and time give the same bytes."""
    with whole_file(target) as work:
        book = _book(work, made_at)
        try:
            sheets = _Sheets(book, language)
            sheets.table("Ước lượng", "Estimates", estimates_table(answer))
            if answer.comparisons:
                sheets.table("So sánh", "Comparisons", comparisons_table(answer))
            for matrix in answer.covariances:
                sheets.matrix(matrix)
            sheets.notes(answer)
        finally:
            book.close()


def _book(work: Path, made_at: datetime) -> Workbook:
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "tmpdir": str(work.parent),
    }
    book = Workbook(str(work), options)
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    return book


class _Sheets:
    """Adds sheets to a book and writes cells by their kind."""

    def __init__(self, book: Workbook, language: str) -> None:
        self.book = book
        self.language = language
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.plain = book.add_format({"valign": "top"})
        self.decimal = book.add_format({"valign": "top", "num_format": "#,##0.0000"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self.names: list[str] = []

    def add(self, vi: str, en: str) -> Worksheet:
        name = sheet_name(en if self.language == "en" else vi, self.names)
        self.names.append(name)
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def table(self, vi: str, en: str, table: FlatTable) -> None:
        sheet = self.add(vi, en)
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(table.head):
            sheet.set_column(place, place, _WIDTHS.get(name, 14))
            _put(sheet, 0, place, name, self.head)
        sheet.set_row(0, 2 * _LINE_POINTS)
        method = table.head.index("method")
        for line, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                if place == method:
                    said = describe_method(str(value), self.language)
                    sheet.set_row(line, _LINE_POINTS * math.ceil(len(said) / _WIDTHS["method"]))
                    _put(sheet, line, place, said, self.wrapped)
                else:
                    _put(sheet, line, place, value, self.decimal if isinstance(value, float) else self.plain)

    def matrix(self, table: CovarianceTable) -> None:
        sheet = self.add(f"Hiệp phương sai {table.statistic}", f"Covariance {table.statistic}")
        names = [_row_name(table, place) for place in range(len(table.rows))]
        sheet.set_column(0, 0, 32)
        sheet.freeze_panes(1, 1)
        for place, name in enumerate(names[:_MOST_COLUMNS], start=1):
            _put(sheet, 0, place, name, self.head)
            _put(sheet, place, 0, name, self.bold)
        for line, row in enumerate(table.matrix.tolist(), start=1):
            for place, value in enumerate(row, start=1):
                _put(sheet, line, place, value)

    def notes(self, answer: Answer) -> None:
        sheet = self.add("Ghi chú", "Notes")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        rows: list[tuple[str, Cell]] = [("", line) for line in note_lines(answer, self.language)]
        rows += [
            ("survey", answer.version),
            ("request_sha256", answer.request_sha256),
            ("data.sha256", answer.data.sha256),
        ]
        for key, told in (
            ("design", answer.design),
            ("calibration", answer.calibration),
            ("replicates", answer.replicates),
            ("family", answer.family),
        ):
            rows += list(_flattened(key, told)) if told is not None else []
        for line, (key, value) in enumerate(rows):
            _put(sheet, line, 0, key, self.bold)
            _put(sheet, line, 1, value)


def _row_name(table: CovarianceTable, place: int) -> str:
    line = table.rows[place]
    labels = [str(label) for _, label in line.domain]
    level = [] if line.level is None else [str(line.level)]
    return " | ".join([*labels, line.item, *level])


def _flattened(key: str, told: Mapping[str, object]) -> Sequence[tuple[str, Cell]]:
    rows: list[tuple[str, Cell]] = []
    for name, value in told.items():
        path = f"{key}.{name}"
        if isinstance(value, Mapping):
            rows += _flattened(path, value)
        elif isinstance(value, list | tuple):
            rows += _listed(path, value)
        else:
            rows.append((path, _cell(value)))
    return rows


def _listed(path: str, values: Sequence[Any]) -> Sequence[tuple[str, Cell]]:
    rows: list[tuple[str, Cell]] = []
    for place, value in enumerate(values):
        at = f"{path}[{place}]"
        rows += _flattened(at, value) if isinstance(value, Mapping) else [(at, _cell(value))]
    return rows


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return str(value)


def _put(sheet: Worksheet, line: int, column: int, value: Cell, look: Any = None) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(line, column, escape_text(clean_text(value)), look)
    else:
        sheet.write_number(line, column, value, look)
