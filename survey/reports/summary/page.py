"""A sheet as a page: A4, margins, print header, repeated rows, and the lines above and below a table.

Not the table itself (table.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.cells import cell_at, page_header_text, put_text
from survey.reports.summary.heights import set_height
from survey.reports.summary.look import BODY, FONT, LARGE, RED, plain
from survey.reports.summary.values import SummaryReport
from survey.reports.summary.words import say

_INCH = 25.4
_MARK_FILL = PatternFill("solid", start_color="FFF2CC")


@dataclass(slots=True)
class Pen:
    """A place on a sheet that moves down as lines are written across `width` columns."""

    sheet: Worksheet
    width: int
    line: int = 1

    def write(self, text: str, font: Font, *, align: str = "center", wrap_at: int = 0) -> None:
        """Write one merged line; with `wrap_at` characters a line, make it as high as its text."""
        self.place(text, font, 1, self.width, align=align)
        set_height(self.sheet, self.line, [(text, wrap_at)] if wrap_at else [])
        self.line += 1

    def place(self, text: str, font: Font, first: int, last: int, *, align: str = "center") -> None:
        """Write into merged columns of this line and stay on it."""
        cell = cell_at(self.sheet, self.line, first)
        put_text(cell, text)
        cell.font = font
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if last > first:
            self.sheet.merge_cells(
                start_row=self.line, start_column=first, end_row=self.line, end_column=last
            )

    def skip(self, lines: int = 1) -> None:
        self.line += lines


def begin_sheet(sheet: Worksheet, report: SummaryReport, width: int) -> Pen:
    """Dress a sheet for screen and print; write the simulated mark on top where it is due."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 85
    _dress_print(sheet, report)
    pen = Pen(sheet, width)
    if report.simulated:
        pen.write(say("simulated", report.language), plain(LARGE, bold=True, color=RED))
        sheet.cell(1, 1).fill = _MARK_FILL
    return pen


def write_title(pen: Pen, report: SummaryReport, lines: tuple[str, ...]) -> None:
    """Write a title in bold capitals, then round, period and population."""
    language = report.language
    for line in lines:
        pen.write(line.upper(), plain(LARGE + 1, bold=True))
    pen.write(
        say("period", language, round=report.round_title, period=report.period), plain(LARGE, italic=True)
    )
    pen.write(say("population", language, population=report.population), plain(BODY, italic=True))


def write_unit_line(pen: Pen, text: str) -> None:
    """Write what the figures are counted in, at the right above the table."""
    pen.write(text, plain(BODY, italic=True), align="right")


def hold_header(sheet: Worksheet, first: int, after: int, column: str) -> None:
    """Keep a table's header on screen and on every printed page; `column` is the first that scrolls."""
    sheet.print_title_rows = f"{first}:{after - 1}"
    sheet.freeze_panes = f"{column}{after}"


def _dress_print(sheet: Worksheet, report: SummaryReport) -> None:
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(
        left=20 / _INCH,
        right=15 / _INCH,
        top=20 / _INCH,
        bottom=20 / _INCH,
        header=9 / _INCH,
        footer=9 / _INCH,
    )
    sheet.print_options.horizontalCentered = True
    _dress_print_header(sheet, say("simulated_mark", report.language) if report.simulated else "")


def _dress_print_header(sheet: Worksheet, mark: str) -> None:
    """Number pages in the top margin from the second on (Decree 30/2020/NĐ-CP, Annex I)."""
    first, later = HeaderFooterItem(), HeaderFooterItem()
    later.center.text, later.center.font, later.center.size = "&P", FONT, LARGE
    if mark:
        for header in (first, later):
            header.right.text, header.right.color = page_header_text(mark), RED
            header.right.font, header.right.size = f"{FONT},Bold", BODY
    sheet.HeaderFooter = HeaderFooter(differentFirst=True, oddHeader=later, firstHeader=first)
