"""Sheet “Theo yếu tố”: the factor tree from the overall index down, each with its uncertainty."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.figures import percent_text
from survey.reports.summary.page import begin_sheet, hold_header, write_title, write_unit_line
from survey.reports.summary.shown import in_percent, is_suppressed, n_of, rounded, shown
from survey.reports.summary.table import Column, indented, write_header, write_row
from survey.reports.summary.values import FactorRow, SummaryReport
from survey.reports.summary.words import say

FactorColumn = Column[FactorRow]


def write_factors_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write one row a node of the tree, indented by its depth."""
    columns = _columns(report)
    pen = begin_sheet(sheet, report, len(columns))
    write_title(pen, report, (say("title_factors", report.language),))
    write_unit_line(pen, say("unit_percent", report.language))
    top = pen.line
    pen.line = write_header(sheet, top, columns)
    hold_header(sheet, top, pen.line, "C")
    for row in report.factors:
        write_row(sheet, pen.line, columns, row, "bold" if row.level == 0 else "plain")
        sheet.cell(pen.line, 2).alignment = indented(row.level)
        pen.skip()


def _columns(report: SummaryReport) -> list[FactorColumn]:
    def word(key: str) -> str:
        return say(key, report.language)

    level = percent_text(report.formula.level * 100, 0, report.language)
    interval = say("interval", report.language, level=level)
    return [
        FactorColumn(word("code"), 16, "text", lambda row: row.statistic_id),
        FactorColumn(word("factor"), 58, "text", lambda row: row.title),
        FactorColumn(word("respondents"), 13, "integer", lambda row: n_of(row.estimate)),
        FactorColumn(word("index"), 11, "decimal", lambda row: shown(row.estimate).value),
        FactorColumn(word("from"), 11, "decimal", lambda row: shown(row.estimate).low, interval),
        FactorColumn(word("to"), 11, "decimal", lambda row: shown(row.estimate).high, interval),
        FactorColumn(word("se"), 11, "decimal", lambda row: rounded(_precision(row, "se"))),
        FactorColumn(word("deff"), 11, "decimal", lambda row: rounded(_precision(row, "deff"))),
        FactorColumn(word("n_eff"), 12, "integer", lambda row: _precision(row, "n_eff")),
    ]


def _precision(row: FactorRow, field: str) -> float | None:
    if is_suppressed(row.estimate):
        return None
    figure: float | None = getattr(in_percent(row.estimate), field)
    return figure
