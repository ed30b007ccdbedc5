"""Loading: sound files become frozen values, others are refused whole with every problem."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest

from survey.questionnaires import (
    AllOf,
    Answered,
    AnyOf,
    CorruptQuestionnaire,
    Not,
    OneOf,
    Text,
    UnknownPart,
    UnknownQuestionnaire,
    load,
    load_file,
    load_shipped,
    shipped,
)
from tests.unit.questionnaires.sample import SOUND, broken, drop, encode


def test_a_sound_file_becomes_a_questionnaire_that_knows_its_bytes(tmp_path: Path) -> None:
    raw = encode(SOUND)
    (tmp_path / "q.json").write_bytes(raw)
    questionnaire = load_file(tmp_path / "q.json")
    assert questionnaire.raw == raw
    assert questionnaire.sha256 == hashlib.sha256(raw).hexdigest()
    assert [item.id for item in questionnaire.items] == ["a", "why", "b", "c", "more"]
    assert questionnaire.populations == ("citizens",)
    assert questionnaire.formula().id == "share"
    assert questionnaire.formula("score").scale_range == (1.0, 3.0)
    assert questionnaire.formula("share").scale_range == (0.0, 1.0)


def test_routing_rules_become_a_frozen_tree() -> None:
    questionnaire = load(encode(SOUND))
    assert questionnaire.item("why").show_if == Not(OneOf("a", frozenset({"unknown"})))
    assert questionnaire.section("second").show_if == AnyOf(
        (OneOf("a", frozenset({"bad", "fair"})), OneOf("why", frozenset({"other"})))
    )
    assert questionnaire.item("more").show_if == AllOf((Answered("why"), OneOf("b", frozenset({"bad"}))))


def test_a_corrupt_file_is_refused_whole_with_every_problem() -> None:
    with pytest.raises(CorruptQuestionnaire) as refused:
        load(broken(drop("title.en"), drop("scales[0].direction")))
    assert refused.value.code == "SVY-422-10"
    assert {problem.code for problem in refused.value.problems} == {
        "missing-translation",
        "direction-missing",
    }
    assert refused.value.text("vi") == "Tệp bộ câu hỏi có 2 lỗi nên không được sử dụng."


@pytest.mark.parametrize("name", ["missing.json", ".", "bad\x00name"])
def test_a_file_that_cannot_be_read_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownQuestionnaire) as missing:
        load_file(f"{tmp_path}/{name}")
    assert missing.value.code == "SVY-404-10"
    assert str(tmp_path) not in missing.value.text("vi")


def test_a_questionnaire_that_is_not_shipped_is_not_found() -> None:
    with pytest.raises(UnknownQuestionnaire):
        load_shipped("../sample")


def test_the_same_bytes_are_read_once() -> None:
    assert load(encode(SOUND)) is load(encode(SOUND))
    assert load_shipped(shipped()[0]) is load_shipped(shipped()[0])


def test_a_questionnaire_cannot_be_changed() -> None:
    questionnaire = load(encode(SOUND))
    with pytest.raises(dataclasses.FrozenInstanceError):
        questionnaire.version = "2.0.0"  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize("part", ["item", "section", "formula"])
def test_a_part_that_is_not_there_is_not_found(part: str) -> None:
    with pytest.raises(UnknownPart):
        getattr(load(encode(SOUND)), part)("nothing")


def test_a_text_falls_back_to_vietnamese() -> None:
    words = Text.of({"en": "Yes", "vi": "Có"})
    assert [words.in_(language) for language in ("en", "vi", "ede")] == ["Yes", "Có", "Có"]
