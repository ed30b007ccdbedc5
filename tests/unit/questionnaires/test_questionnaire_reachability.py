"""Reachability and routing agree: what the checker calls dead, no answering ever shows."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaires import Questionnaire, check, on_path, visible_items
from survey.questionnaires.building import build
from tests.unit.questionnaires.sample import Document, encode, sound, text

OPTIONS = ("x", "y", "z")
SCALE = {"id": "s", "kind": "nominal", "options": [{"id": o, "label": text(o)} for o in OPTIONS]}
DEAD = {"unreachable-item", "unreachable-section"}


def rules(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    name = st.sampled_from(names)
    chosen = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3, unique=True)
    leaf = st.builds(lambda item, options: {"item": item, "in": options}, name, chosen) | st.builds(
        lambda item: {"answered": item}, name
    )
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"all": parts})
            | st.lists(inner, min_size=1, max_size=2).map(lambda parts: {"any": parts})
            | inner.map(lambda part: {"not": part})
        ),
        max_leaves=4,
    )


@st.composite
def routed(draw: st.DrawFn) -> Document:
    """Draw four items over two sections, each perhaps with a rule about the ones before."""
    items: list[dict[str, Any]] = []
    second: dict[str, Any] = {"id": "second", "title": text("2"), "items": []}
    for number in range(4):
        names = [item["id"] for item in items]
        if number == 2 and draw(st.booleans()):
            second["show_if"] = draw(rules(names))
        item: dict[str, Any] = {"id": f"i{number}", "kind": draw(st.sampled_from(["single", "multiple"]))}
        item |= {"role": "about", "text": text("?"), "scale": "s", "required": draw(st.booleans())}
        if names and draw(st.booleans()):
            item["show_if"] = draw(rules(names))
        if item["kind"] == "multiple":
            item["max_choices"] = 2
        items.append(item)
    document = sound()
    document["scales"] = [SCALE]
    second["items"] = items[2:]
    document["sections"] = [{"id": "first", "title": text("1"), "items": items[:2]}, second]
    return document


def every_answering(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    subsets = [("x",), ("y",), ("z",), ("x", "y"), ("x", "z"), ("y", "z")]
    ways = [[None, *(subsets if item.kind == "multiple" else OPTIONS)] for item in questionnaire.items]
    names = [item.id for item in questionnaire.items]
    return [
        {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for values in product(*ways)
    ]


def shown_somewhere(questionnaire: Questionnaire) -> set[str]:
    """Collect, by trying everything, the items that some complete answering shows."""
    found: set[str] = set()
    required = {item.id for item in questionnaire.items if item.required}
    for answers in every_answering(questionnaire):
        for item in visible_items(questionnaire, answers):
            found.add(item)
            if item in required and item not in answers:
                break
    return found


@settings(max_examples=120, deadline=None)
@given(routed())
def test_the_checker_calls_dead_exactly_what_no_answering_shows(document: Document) -> None:
    document["formulas"] = []  # not about formulas; nominal items could not enter one
    reported = {problem.path for problem in check(encode(document)) if problem.code in DEAD}
    questionnaire = build(document, raw=b"", sha256="")
    dead = set()
    for s, section in enumerate(questionnaire.sections):
        for i, item in enumerate(section.items):
            if {f"sections[{s}].show_if", f"sections[{s}].items[{i}].show_if"} & reported:
                dead.add(item.id)
    assert {item.id for item in questionnaire.items} - shown_somewhere(questionnaire) == dead


@settings(max_examples=80, deadline=None)
@given(routed(), st.data())
def test_dropping_skipped_branches_changes_no_path_and_is_done_once(
    document: Document, data: st.DataObject
) -> None:
    questionnaire = build({**document, "formulas": []}, raw=b"", sha256="")
    answers = data.draw(st.sampled_from(every_answering(questionnaire)))
    kept = on_path(questionnaire, answers)
    assert visible_items(questionnaire, kept) == visible_items(questionnaire, answers)
    assert set(kept) == set(visible_items(questionnaire, answers)) & set(answers)
    assert on_path(questionnaire, kept) == kept
