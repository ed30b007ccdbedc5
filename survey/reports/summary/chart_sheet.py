"""Sheet “Biểu đồ”: native column charts of the index by unit, with intervals and the mean line.

Native, so that an official can restyle them; drawn from the table at their left. At most 64
units a chart, so that names stay legible on A4. The axis starts at 0: columns are lengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from survey.reports.figures import percent_text
from survey.reports.summary.column_chart import Figures, column_chart
from survey.reports.summary.page import begin_sheet, write_title
from survey.reports.summary.shown import in_order, rounded, shown
from survey.reports.summary.table import Column, write_header, write_row
from survey.reports.summary.values import SummaryReport, UnitRow
from survey.reports.summary.words import say

UNITS_A_CHART = 64
_FIRST_COLUMN, _LAST_COLUMN, _CHART_LINES = 9, 22, 30

ChartColumn = Column["Bar"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit's column: its value, the two arms of its interval, the mean of all."""

    name: str
    n: int
    value: float
    below: float | None
    above: float | None
    mean: float | None


def bars(report: SummaryReport) -> list[Bar]:
    """Return what is drawn: every unit with a figure to show, highest first."""
    mean = shown(report.totals.overall).value if report.totals else None
    drawn = [_bar(row, mean) for row in in_order(report, report.rows) if shown(row.overall).value is not None]
    return sorted(drawn, key=lambda bar: -bar.value)


def write_chart_sheet(sheet: Worksheet, report: SummaryReport) -> None:
    """Write the table of what is drawn and one chart for each 64 units."""
    drawn = bars(report)
    columns = _columns(report)
    pen = begin_sheet(sheet, report, len(columns))
    write_title(pen, report, (say("title_chart", report.language),))
    pen.skip()
    header = pen.line
    pen.line = write_header(sheet, header, columns)
    for bar in drawn:
        write_row(sheet, pen.line, columns, bar)
        pen.skip()
    parts = list(_parts(len(drawn), pen.line - len(drawn)))
    for number, (first, last) in enumerate(parts):
        figures = Figures(sheet.title, first, last, names=1, values=3, below=4, above=5, mean=6)
        chart = column_chart(figures, _chart_title(report, number + 1, len(parts)), _series_names(report))
        sheet.add_chart(chart, f"{get_column_letter(_FIRST_COLUMN)}{1 + number * _CHART_LINES}")
    _print_charts_only(sheet, len(parts))


def _bar(row: UnitRow, mean: float | None) -> Bar:
    seen = shown(row.overall)
    value = seen.value or 0.0
    below = None if seen.low is None else rounded(value - seen.low)
    above = None if seen.high is None else rounded(seen.high - value)
    return Bar(row.name, row.n, value, below, above, mean)


def _columns(report: SummaryReport) -> list[ChartColumn]:
    def word(key: str) -> str:
        return say(key, report.language)

    level = percent_text(report.formula.level * 100, 0, report.language)
    interval = say("interval", report.language, level=level)
    return [
        ChartColumn(word("unit_name"), 30, "text", lambda bar: bar.name),
        ChartColumn(word("respondents"), 13, "integer", lambda bar: bar.n),
        ChartColumn(word("index"), 10, "decimal", lambda bar: bar.value),
        ChartColumn(word("half_low"), 9, "decimal", lambda bar: bar.below, interval),
        ChartColumn(word("half_high"), 9, "decimal", lambda bar: bar.above, interval),
        ChartColumn(word("mean_line"), 10, "decimal", lambda bar: bar.mean),
    ]


def _parts(units: int, first_line: int) -> Iterator[tuple[int, int]]:
    """Yield first and last sheet row of each chart, charts of nearly equal length."""
    count = -(-units // UNITS_A_CHART)
    for part in range(count):
        start, stop = part * units // count, (part + 1) * units // count
        yield first_line + start, first_line + stop - 1


def _chart_title(report: SummaryReport, part: int, parts: int) -> str:
    language = report.language
    level = percent_text(report.formula.level * 100, 0, language)
    which = say("chart_part", language, part=part, parts=parts) if parts > 1 else ""
    title = say("chart_of", language, level=level, part=which)
    return f"{say('simulated_mark', language)} – {title}" if report.simulated else title


def _series_names(report: SummaryReport) -> tuple[str, str]:
    return say("index", report.language), say("mean_line", report.language)


def _print_charts_only(sheet: Worksheet, charts: int) -> None:
    """Print one chart a page; Excel ignores page breaks when it fits to width, so none is asked."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    for index in range(_FIRST_COLUMN, _LAST_COLUMN + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 8.5
    last = max(charts, 1) * _CHART_LINES
    sheet.print_area = f"{get_column_letter(_FIRST_COLUMN)}1:{get_column_letter(_LAST_COLUMN)}{last}"
    for number in range(1, charts):
        sheet.row_breaks.append(Break(id=number * _CHART_LINES))
