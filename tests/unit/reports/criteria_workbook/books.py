"""Criteria workbooks opened, changed in single cells, and read again by the limited process."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from survey.reports.criteria_workbook import (
    CheckedCriteriaWorkbook,
    check_criteria_workbook,
    write_criteria_workbook,
)
from survey.reports.reading import Row, Sheet, Sheets, cell_problem, read_sheets
from survey.scoring import CriteriaSet

#: Sheet and cell → what an official types there; None empties it.
Changes = Mapping[tuple[str, str], Any]


def changed(raw: bytes, changes: Changes) -> bytes:
    book = load_workbook(io.BytesIO(raw))
    for (sheet, cell), value in changes.items():
        book[sheet][cell] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def checked(raw: bytes) -> CheckedCriteriaWorkbook:
    return check_criteria_workbook(read_sheets(raw, name="bo-tieu-chi.xlsx"))


def filled(kept: CriteriaSet, changes: Changes) -> CheckedCriteriaWorkbook:
    """Write a set, type over some cells, read them.

    The cells are read here rather than by the limited process: what the reader makes of them is the
    same, and a process for each would take minutes.
    """
    return check_criteria_workbook(_plain(changed(write_criteria_workbook(kept), changes)))


def _plain(raw: bytes) -> Sheets:
    book = load_workbook(io.BytesIO(raw))
    sheets = [Sheet(one.title, tuple(_rows(one))) for one in book]
    formulas = [
        cell_problem(one.title, cell.coordinate, "formula")
        for one in book
        for row in one.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    return Sheets("bo.xlsx", "xlsx", "0" * 64, tuple(sheets), tuple(formulas))


def _rows(sheet: Any) -> Iterator[Row]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = tuple(_value(cell) for cell in row)
        if any(cell is not None for cell in cells):
            yield Row(number, cells)


def _value(cell: Any) -> Any:
    if cell.data_type == "f":
        return None
    return cell.value.date() if isinstance(cell.value, datetime) else cell.value


def told(found: CheckedCriteriaWorkbook) -> list[tuple[str, str, str, str]]:
    return [(one.sheet, one.cell, one.path, one.code) for one in found.problems]
