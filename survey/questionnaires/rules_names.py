"""Pass 2, names: every id once in its kind, and an honest claim to be official.

Whether an id that is named elsewhere exists belongs to the rule that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from survey.questionnaires.outline import Outline
from survey.questionnaires.places import Place
from survey.questionnaires.problems import Problem, problem


def check_names(outline: Outline) -> Iterator[Problem]:
    """Report ids used twice among scales, options, sections, items, formulas and nodes."""
    items = [item.place for item in outline.items]
    for places in (outline.scales, outline.sections, items, outline.formulas):
        yield from _once(places)
    for scale in outline.scales:
        yield from _once(scale.each("options"))
    for formula in outline.formulas:
        yield from _once(outline.nodes(formula), taken=outline.item_by_id)
    for status in outline.document.inside("status"):
        if status.data.get("official") is True and not (status.word("decision") or "").strip():
            yield problem("official-without-decision", status.at("decision"))


def _once(places: Iterable[Place], taken: Iterable[str] = ()) -> Iterator[Problem]:
    seen = set(taken)
    for place in places:
        id = place.word("id")
        if id is None:
            continue
        if id in seen:
            yield problem("duplicate-id", place.at("id"), id=id)
        seen.add(id)
