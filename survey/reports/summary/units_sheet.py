"""Sheet “Tổng hợp”: forms, indices with intervals and ranks, unit by unit, as offices file it.

Groups I, II… each numbered from 1, the total last. Not which columns there are (units_columns.py).
"""

from __future__ import annotations

from dataclasses import replace

from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at
from survey.reports.figures import roman
from survey.reports.summary.document_frame import write_heading, write_notes, write_signatures
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import fill_cell
from survey.reports.summary.page import Pen, begin_sheet, hold_header, write_title, write_unit_line
from survey.reports.summary.shown import groups, has_few
from survey.reports.summary.table import write_header, write_row
from survey.reports.summary.units_columns import UnitColumn, unit_columns
from survey.reports.summary.values import SummaryReport, UnitRow
from survey.reports.summary.words import say


def write_units_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write the whole first sheet: heading, title, table, notes, signatures."""
    columns = unit_columns(report)
    pen = begin_sheet(sheet, report, len(columns))
    write_heading(pen, report)
    pen.skip()
    write_title(pen, report, report.heading.title)
    write_unit_line(pen, say("unit_percent", report.language))
    top = pen.line
    pen.line = write_header(sheet, top, columns)
    hold_header(sheet, top, pen.line, "C")
    _write_groups(pen, report, columns)
    if report.totals is not None:
        _write_aggregate(pen, columns, report.totals, "", say("totals", report.language), "total")
    write_notes(pen, report)
    write_signatures(pen, report)


def _write_groups(pen: Pen, report: SummaryReport, columns: list[UnitColumn]) -> None:
    totals = {row.group: row for row in report.group_totals}
    for number, (title, rows) in enumerate(groups(report).items(), start=1):
        if title:
            _write_group_line(pen, columns, totals.get(title), title, number)
        for order, row in enumerate(rows, start=1):
            emphasis = "few" if has_few(report, row) else "plain"
            write_row(pen.sheet, pen.line, columns, row, emphasis)
            fill_cell(cell_at(pen.sheet, pen.line, 1), order, "order", emphasis)
            pen.skip()


def _write_group_line(
    pen: Pen, columns: list[UnitColumn], total: UnitRow | None, title: str, number: int
) -> None:
    if total is not None:
        _write_aggregate(pen, columns, total, roman(number), title, "group")
        return
    for index in range(1, pen.width + 1):
        fill_cell(cell_at(pen.sheet, pen.line, index), "", "text", "group")
    fill_cell(cell_at(pen.sheet, pen.line, 1), roman(number), "centre", "group")
    fill_cell(cell_at(pen.sheet, pen.line, 2), title, "text", "group")
    set_height(pen.sheet, pen.line, [(title, columns[1].width)])
    pen.skip()


def _write_aggregate(
    pen: Pen, columns: list[UnitColumn], row: UnitRow, order: str, name: str, emphasis: str
) -> None:
    write_row(pen.sheet, pen.line, columns, replace(row, name=name), emphasis)
    fill_cell(cell_at(pen.sheet, pen.line, 1), order, "order", emphasis)
    pen.skip()
