"""Enumerator effects: a published example, closed forms, weights, coverage, faults."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import BadRequest, DifferentLengths, MissingLabels
from survey.aggregation.labels import Numbered
from survey.aggregation.quality import TooFewEnumerators, UnusableColumn, enumerator_effect
from survey.aggregation.quality.enumerators import _between, _sums

#: Shrout & Fleiss 1979, table 2: six targets, four ratings each.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


def test_the_example_of_shrout_and_fleiss() -> None:
    """Shrout & Fleiss 1979: ICC(1,1) = .17, F(5, 18) = 1.79 from mean squares 11.24 and 6.26."""
    effect = enumerator_effect(SHROUT_FLEISS.ravel(), np.repeat(np.arange(6), 4))
    assert effect.icc == pytest.approx(0.1657, abs=5e-5)
    assert effect.f == pytest.approx(11.24 / 6.26, abs=2e-3)
    assert (effect.df_between, effect.df_within, effect.n, effect.enumerators) == (5, 18, 24, 6)
    assert effect.deff == pytest.approx(1 + 3 * effect.icc)


def test_with_equal_sizes_walds_interval_is_the_exact_one() -> None:
    """(F/F_q - 1) / (F/F_q + m - 1), Shrout & Fleiss 1979; its lower end is below 0 and cut here."""
    effect = enumerator_effect(SHROUT_FLEISS.ravel(), np.repeat(np.arange(6), 4))
    ratio = effect.f / stats.f.ppf(0.025, 5, 18)
    assert effect.ci_high == pytest.approx((ratio - 1) / (ratio + 3), rel=1e-9)
    assert effect.ci_low == 0.0
    assert effect.p == pytest.approx(stats.f.sf(effect.f, 5, 18), rel=1e-12)


@st.composite
def interviews(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people = draw(st.integers(2, 8))
    sizes = rng.integers(1, 9, people)
    sizes[0] += 1
    who = np.repeat(np.arange(people), sizes)
    values = rng.normal(size=who.size) + draw(st.sampled_from([0.0, 1.0])) * rng.normal(size=people)[who]
    return values, who, rng.uniform(0.2, 4.0, who.size)


@settings(deadline=None, max_examples=40)
@given(interviews())
def test_without_weights_it_is_the_textbooks_anova(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Searle, Casella & McCulloch 1992: (MSB - MSW) / (MSB + (n0 - 1) MSW), n0 = (N - Σm²/N)/(J - 1)."""
    values, who, _ = drawn
    groups = [values[who == one] for one in np.unique(who)]
    total, people = values.size, len(groups)
    between = sum(one.size * (one.mean() - values.mean()) ** 2 for one in groups) / (people - 1)
    within = sum(((one - one.mean()) ** 2).sum() for one in groups) / (total - people)
    n0 = (total - sum(one.size**2 for one in groups) / total) / (people - 1)
    effect = enumerator_effect(values, who)
    assert effect.icc == pytest.approx(
        (between - within) / (between + (n0 - 1) * within), rel=1e-9, abs=1e-12
    )
    assert effect.f == pytest.approx(between / within, rel=1e-9)
    assert effect.workload == pytest.approx(sum(one.size**2 for one in groups) / total)
    assert 0 <= effect.ci_low <= effect.ci_high < 1


@settings(deadline=None, max_examples=40)
@given(interviews(), st.floats(0.01, 100))
def test_only_the_ratios_of_weights_matter(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray], factor: float
) -> None:
    values, who, weights = drawn
    one = enumerator_effect(values, who, weights=weights)
    other = enumerator_effect(values, who, weights=factor * weights)
    equal = enumerator_effect(values, who, weights=np.full(values.size, factor))
    for found, expected in ((other, one), (equal, enumerator_effect(values, who))):
        for name in ("icc", "f", "p", "ci_low", "ci_high", "workload", "deff"):
            assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-7, abs=1e-9)
    assert "approximate" in one.method
    assert "approximate" not in enumerator_effect(values, who).method


@settings(deadline=None, max_examples=25)
@given(interviews())
def test_a_row_of_weight_zero_or_no_value_counts_for_nothing(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    values, who, weights = drawn
    one = enumerator_effect(values, who, weights=weights)
    other = enumerator_effect(
        np.append(values, [99.0, np.nan]), np.append(who, [77, 0]), weights=np.append(weights, [0.0, 1.0])
    )
    assert (one.icc, one.n, one.labels) == (pytest.approx(other.icc), other.n, other.labels)


def test_weighted_moments_are_unbiased() -> None:
    """Seed 11, 2,000 draws, ρ = 0.2 with weights from 0.5 to 3: within four Monte-Carlo errors.

    The two variance components are unbiased, not their ratio; so the test is on σ²a and σ²e.
    """
    rng = np.random.Generator(np.random.PCG64(11))
    who = np.repeat(np.arange(12), rng.integers(2, 12, 12))
    weights = rng.uniform(0.5, 3.0, who.size)
    weights *= who.size / weights.sum()
    found = []
    for _ in range(2_000):
        values = rng.normal(0, np.sqrt(0.2), 12)[who] + rng.normal(0, np.sqrt(0.8), who.size)
        sums = _sums(Numbered(tuple(range(12)), who), values, weights)
        found.append((_between(sums), sums.within))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(2_000)
    assert (np.abs(mean - [0.2, 0.8]) < 4 * error).all()


def test_walds_interval_covers_as_often_as_it_says() -> None:
    """Seed 7, 600 draws of unequal sizes, ρ = 0.15, level 0.90: within four Monte-Carlo errors."""
    rng = np.random.Generator(np.random.PCG64(7))
    who = np.repeat(np.arange(10), [2, 3, 5, 8, 12, 20, 30, 4, 6, 9])
    covered = 0
    for _ in range(600):
        values = rng.normal(0, np.sqrt(0.15), 10)[who] + rng.normal(0, np.sqrt(0.85), who.size)
        effect = enumerator_effect(values, who, level=0.90)
        covered += effect.ci_low <= 0.15 <= effect.ci_high
    assert abs(covered / 600 - 0.90) < 4 * np.sqrt(0.9 * 0.1 / 600)


def test_an_enumerator_far_from_the_others_is_pointed_out() -> None:
    """By hand, as the two-sample distance with the pooled variance within all enumerators."""
    rng = np.random.default_rng(2)
    who = np.repeat(np.array(["an", "bình", "chi", "dung"]), 25)
    values = rng.normal(3, 0.5, 100) + 1.5 * (who == "chi")
    effect = enumerator_effect(values, who)
    assert effect.far[list(effect.labels).index("chi")]
    at = list(effect.labels).index("chi")
    own, others = values[who == "chi"], values[who != "chi"]
    within = sum(((values[who == one] - values[who == one].mean()) ** 2).sum() for one in np.unique(who)) / 96
    expected = (own.mean() - others.mean()) / np.sqrt(within * (1 / 25 + 1 / 75))
    assert effect.distance[at] == pytest.approx(expected, rel=1e-12)
    assert effect.count.tolist() == [25] * 4


def test_a_negative_correlation_is_reported_and_costs_no_precision() -> None:
    effect = enumerator_effect(np.array([1, 5, 1, 5, 1, 5]), np.repeat([0, 1, 2], 2))
    assert effect.icc == pytest.approx(-1.0)
    assert effect.deff == 1.0


def test_where_nothing_varies_there_is_no_figure() -> None:
    effect = enumerator_effect(np.array([3.3] * 4), ["a", "a", "b", "b"], weights=[1.0, 2.0, 0.7, 0.1])
    assert (effect.icc, effect.f, effect.p, effect.ci_low, effect.deff) == (None,) * 5
    assert not effect.far.any()


def test_where_all_variance_lies_between_the_correlation_is_one_and_there_is_no_test() -> None:
    effect = enumerator_effect(
        np.array([3.3, 3.3, 1.1, 1.1]), ["a", "a", "b", "b"], weights=[1.0, 2.0, 0.7, 0.1]
    )
    assert effect.icc == 1.0
    assert (effect.f, effect.p, effect.ci_low, effect.ci_high) == (None,) * 4


def test_whole_numbers_below_zero_are_missing() -> None:
    effect = enumerator_effect(np.array([1, 2, 3, 4, -1]), ["a", "a", "b", "b", None])
    assert effect.n == 4


@pytest.mark.parametrize(
    ("values", "who", "error"),
    [
        ([1.0, 2.0, 3.0], ["a", "a", "a"], TooFewEnumerators),
        ([1.0, 2.0, 3.0], ["a", "b", "c"], TooFewEnumerators),
        ([np.nan, np.nan, np.nan], ["a", "a", "b"], TooFewEnumerators),
        ([1.0, 2.0, 3.0], ["a", None, "b"], MissingLabels),
        ([1.0, 2.0, 3.0], ["a", "b"], DifferentLengths),
        (["x", "y", "z"], ["a", "a", "b"], UnusableColumn),
    ],
)
def test_what_cannot_be_estimated_is_refused(values: list, who: list, error: type[Exception]) -> None:
    with pytest.raises(error):
        enumerator_effect(np.array(values), who)


def test_a_level_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(BadRequest):
        enumerator_effect(SHROUT_FLEISS.ravel(), np.repeat(np.arange(6), 4), level=1.0)
