"""The columns of sheet “Tổng hợp”: which figure of a unit stands where, and which may be shown.

A rank never stands without n and its interval. Not the sheet around them (units_sheet.py).
"""

from __future__ import annotations

from survey.reports.figures import percent_text
from survey.reports.summary.shown import has_few, is_suppressed, n_of, rank_cell, rounded, shown
from survey.reports.summary.table import Column
from survey.reports.summary.values import SummaryReport, UnitRow
from survey.reports.summary.words import say

UnitColumn = Column[UnitRow]


def unit_columns(report: SummaryReport) -> list[UnitColumn]:
    """Return the columns in their order, without the optional ones that have no figure at all."""

    def word(key: str) -> str:
        return say(key, report.language)

    level = percent_text(report.formula.level * 100, 0, report.language)
    interval = say("interval", report.language, level=level)
    columns = [
        UnitColumn(word("order"), 6, "order", lambda _: None),
        UnitColumn(word("unit_name"), 34, "text", lambda row: row.name),
        UnitColumn(word("issued"), 10, "integer", lambda row: row.issued, word("forms")),
        UnitColumn(word("returned"), 10, "integer", lambda row: row.returned, word("forms")),
        UnitColumn(word("valid"), 10, "integer", lambda row: row.valid, word("forms")),
        UnitColumn(word("respondents"), 13, "integer", lambda row: n_of(row.overall)),
        UnitColumn(word("overall"), 11, "decimal", lambda row: shown(row.overall).value),
        UnitColumn(word("from"), 9, "decimal", lambda row: shown(row.overall).low, interval),
        UnitColumn(word("to"), 9, "decimal", lambda row: shown(row.overall).high, interval),
        UnitColumn(word("policy"), 11, "decimal", lambda row: shown(row.policy).value, word("parts")),
        UnitColumn(word("service"), 12, "decimal", lambda row: shown(row.service).value, word("parts")),
        UnitColumn(word("change"), 10, "signed", lambda row: rounded(_change(row)), word("against")),
        UnitColumn(
            word("rank_change"), 7, "signed_integer", lambda row: _rank_change(report, row), word("against")
        ),
        UnitColumn(word("rank"), 8, "order", lambda row: rank_cell(report, row), word("ranks")),
        UnitColumn(
            word("rank_interval"), 9, "centre", lambda row: _rank_interval(report, row), word("ranks")
        ),
        UnitColumn(word("remark"), 15, "centre", lambda row: _remark(report, row)),
    ]
    return [column for column in columns if _is_used(report, column)]


def _is_used(report: SummaryReport, column: UnitColumn) -> bool:
    """Keep a column that has a figure somewhere, and those that no such table goes without."""
    optional = {say(key, report.language) for key in ("parts", "against")}
    if column.over not in optional and column.title != say("rank_interval", report.language):
        return True
    rows = (*report.rows, *report.group_totals, *((report.totals,) if report.totals else ()))
    return any(column.read(row) is not None for row in rows)


def _change(row: UnitRow) -> float | None:
    """Hide the change of a hidden figure: with last year's it would give it away."""
    return None if is_suppressed(row.overall) else row.change


def _rank_change(report: SummaryReport, row: UnitRow) -> int | None:
    return None if rank_cell(report, row) is None else row.rank_change


def _rank_interval(report: SummaryReport, row: UnitRow) -> str | None:
    if rank_cell(report, row) is None or row.rank_interval is None:
        return None
    return f"{row.rank_interval[0]}–{row.rank_interval[1]}"


def _remark(report: SummaryReport, row: UnitRow) -> str:
    marks = [
        say("suppressed", report.language) if is_suppressed(row.overall) else "",
        say("few", report.language) if has_few(report, row) else "",
        row.note,
    ]
    return "; ".join(mark for mark in marks if mark)
