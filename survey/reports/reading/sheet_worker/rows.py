"""One sheet as its rows: each value by its declared type, formulas and merged cells reported.

A formula's last result is not believed: the program that wrote the file could have left anything there.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from .numbers import day, iso_day, number
from .parts import local
from .references import Range, range_of, row_and_column, row_number
from .refusal import Refused
from .telling import Telling, Value
from .texts import BadCell, clean, unescaped
from .workbook_parts import Styles

_MERGED_RANGES = 10_000
_FORMULA_RANGES = 200


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the cells of every sheet refer to."""

    texts: list[str]
    styles: Styles
    since_1904: bool


@dataclass(slots=True)
class _Open:
    """The cell that is being read."""

    row: int
    column: int
    kind: str
    style: str | None
    has_formula: bool = False


class Rows(ContentHandler):
    """Tells each row that holds something as soon as it ends."""

    def __init__(self, around: Surroundings, telling: Telling) -> None:
        super().__init__()
        self._around = around
        self._telling = telling
        self._row = self._column = 0
        self._values: dict[int, Value] = {}
        self._cell: _Open | None = None
        self._pieces: list[str] | None = None
        self._content: list[str] = []
        self._aside = 0
        self._formulas: list[Range] = []
        self._merged = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        match local(name):
            case "row":
                self._row = row_number(attrs.get("r"), self._row)
                self._column, self._values = 0, {}
            case "c":
                self._begin_cell(attrs)
            case "v" | "t" if self._cell is not None and not self._aside:
                self._pieces = []
            case "rPh":
                self._aside += 1
            case "f" if self._cell is not None:
                self._formula(self._cell, attrs)
            case "mergeCell":
                self._merge(attrs.get("ref", ""))

    def characters(self, content: str) -> None:
        if self._pieces is not None:
            self._pieces.append(content)

    def endElement(self, name: str) -> None:
        match local(name):
            case "v" | "t" if self._pieces is not None:
                # Each run of a text is escaped by itself; numbers have no escapes.
                self._content.append(unescaped("".join(self._pieces)))
                self._pieces = None
            case "rPh":
                self._aside -= 1
            case "c" if self._cell is not None:
                self._end_cell(self._cell)
            case "row":
                self._end_row()

    def _begin_cell(self, attrs: AttributesImpl) -> None:
        reference = attrs.get("r")
        row, column = (self._row, self._column + 1) if reference is None else row_and_column(reference)
        if row != self._row or column <= self._column:
            raise Refused("damaged")
        self._column = column
        self._content = []
        self._cell = _Open(row, column, attrs.get("t", "n"), attrs.get("s"))

    def _formula(self, cell: _Open, attrs: AttributesImpl) -> None:
        cell.has_formula = True
        if attrs.get("t") in ("array", "dataTable") and "ref" in attrs:
            self._formulas.append(range_of(attrs["ref"]))
            if len(self._formulas) > _FORMULA_RANGES:
                raise Refused("too-many-formulas")

    def _end_cell(self, cell: _Open) -> None:
        self._cell = None
        try:
            if cell.has_formula or self._is_result(cell):
                raise BadCell("formula")
            value = self._value(cell, "".join(self._content)) if self._content else None
        except BadCell as bad:
            self._telling.problem(cell.row, cell.column, bad.code)
            return
        if value is not None:
            self._values[cell.column] = value

    def _is_result(self, cell: _Open) -> bool:
        """Say whether a cell is filled by the formula of another."""
        return any(
            top <= cell.row <= bottom and left <= cell.column <= right
            for top, left, bottom, right in self._formulas
        )

    def _value(self, cell: _Open, content: str) -> Value:
        match cell.kind:
            case "s":
                return clean(self._shared(content))
            case "inlineStr" | "str":
                return clean(content)
            case "b":
                return content.strip() in ("1", "true")
            case "e":
                raise BadCell("error-value")
            case "d":
                return iso_day(content)
        value = number(content.strip())
        is_day = self._around.styles.is_day(cell.style)
        return day(value, since_1904=self._around.since_1904) if is_day else value

    def _shared(self, place: str) -> str:
        texts = self._around.texts
        if not (place.strip().isascii() and place.strip().isdigit()) or len(place) > 9:
            raise Refused("damaged")
        if int(place) >= len(texts):
            raise Refused("damaged")
        return texts[int(place)]

    def _end_row(self) -> None:
        if self._values:
            last = max(self._values)
            self._telling.row(self._row, [self._values.get(column) for column in range(1, last + 1)])

    def _merge(self, reference: str) -> None:
        range_of(reference)
        self._merged += 1
        if self._merged > _MERGED_RANGES:
            raise Refused("too-many-merged", most=_MERGED_RANGES)
        self._telling.merged(reference)
