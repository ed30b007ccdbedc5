"""The questionnaire as a frozen value: sections, items, scales, options.

What every other room sees of a questionnaire. Made only by `loading` from a checked document;
nothing here reads files, checks meaning or keeps answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar

from survey.questionnaires.errors import UnknownPart
from survey.questionnaires.formulas import Formula
from survey.questionnaires.routing import Rule
from survey.questionnaires.texts import Text

Kind = Literal["single", "multiple", "text"]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Option:
    """Offer one answer; `excluded` ("don't know") leaves the denominator and has no value."""

    id: str
    value: int | None
    label: Text
    face: str | None = None
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Hold the options of a question in the order shown.

    An ordinal scale's values run strictly in `direction` ("ascending" or "descending") down the
    list; a larger value is always the better one. A nominal scale has neither.
    """

    id: str
    kind: Literal["ordinal", "nominal"]
    direction: Literal["ascending", "descending"] | None
    options: tuple[Option, ...]
    _by_id: Mapping[str, Option] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {option.id: option for option in self.options})

    def __contains__(self, option: object) -> bool:
        return option in self._by_id

    def option(self, id: str) -> Option:
        """Find an option; UnknownPart when the scale has none of that name."""
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownPart(name=id) from None

    @property
    def values(self) -> Mapping[str, int]:
        """Map the options that count to their values; empty for a nominal scale."""
        return MappingProxyType({o.id: o.value for o in self.options if o.value is not None})

    @property
    def range(self) -> tuple[int, int]:
        """Give the lowest and the highest value of an ordinal scale."""
        values = self.values.values()
        return min(values), max(values)


@dataclass(frozen=True, slots=True)
class Item:
    """Ask one thing. `scale` is None for a text; `role` says what the answer is used for."""

    id: str
    kind: Kind
    text: Text
    hint: Text | None
    scale: Scale | None
    required: bool
    show_if: Rule | None
    max_length: int | None
    max_choices: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Section:
    """Group the items that stand on one page of a phone."""

    id: str
    title: Text
    intro: Text | None
    items: tuple[Item, ...]
    show_if: Rule | None


@dataclass(frozen=True, slots=True)
class Source:
    """Name where a part of the questionnaire comes from."""

    title: str
    url: str | None
    used_for: Text


@dataclass(frozen=True, slots=True)
class Status:
    """Say honestly whether this is an official instrument, and after which decision."""

    official: bool
    note: Text
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Hold one version of a questionnaire; `sha256` is of the file's bytes, kept in `raw`."""

    schema_version: int
    id: str
    version: str
    sha256: str
    populations: tuple[str, ...]
    languages: tuple[str, ...]
    title: Text
    intro: Text
    status: Status
    sources: tuple[Source, ...]
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    formulas: tuple[Formula, ...]
    default_formula: str
    raw: bytes = field(repr=False, compare=False)
    items: tuple[Item, ...] = field(init=False, repr=False, compare=False)
    _items: Mapping[str, Item] = field(init=False, repr=False, compare=False)
    _sections: Mapping[str, Section] = field(init=False, repr=False, compare=False)
    _formulas: Mapping[str, Formula] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        items = tuple(item for section in self.sections for item in section.items)
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "_items", {item.id: item for item in items})
        object.__setattr__(self, "_sections", {section.id: section for section in self.sections})
        object.__setattr__(self, "_formulas", {formula.id: formula for formula in self.formulas})

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def item(self, id: str) -> Item:
        """Find an item; UnknownPart when there is none of that name."""
        return _part(self._items, id)

    def section(self, id: str) -> Section:
        """Find a section; UnknownPart when there is none of that name."""
        return _part(self._sections, id)

    def formula(self, id: str | None = None) -> Formula:
        """Find a formula, the default one unless named; UnknownPart when there is none."""
        return _part(self._formulas, self.default_formula if id is None else id)


def _part(parts: Mapping[str, Part], id: str) -> Part:
    try:
        return parts[id]
    except KeyError:
        raise UnknownPart(name=id) from None
