"""One cell as the raw answer to one item: an option by its id, label or number, several, or a text.

Not whether the answer is right: that is read by the same reader as the forms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from survey.questionnaires import Item, Option, Text
from survey.reports.reading import CellValue, folded

#: What the exports write where there is no answer, and what that means on the way back.
NO_ANSWER = frozenset({".not_asked", ".refused"})
DONT_KNOW = ".dont_know"
_CHOSEN = frozenset({"1", "x", "có", "co", "yes", "true", "đúng"})
_NOT_CHOSEN = frozenset({"", "0", "không", "khong", "no", "false", "sai", *NO_ANSWER})
_BETWEEN = re.compile("[;\n]")
Raw = str | list[str] | None


class BadAnswer(Exception):
    """A cell is not an answer to its item; `code` is a word of `problems.py`."""

    def __init__(self, code: str, **places: object) -> None:
        self.code = code
        self.places = places
        super().__init__(code)


class ItemCells:
    """Reads the cells of one item; a value met before is not worked out again."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self._options = _options_by_name(item)
        self._known: dict[tuple[type, CellValue], Raw] = {}

    def read(self, value: CellValue) -> Raw:
        """Give the raw answer in a cell; None where there is none.

        Raises:
            BadAnswer: it names no option, or is of a kind that no answer has.
        """
        if value is None or value in NO_ANSWER:
            return None
        key = (type(value), value)
        if key not in self._known:
            if self.item.scale is None:
                return self._text(value)
            self._known[key] = self._several(value) if self.item.kind == "multiple" else self._one(value)
        return self._known[key]

    def _one(self, value: CellValue) -> str:
        found = None if isinstance(value, bool | date) else self._options.get(folded(value))
        if found is None:
            raise BadAnswer("unknown-option", value=value, item=self.item.text, choices=self._choices())
        return found

    def _several(self, value: CellValue) -> list[str]:
        if not isinstance(value, str) or folded(value) in self._options:
            return [self._one(value)]
        return [self._one(part) for part in _BETWEEN.split(value) if part.strip()]

    def _text(self, value: CellValue) -> str:
        if isinstance(value, bool):
            raise BadAnswer("wrong-type", item=self.item.text)
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)

    def _choices(self) -> Text:
        options = self.item.scale.options if self.item.scale else ()
        return Text(tuple((to, "; ".join(one.label.in_(to) for one in options)) for to in ("vi", "en")))


def is_chosen(value: CellValue) -> bool:
    """Read the cell of one option of several: 1 or x is chosen, 0 or nothing is not.

    Raises:
        BadAnswer: it is neither.
    """
    said = folded(value)
    if said not in _CHOSEN and said not in _NOT_CHOSEN:
        raise BadAnswer("not-one-or-zero")
    return said in _CHOSEN


def _options_by_name(item: Item) -> Mapping[str, str]:
    """Map what may stand in a cell to the id of an option: ids first, then labels, then numbers."""
    if item.scale is None:
        return {}
    options = item.scale.options
    names: dict[str, str] = {folded(option.id): option.id for option in options}
    for language in ("vi", "en"):
        for option in options:
            names.setdefault(folded(option.label.in_(language)), option.id)
    for option in options:
        if option.value is not None:
            names.setdefault(str(option.value), option.id)
    apart = [option.id for option in options if option.excluded]
    if len(apart) == 1:
        names[DONT_KNOW] = apart[0]
    return names


def shown_option(option: Option) -> str:
    """Say an option as the template offers it."""
    return option.label.in_("vi")
