"""The paper form: routing that is never told wrong, every word on it, letters that the font has."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaires import Questionnaire, load, load_shipped, shipped, visible_items
from survey.reports.print import paper_form
from survey.reports.print.paper_form import PaperCopy, PaperFrame, paper_form_data, paper_form_pdf
from survey.reports.print.routing_words import RoutingWords, numbered

FRAME = PaperFrame("Đợt thử")
OPTIONS = ("a", "b", "c")


def _item(name: str, rule: Any = None) -> dict[str, Any]:
    text = {"vi": f"Câu {name}?", "en": f"{name}?"}
    made = {
        "id": name,
        "kind": "single",
        "text": text,
        "scale": "abc",
        "required": False,
        "role": "perception",
    }
    return made | ({"show_if": rule} if rule else {})


def _questionnaire(rules: list[Any], section_rule: Any = None) -> Questionnaire:
    """Make a questionnaire of single choices, from a shipped one's frame, with these rules by item."""
    document = json.loads(load_shipped("service-counter").raw)
    scale = {
        "id": "abc",
        "kind": "nominal",
        "options": [{"id": one, "label": {"vi": one.upper(), "en": one}} for one in OPTIONS],
    }
    half = len(rules) // 2
    items = [_item(f"q{place}", rule) for place, rule in enumerate(rules)]
    sections = [
        {"id": "one", "title": {"vi": "Một", "en": "One"}, "items": items[:half]},
        {"id": "two", "title": {"vi": "Hai", "en": "Two"}, "items": items[half:]},
    ]
    if section_rule:
        sections[1]["show_if"] = section_rule
    kept = document["sections"]
    document["sections"] = [*sections, *kept]
    document["scales"] = [scale, *document["scales"]]
    return load(json.dumps(document, ensure_ascii=False).encode())


def rules_before(place: int) -> st.SearchStrategy[Any]:
    """Draw a rule that looks at questions before a place only, as the checker asks."""
    asked = st.integers(0, place - 1).map("q{}".format)
    leaf = st.builds(
        lambda item, options: {"item": item, "in": sorted(options)},
        asked,
        st.sets(st.sampled_from(OPTIONS), min_size=1, max_size=2),
    ) | asked.map(lambda item: {"answered": item})
    several = lambda inner: st.lists(inner, min_size=1, max_size=2)  # noqa: E731  # a strategy's own
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(lambda one: {"not": one}),
            several(inner).map(lambda parts: {"all": parts}),
            several(inner).map(lambda parts: {"any": parts}),
        ),
        max_leaves=3,
    )


@st.composite
def routed(draw: st.DrawFn) -> Questionnaire:
    from survey.questionnaires import CorruptQuestionnaire

    rules = [None] + [draw(st.none() | rules_before(place)) for place in range(1, 5)]
    section_rule = draw(st.none() | rules_before(2))
    try:
        return _questionnaire(rules, section_rule)
    except CorruptQuestionnaire:  # a rule that nothing can fulfil: no questionnaire
        return _questionnaire([None] * 5)


def _followed(questionnaire: Questionnaire, answers: dict[str, str]) -> Iterator[str]:
    """Walk the form as a reader who goes where the arrows send and passes over nothing else."""
    words, items, place = RoutingWords(questionnaire), questionnaire.items, 0
    while place < len(items):
        item = items[place]
        yield item.id
        given_ = answers.get(item.id)
        way = next((one for one in words.ways(item) if given_ in one.options), None)
        place = place + 1 if way is None else (len(items) if way.number is None else way.number - 1)


@given(routed(), st.lists(st.sampled_from([*OPTIONS, None]), min_size=5, max_size=5))
def test_who_follows_the_ways_misses_no_question_that_is_asked(
    questionnaire: Questionnaire, chosen: list[str | None]
) -> None:
    """Never wrong: "go on to question n" passes over only what routing leaves out for certain."""
    given_ = {f"q{place}": option for place, option in enumerate(chosen) if option}
    # A reader answers only what is asked, by the conditions that stand at each question.
    asked = set(visible_items(questionnaire, given_))
    answers = {item: option for item, option in given_.items() if item in asked}
    assert asked <= set(_followed(questionnaire, answers))


@pytest.mark.parametrize("name", shipped())
def test_a_way_is_told_only_where_something_is_passed_over(name: str) -> None:
    """The last question of a form is followed by its end anyway."""
    asked = load_shipped(name)
    words = RoutingWords(asked)
    for item in asked.items:
        assert all(
            (way.number or len(asked.items) + 1) > words.number(item.id) + 1 for way in words.ways(item)
        )


@given(routed())
def test_every_rule_is_said_where_it_is_asked(questionnaire: Questionnaire) -> None:
    data = paper_form_data(questionnaire, FRAME, ())
    for section, printed in zip(questionnaire.sections, data["sections"], strict=True):
        assert bool(section.show_if) == bool(printed["condition"])
        for item, line in zip(section.items, printed["items"], strict=True):
            assert bool(item.show_if) == bool(line["condition"])
            named = {int(number) for number in re.findall(r"câu (\d+)", line["condition"])}
            rests = item.show_if.items() if item.show_if else frozenset()
            assert named == {numbered(questionnaire)[one] for one in rests}


def test_the_shipped_form_tells_its_ways() -> None:
    asked = load_shipped("sipas-service-users-2017")
    line = next(
        one for part in paper_form_data(asked, FRAME, ())["sections"] for one in part["items"] if one["ways"]
    )
    assert line["ways"] == ["Nếu chọn “Sớm hẹn” hoặc “Đúng hẹn” hoặc “Không nhớ”: sang câu 5."]


@pytest.mark.parametrize("name", shipped())
def test_every_question_and_answer_stands_on_the_form(name: str) -> None:
    asked = load_shipped(name)
    data = paper_form_data(asked, FRAME, ())
    told = [line["text"] for part in data["sections"] for line in part["items"]]
    assert told == [item.text.in_("vi") for item in asked.items]
    for section, printed in zip(asked.sections, data["sections"], strict=True):
        for item, line in zip(section.items, printed["items"], strict=True):
            labels = [one["label"] for one in printed["columns"] or line["options"]]
            assert labels == ([one.label.in_("vi") for one in item.scale.options] if item.scale else [])
            assert (line["lines"] > 0) == (item.scale is None)


@pytest.mark.parametrize("name", shipped())
def test_the_font_has_every_letter_of_the_form(name: str) -> None:
    """L4: no tofu, with the highland letters too; an arrow of the first draft had none."""
    template = Path(paper_form.__file__).with_suffix(".typ").read_text(encoding="utf-8")
    told = json.dumps(
        paper_form_data(
            load_shipped(name), FRAME, [PaperCopy("1-00001-5", "Ƀ ƀ č đ ñ ĕ ê̆ ĭ ŏ ô̆ ơ̆ ŭ ư̆", "x")]
        ),
        ensure_ascii=False,
    )
    assert {hex(ord(one)) for one in template + told if one.isprintable()} <= {hex(one) for one in _letters()}


def test_a_symbol_that_the_font_lacks_would_be_seen() -> None:
    assert ord("→") not in _letters()
    assert "sym.arrow" not in Path(paper_form.__file__).with_suffix(".typ").read_text(encoding="utf-8")


def test_copies_are_one_file_and_a_specimen_says_so() -> None:
    asked = load_shipped("service-counter")
    copies = [PaperCopy(f"1-0000{place}-0", "Xã Thử", "Thôn 1") for place in range(1, 4)]
    made = paper_form_pdf(asked, FRAME, copies)
    assert made.startswith(b"%PDF-")
    # Two pages a copy: sheets of their own, printed on both sides.
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 6
    assert [one["number"] for one in paper_form_data(asked, FRAME, ())["copies"]] == [""]


def test_what_people_wrote_is_never_markup() -> None:
    """A round's title with Typst's own signs is printed as it stands."""
    wild = PaperFrame('#panic("x") *đậm* $x$ \\ [ ] @nowhere "')
    assert paper_form_pdf(load_shipped("service-counter"), wild, ()).startswith(b"%PDF-")


def test_a_grid_stands_only_where_all_questions_are_alike_and_none_is_routed() -> None:
    for name, _ in product(shipped(), (0,)):
        asked = load_shipped(name)
        for section, printed in zip(
            asked.sections, paper_form_data(asked, FRAME, ())["sections"], strict=True
        ):
            if printed["columns"]:
                assert len({item.scale.id for item in section.items if item.scale}) == 1
                assert all(item.kind == "single" and not item.show_if for item in section.items)


def _letters() -> set[int]:
    """Read which letters Noto Sans has, from its character map (format 12)."""
    found = find_spec("fontpkg_noto_sans")
    assert found is not None
    assert found.origin is not None
    raw = (Path(found.origin).parent / "files" / "NotoSans[wdth,wght].ttf").read_bytes()
    tables = struct.unpack(">H", raw[4:6])[0]
    records = (struct.unpack(">4sIII", raw[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    start = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    for n in range(struct.unpack(">H", raw[start + 2 : start + 4])[0]):
        place = start + struct.unpack(">HHI", raw[start + 4 + 8 * n : start + 12 + 8 * n])[2]
        if struct.unpack(">H", raw[place : place + 2])[0] == 12:
            groups = struct.unpack(">I", raw[place + 12 : place + 16])[0]
            spans = (
                struct.unpack(">III", raw[place + 16 + 12 * g : place + 28 + 12 * g]) for g in range(groups)
            )
            return {one for first, last, _glyph in spans for one in range(first, last + 1)}
    raise AssertionError("the font has no map of format 12")
