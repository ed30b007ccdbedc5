"""The outline of a document under check: its scales, sections, items and formulas by place.

Built from whatever the file holds, broken parts left out, so that each meaning rule reads the
same tolerant view. It is not the questionnaire: that is made by `loading` from a sound file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from survey.questionnaires.places import Json, Place


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """One item with its section and its position in the whole document."""

    place: Place
    section: Place
    position: int

    @property
    def id(self) -> str | None:
        return self.place.word("id")

    @property
    def kind(self) -> str | None:
        return self.place.word("kind")

    @property
    def required(self) -> bool:
        return self.place.data.get("required") is True


@dataclass(frozen=True, slots=True)
class Outline:
    """Hold every well-formed object of a document; of two with one id, the first is found."""

    document: Place
    languages: tuple[str, ...]
    scales: tuple[Place, ...]
    sections: tuple[Place, ...]
    items: tuple[ItemPlace, ...]
    formulas: tuple[Place, ...]
    scale_by_id: dict[str, Place]
    item_by_id: dict[str, ItemPlace]

    @classmethod
    def of(cls, document: dict[str, Json]) -> Outline:
        """Read the outline of a JSON object."""
        root = Place("", document)
        sections = tuple(root.each("sections"))
        pairs = [(section, place) for section in sections for place in section.each("items")]
        items = tuple(ItemPlace(place, section, n) for n, (section, place) in enumerate(pairs))
        scales = tuple(root.each("scales"))
        return cls(
            document=root,
            languages=tuple(word for _, word in root.words("languages")),
            scales=scales,
            sections=sections,
            items=items,
            formulas=tuple(root.each("formulas")),
            scale_by_id={id: scale for scale in reversed(scales) if (id := scale.word("id"))},
            item_by_id={id: item for item in reversed(items) if (id := item.id)},
        )

    def scale_of(self, item: ItemPlace) -> Place | None:
        """Find the scale an item names, if both are there."""
        return self.scale_by_id.get(item.place.word("scale") or "")

    def nodes(self, formula: Place) -> Iterator[Place]:
        """Walk the nodes of a formula in tree order."""
        waiting = list(formula.inside("tree"))
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(node.each("children"))))


def counted(scale: Place) -> list[Place]:
    """List the options of a scale that stay in the denominator."""
    return [option for option in scale.each("options") if option.data.get("excluded") is not True]


def levels_of(scale: Place) -> set[int]:
    """Collect the values an answer on this scale can have."""
    return {value for option in counted(scale) if (value := option.whole("value")) is not None}
