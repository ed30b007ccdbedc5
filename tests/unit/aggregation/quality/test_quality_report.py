"""The report: thresholds with sources, words in both languages, bits, and what was not looked for."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

import survey.aggregation.quality as room
from survey.aggregation.quality import SOURCES, WORDS, BadRules, Rules, bit_of, describe_word, errors, review
from survey.errors import LANGUAGES
from tests.unit.aggregation.promises import assert_said_in_both_languages, errors_of


def test_every_threshold_names_its_source() -> None:
    assert set(SOURCES) == {one.name for one in fields(Rules)}
    assert all(SOURCES.values())


@pytest.mark.parametrize("name", [one.name for one in fields(Rules)])
def test_a_threshold_outside_its_range_is_refused_by_name(name: str) -> None:
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(BadRules, match=name):
            Rules(**{name: wrong})


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(BadRules, match="match_share"):
        Rules(match_share=1.01)


def test_every_word_has_a_bit_and_both_languages() -> None:
    assert len({bit_of(word) for word in WORDS}) == len(WORDS) <= 32
    for word, texts in WORDS.items():
        assert set(texts) == set(LANGUAGES)
        assert describe_word(word) == texts["vi"] != describe_word(word, "en")


def some() -> dict[str, np.ndarray]:
    answers = np.random.default_rng(3).integers(1, 6, (30, 24))
    answers[4] = answers[17]
    answers[9, 3:] = -1
    return {f"q{at}": column for at, column in enumerate(answers.T)}


def test_a_rule_without_data_is_absent_and_not_empty() -> None:
    assert [one.word for one in review(some()).findings] == ["exact_duplicate", "item_nonresponse"]
    assert review(some()).matches is None


def test_findings_bits_words_and_flags_tell_the_same_story() -> None:
    report = review(some(), groups={"psu": ["a"] * 30})
    assert np.flatnonzero(report.flagged).tolist() == [4, 9, 17]
    for finding in report.findings:
        assert finding.rows.tolist() == [row for row in range(30) if finding.word in report.words(row)]
        assert finding.rows.tolist() == np.flatnonzero(report.flagged_by(finding.word)).tolist()
        assert finding.count == finding.rows.size
        assert finding.share == finding.count / finding.judged
        assert finding.text("vi") == WORDS[finding.word]["vi"]
        for (name, value), source in zip(finding.thresholds, finding.sources, strict=True):
            assert value == getattr(report.rules, name)
            assert source == SOURCES[name]


def test_an_unknown_word_is_no_empty_answer() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        review(some()).flagged_by("nonsense")


def test_a_report_cannot_be_changed_after_the_fact() -> None:
    report = review(some())
    with pytest.raises(FrozenInstanceError):
        report.bits = np.zeros(30)  # type: ignore[misc, assignment]  # the point of the test
    with pytest.raises(ValueError, match="read-only"):
        report.bits[0] = 1


def test_the_answers_are_left_as_they_were() -> None:
    answers = some()
    before = {item: column.copy() for item, column in answers.items()}
    review(answers, groups={"psu": ["a"] * 30})
    for item, column in answers.items():
        np.testing.assert_array_equal(column, before[item])


def test_errors_have_their_own_codes_and_both_languages() -> None:
    leaves = errors_of(errors)
    assert sorted(one.code for one in leaves) == [f"SVY-422-13{digit}" for digit in range(5)]
    assert_said_in_both_languages(leaves, r"SVY-422-13[0-4]")
    assert all(one.__name__ in room.__all__ for one in leaves)
