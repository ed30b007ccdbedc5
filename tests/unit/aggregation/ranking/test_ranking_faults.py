"""What cannot be ranked is refused, by name."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.multiplicity import BadPValues
from survey.aggregation.ranking import (
    BadCovariance,
    BadEstimates,
    errors,
    joint_ranks,
    joint_ranks_by_differences,
    rank_probabilities,
)
from tests.unit.aggregation.promises import assert_said_in_both_languages

Ranking = Callable[..., object]


def drawn(estimates: object, covariance: object, **options: object) -> object:
    return rank_probabilities(estimates, covariance, seed=1, draws=10, **options)  # type: ignore[arg-type]  # faults


RANKINGS: list[Ranking] = [joint_ranks, joint_ranks_by_differences, drawn]
BY_COVARIANCE: list[Ranking] = [joint_ranks_by_differences, drawn]


def spread(ranking: Ranking, size: int) -> np.ndarray:
    return np.ones(size) if ranking is joint_ranks else np.eye(size)


@pytest.mark.parametrize("ranking", RANKINGS)
def test_nothing_to_rank_is_refused(ranking: Ranking) -> None:
    with pytest.raises(BadEstimates):
        ranking([], spread(ranking, 0))
    with pytest.raises(BadEstimates):
        ranking([[1.0, 2.0]], spread(ranking, 2))


@pytest.mark.parametrize("ranking", RANKINGS)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_estimate_that_is_not_a_number_is_named(ranking: Ranking, bad: float) -> None:
    with pytest.raises(BadEstimates, match="Xã B"):
        ranking([1.0, bad], spread(ranking, 2), names=["Xã A", "Xã B"])


@pytest.mark.parametrize("ranking", RANKINGS)
def test_names_must_be_as_many_as_estimates_and_all_different(ranking: Ranking) -> None:
    with pytest.raises(DifferentLengths, match="names"):
        ranking([1.0, 2.0], spread(ranking, 2), names=["A"])
    with pytest.raises(BadEstimates, match=r"repeated name: A\."):
        ranking([1.0, 2.0, 3.0], spread(ranking, 3), names=["A", "B", "A"])
    with pytest.raises(DifferentLengths, match="column n|Column n"):
        ranking([1.0, 2.0], spread(ranking, 2), n=[30])


@pytest.mark.parametrize("se", [-0.1, math.inf])
def test_a_standard_error_that_is_none_is_named(se: float) -> None:
    with pytest.raises(BadEstimates, match=r": 2\."):
        joint_ranks([1.0, 2.0], [0.1, se])


def test_columns_of_another_length_are_named() -> None:
    with pytest.raises(DifferentLengths, match="se"):
        joint_ranks([1.0, 2.0], [0.1])
    with pytest.raises(DifferentLengths, match="df"):
        joint_ranks([1.0, 2.0], [0.1, 0.1], df=[3])
    with pytest.raises(DifferentLengths, match="df"):
        joint_ranks_by_differences([1.0, 2.0], np.eye(2), df=[3, 3])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_levels_outside_0_to_1_are_refused(level: float) -> None:
    with pytest.raises(BadRequest):
        joint_ranks([1.0], [0.1], level=level)
    with pytest.raises(BadRequest):
        joint_ranks_by_differences([1.0, 2.0], np.eye(2), level=level)


def test_unknown_ways_are_refused() -> None:
    with pytest.raises(BadRequest, match="holm"):
        joint_ranks_by_differences([1.0], [[1.0]], adjustment="holm")  # type: ignore[arg-type]  # the fault
    with pytest.raises(BadRequest, match="draws=0"):
        rank_probabilities([1.0], [[1.0]], draws=0, seed=1)
    with pytest.raises(BadRequest, match="seed=-1"):
        rank_probabilities([1.0], [[1.0]], seed=-1)
    for m in (0, 3):
        with pytest.raises(BadRequest, match=f"m={m}"):
            rank_probabilities([1.0, 2.0], np.eye(2), seed=1, draws=5).top(m)


@pytest.mark.parametrize("ranking", BY_COVARIANCE)
@pytest.mark.parametrize(
    ("matrix", "problem"),
    [
        ([[1.0]], r"\(1, 1\).*\(2, 2\)"),
        ([1.0, 1.0], r"\(2,\)"),
        ([[1.0, 0.5], [0.4, 1.0]], "not symmetric"),
        ([[1.0, 0.0], [0.0, -1.0]], "negative"),
        ([[1.0, math.inf], [math.inf, 1.0]], "infinite"),
        ([[1.0, 1.1], [1.1, 1.0]], "not positive semidefinite"),
        ([[0.0, 0.5], [0.5, 1.0]], "not positive semidefinite"),
        ([[1.0, 0.5], [0.5, 0.0]], "not positive semidefinite"),
    ],
)
def test_a_matrix_that_is_no_covariance_is_refused(ranking: Ranking, matrix: object, problem: str) -> None:
    with pytest.raises(BadCovariance, match=problem):
        ranking([1.0, 2.0], matrix)


def test_a_matrix_that_only_three_units_show_to_be_no_covariance_is_refused() -> None:
    """Every pair is a covariance matrix; three correlations of -0.9 cannot be."""
    matrix = np.full((3, 3), -0.9) + 1.9 * np.eye(3)
    for ranking in BY_COVARIANCE:
        with pytest.raises(BadCovariance):
            ranking([1.0, 2.0, 3.0], matrix)


def test_rounding_alone_is_no_fault() -> None:
    matrix = np.array([[1.0, 1.0], [1.0, 1.0]])
    matrix[0, 1] += 1e-14
    matrix[1, 1] -= 1e-13
    for ranking in BY_COVARIANCE:
        ranking([1.0, 2.0], matrix)


def test_probabilities_need_every_variance() -> None:
    with pytest.raises(BadEstimates, match=r"without variance: 2\."):
        drawn([1.0, 2.0], [[1.0, 0.0], [0.0, math.nan]])


def test_every_error_has_its_own_code_and_both_languages() -> None:
    leaves = [errors.BadEstimates, errors.BadCovariance, BadPValues]
    assert_said_in_both_languages(leaves, r"SVY-422-11[0-4]")
