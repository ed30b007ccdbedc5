"""Sheet “Ghi chú”: formula, intervals, hashes and rules, so that every figure can be recomputed."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at, put_text
from survey.reports.figures import count_text, percent_text
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import BODY, plain, style_name
from survey.reports.summary.page import begin_sheet, write_title
from survey.reports.summary.shown import n_of
from survey.reports.summary.values import SummaryReport
from survey.reports.summary.words import say

_LABEL_WIDTH, _TEXT_WIDTH = 34, 92


def write_notes_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write one row a fact: what it is, and what it says."""
    sheet.column_dimensions["A"].width = _LABEL_WIDTH
    sheet.column_dimensions["B"].width = _TEXT_WIDTH
    pen = begin_sheet(sheet, report, 2)
    write_title(pen, report, (say("title_notes", report.language),))
    pen.skip()
    for label, text in (*_about_figures(report), *_about_sources(report), *_own_notes(report)):
        for index, part in ((1, label), (2, text)):
            cell = cell_at(sheet, pen.line, index)
            cell.style = style_name("text")
            put_text(cell, part)
            cell.font = plain(BODY, bold=index == 1)
            cell.alignment = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
        set_height(sheet, pen.line, [(label, _LABEL_WIDTH - 4), (text, _TEXT_WIDTH - 4)])
        pen.skip()


def _about_figures(report: SummaryReport) -> list[tuple[str, str]]:
    language = report.language
    total = n_of(report.totals.overall) if report.totals else sum(row.n for row in report.rows)
    facts = {
        "status": report.status_note,
        "round": f"{report.round_title} – {report.period}",
        "formula": f"{report.formula.title}\n{report.formula.text}",
        "respondents_all": count_text(total, language),
        "method": report.formula.interval_method,
        "level": percent_text(report.formula.level * 100, 0, language),
        "rule_few": say("note_few", language, few=report.few),
        "rule_dash": say("note_dash", language),
        "rule_rounding": say("note_rounding", language, sheet=say("sheet_data", language)),
    }
    return [(say(word, language), text) for word, text in facts.items()]


def _about_sources(report: SummaryReport) -> list[tuple[str, str]]:
    source = report.provenance
    facts = {
        "questionnaire": f"{source.questionnaire.id}, {source.questionnaire.version}",
        "questionnaire_status": source.questionnaire.status_note,
        "questionnaire_sha256": source.questionnaire.sha256,
        "snapshot_sha256": source.snapshot_sha256,
        "result_sha256": source.result_sha256,
        "code_version": source.code_version,
        "made_at": source.made_at.strftime("%d/%m/%Y %H:%M %z"),
    }
    return [(say(word, report.language), text) for word, text in facts.items()]


def _own_notes(report: SummaryReport) -> list[tuple[str, str]]:
    return [
        (say("note", report.language, number=number), text)
        for number, text in enumerate(report.notes, start=1)
    ]
