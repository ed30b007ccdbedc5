"""Joint rank intervals: Klein, Wright & Wieczorek, and from pairwise differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import special

from survey.aggregation.ranking import JointRanks, LevelSharing, joint_ranks, joint_ranks_by_differences
from survey.aggregation.ranking.intervals import PHRASES
from survey.aggregation.ranking.quantiles import joint_quantile
from tests.unit.aggregation.ranking.samples import ranked_units
from tests.unit.aggregation.ranking.travel_times import MINUTES, SE, STATES

Units = tuple[np.ndarray, np.ndarray, np.ndarray]


def both_variants(units: Units, largest_first: bool = True) -> tuple[JointRanks, JointRanks]:
    estimates, se, covariance = units
    matrix = covariance.copy()
    matrix[np.isnan(se)] = np.nan
    matrix[:, np.isnan(se)] = np.nan
    by_differences = joint_ranks_by_differences(estimates, matrix, largest_first=largest_first)
    return joint_ranks(estimates, se, largest_first=largest_first), by_differences


def test_the_joint_quantile_of_51_states_is_the_published_one() -> None:
    """RankingProject, vignette "joint": Šidák 90 % for 51 states is around 3.081, Bonferroni around 3.096."""
    normal = np.array(np.inf)
    assert joint_quantile(0.9, 51, normal, "sidak") == pytest.approx(3.081, abs=5e-4)
    assert joint_quantile(0.9, 51, normal, "bonferroni") == pytest.approx(3.096, abs=5e-4)


def test_one_statement_needs_the_ordinary_quantile() -> None:
    """Normal 1.95996; t with 10 df 2.22814 (any statistical table)."""
    sharings: tuple[LevelSharing, ...] = ("sidak", "bonferroni")
    for sharing in sharings:
        found = joint_quantile(0.95, 1, np.array([np.inf, 10.0, 0.0]), sharing)
        assert found[:2] == pytest.approx([1.959964, 2.228139], abs=5e-7)
        assert math.isnan(found[2])


def test_travel_times_have_the_rank_intervals_of_the_papers_rule() -> None:
    """The rule of Klein, Wright & Wieczorek 2020 written out pair by pair; rank 1 is the shortest time.

    The data are those of their example, to two decimals; no two bounds touch.
    """
    found = joint_ranks(MINUTES, SE, names=STATES, level=0.9, largest_first=False)
    z = -special.ndtri((1 - 0.9 ** (1 / 51)) / 2)
    low, high = MINUTES - z * SE, MINUTES + z * SE
    for k, state in enumerate(STATES):
        shorter = sum(high[j] <= low[k] for j in range(51) if j != k)
        longer = sum(low[j] >= high[k] for j in range(51) if j != k)
        assert found.of(state) == (k + 1, 1 + shorter, 51 - longer)
    assert found.compared == 51
    assert sum(found.high) - sum(found.low) < 51 * 50 / 4


def test_two_units_are_apart_when_their_intervals_are() -> None:
    """K = 2 at 95 %: γ = 1 - √0.95, z = 2.2365; with se 1 the units part at a difference of 2z."""
    z = -special.ndtri((1 - math.sqrt(0.95)) / 2)
    apart, together = joint_ranks([2 * z + 1e-9, 0], [1, 1]), joint_ranks([2 * z - 1e-9, 0], [1, 1])
    assert (apart.low, apart.high) == ((1, 2), (1, 2))
    assert (together.low, together.high) == ((1, 1), (2, 2))


def test_two_units_differ_when_their_difference_does() -> None:
    """K = 2 has one pair: the ordinary 1.96·√(v₁ + v₂ - 2c); with df = 4, 2.776."""
    covariance = [[1.0, 0.5], [0.5, 2.0]]
    for df, quantile in ((None, 1.959964), (4, 2.776445)):
        edge = quantile * math.sqrt(2.0)
        assert joint_ranks_by_differences([edge + 1e-5, 0], covariance, df=df).high == (1, 2)
        assert joint_ranks_by_differences([edge - 1e-5, 0], covariance, df=df).high == (2, 2)


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_an_interval_contains_its_rank(units: Units) -> None:
    for found in (*both_variants(units), *both_variants(units, largest_first=False)):
        for rank, low, high in zip(found.rank, found.low, found.high, strict=True):
            assert 1 <= low <= rank <= high <= len(units[0])


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_ranking_from_the_smallest_mirrors_ranking_from_the_largest(units: Units) -> None:
    size = len(units[0])
    for down, up in zip(both_variants(units), both_variants(units, largest_first=False), strict=True):
        assert up.low == tuple(size + 1 - high for high in down.high)
        assert up.high == tuple(size + 1 - low for low in down.low)


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_permuting_units_permutes_their_ranks(units: Units) -> None:
    order = np.random.default_rng(len(units[0])).permutation(len(units[0]))
    straight = both_variants(units)
    shuffled = both_variants((units[0][order], units[1][order], units[2][np.ix_(order, order)]))
    for one, other in zip(straight, shuffled, strict=True):
        for figure in ("rank", "low", "high", "flags"):
            assert [getattr(one, figure)[at] for at in order] == list(getattr(other, figure))


@settings(deadline=None, max_examples=50)
@given(ranked_units())
def test_a_higher_level_gives_wider_intervals(units: Units) -> None:
    estimates, se, _ = units
    sure, surer = joint_ranks(estimates, se, level=0.8), joint_ranks(estimates, se, level=0.99)
    assert all(a >= b for a, b in zip(sure.low, surer.low, strict=True))
    assert all(a <= b for a, b in zip(sure.high, surer.high, strict=True))


@pytest.mark.parametrize("se", [0.0, 0.1, 5.0])
def test_equal_units_can_have_every_rank(se: float) -> None:
    for found in (joint_ranks([0.4] * 5, [se] * 5), joint_ranks_by_differences([0.4] * 5, np.eye(5) * se**2)):
        assert (found.rank, found.low, found.high) == ((1,) * 5, (1,) * 5, (5,) * 5)


def test_ties_share_the_best_rank() -> None:
    found = joint_ranks([0.7, 0.9, 0.7, 0.1], [1e-9] * 4)
    assert found.rank == (2, 1, 2, 4)
    assert (found.low, found.high) == ((2, 1, 2, 4), (3, 1, 3, 4))


def test_without_sampling_error_a_unit_has_its_rank_alone() -> None:
    estimates = [0.2, 0.9, 0.5]
    for found in (
        joint_ranks(estimates, [1e-12] * 3),
        joint_ranks_by_differences(estimates, np.eye(3) * 1e-24),
    ):
        assert found.low == found.rank == found.high == (3, 1, 2)


def test_a_unit_without_standard_error_can_have_every_rank_and_lowers_nobody_else() -> None:
    """The others keep the level of three: m does not count the fourth, which may stand above each."""
    estimates, se = [0.9, 0.5, 0.1, 0.99], [0.01, 0.01, 0.01, math.nan]
    covariance = np.diag(np.square(se))
    alone = joint_ranks(estimates[:3], se[:3])
    for found in (joint_ranks(estimates, se), joint_ranks_by_differences(estimates, covariance)):
        assert (found.low[3], found.high[3]) == (1, 4)
        assert found.flags == ((), (), (), ("no_interval",))
        assert found.compared == 3
        assert found.low[:3] == alone.low
        assert found.high[:3] == tuple(high + 1 for high in alone.high)


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    found = joint_ranks([0.9, 0.5], [0.01, 0.01], df=[0, 20])
    assert (found.low, found.high, found.compared) == ((1, 1), (2, 2), 1)
    assert found.df == (0.0, 20.0)


def test_few_degrees_of_freedom_widen_rank_intervals() -> None:
    estimates, se = [3.0, 0.0], [0.6, 0.6]
    assert joint_ranks(estimates, se).high == (1, 2)
    assert joint_ranks(estimates, se, df=[np.inf, np.inf]).high == (1, 2)
    assert joint_ranks(estimates, se, df=[3, 3]).high == (2, 2)


def test_positive_correlation_tightens_the_variant_from_differences_only() -> None:
    estimates = np.linspace(0, 1, 8)
    widths = []
    for correlation in (0.0, 0.95):
        covariance = 0.04 * ((1 - correlation) * np.eye(8) + correlation)
        found = joint_ranks_by_differences(estimates, covariance)
        widths.append(sum(found.high) - sum(found.low))
    own = joint_ranks(estimates, [0.2] * 8)
    assert widths[1] < widths[0] <= sum(own.high) - sum(own.low)


def test_bonferroni_is_a_little_wider_than_sidak() -> None:
    """For 10 pairs at 95 %: 2.8070 (Bonferroni, α/10 two-sided) and 2.7993 (Šidák)."""
    edge = 2.803 * math.sqrt(2)
    estimates = [edge, 0, -100, -200, -300]
    assert joint_ranks_by_differences(estimates, np.eye(5)).high[0] == 1
    assert joint_ranks_by_differences(estimates, np.eye(5), adjustment="bonferroni").high[0] == 2


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_all_true_ranks_lie_in_their_intervals_as_often_as_is_said(correlation: float) -> None:
    """1,500 samples of 12 units; joint coverage at least 90 % less 3 Monte-Carlo standard errors."""
    rng = np.random.default_rng(11)
    truth, se = np.linspace(0, 1.5, 12), rng.uniform(0.05, 0.4, 12)
    covariance = np.outer(se, se) * ((1 - correlation) * np.eye(12) + correlation)
    ranks = 12 - np.arange(12)
    samples = truth + rng.standard_normal((1500, 12)) @ np.linalg.cholesky(covariance).T
    covered = np.zeros(2)
    for sample in samples:
        variants = (
            joint_ranks(sample, se, level=0.9),
            joint_ranks_by_differences(sample, covariance, level=0.9),
        )
        for at, found in enumerate(variants):
            covered[at] += np.all((np.array(found.low) <= ranks) & (ranks <= np.array(found.high)))
    assert np.all(covered / 1500 >= 0.9 - 3 * math.sqrt(0.09 / 1500))


def test_hardly_different_units_show_that_the_level_is_reached_and_not_more() -> None:
    """Two units with a tiny difference: the intervals part in the wrong direction in 2.5 % of samples.

    A test of the level itself: an error in the quantile would show. 10,000 samples, 4 Monte-Carlo se.
    """
    rng = np.random.default_rng(3)
    samples = rng.standard_normal((10_000, 2)) + [1e-9, 0]
    wrong = np.mean([joint_ranks_by_differences(sample, np.eye(2)).low == (2, 1) for sample in samples])
    assert abs(wrong - 0.025) < 4 * math.sqrt(0.025 * 0.975 / 10_000)


def test_a_result_says_how_it_was_made_and_carries_its_sample_sizes() -> None:
    found = joint_ranks([1.0, 2.0], [0.1, 0.1], names=["A", "B"], n=[40, 55], df=[9, 9], largest_first=False)
    assert found.method == (
        "joint rank intervals (Klein, Wright & Wieczorek 2020); Šidák level; t quantiles; rank 1 is the smallest"
    )
    assert (found.n, found.df, found.level, found.of("B")[0]) == ((40, 55), (9.0, 9.0), 0.95, 2)
    pairs = joint_ranks_by_differences([1.0, 2.0], np.eye(2), adjustment="bonferroni")
    assert {*found.method.split("; "), *pairs.method.split("; ")} <= set(PHRASES)
