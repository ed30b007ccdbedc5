"""Sharing a sample over strata, and the size of a sample."""

from __future__ import annotations

import random
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from survey.sampling import ImpossibleAllocation, InvalidSampleSize, Method, allocate, slovin

LAM_DONG = {"commune": 103, "ward": 20, "special_zone": 1}
strata = st.dictionaries(st.text("abcdđ", min_size=1, max_size=3), st.integers(0, 400), max_size=8)
methods = st.sampled_from(["proportional", "equal"])


def _between(sizes: dict[str, int], minimum: int, share: float) -> int:
    least = sum(min(minimum, size) for size in sizes.values())
    return least + round(share * (sum(sizes.values()) - least))


@given(strata, methods, st.integers(0, 4), st.floats(0, 1))
def test_shares_sum_exactly_and_stay_within_their_bounds(
    sizes: dict[str, int], method: Method, minimum: int, share: float
) -> None:
    total = _between(sizes, minimum, share)
    shares = allocate(sizes, total, method, minimum)
    assert sum(shares.values()) == total
    assert all(min(minimum, sizes[name]) <= shares[name] <= sizes[name] for name in sizes)


@given(strata, methods, st.floats(0, 1), st.randoms())
def test_the_order_of_the_strata_does_not_matter(
    sizes: dict[str, int], method: Method, share: float, chance: random.Random
) -> None:
    names = sorted(sizes)
    chance.shuffle(names)
    total = _between(sizes, 2, share)
    assert allocate({name: sizes[name] for name in names}, total, method) == allocate(sizes, total, method)


@given(strata, st.floats(0, 1))
def test_a_proportional_share_without_minima_is_the_quota_rounded(
    sizes: dict[str, int], share: float
) -> None:
    """Largest remainder keeps quota: every share is N_h·n/N rounded down or up (Hamilton's rule)."""
    population = sum(sizes.values())
    assume(population > 0)
    total = _between(sizes, 0, share)
    for name, given_ in allocate(sizes, total, minimum=0).items():
        assert abs(given_ - sizes[name] * total / population) < 1


@given(strata, st.floats(0, 1))
def test_equal_shares_differ_by_one_at_most_unless_a_stratum_is_used_up(
    sizes: dict[str, int], share: float
) -> None:
    shares = allocate(sizes, _between(sizes, 2, share), "equal")
    open_ = [shares[name] for name in sizes if shares[name] < sizes[name]]
    assert max(open_, default=0) - min(open_, default=0) <= 1


def test_the_largest_remainders_are_raised() -> None:
    """Closed form: quotas 4.7, 3.1, 2.2 of 10 give 5, 3, 2."""
    assert allocate({"a": 47, "b": 31, "c": 22}, 10, minimum=0) == {"a": 5, "b": 3, "c": 2}


def test_equal_remainders_go_to_the_larger_stratum_then_to_the_earlier_name() -> None:
    """Closed form: quotas 1.5 and 4.5; then 1.5 and 1.5."""
    assert allocate({"a": 10, "b": 30}, 6, minimum=0) == {"a": 1, "b": 5}
    assert allocate({"b": 10, "a": 10}, 3, minimum=0) == {"a": 2, "b": 1}


def test_a_minimum_takes_from_the_large_strata_in_proportion() -> None:
    """Closed form: 1 is all the special zone has; 29 over 103 : 20 are 24.28 and 4.72."""
    assert allocate(LAM_DONG, 30) == {"commune": 24, "special_zone": 1, "ward": 5}


@pytest.mark.parametrize("total", [-1, 4, 125])
def test_a_total_out_of_reach_is_refused_with_the_reach(total: int) -> None:
    with pytest.raises(ImpossibleAllocation) as refused:
        allocate(LAM_DONG, total)
    assert "5" in refused.value.text("vi")
    assert "124" in refused.value.text("vi")


def test_a_negative_stratum_is_refused() -> None:
    with pytest.raises(ImpossibleAllocation):
        allocate({"a": 5, "b": -1}, 3)


@pytest.mark.parametrize(
    ("population", "error", "size"),
    [
        (400, 0.05, 200),
        (1000, 0.05, 286),
        (10_000, 0.05, 385),
        (1, 0.05, 1),
        (900, 0.1, 90),
        (10_000, 0.03, 1000),
    ],
)
def test_slovin_rounds_the_exact_figure_up(population: int, error: float, size: int) -> None:
    """Closed form N / (1 + N·e²): 200; 285.71; 384.62; 0.998; 90; 1000 (manual of 2013 for method 1383)."""
    assert slovin(population, error) == size


@given(st.integers(1, 10**9), st.decimals("0.001", "0.999", places=3))
def test_slovin_is_the_least_whole_number_that_reaches_the_formula(population: int, error: Decimal) -> None:
    size = slovin(population, error)
    needed = population / (1 + population * error * error)
    assert size - 1 < needed + Decimal("1e-15")
    assert needed <= size + Decimal("1e-15")
    assert size <= min(population, ceil(1 / error**2))


@pytest.mark.parametrize(
    ("population", "error"), [(0, 0.05), (-5, 0.05), (100, 0), (100, 1), (100, float("nan"))]
)
def test_slovin_refuses_what_has_no_sample_size(population: int, error: float) -> None:
    with pytest.raises(InvalidSampleSize):
        slovin(population, error)
