"""Answers: what counts as answered, what as satisfied, and what is refused."""

import numpy as np
import pytest

from survey.aggregation import (
    BadAnswers,
    BadRequest,
    DifferentLengths,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
    proportions,
)

TOP = Measure("top_share", (5, 4))


def test_minus_one_leaves_the_denominator() -> None:
    figure = TOP.read(np.array([5, 4, 3, -1, 0], dtype=np.int8))
    assert figure.answered.tolist() == [True, True, True, False, True]
    assert figure.value.tolist() == [True, True, False, False, False]


def test_nan_leaves_the_denominator() -> None:
    figure = Measure("mean").read(np.array([2.5, np.nan, -3.0]))
    assert figure.answered.tolist() == [True, False, True]
    assert figure.value.tolist() == [2.5, 0.0, -3.0]


def test_levels_and_decimals_give_the_same_estimate() -> None:
    levels = np.array([5, 4, -1, 2, 1, 4, 3, 5], dtype=np.int8)
    decimals = np.where(levels < 0, np.nan, levels)
    design = SampleDesign.build(weights=np.arange(1.0, 9.0))
    for measure in (TOP, Measure("mean")):
        whole = analyse(design, {"a": levels}, measure=measure)
        assert whole.value.tolist() == analyse(design, {"a": decimals}, measure=measure).value.tolist()


@pytest.mark.parametrize(
    "column",
    [
        np.array(["5", "4"]),
        np.array([5, "rất hài lòng"], dtype=object),
        np.array([5, -2], dtype=np.int8),
        np.array([1.0, np.inf]),
        np.zeros((2, 2)),
    ],
)
def test_answers_that_are_not_numbers_or_have_unknown_codes_are_refused_by_item(column: np.ndarray) -> None:
    with pytest.raises(BadAnswers, match="b7"):
        ItemBlock.from_columns({"b7": column})


def test_columns_must_be_of_one_length_and_of_the_design_s() -> None:
    with pytest.raises(DifferentLengths, match="b2"):
        ItemBlock.from_columns({"b1": np.ones(3), "b2": np.ones(2)})
    with pytest.raises(DifferentLengths, match="b1"):
        analyse(SampleDesign.build(weights=np.ones(4)), {"b1": np.ones(3)}, measure=TOP)


def test_repeated_or_absent_items_are_refused() -> None:
    with pytest.raises(BadRequest):
        ItemBlock.from_matrix(["a", "a"], np.ones((3, 2), dtype=np.int8))
    with pytest.raises(BadRequest):
        ItemBlock.from_matrix(["a", "b", "c"], np.ones((3, 2), dtype=np.int8))
    with pytest.raises(BadRequest):
        ItemBlock.from_columns({})


@pytest.mark.parametrize(
    ("kind", "levels"), [("top_share", ()), ("mean", (4,)), ("top_share", (-1, 5)), ("median", ())]
)
def test_a_measure_that_makes_no_sense_is_refused(kind: str, levels: tuple[int, ...]) -> None:
    with pytest.raises(BadRequest):
        Measure(kind, levels)  # type: ignore[arg-type]  # wrong on purpose


def test_shares_of_a_column_s_values_sum_to_one_over_those_who_have_one() -> None:
    design = SampleDesign.build(weights=[1.0, 2.0, 3.0, 4.0, 5.0])
    analysis = proportions(design, ["nam", "nữ", None, "nữ", "nam"])
    assert analysis.statistics == ("nam", "nữ")
    assert analysis.value[0].tolist() == pytest.approx([6 / 12, 6 / 12])
    assert analysis.estimate("", "nam").n == 4


def test_a_column_without_any_value_is_refused() -> None:
    with pytest.raises(BadAnswers):
        proportions(SampleDesign.build(weights=np.ones(2)), [None, ""])
