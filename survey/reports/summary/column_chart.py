"""One native column chart with error bars and a mean line, from figures that stand on a sheet.

Not which units are drawn or where (chart_sheet.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname

from survey.reports.cells import clean_text
from survey.reports.summary.look import FONT

_BAR, _MEAN, _WHISKER, _GRID = "2F75B5", "C00000", "404040", "D9D9D9"
_WIDTH_CM, _HEIGHT_CM = 24, 15.5
_UPRIGHT = -5_400_000  # 60,000ths of a degree: names read from bottom to top


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows `first` to `last` of a sheet, and in which column each figure stands (1 is A)."""

    sheet: str
    first: int
    last: int
    names: int
    values: int
    below: int
    above: int
    mean: int

    def at(self, column: int) -> str:
        letter = get_column_letter(column)
        return f"{quote_sheetname(self.sheet)}!${letter}${self.first}:${letter}${self.last}"


def column_chart(figures: Figures, title: str, series_names: tuple[str, str]) -> BarChart:
    """Return a column chart of percentages from 0 to 100 with interval arms and a mean line."""
    chart = BarChart()
    chart.type, chart.style, chart.gapWidth = "col", 10, 40
    chart.width, chart.height = _WIDTH_CM, _HEIGHT_CM
    chart.title = _title(title)
    chart.legend.position = "b"
    chart.legend.txPr = _letters(1000)
    chart.series.append(_columns(figures, series_names[0]))
    _set_axes(chart)
    chart += _mean_line(figures, series_names[1])
    return chart


def _columns(figures: Figures, name: str) -> Series:
    series = _series(figures, figures.values, name)
    series.graphicalProperties = GraphicalProperties(solidFill=_BAR)
    series.errBars = ErrorBars(
        errBarType="both",
        errValType="cust",
        plus=NumDataSource(numRef=NumRef(f=figures.at(figures.above))),
        minus=NumDataSource(numRef=NumRef(f=figures.at(figures.below))),
        noEndCap=False,
        spPr=GraphicalProperties(ln=LineProperties(solidFill=_WHISKER, w=9525)),
    )
    return series


def _mean_line(figures: Figures, name: str) -> LineChart:
    series = _series(figures, figures.mean, name)
    series.graphicalProperties = GraphicalProperties(
        ln=LineProperties(solidFill=_MEAN, prstDash="dash", w=19050)
    )
    series.marker = Marker(symbol="none")
    series.smooth = False
    line = LineChart()
    line.series.append(series)
    return line


def _series(figures: Figures, column: int, name: str) -> Series:
    series: Series = SeriesFactory(figures.at(column), title=clean_text(name))
    series.cat = AxDataSource(strRef=StrRef(f=figures.at(figures.names)))
    return series


def _set_axes(chart: BarChart) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.txPr = _letters(800, turned=_UPRIGHT)
    chart.y_axis.txPr = _letters(1000)
    chart.y_axis.number_format = "0"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 100
    chart.y_axis.majorUnit = 10
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))


def _title(text: str) -> Title:
    letters = CharacterProperties(sz=1300, b=True, latin=Font(typeface=FONT))
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=clean_text(text))]
    )
    title = Title()
    title.tx = Text(rich=RichText(bodyPr=RichTextProperties(), p=[paragraph]))
    title.overlay = False
    return title


def _letters(size: int, turned: int | None = None) -> RichText:
    """Return text properties; size in hundredths of a point, `turned` in 60,000ths of a degree."""
    letters = CharacterProperties(sz=size, latin=Font(typeface=FONT))
    return RichText(
        bodyPr=RichTextProperties(rot=turned, vert="horz") if turned else RichTextProperties(),
        p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)],
    )
