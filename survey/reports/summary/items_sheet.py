"""Sheet “Theo tiêu chí”: how the answers to each item fall on its levels, and the favourable share.

One sheet a scale: items of different scales do not share columns.
"""

from __future__ import annotations

from collections.abc import Callable

from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.figures import percent_text
from survey.reports.summary.look import CellValue
from survey.reports.summary.page import begin_sheet, hold_header, write_title, write_unit_line
from survey.reports.summary.shown import is_suppressed, rounded, shown
from survey.reports.summary.table import Column, write_header, write_row
from survey.reports.summary.values import ItemRow, ItemTable, SummaryReport
from survey.reports.summary.words import say

ItemColumn = Column[ItemRow]


def write_items_sheet(sheet: Worksheet, report: SummaryReport, table: ItemTable) -> None:
    """Write one row an item: n, forms and weighted share a level, top share with interval, mean."""
    columns = [*_identity(report), *_levels(report, table), *_summary(report, table)]
    pen = begin_sheet(sheet, report, len(columns))
    write_title(pen, report, (say("title_items", report.language), table.title))
    write_unit_line(pen, say("unit_percent", report.language))
    top = pen.line
    pen.line = write_header(sheet, top, columns)
    hold_header(sheet, top, pen.line, "C")
    for row in table.rows:
        write_row(
            sheet, pen.line, columns, row, "few" if row.n is not None and row.n < report.few else "plain"
        )
        pen.skip()


def _identity(report: SummaryReport) -> list[ItemColumn]:
    return [
        ItemColumn(say("code", report.language), 10, "text", lambda row: row.item_id),
        ItemColumn(say("item", report.language), 52, "text", lambda row: row.title),
        ItemColumn(say("respondents", report.language), 13, "integer", lambda row: row.n),
    ]


def _levels(report: SummaryReport, table: ItemTable) -> list[ItemColumn]:
    columns: list[ItemColumn] = []
    for index, label in enumerate(table.levels):
        columns.append(ItemColumn(say("count", report.language), 8, "integer", _count(index), label))
        columns.append(ItemColumn(say("share", report.language), 8, "decimal", _share(index), label))
    return columns


def _summary(report: SummaryReport, table: ItemTable) -> list[ItemColumn]:
    level = percent_text(report.formula.level * 100, 0, report.language)
    interval = say("interval", report.language, level=level)
    return [
        ItemColumn(
            say("share_is", report.language), 9, "decimal", lambda row: shown(row.top).value, table.top_title
        ),
        ItemColumn(say("from", report.language), 8, "decimal", lambda row: shown(row.top).low, interval),
        ItemColumn(say("to", report.language), 8, "decimal", lambda row: shown(row.top).high, interval),
        ItemColumn(say("mean", report.language), 9, "decimal", lambda row: shown(row.mean).value),
    ]


def _is_suppressed(row: ItemRow) -> bool:
    return is_suppressed(row.top)


def _count(index: int) -> Callable[[ItemRow], CellValue]:
    return lambda row: None if _is_suppressed(row) else row.counts[index]


def _share(index: int) -> Callable[[ItemRow], CellValue]:
    def read(row: ItemRow) -> CellValue:
        share = row.shares[index]
        return None if share is None or _is_suppressed(row) else rounded(share * 100)

    return read
