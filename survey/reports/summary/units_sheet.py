"""Sheet “Tổng hợp”: forms, indices with intervals and ranks, unit by unit, as offices file it.

Columns without any figure are left out. A rank never stands without n and its interval.
"""

from __future__ import annotations

from dataclasses import replace

from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at
from survey.reports.figures import percent_text, place_and_date_text, roman
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import BODY, LARGE, SMALL, fill_cell, plain
from survey.reports.summary.page import Pen, begin_sheet, hold_header, write_title, write_unit_line
from survey.reports.summary.shown import groups, has_few, rank_cell, rounded, shown
from survey.reports.summary.table import Column, write_header, write_row
from survey.reports.summary.values import SUPPRESSED, SummaryReport, UnitRow
from survey.reports.summary.words import say

UnitColumn = Column[UnitRow]


def write_units_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write the whole first sheet: heading, title, table, notes, signatures."""
    columns = _columns(report)
    pen = begin_sheet(sheet, report, len(columns))
    _write_heading(pen, report)
    pen.skip()
    write_title(pen, report, report.heading.title)
    write_unit_line(pen, say("unit_percent", report.language))
    top = pen.line
    pen.line = write_header(sheet, top, columns)
    hold_header(sheet, top, pen.line, "C")
    _write_groups(pen, report, columns)
    if report.totals is not None:
        _write_aggregate(pen, columns, report.totals, "", say("totals", report.language), "total")
    _write_notes(pen, report)
    _write_signatures(pen, report)


def _columns(report: SummaryReport) -> list[UnitColumn]:
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
        UnitColumn(word("respondents"), 13, "integer", lambda row: row.n),
        UnitColumn(word("overall"), 11, "decimal", lambda row: shown(row.overall).value),
        UnitColumn(word("from"), 9, "decimal", lambda row: shown(row.overall).low, interval),
        UnitColumn(word("to"), 9, "decimal", lambda row: shown(row.overall).high, interval),
        UnitColumn(word("policy"), 11, "decimal", lambda row: shown(row.policy).value, word("parts")),
        UnitColumn(word("service"), 12, "decimal", lambda row: shown(row.service).value, word("parts")),
        UnitColumn(word("change"), 10, "signed", lambda row: rounded(row.change), word("against")),
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


def _rank_change(report: SummaryReport, row: UnitRow) -> int | None:
    return None if rank_cell(report, row) is None else row.rank_change


def _rank_interval(report: SummaryReport, row: UnitRow) -> str | None:
    if rank_cell(report, row) is None or row.rank_interval is None:
        return None
    return f"{row.rank_interval[0]}–{row.rank_interval[1]}"


def _remark(report: SummaryReport, row: UnitRow) -> str:
    marks = [
        say("suppressed", report.language) if SUPPRESSED in row.overall.flags else "",
        say("few", report.language) if has_few(report, row) else "",
        row.note,
    ]
    return "; ".join(mark for mark in marks if mark)


def _write_heading(pen: Pen, report: SummaryReport) -> None:
    """Write the four rows over the title: agency at the left, country and motto at the right."""
    heading, language = report.heading, report.language
    left, right = max(pen.width * 2 // 5, 2), max(pen.width // 2, 3)
    number = say("number", language, number=heading.number) if heading.number else ""
    lines = (
        (heading.superior.upper(), plain(BODY), say("country", language), plain(BODY, bold=True)),
        (
            heading.agency.upper(),
            plain(BODY, bold=True),
            say("motto", language),
            plain(LARGE, bold=True, underlined=True),
        ),
        (number, plain(LARGE), "", plain()),
        (
            "",
            plain(),
            place_and_date_text(heading.place, heading.signed_on, language),
            plain(LARGE, italic=True),
        ),
    )
    for left_text, left_font, right_text, right_font in lines:
        pen.place(left_text, left_font, 1, left)
        pen.place(right_text, right_font, right + 1, pen.width)
        pen.skip()


def _write_groups(pen: Pen, report: SummaryReport, columns: list[UnitColumn]) -> None:
    totals = {row.group: row for row in report.group_totals}
    for number, (title, rows) in enumerate(groups(report).items(), start=1):
        if title:
            _write_group_line(pen, columns, totals.get(title), title, number)
        for order, row in enumerate(rows, start=1):
            write_row(pen.sheet, pen.line, columns, row, "few" if has_few(report, row) else "plain")
            fill_cell(
                cell_at(pen.sheet, pen.line, 1), order, "order", "few" if has_few(report, row) else "plain"
            )
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


def _write_notes(pen: Pen, report: SummaryReport) -> None:
    language = report.language
    level = percent_text(report.formula.level * 100, 0, language)
    pen.skip()
    pen.write(say("notes", language), plain(BODY, bold=True, italic=True), align="left")
    notes = (
        report.status_note,
        say("note_interval", language, level=level, method=report.formula.interval_method),
        say("note_few", language, few=report.few),
        say("note_dash", language),
        *report.notes,
    )
    for note in notes:
        pen.write(f"- {note}", plain(SMALL, italic=True), align="left", wrap_at=190)


def _write_signatures(pen: Pen, report: SummaryReport) -> None:
    heading, language = report.heading, report.language
    left, right = max(pen.width * 2 // 5, 2), max(pen.width // 2, 3)
    pen.skip()
    for first, last, title in (
        (1, left, heading.prepared_by or say("prepared_by", language)),
        (right + 1, pen.width, heading.signer or say("signer", language)),
    ):
        pen.place(title.upper(), plain(LARGE, bold=True), first, last)
        pen.line += 1
        pen.place(say("sign_here", language), plain(BODY, italic=True), first, last)
        pen.line -= 1
    pen.skip(2)
