"""Pass 2, items: sections with something in them, and items fit for their kind.

Routing between items is `rules_routing`; what enters an index is `rules_formulas`.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires.outline import ItemPlace, Outline
from survey.questionnaires.places import Place
from survey.questionnaires.problems import Problem, problem


def check_items(outline: Outline) -> Iterator[Problem]:
    """Report empty sections, and items whose scale or limits do not fit their kind."""
    for section in outline.sections:
        if section.data.get("items") == []:
            yield problem("empty-section", section.at("items"))
    for item in outline.items:
        if item.kind == "text":
            yield from _surplus(item.place, "scale", "scale-unexpected")
        elif item.kind is not None:
            yield from _scale(outline, item)
            yield from _surplus(item.place, "max_length", "max-length-unexpected")
        if item.kind == "multiple":
            yield from _choices(outline, item)
        elif item.kind is not None:
            yield from _surplus(item.place, "max_choices", "max-choices-unexpected")


def _surplus(place: Place, key: str, code: str) -> Iterator[Problem]:
    if key in place.data:
        yield problem(code, place.at(key))


def _scale(outline: Outline, item: ItemPlace) -> Iterator[Problem]:
    name = item.place.word("scale")
    if "scale" not in item.place.data:
        yield problem("scale-missing", item.place.at("scale"))
    elif name is not None and name not in outline.scale_by_id:
        yield problem("unknown-scale", item.place.at("scale"), id=name)


def _choices(outline: Outline, item: ItemPlace) -> Iterator[Problem]:
    scale = outline.scale_of(item)
    if scale is None:
        return
    options = list(scale.each("options"))
    if any(option.data.get("excluded") is True for option in options):
        yield problem("excluded-in-multiple", item.place.at("scale"))
    most = item.place.whole("max_choices")
    if most is not None and most > len(options):
        yield problem("max-choices-too-large", item.place.at("max_choices"), count=len(options))
