"""Straight-lining: blocks, runs, variability, and the same answer to opposite statements."""

from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import DifferentLengths
from survey.aggregation.quality import BadRules, Block, QualityReport, Rules, review
from survey.aggregation.quality.columns import commonest, longest_run
from survey.aggregation.quality.straight_lining import variability

NONE = float("nan")
ITEMS = tuple(f"q{number}" for number in range(10))


def judged(*rows: list[float], rules: Rules | None = None, block: Block | None = None) -> QualityReport:
    matrix = np.array(rows, dtype=float)
    answers = dict(zip(ITEMS, matrix.T, strict=False))
    return review(answers, rules=rules, blocks=[block or Block("service", ITEMS[: matrix.shape[1]])])


ROWS = st.lists(
    st.lists(st.sampled_from([1.0, 2.0, 3.0, NONE]), min_size=7, max_size=7), min_size=1, max_size=20
)


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_the_longest_run_is_that_of_a_walk_along_the_row(rows: list[list[float]]) -> None:
    expected = [
        max((len(list(run)) for value, run in groupby(row, str) if value != "nan"), default=0) for row in rows
    ]
    assert longest_run(np.array(rows)).tolist() == expected


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_the_commonest_answer_is_counted_without_the_missing(rows: list[list[float]]) -> None:
    expected = [max(Counter(value for value in row if value == value).values(), default=0) for row in rows]
    assert commonest(np.array(rows)).tolist() == expected


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_variability_is_the_standard_deviation_of_the_row(rows: list[list[float]]) -> None:
    """Dunn et al. 2018: the sample standard deviation of one respondent's answers."""
    for row, found in zip(rows, variability(np.array(rows)), strict=True):
        given_answers = [value for value in row if value == value]
        expected = np.std(given_answers, ddof=1) if len(given_answers) > 1 else np.nan
        assert found == pytest.approx(expected, nan_ok=True)


def test_one_answer_throughout_is_flagged_and_a_mixture_is_not() -> None:
    report = judged([4] * 10, [4, 5] * 5)
    assert report.words(0) == ("identical_answers", "long_run", "low_variability")
    assert report.words(1) == ()


def test_a_missing_answer_does_not_break_identity_but_ends_a_run() -> None:
    report = judged([4, 4, 4, 4, 4, NONE, 4, 4, 4, 4], rules=Rules(run_share=0.6))
    assert "identical_answers" in report.words(0)
    assert "long_run" not in report.words(0)


def test_the_share_threshold_is_met_at_equality() -> None:
    """0.55 of twenty items is eleven: 0.55 * 20 is a little more than 11 in binary, and counts as 11."""
    items = tuple(f"q{number}" for number in range(20))
    matrix = np.array([[4] * 11 + [1, 2, 3] * 3, [4] * 10 + [1, 2, 3, 5, 1, 2, 3, 5, 1, 2]])
    rules = Rules(identical_share=0.55, run_share=0.55, variability=0.0)
    report = review(dict(zip(items, matrix.T, strict=True)), rules=rules, blocks=[Block("b", items)])
    assert report.words(0) == ("identical_answers", "long_run")
    assert report.words(1) == ()


def test_too_few_answers_are_not_judged() -> None:
    report = judged([4, 4, 4, 4] + [NONE] * 6, [4] * 5 + [NONE] * 5)
    finding = report.finding("identical_answers")
    assert finding is not None
    assert (finding.judged, finding.count, finding.rows.tolist()) == (1, 1, [1])


OPPOSITE = Block("trust", ITEMS[:6], reversed=("q1", "q4"), scale=(1, 5))


def test_the_same_answer_to_opposite_statements_is_a_contradiction_but_for_the_middle() -> None:
    report = judged([5] * 6, [3] * 6, [5, 1, 5, 5, 1, 5], block=OPPOSITE)
    assert "contradictory_answers" in report.words(0)
    assert "contradictory_answers" not in report.words(1)
    assert "identical_answers" in report.words(1)
    assert report.words(2) == ()


def test_a_contradiction_needs_an_answer_to_either_wording() -> None:
    report = judged([5, NONE, 5, 5, NONE, 5], block=OPPOSITE, rules=Rules(block_answers=4))
    assert report.words(0) == ("identical_answers", "low_variability")


def test_answers_already_turned_round_are_looked_at_as_given() -> None:
    recoded = Block("trust", ITEMS[:6], reversed=("q1", "q4"), scale=(1, 5), recoded=True)
    given_rows = np.array([[5.0] * 6, [2, 4, 1, 1, 4, 2]])
    turned = given_rows.copy()
    turned[:, [1, 4]] = 6 - turned[:, [1, 4]]
    one, other = judged(*given_rows, block=OPPOSITE), judged(*turned, block=recoded)
    assert one.bits.tolist() == other.bits.tolist()
    assert "contradictory_answers" in other.words(0)


def test_any_block_flags_the_response() -> None:
    answers = dict(zip(ITEMS, np.array([[4] * 5 + [1, 2, 3, 4, 5]]).T, strict=True))
    report = review(answers, blocks=[Block("one", ITEMS[:5]), Block("two", ITEMS[5:])])
    assert "identical_answers" in report.words(0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": ("q0",)},
        {"items": ("q0", "q0")},
        {"items": ("q0", "q1"), "reversed": ("q2",), "scale": (1, 5)},
        {"items": ("q0", "q1"), "reversed": ("q1",)},
        {"items": ("q0", "q1"), "reversed": ("q1",), "scale": (5, 1)},
    ],
)
def test_a_block_that_makes_no_sense_is_refused(wrong: dict) -> None:
    with pytest.raises(BadRules):
        Block("block", **wrong)


def test_a_block_with_an_absent_item_names_it() -> None:
    with pytest.raises(BadRules, match="q99"):
        review({"q0": np.array([1, 2]), "q1": np.array([1, 2])}, blocks=[Block("b", ("q0", "q99"))])


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(DifferentLengths):
        review({"q0": np.array([1, 2]), "q1": np.array([1, 2, 3])})
