"""Raw input becomes answers or a full list of what is wrong with it, never anything else."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.questionnaires import (
    ANSWER_CATALOGUE,
    Answers,
    InvalidAnswers,
    Questionnaire,
    UnknownPart,
    answers_sha256,
    canonical,
    load,
    load_shipped,
    on_path,
    read_answers,
    read_section,
    visible_items,
)
from tests.unit.questionnaires.sample import SOUND, broken, encode, put

WHOLE: dict[str, Any] = {"a": "bad", "why": ["wait"], "b": "bad", "c": "good", "more": "ý kiến"}


@pytest.fixture(scope="module")
def sample() -> Questionnaire:
    return load(encode(SOUND))


def problems_of(questionnaire: Questionnaire, raw: dict[Any, object]) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(questionnaire, raw)
    return {problem.item: problem.code for problem in refused.value.problems}


def test_a_whole_submission_is_read_as_options_and_text(sample: Questionnaire) -> None:
    answers = read_answers(sample, WHOLE)
    assert dict(answers) == {"a": "bad", "why": ("wait",), "b": "bad", "c": "good", "more": "ý kiến"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"a": ""}, {"a": "required"}),
        ({"a": None}, {"a": "required"}),
        ({"zz": "1"}, {"zz": "unknown-item"}),
        ({7: "1"}, {"7": "unknown-item"}),
        ({"a": ["bad"]}, {"a": "wrong-type"}),
        ({"a": True}, {"a": "wrong-type"}),
        ({"why": "wait"}, {"why": "wrong-type"}),
        ({"why": ["wait", 3]}, {"why": "wrong-type"}),
        ({"more": {"text": "x"}}, {"more": "wrong-type"}),
        ({"c": "5"}, {"c": "unknown-option"}),
        ({"why": ["wait", "bad"]}, {"why": "unknown-option"}),
        ({"why": ["wait", "wait"]}, {"why": "repeated-option"}),
        ({"why": ["wait", "manner", "other"]}, {"why": "too-many-choices"}),
        ({"more": "x" * 21}, {"more": "too-long"}),
        ({"more": "x" * 10_000_000}, {"more": "too-long"}),
        ({"more": "😀" * 20}, {"more": "too-long"}),
        ({"more": "a\x00b"}, {"more": "forbidden-character"}),
        ({"more": "a\x1bb"}, {"more": "forbidden-character"}),
        ({"more": "a\ud800b"}, {"more": "forbidden-character"}),
        ({"b": "good"}, {"more": "skipped-branch"}),
    ],
)
def test_input_that_breaks_a_rule_is_refused_beside_its_item(
    sample: Questionnaire, change: dict[Any, object], expected: dict[str, str]
) -> None:
    assert problems_of(sample, {**WHOLE, **change}) == expected


def test_every_code_of_the_answer_catalogue_is_earned_above() -> None:
    cases = test_input_that_breaks_a_rule_is_refused_beside_its_item.pytestmark[0].args[1]
    assert {code for _, expected in cases for code in expected.values()} == set(ANSWER_CATALOGUE)


def test_everything_wrong_is_said_at_once_in_the_order_of_the_form(sample: Questionnaire) -> None:
    raw = {"nobody": "x", "more": "\x00", "c": "9", "a": ""}
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(sample, {**WHOLE, **raw})
    assert [problem.item for problem in refused.value.problems] == ["a", "c", "more", "nobody"]
    assert refused.value.text("vi") == "Có 4 câu trả lời cần xem lại. Các câu khác vẫn được giữ."


def test_a_bad_answer_does_not_accuse_the_questions_that_follow_from_it(sample: Questionnaire) -> None:
    """Nobody can say whether `more` is asked while the answer to `b` cannot be read."""
    assert problems_of(sample, {**WHOLE, "b": "terrible"}) == {"b": "unknown-option"}


def test_the_log_never_holds_what_a_person_wrote(sample: Questionnaire) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(sample, {**WHOLE, "more": "Nguyễn Văn A\x00", "c": "0912345678"})
    assert refused.value.detail == "c: unknown-option; more: forbidden-character"


def test_a_hostile_field_name_is_cut_short_and_printable(sample: Questionnaire) -> None:
    (name,) = problems_of(sample, {**WHOLE, "x\nSVY\ud800" * 50: "1"})
    assert name.isprintable()
    assert len(name) <= 64


def test_blank_input_is_unanswered(sample: Questionnaire) -> None:
    assert dict(read_answers(sample, {"a": "unknown", "why": [], "b": "", "more": " \r\n\t "})) == {
        "a": "unknown"
    }


def test_an_excluded_option_is_an_answer_and_has_no_value(sample: Questionnaire) -> None:
    scale = sample.item("a").scale
    assert scale is not None
    assert scale.option("unknown").excluded
    assert dict(scale.values) == {"bad": 1, "fair": 2, "good": 3}


def test_text_is_kept_in_nfc_trimmed_with_plain_line_ends(sample: Questionnaire) -> None:
    raw = unicodedata.normalize("NFD", "  Cảm ơn\r\nnhiều ")
    assert read_answers(sample, {**WHOLE, "more": raw})["more"] == "Cảm ơn\nnhiều"


def test_decomposed_letters_are_counted_as_the_letters_they_are(sample: Questionnaire) -> None:
    """Twenty ệ arrive as sixty code points from some keyboards and are twenty letters."""
    assert read_answers(sample, {**WHOLE, "more": unicodedata.normalize("NFD", "ệ" * 20)})["more"] == "ệ" * 20


def test_chosen_options_are_kept_in_the_order_of_the_scale(sample: Questionnaire) -> None:
    one = read_answers(sample, {**WHOLE, "why": ["other", "wait"]})
    other = read_answers(sample, {**WHOLE, "why": ["wait", "other"]})
    assert one["why"] == ("wait", "other")
    assert answers_sha256(sample, one) == answers_sha256(sample, other)


def test_reading_page_by_page_gives_the_same_answers_as_reading_the_whole() -> None:
    questionnaire = load_shipped("sipas-households-2024")
    raw = {item.id: _last_option(item) for item in questionnaire.items}
    raw["A8.used"] = "yes"
    whole = read_answers(questionnaire, on_path(questionnaire, raw))
    pages: dict[str, object] = {}
    for section in questionnaire.sections:
        asked = {item.id: raw[item.id] for item in section.items if item.id in whole}
        page = read_section(questionnaire, section.id, asked, pages)
        assert set(page) <= {item.id for item in section.items}
        pages |= page
    assert pages == dict(whole)


def _last_option(item: Any) -> object:
    option = item.scale.options[-1].id
    return [option] if item.kind == "multiple" else option


def test_a_page_is_routed_by_earlier_pages_and_returns_only_its_own_answers(sample: Questionnaire) -> None:
    earlier = {"a": "bad", "why": ["wait"]}
    page = read_section(sample, "second", {"b": "bad", "more": "x"}, earlier)
    assert dict(page) == {"b": "bad", "more": "x"}


def test_a_page_of_a_skipped_branch_refuses_every_answer(sample: Questionnaire) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_section(sample, "second", {"b": "bad", "c": ""}, {"a": "good"})
    assert [(problem.item, problem.code) for problem in refused.value.problems] == [("b", "skipped-branch")]


def test_a_page_refuses_the_items_of_another_page(sample: Questionnaire) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        read_section(sample, "first", {"a": "bad", "b": "bad"}, {})
    assert [(problem.item, problem.code) for problem in refused.value.problems] == [("b", "unknown-item")]


def test_an_unknown_page_is_not_found(sample: Questionnaire) -> None:
    with pytest.raises(UnknownPart):
        read_section(sample, "third", {}, {})


def test_answers_behind_a_changed_mind_lead_nowhere(sample: Questionnaire) -> None:
    """`why` was answered, then `a` became unknown: `why` is hidden and opens no section."""
    changed = {"a": "unknown", "why": ["other"], "b": "bad"}
    assert visible_items(sample, changed) == ("a",)
    assert dict(on_path(sample, changed)) == {"a": "unknown"}


def test_canonical_json_has_sorted_keys_utf8_and_no_spaces() -> None:
    assert canonical(Answers({"b": "ý", "a": ["x", "y"]})) == '{"a":["x","y"],"b":"ý"}'.encode()


def test_the_hash_covers_the_questionnaire_too(sample: Questionnaire) -> None:
    answers = read_answers(sample, WHOLE)
    renamed = load(broken(put("title.vi", "Mẫu khác")))
    expected = hashlib.sha256(f"{sample.sha256}\n".encode() + canonical(answers)).hexdigest()
    assert answers_sha256(sample, answers) == expected
    assert answers_sha256(renamed, answers) != expected


def test_answers_cannot_be_changed() -> None:
    answers = Answers({"a": "bad"})
    with pytest.raises(TypeError):
        answers["a"] = "good"  # type: ignore[index]  # the point of the test
    assert hash(answers) == hash(Answers({"a": "bad"}))


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["bad", "fair", "good", "unknown", "wait", "other"])
    | st.lists(st.sampled_from(["wait", "manner", "other", "zz", 1]), max_size=4)
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "why", "b", "c", "more", "zz"]), VALUES))
def test_whatever_is_sent_is_read_or_refused(raw: dict[str, object]) -> None:
    questionnaire = load(encode(SOUND))
    try:
        answers = read_answers(questionnaire, raw)
    except InvalidAnswers:
        return
    assert set(answers) <= set(visible_items(questionnaire, answers))
    assert on_path(questionnaire, answers) == answers
    assert read_answers(questionnaire, answers) == answers
