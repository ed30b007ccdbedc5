"""Estimates brought to the direct estimate of the whole."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.small_area import Areas, BadBenchmark, benchmark, fay_herriot
from survey.aggregation.small_area.model import PHRASES
from tests.unit.aggregation.small_area.milk import milk
from tests.unit.aggregation.small_area.samples import random_areas

Kind = Literal["ratio", "difference"]
KINDS: tuple[Kind, ...] = ("ratio", "difference")
EQUAL = np.full(43, 1 / 43)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=25)
@given(random_areas(), st.floats(1, 50))
def test_the_parts_add_up_to_the_whole(kind: Kind, areas: Areas, target: float) -> None:
    shares = np.arange(1.0, len(areas.names) + 1)
    shares /= shares.sum()
    model = fay_herriot(areas)
    found = benchmark(model, shares, target, kind=kind)
    assert sum(s * one.value for s, one in zip(shares, found.estimates, strict=True)) == pytest.approx(
        target, rel=1e-12
    )
    for one, before in zip(found.estimates, model.estimates, strict=True):
        assert one.shift == pytest.approx(one.value - before.value, rel=1e-12, abs=1e-12)
        assert one.mse == pytest.approx(before.mse + one.shift**2, rel=1e-12)
        assert one.rmse**2 == pytest.approx(one.mse, rel=1e-12)
        assert (one.ci_low + one.ci_high) / 2 == pytest.approx(one.value, rel=1e-12)
        assert (one.direct, one.gamma, one.synthetic, one.n) == (
            before.direct,
            before.gamma,
            before.synthetic,
            before.n,
        )


def test_a_ratio_keeps_proportions_and_a_difference_keeps_distances() -> None:
    model = fay_herriot(milk())
    before = np.array([one.value for one in model.estimates])
    ratio = np.array([one.value for one in benchmark(model, EQUAL, 1.0).estimates])
    difference = np.array([one.value for one in benchmark(model, EQUAL, 1.0, kind="difference").estimates])
    np.testing.assert_allclose(ratio / before, ratio[0] / before[0], rtol=1e-12)
    np.testing.assert_allclose(difference - before, 1.0 - before.mean(), rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_estimates_that_add_up_already_stay(kind: Kind) -> None:
    model = fay_herriot(milk())
    target = float(np.mean([one.value for one in model.estimates]))
    found = benchmark(model, EQUAL, target, kind=kind)
    assert [one.value for one in found.estimates] == pytest.approx(
        [one.value for one in model.estimates], rel=1e-14
    )
    assert [one.mse for one in found.estimates] == pytest.approx(
        [one.mse for one in model.estimates], rel=1e-14
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_benchmark_is_named_with_its_numbers(kind: Kind) -> None:
    model = fay_herriot(milk())
    found = benchmark(model, EQUAL, 1.0, kind=kind)
    made = found.benchmark
    assert made is not None
    assert (made.kind, made.target) == (kind, 1.0)
    assert made.adjustment == pytest.approx(
        1 / made.before if kind == "ratio" else 1 - made.before, rel=1e-15
    )
    method = found.estimates[0].method
    assert method.endswith(f"; benchmarked by {kind}; MSE before benchmarking plus squared shift")
    assert set(method.split("; ")) <= set(PHRASES)
    assert (model.benchmark, model.estimates[0].shift) == (None, 0.0)


@pytest.mark.parametrize(
    ("shares", "target", "problem"),
    [
        (EQUAL * 0.99, 1.0, "add up to 0.99"),
        (np.concatenate([[-0.1, 1.1], np.zeros(41)]), 1.0, "negative or missing"),
        (np.full(43, np.nan), 1.0, "negative or missing"),
        (EQUAL, float("nan"), "target=nan"),
        (EQUAL, float("inf"), "target=inf"),
        (EQUAL, 0.0, "ratio without meaning"),
        (EQUAL, -1.0, "ratio without meaning"),
    ],
)
def test_a_benchmark_without_meaning_is_refused(shares: np.ndarray, target: float, problem: str) -> None:
    with pytest.raises(BadBenchmark, match=problem):
        benchmark(fay_herriot(milk()), shares, target)


def test_a_difference_may_pass_zero() -> None:
    found = benchmark(fay_herriot(milk()), EQUAL, -1.0, kind="difference")
    assert np.mean([one.value for one in found.estimates]) == pytest.approx(-1, rel=1e-12)


def test_benchmarking_twice_unknown_kinds_and_other_lengths_are_refused() -> None:
    model = fay_herriot(milk())
    with pytest.raises(BadBenchmark, match="already"):
        benchmark(benchmark(model, EQUAL, 1.0), EQUAL, 1.0)
    with pytest.raises(BadRequest, match="raking"):
        benchmark(model, EQUAL, 1.0, kind="raking")  # type: ignore[arg-type]  # the fault
    with pytest.raises(DifferentLengths, match="shares"):
        benchmark(model, [1.0], 1.0)
