"""The probability of each rank by simulation."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import special

from survey.aggregation.ranking import RankProbabilities, rank_probabilities
from survey.aggregation.ranking.covariances import root_of
from survey.aggregation.ranking.intervals import PHRASES
from tests.unit.aggregation.ranking.samples import ranked_units

Units = tuple[np.ndarray, np.ndarray, np.ndarray]


def of(units: Units) -> RankProbabilities:
    return rank_probabilities(units[0], units[2], seed=5, draws=200)


@pytest.mark.parametrize(
    "covariance", [[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.6], [0.6, 2.0]], [[1.0, -1.0], [-1.0, 1.0]]]
)
def test_of_two_units_the_first_leads_with_the_probability_of_a_positive_difference(
    covariance: list[list[float]],
) -> None:
    """P(rank 1) = Φ(Δ/√v), v = v₁ + v₂ - 2c; 40,000 draws, 4 Monte-Carlo standard errors."""
    found = rank_probabilities([0.8, 0.1], covariance, draws=40_000, seed=1)
    v = covariance[0][0] + covariance[1][1] - 2 * covariance[0][1]
    wanted = special.ndtr(0.7 / math.sqrt(v))
    assert found.monte_carlo_se[0, 0] == pytest.approx(math.sqrt(wanted * (1 - wanted) / 40_000), rel=0.05)
    assert abs(found.probability[0, 0] - wanted) < 4 * found.monte_carlo_se[0, 0]
    assert found.mean_rank[0] == pytest.approx(2 - found.probability[0, 0], rel=1e-12)


def test_three_like_units_have_the_orthant_probabilities() -> None:
    """Equicorrelated and equal: every rank has 1/3. With a third unit apart it keeps its rank."""
    equal = rank_probabilities([0, 0, 0], 0.5 + 0.5 * np.eye(3), draws=30_000, seed=2)
    np.testing.assert_allclose(equal.probability, 1 / 3, atol=4 * math.sqrt(2 / 9 / 30_000))
    np.testing.assert_allclose(equal.mean_rank, 2, atol=4 * math.sqrt(2 / 3 / 30_000))
    np.testing.assert_allclose(equal.mean_rank_se, math.sqrt(2 / 3 / 30_000), rtol=0.03)
    apart = rank_probabilities([0, 0, 100], 0.5 + 0.5 * np.eye(3), draws=1000, seed=2)
    assert apart.probability[2].tolist() == [1, 0, 0]


def test_ignoring_the_covariance_gives_other_probabilities() -> None:
    """Units that move together keep their order: Φ(1/√0.1) = 0.9992 against Φ(1/√2) = 0.76."""
    together = rank_probabilities([1, 0], [[1, 0.95], [0.95, 1]], draws=20_000, seed=3)
    apart = rank_probabilities([1, 0], np.eye(2), draws=20_000, seed=3)
    assert together.probability[0, 0] > 0.998
    assert apart.probability[0, 0] == pytest.approx(0.7602, abs=0.0125)


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_every_unit_has_one_rank_and_every_rank_one_unit(units: Units) -> None:
    found = of(units)
    np.testing.assert_allclose(found.probability.sum(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(found.probability.sum(axis=1), 1, rtol=1e-12)
    size = len(units[0])
    assert found.mean_rank.sum() == pytest.approx(size * (size + 1) / 2, rel=1e-12)
    assert found.top(size).probability.tolist() == pytest.approx([1] * size, rel=1e-12)
    steps = [found.top(m).probability for m in range(1, size + 1)]
    assert all(np.all(after >= before - 1e-15) for before, after in zip(steps, steps[1:], strict=False))


@settings(deadline=None, max_examples=30)
@given(ranked_units())
def test_the_order_in_which_units_are_given_changes_nothing(units: Units) -> None:
    size = len(units[0])
    names = [f"u{at:02d}" for at in range(size)]
    order = np.random.default_rng(size).permutation(size)
    straight = rank_probabilities(units[0], units[2], names=names, seed=5, draws=200)
    shuffled = rank_probabilities(
        units[0][order], units[2][np.ix_(order, order)], names=[names[at] for at in order], seed=5, draws=200
    )
    assert shuffled.probability.tolist() == straight.probability[order].tolist()


@settings(deadline=None, max_examples=30)
@given(ranked_units())
def test_from_the_smallest_the_ranks_are_turned_round(units: Units) -> None:
    values = units[0] + np.arange(len(units[0])) * 1e-3
    down = rank_probabilities(values, units[2] + 1e-6 * np.eye(len(values)), seed=5, draws=200)
    up = rank_probabilities(
        values, units[2] + 1e-6 * np.eye(len(values)), seed=5, draws=200, largest_first=False
    )
    assert up.probability.tolist() == down.probability[:, ::-1].tolist()


def test_the_same_seed_gives_the_same_and_another_seed_something_else() -> None:
    estimates, covariance = np.arange(5.0), 4 * np.eye(5)
    first, again, other = (rank_probabilities(estimates, covariance, seed=seed) for seed in (9, 9, 10))
    assert first.probability.tolist() == again.probability.tolist()
    assert first.probability.tolist() != other.probability.tolist()
    assert (first.seed, first.draws) == (9, 10_000)


def test_many_blocks_of_draws_are_one_stream() -> None:
    """600 units need blocks of 1,747 draws; the first draws of a longer run are those of the shorter."""
    rng = np.random.default_rng(4)
    estimates, covariance = rng.normal(size=600), np.eye(600)
    short = rank_probabilities(estimates, covariance, seed=8, draws=2000)
    long = rank_probabilities(estimates, covariance, seed=8, draws=4000)
    hits = np.round(long.probability * 4000 - short.probability * 2000)
    assert hits.min() >= 0
    assert hits.sum(axis=1).tolist() == [2000] * 600


def test_memory_does_not_grow_with_the_draws() -> None:
    """628 communes: blocks of 2^20 numbers, so 100,000 draws need no more than 3,000."""
    covariance = 0.01 * np.eye(628)
    rank_probabilities(np.zeros(628), covariance, seed=1, draws=10)
    tracemalloc.start()
    rank_probabilities(np.linspace(0, 1, 628), covariance, seed=1, draws=5000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6


def test_a_province_that_is_the_sum_of_its_districts_can_be_drawn() -> None:
    """V singular: the third is the average of two, so it is never first nor last."""
    of_parts = np.array([[1.0, 0.2], [0.2, 2.0]])
    loadings = np.array([[1, 0], [0, 1], [0.5, 0.5]])
    found = rank_probabilities([0.3, 0.1, 0.2], loadings @ of_parts @ loadings.T, seed=6, draws=5000)
    assert found.probability[2].tolist() == [0, 1, 0]


def test_exactly_known_units_keep_their_rank() -> None:
    found = rank_probabilities([0.1, 0.9], np.zeros((2, 2)), seed=1, draws=10)
    assert found.probability.tolist() == [[0, 1], [1, 0]]


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_the_root_gives_the_covariance_back_even_when_it_is_singular(units: Units) -> None:
    root = root_of(units[2])
    np.testing.assert_allclose(root @ root.T, units[2], atol=1e-9 * np.diagonal(units[2]).max())
    assert np.all(np.triu(root, 1) == 0)


def test_the_probability_of_the_top_adds_its_ranks() -> None:
    found = rank_probabilities([2.0, 1.0, 0.0], np.eye(3), names=["a", "b", "c"], n=[31, 32, 33], seed=12)
    top = found.top(2)
    assert top.probability.tolist() == pytest.approx(found.probability[:, :2].sum(axis=1).tolist(), rel=1e-15)
    share = top.probability[1]
    assert top.monte_carlo_se[1] == pytest.approx(math.sqrt(share * (1 - share) / 10_000), rel=1e-12)
    assert (top.names, top.m, top.draws, top.seed, found.n) == (("a", "b", "c"), 2, 10_000, 12, (31, 32, 33))
    assert set(found.method.split("; ")) <= set(PHRASES)
