"""Sheet “Điểm CCHC”: the reform score down the criteria tree, with where each point comes from.

An unknown value says so; it is never counted as zero here.
"""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.figures import percent_text
from survey.reports.summary.look import BODY, LARGE, SMALL, CellValue, plain
from survey.reports.summary.page import begin_sheet, hold_header, write_title, write_unit_line
from survey.reports.summary.shown import rounded
from survey.reports.summary.table import Column, indented, write_header, write_row
from survey.reports.summary.values import ScoreRow, ScoreSection, SummaryReport
from survey.reports.summary.words import say

ScoreColumn = Column[ScoreRow]


def write_score_sheet(sheet: Worksheet, report: SummaryReport, score: ScoreSection) -> None:
    """Write the tree, then the total, the band and the notes."""
    columns = _columns(report)
    pen = begin_sheet(sheet, report, len(columns))
    write_title(pen, report, (score.title,))
    pen.write(score.status_note, plain(BODY, italic=True), wrap_at=130)
    write_unit_line(pen, say("unit_points", report.language))
    top = pen.line
    pen.line = write_header(sheet, top, columns)
    hold_header(sheet, top, pen.line, "C")
    for row in score.rows:
        write_row(sheet, pen.line, columns, row, "bold" if row.level == 0 else "plain")
        sheet.cell(pen.line, 2).alignment = indented(row.level)
        pen.skip()
    write_row(sheet, pen.line, columns, score.total, "total")
    pen.skip(2)
    if score.band:
        pen.write(say("band", report.language, band=score.band), plain(LARGE, bold=True), align="left")
    for note in score.notes:
        pen.write(f"- {note}", plain(SMALL, italic=True), align="left", wrap_at=150)


def _columns(report: SummaryReport) -> list[ScoreColumn]:
    def word(key: str) -> str:
        return say(key, report.language)

    def points(row: ScoreRow) -> CellValue:
        return word("unknown") if row.points is None else rounded(row.points)

    level = percent_text(report.formula.level * 100, 0, report.language)
    interval = say("interval", report.language, level=level)
    return [
        ScoreColumn(word("code"), 12, "text", lambda row: row.code),
        ScoreColumn(word("criterion"), 58, "text", lambda row: row.title),
        ScoreColumn(word("maximum"), 11, "decimal", lambda row: row.maximum),
        ScoreColumn(word("points"), 11, "decimal", points),
        ScoreColumn(word("percent"), 13, "decimal", _percent),
        ScoreColumn(word("from"), 10, "decimal", lambda row: rounded(row.points_low), interval),
        ScoreColumn(word("to"), 10, "decimal", lambda row: rounded(row.points_high), interval),
        ScoreColumn(word("source"), 42, "text", lambda row: row.source_note),
    ]


def _percent(row: ScoreRow) -> float | None:
    if row.points is None or row.maximum is None or row.maximum <= 0:
        return None
    return rounded(row.points / row.maximum * 100)
