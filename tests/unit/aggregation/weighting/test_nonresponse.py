"""Nonresponse cells: respondents carry their cell, sums stay, merging follows the declared rule."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import BadAnswers, DifferentLengths, MissingLabels
from survey.aggregation.weighting import (
    BadCollapse,
    NonresponseAdjustment,
    TooFewRespondents,
    adjust_for_nonresponse,
)


def sample(**respondents: tuple[int, int]) -> dict[str, Any]:
    """Make a sample of cells, each (sampled, respondents), all of base weight 2."""
    cells = [label for label, (sampled, _) in respondents.items() for _ in range(sampled)]
    flags = [at < answered for sampled, answered in respondents.values() for at in range(sampled)]
    return {"weights": np.full(len(cells), 2.0), "cells": cells, "responded": flags}


def adjusted(least: int = 5, most: float = 3.0, **arguments: Any) -> NonresponseAdjustment:
    return adjust_for_nonresponse(**arguments, least=least, most=most)


def test_respondents_carry_the_weight_of_their_cell() -> None:
    """Weights 1, 3 respond and 2, 2 do not: factor (1+3+2+2)/(1+3) = 2; the other cell is complete."""
    made = adjust_for_nonresponse(
        [1.0, 3.0, 2.0, 2.0, 5.0], ["a", "a", "a", "a", "b"], [1, 1, 0, 0, 1], least=1, most=2.0
    )
    assert made.weights.tolist() == [2.0, 6.0, 0.0, 0.0, 5.0]
    assert [cell.factor for cell in made.cells] == [2.0, 1.0]
    assert [cell.response_rate for cell in made.cells] == [0.5, 1.0]
    assert made.row_cell.tolist() == [0, 0, 0, 0, 1]
    assert made.merges == ()


@settings(deadline=None, max_examples=50)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 8), st.floats(1.0, 4.0), st.sampled_from(["order", "parents"])
)
def test_sums_stay_and_every_cell_passes(seed: int, least: int, most: float, rule: str) -> None:
    rng = np.random.default_rng(seed)
    rows, labels = 120, 8
    cells, responded = rng.integers(0, labels, rows), rng.random(rows) < rng.uniform(0.4, 0.95)
    weights = rng.uniform(0.5, 3, rows) * (rng.random(rows) < 0.95)
    rules: dict[str, Any] = {
        "order": {"order": rng.permutation(labels).tolist()},
        "parents": {
            "parents": {**{at: f"p{at % 3}" for at in range(labels)}, "p0": "all", "p1": "all", "p2": "all"}
        },
    }
    try:
        made = adjust_for_nonresponse(weights, cells, responded, least=least, most=most, **rules[rule])
    except TooFewRespondents:
        live = weights > 0
        whole = weights.sum() / weights[responded & live].sum()
        assert (responded & live).sum() < least or whole > most
        return
    assert made.weights.sum() == pytest.approx(weights.sum(), rel=1e-12)
    for at, cell in enumerate(made.cells):
        here = made.row_cell == at
        assert made.weights[here].sum() == pytest.approx(weights[here].sum(), rel=1e-12)
        assert cell.respondents == np.count_nonzero(made.weights[here]) >= least
        assert 1 <= cell.factor <= most
        assert set(cells[here]) == set(cell.labels)
    assert not made.weights[~responded].any()
    assert sum(cell.sampled for cell in made.cells) == np.count_nonzero(weights)


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_neither_weights_nor_merges(random: Any) -> None:
    drawn = sample(a=(10, 4), b=(12, 3), c=(20, 15), d=(9, 9))
    order = np.arange(51)
    random.shuffle(order)
    turned = {name: np.array(column)[order] for name, column in drawn.items()}
    one = adjusted(**drawn, order="abcd", most=2.0)
    other = adjusted(**turned, order="abcd", most=2.0)
    np.testing.assert_allclose(other.weights, one.weights[order], rtol=1e-12)
    assert [merge.failed.labels for merge in other.merges] == [merge.failed.labels for merge in one.merges]


def test_a_failing_cell_joins_the_next_in_order_and_the_last_the_one_before() -> None:
    made = adjusted(**sample(a=(10, 9), b=(6, 2), c=(20, 18), d=(9, 3)), order=["d", "b", "a", "c"])
    assert [cell.labels for cell in made.cells] == [("d", "b"), ("a",), ("c",)]
    (merge,) = made.merges
    assert (merge.failed.labels, merge.reason, merge.joined_with) == (("d",), "few respondents", ("b",))
    last = adjusted(**sample(a=(10, 9), b=(10, 2)), order=["a", "b"])
    assert [cell.labels for cell in last.cells] == [("a", "b")]
    assert last.merges[0].joined_with == ("a",)


def test_a_merge_for_a_large_factor_is_told_from_one_for_few_respondents() -> None:
    made = adjusted(**sample(a=(40, 10), b=(20, 18)), order=["a", "b"])
    assert made.merges[0].reason == "large factor"
    assert made.merges[0].failed.factor == 4.0
    assert made.cells[0].factor == pytest.approx(60 / 28)


def test_a_failing_cell_joins_all_cells_of_its_parent_then_of_its_grandparent() -> None:
    parents = {"a": "north", "b": "north", "c": "south", "d": "south", "north": "all", "south": "all"}
    one = adjusted(**sample(a=(10, 2), b=(10, 9), c=(10, 9), d=(10, 9)), parents=parents)
    assert [cell.labels for cell in one.cells] == [("a", "b"), ("c",), ("d",)]
    two = adjusted(**sample(a=(10, 1), b=(10, 1), c=(10, 9), d=(10, 9)), parents=parents)
    assert [cell.labels for cell in two.cells] == [("a", "b", "c", "d")]
    assert [merge.joined_with for merge in two.merges] == [("b",), ("c", "d")]


def test_a_cell_without_respondents_is_merged_and_reported_with_an_infinite_factor() -> None:
    made = adjusted(**sample(a=(4, 0), b=(20, 18)), order=["a", "b"])
    assert made.merges[0].failed.factor == math.inf
    assert made.merges[0].failed.respondents == 0


@pytest.mark.parametrize("rule", [{}, {"order": ["a"]}, {"parents": {"a": "all"}}])
def test_a_cell_that_nothing_can_save_is_refused_with_its_counts(rule: dict[str, Any]) -> None:
    with pytest.raises(TooFewRespondents) as caught:
        adjusted(**sample(a=(7, 0)), **rule)
    assert all(word in str(caught.value) for word in ("a", "0 respondents", "7 sampled"))


def test_nobody_responding_anywhere_is_refused() -> None:
    with pytest.raises(TooFewRespondents, match="0 respondents of 9"):
        adjusted(**sample(a=(4, 0), b=(5, 0)), order=["a", "b"], least=1, most=math.inf)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"order": ["a"]}, "b"),
        ({"parents": {"a": "all"}}, "b"),
        ({"order": ["a", "b", "a"]}, "a"),
        ({"order": ["a", "b"], "parents": {"a": "x", "b": "x"}}, "not both"),
        ({"parents": {"a": "x", "x": "a", "b": "x"}}, "circle"),
        ({"least": 0}, "least=0"),
        ({"most": 0.5}, "most=0.5"),
        ({"most": float("nan")}, "most=nan"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: dict[str, Any], words: str) -> None:
    with pytest.raises(BadCollapse, match=words):
        adjusted(**sample(a=(9, 1), b=(9, 8)), **rule)


def test_columns_that_do_not_fit_are_refused() -> None:
    drawn = sample(a=(3, 3), b=(3, 3))
    with pytest.raises(DifferentLengths, match="responded"):
        adjusted(**{**drawn, "responded": [True]})
    with pytest.raises(DifferentLengths, match="cells"):
        adjusted(**{**drawn, "cells": ["a"]})
    with pytest.raises(MissingLabels, match="2"):
        adjusted(**{**drawn, "cells": ["a", None, "a", "b", "", "b"]})
    for flags in ([2] * 6, ["yes"] * 6, [float("nan")] * 6, [None] * 6):
        with pytest.raises(BadAnswers):
            adjusted(**{**drawn, "responded": flags})
