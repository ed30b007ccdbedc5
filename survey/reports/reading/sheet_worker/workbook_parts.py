"""What stands around the sheets of a workbook: their names, the shared texts, which formats are days.

Not the sheets themselves (rows.py).
"""

from __future__ import annotations

from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from .limits import LETTERS, SHEETS
from .numbers import is_day_format
from .parts import local
from .refusal import Refused
from .texts import BadCell, clean, unescaped

_TRUE = frozenset({"1", "true", "on"})


class ContentTypes(ContentHandler):
    """Refuses workbooks that carry macros, whatever their name says."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        kind = attrs.get("ContentType", "").casefold()
        if "macroenabled" in kind or "vbaproject" in kind or "macrosheet" in kind:
            raise Refused("macro")


class Book(ContentHandler):
    """The list of sheets and the calendar of a workbook."""

    def __init__(self) -> None:
        super().__init__()
        #: Name, link and whether it is hidden, in the order of the tabs.
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        match local(name):
            case "workbookPr":
                self.since_1904 = attrs.get("date1904", "0") in _TRUE
            case "sheet":
                self._sheet(attrs)

    def _sheet(self, attrs: AttributesImpl) -> None:
        link = next((value for key, value in attrs.items() if key.endswith(":id")), "")
        hidden = attrs.get("state", "visible") != "visible"
        try:
            told = clean(unescaped(attrs.get("name", ""))) or "?"
        except BadCell:
            told = "?"
        self.sheets.append((told, link, hidden))
        if len(self.sheets) > SHEETS:
            raise Refused("too-many-sheets", most=SHEETS)


class SharedTexts(ContentHandler):
    """The texts that cells point to; readings above the line (phonetic runs) are no part of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._runs: list[str] | None = None
        self._pieces: list[str] | None = None
        self._aside = 0
        self._letters = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        match local(name):
            case "si":
                self._runs = []
            case "rPh":
                self._aside += 1
            case "t" if not self._aside:
                self._pieces = []

    def characters(self, content: str) -> None:
        if self._pieces is not None:
            self._letters += len(content)
            if self._letters > LETTERS:
                raise Refused("too-much-text", most=LETTERS)
            self._pieces.append(content)

    def endElement(self, name: str) -> None:
        match local(name):
            case "t" if self._pieces is not None and self._runs is not None:
                # Each run is escaped by itself: two halves of an escape in two runs are none.
                self._runs.append(unescaped("".join(self._pieces)))
                self._pieces = None
            case "rPh":
                self._aside -= 1
            case "si":
                self.texts.append("".join(self._runs or ()))
                self._runs = None


class Styles(ContentHandler):
    """Which cell formats show a number as a day."""

    def __init__(self) -> None:
        super().__init__()
        self.days: list[bool] = []
        self._codes: dict[int, str] = {}
        self._in_cells = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        match local(name):
            case "numFmt":
                self._codes[_whole(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
            case "cellXfs":
                self._in_cells = True
            case "xf" if self._in_cells:
                number_id = _whole(attrs.get("numFmtId"))
                self.days.append(is_day_format(number_id, self._codes.get(number_id)))

    def endElement(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._in_cells = False

    def is_day(self, style: str | None) -> bool:
        """Say whether a cell of a style holds a day."""
        place = _whole(style)
        return place < len(self.days) and self.days[place]


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else 0
