"""How the sheets of a criteria workbook look on screen and on paper.

Not what stands in them.
"""

from __future__ import annotations

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from survey.reports.cells import page_header_text
from survey.reports.criteria_workbook.layout import Column

_A3, _A4 = 8, 9
#: Column widths together that are still legible on A4 across.
_WIDEST_ON_A4 = 190
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_NUMBERS = {"number": "General", "day": "dd/mm/yyyy"}
_DEEPEST = 5


class Look:
    """The formats of one workbook; cells to fill are bordered, what is only to be read is grey."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        head = {**_FONT, "bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
        self.head = book.add_format({**head, "bg_color": "#E7EEF7"})
        self.aside = book.add_format({**head, "bg_color": "#EDEDED", "font_color": "#595959"})
        self.english = book.add_format(
            {**_FONT, "italic": True, "font_size": 10, "text_wrap": True, "align": "center",
             "font_color": "#595959"}
        )  # fmt: skip
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.plain = book.add_format(_FONT)
        self.told = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
        self._made: dict[tuple[str, bool, int, bool], Format] = {}

    def of(self, column: Column, *, bold: bool = False, indent: int = 0, quoted: bool = False) -> Format:
        """Give the format of a column's cells; text that looks like a formula is marked as text."""
        kind = "aside" if column.is_aside else column.kind
        key = (kind, bold, min(indent, _DEEPEST), quoted)
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {
                    **_FONT,
                    "num_format": _NUMBERS.get(kind, "@"),
                    "text_wrap": True,
                    "valign": "top",
                    "border": 1,
                    "border_color": "#BFBFBF",
                    "bold": bold,
                    "indent": 1 if kind == "number" else key[2],
                    "quote_prefix": quoted,
                    "align": "right" if kind == "number" else "left",
                    "font_color": "#595959" if kind == "aside" else "#000000",
                }
            )
        return self._made[key]


def set_up_page(sheet: Worksheet, name: str, said: str, *, repeat: int = 0, width: float = 0) -> None:
    """Set a sheet up for paper across, one page wide, its headers on every page; a wide one for A3."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if width <= _WIDEST_ON_A4 else _A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.4, top=0.8, bottom=0.7)
    sheet.set_header(f'&L&"Times New Roman"&10{page_header_text(said)}')
    sheet.set_footer(f'&L&"Times New Roman"&10{page_header_text(name)}&R&"Times New Roman"&10Trang &P/&N')
    if repeat:
        sheet.repeat_rows(0, repeat - 1)
