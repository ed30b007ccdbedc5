"""The summary workbook: which sheets there are, in which order, and the file they become."""

from __future__ import annotations

from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import clean_text, sheet_name
from survey.reports.summary.chart_sheet import bars, write_chart_sheet
from survey.reports.summary.data_sheet import write_data_sheet
from survey.reports.summary.factors_sheet import write_factors_sheet
from survey.reports.summary.items_sheet import write_items_sheet
from survey.reports.summary.look import register_styles
from survey.reports.summary.notes_sheet import write_notes_sheet
from survey.reports.summary.packing import save_reproducibly
from survey.reports.summary.score_sheet import write_score_sheet
from survey.reports.summary.units_sheet import write_units_sheet
from survey.reports.summary.values import SummaryReport
from survey.reports.summary.words import say
from survey.reports.targets import Target, whole_file


def write_summary(report: SummaryReport, target: Target) -> None:
    """Write one round's summary as xlsx; a sheet without content is left out.

    The same report gives the same bytes. The target is untouched when anything goes wrong.
    """
    with whole_file(target) as work:
        save_reproducibly(_workbook(report), work, report.provenance.made_at)


def _workbook(report: SummaryReport) -> Workbook:
    book = Workbook()
    del book[book.sheetnames[0]]
    register_styles(book)
    book.properties.title = clean_text(" ".join(report.heading.title))
    book.properties.creator = clean_text(report.heading.agency)
    write_units_sheet(_sheet(book, report, "sheet_units"), report)
    if bars(report):
        write_chart_sheet(_sheet(book, report, "sheet_chart"), report)
    if report.factors:
        write_factors_sheet(_sheet(book, report, "sheet_factors"), report)
    for table in report.item_tables:
        write_items_sheet(_sheet(book, report, "sheet_items"), report, table)
    if report.score is not None:
        write_score_sheet(_sheet(book, report, "sheet_score"), report, report.score)
    write_data_sheet(_sheet(book, report, "sheet_data"), report)
    write_notes_sheet(_sheet(book, report, "sheet_notes"), report)
    return book


def _sheet(book: Workbook, report: SummaryReport, word: str) -> Worksheet:
    sheet: Worksheet = book.create_sheet(sheet_name(say(word, report.language), book.sheetnames))
    return sheet
