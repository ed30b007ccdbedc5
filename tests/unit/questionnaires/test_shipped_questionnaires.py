"""The shipped questionnaires have the published shape, say what they are, and read plainly."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from survey.questionnaires import Questionnaire, check, leaf_items, load_shipped, shipped, visible_items
from survey.questionnaires.loading import DOCUMENTS

#: A4 asks for at most 20 words. Vietnamese is written by syllable, about 1.5 to a word.
MOST_SYLLABLES = 30
MOST_WORDS = 20
ABBREVIATION = re.compile(r"\b[A-ZĐ]{2,}\b")
CITIZENS = {"citizens", "organisations"}


@pytest.fixture(params=shipped())
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    return load_shipped(request.param)


@pytest.fixture(params=[id for id in shipped() if CITIZENS & set(load_shipped(id).populations)])
def for_citizens(request: pytest.FixtureRequest) -> Questionnaire:
    return load_shipped(request.param)


def roles(id: str) -> Counter[str]:
    return Counter(item.role for item in load_shipped(id).items)


def test_five_questionnaires_are_shipped() -> None:
    assert shipped() == (
        "delegates-assessment",
        "leaders-assessment",
        "service-counter",
        "sipas-households-2024",
        "sipas-service-users-2017",
    )


def test_each_document_is_sound_and_named_like_its_file(questionnaire: Questionnaire) -> None:
    assert check(questionnaire.raw) == []
    assert (DOCUMENTS / f"{questionnaire.id}.json").read_bytes() == questionnaire.raw


def test_each_document_names_its_sources_and_does_not_claim_to_be_official(
    questionnaire: Questionnaire,
) -> None:
    assert list(json.loads(questionnaire.raw))[:5] == ["schema_version", "id", "version", "status", "sources"]
    assert questionnaire.sources
    assert not questionnaire.status.official
    assert "dự án này" in questionnaire.status.note.in_("vi")
    assert "this project" in questionnaire.status.note.in_("en")


def test_each_document_is_complete_in_both_languages(questionnaire: Questionnaire) -> None:
    assert questionnaire.languages == ("vi", "en")
    for item in questionnaire.items:
        assert item.text.in_("en") != item.text.in_("vi")


def test_a_page_holds_at_most_nine_questions(questionnaire: Questionnaire) -> None:
    assert max(len(section.items) for section in questionnaire.sections) <= 9


def test_every_ordinal_question_lets_people_leave_the_denominator(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        if scale.kind == "ordinal":
            assert [option.excluded for option in scale.options].count(True) == 1


def test_the_household_questionnaire_has_the_criteria_counts_of_2024() -> None:
    """42 perception, 51 satisfaction, 10 needs.

    Source: VNA, "Over 90% of citizens report no difficulties from civil servants".
    """
    counted = roles("sipas-households-2024")
    assert (counted["perception"], counted["satisfaction"], counted["needs"]) == (42, 51, 10)


def test_the_household_index_covers_nine_policy_groups_and_five_factors() -> None:
    """Nine groups: Báo Gia Lai on SIPAS 2023; five factors: Decision 1001/QĐ-BNV."""
    household = load_shipped("sipas-households-2024")
    formula = household.formula()
    policy, service = formula.root.children
    groups = [child.id for child in policy.children if child.items[0].startswith("B1c")]
    assert len(groups) == 9
    assert len(service.children) == 5
    assert (len(leaf_items(policy)), len(leaf_items(service))) == (32, 19)
    assert [len(child.items) for child in service.children][:2] == [3, 4]


@pytest.mark.parametrize("id", ["sipas-households-2024", "sipas-service-users-2017"])
def test_every_overall_formula_counts_every_satisfaction_item_and_no_other(id: str) -> None:
    questionnaire = load_shipped(id)
    satisfaction = {item.id for item in questionnaire.items if item.role == "satisfaction"}
    for formula in questionnaire.formulas:
        if formula.root.id == "overall":
            assert set(leaf_items(formula.root)) == satisfaction


def test_people_who_used_no_service_are_not_asked_about_it() -> None:
    household = load_shipped("sipas-households-2024")
    asked = set(visible_items(household, {"A8.used": "no"}))
    assert not {item for item in asked if item.startswith("B2.")}
    assert {item for item in visible_items(household, {}) if item.startswith("B2.")}


def test_the_service_user_questionnaire_has_five_factors_and_22_criteria() -> None:
    """5 factors, 22 criteria split 4, 5, 6, 3, 4: LuatVietnam on Decision 2640/QĐ-BNV (2017)."""
    users = load_shipped("sipas-service-users-2017")
    factors = users.formula().root.children
    assert [len(factor.items) for factor in factors] == [4, 5, 6, 3, 4]
    assert roles(users.id)["satisfaction"] == 22
    assert [item.id for item in users.items if item.role == "needs"] == [f"E{n}" for n in range(1, 11)]


def test_the_counter_asks_one_fully_labelled_question_and_requires_nothing_else() -> None:
    counter = load_shipped("service-counter")
    rating, reasons, comment = counter.items
    assert rating.text.in_("vi") == "Ông/Bà hài lòng đến mức nào với việc phục vụ hôm nay?"
    assert rating.scale is not None
    labels = [option.label.in_("vi") for option in rating.scale.options]
    assert labels[:5] == ["Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng"]
    assert labels[5:] == ["Không ý kiến / Không dùng dịch vụ"]
    assert len({option.face for option in rating.scale.options}) == 6
    assert [item.required for item in counter.items] == [True, False, False]
    assert reasons.scale is not None
    assert (reasons.kind, len(reasons.scale.options)) == ("multiple", 7)
    assert (comment.kind, comment.max_length) == ("text", 1000)


def test_every_answer_at_the_counter_leads_along_the_same_path() -> None:
    """K3: praise and blame cost the same number of steps."""
    counter = load_shipped("service-counter")
    assert all(item.show_if is None for item in counter.items)
    assert all(section.show_if is None for section in counter.sections)


@pytest.mark.parametrize(("id", "blocks"), [("leaders-assessment", 6), ("delegates-assessment", 5)])
def test_assessments_have_the_blocks_of_provincial_plans(id: str, blocks: int) -> None:
    """Six blocks at Gia Lai, five at Lâm Đồng (their 2025 survey plans)."""
    assessment = load_shipped(id)
    formula = assessment.formula()
    assert len(formula.root.children) == blocks == len(assessment.sections)
    assert formula.scale_range == (0.0, 4.0)
    assert all(item.required and item.kind == "single" for item in assessment.items)


def syllables(words: str) -> int:
    return len(re.findall(r"\w+", words))


def test_citizen_questions_are_short(for_citizens: Questionnaire) -> None:
    """A4: at most 20 words a question."""
    for item in for_citizens.items:
        assert syllables(item.text.in_("vi")) <= MOST_SYLLABLES, item.id
        assert syllables(item.text.in_("en")) <= MOST_WORDS, item.id


def test_citizen_texts_hold_no_abbreviation(for_citizens: Questionnaire) -> None:
    """A4: no abbreviation where citizens read; sources and notes are for officials."""
    texts = [for_citizens.title, for_citizens.intro]
    texts += [text for section in for_citizens.sections for text in (section.title, section.intro) if text]
    texts += [text for item in for_citizens.items for text in (item.text, item.hint) if text]
    texts += [option.label for scale in for_citizens.scales for option in scale.options]
    for text in texts:
        for language in for_citizens.languages:
            assert not ABBREVIATION.findall(text.in_(language)), text


def test_citizens_are_addressed_politely(for_citizens: Questionnaire) -> None:
    rude = re.compile(r"\b(bạn(?! bè)|anh|chị|mày|ông bà)\b", re.IGNORECASE)
    for item in for_citizens.items:
        assert not rude.findall(item.text.in_("vi")), item.id
