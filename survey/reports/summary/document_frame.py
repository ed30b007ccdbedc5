"""What makes a sheet a document: agency and country over it, notes and signatures under it.

Decree 30/2020/NĐ-CP, Annex I, for the heading. Not the table between them.
"""

from __future__ import annotations

from survey.reports.figures import percent_text, place_and_date_text
from survey.reports.summary.look import BODY, LARGE, SMALL, plain
from survey.reports.summary.page import Pen
from survey.reports.summary.values import SummaryReport
from survey.reports.summary.words import say


def write_heading(pen: Pen, report: SummaryReport) -> None:
    """Write the four rows over the title: agency at the left, country and motto at the right."""
    heading, language = report.heading, report.language
    left, right = _halves(pen)
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
        pen.place(right_text, right_font, right, pen.width)
        pen.skip()


def write_notes(pen: Pen, report: SummaryReport) -> None:
    """Write what a reader of the table must know: status, interval, few answers, signs."""
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


def write_signatures(pen: Pen, report: SummaryReport) -> None:
    """Write who prepared it at the left and who signs it at the right."""
    heading, language = report.heading, report.language
    left, right = _halves(pen)
    pen.skip()
    for first, last, title in (
        (1, left, heading.prepared_by or say("prepared_by", language)),
        (right, pen.width, heading.signer or say("signer", language)),
    ):
        pen.place(title.upper(), plain(LARGE, bold=True), first, last)
        pen.line += 1
        pen.place(say("sign_here", language), plain(BODY, italic=True), first, last)
        pen.line -= 1
    pen.skip(2)


def _halves(pen: Pen) -> tuple[int, int]:
    """Return the last column of the left block and the first of the right one."""
    return max(pen.width * 2 // 5, 2), max(pen.width // 2, 3) + 1
