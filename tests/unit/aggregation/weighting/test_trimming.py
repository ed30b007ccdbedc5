"""Trimmed weights: bounds, sums and margins hold together, or it is said that they cannot."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.aggregation import BadWeights, DifferentLengths, EmptySample
from survey.aggregation.weighting import (
    BadBounds,
    Margin,
    NotConverged,
    UnreachableTotal,
    WeightBounds,
    bounds_from_mean,
    bounds_from_median,
    calibrate,
    rake,
    summarise_weights,
    trim_and_calibrate,
    trim_weights,
)
from tests.unit.aggregation.weighting.samples import are_within_reach, populations


def test_the_excess_of_a_cut_weight_goes_to_the_others_in_proportion() -> None:
    """10 is cut to 6; the 4 left over raise 1, 2, 3 by the factor (6 + 4) / 6."""
    made = trim_weights([1.0, 2.0, 3.0, 10.0], WeightBounds(0, 6))
    np.testing.assert_allclose(made.weights, [10 / 6, 20 / 6, 5, 6], rtol=1e-14)
    assert made.factor == pytest.approx(10 / 6, rel=1e-14)
    assert (made.below, made.above) == (0, 1)


def test_the_excess_may_push_others_to_the_bound_in_turn() -> None:
    made = trim_weights([1.0, 1.0, 5.0, 13.0], WeightBounds(0, 6))
    np.testing.assert_allclose(made.weights, [4, 4, 6, 6], rtol=1e-14)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.floats(0, 0.9), st.floats(1.1, 5))
def test_trimmed_weights_obey_the_bounds_and_keep_their_sum(seed: int, least: float, most: float) -> None:
    weights = np.random.default_rng(seed).lognormal(0, 1, 50)
    weights[::7] = 0
    bounds = bounds_from_mean(weights, most=most, least=least)
    made = trim_weights(weights, bounds)
    assert made.weights.sum() == pytest.approx(weights.sum(), rel=1e-12)
    assert bounds.outside(made.weights) == (0, 0)
    assert not made.weights[::7].any()
    inside = (made.weights > bounds.lower) & (made.weights < bounds.upper)
    np.testing.assert_allclose(made.weights[inside], weights[inside] * made.factor, rtol=1e-12)


def test_weights_inside_the_bounds_are_left_alone() -> None:
    weights = np.array([1.0, 2.0, 0.0, 3.0])
    made = trim_weights(weights, WeightBounds(1, 3))
    assert made.weights.tolist() == weights.tolist()
    assert (made.factor, made.below, made.above) == (1.0, 0, 0)


@settings(deadline=None, max_examples=30)
@given(populations(), st.floats(1.2, 3.0), st.sampled_from(["raking", "linear"]))
def test_after_trimming_margins_and_bounds_hold_whenever_they_can(
    drawn: dict[str, Any], most: float, distance: Any
) -> None:
    arguments = (drawn["weights"], [drawn["age"], drawn["area"]], [drawn["size"]])
    plain = calibrate(*arguments, distance=distance).weights
    bounds = bounds_from_mean(np.maximum(plain, 0), most=most, least=0.2)
    gap = 0.01 * bounds.upper
    if not are_within_reach(drawn, bounds.lower + gap, bounds.upper - gap):
        assume(not are_within_reach(drawn, bounds.lower - gap, bounds.upper + gap))
        with pytest.raises((NotConverged, UnreachableTotal)):
            trim_and_calibrate(*arguments, distance=distance, bounds=bounds)
        return
    made = trim_and_calibrate(*arguments, distance=distance, bounds=bounds)
    weights = made.calibration.weights
    assert bounds.outside(weights, 2e-10) == (0, 0)
    assert made.calibration.report.converged
    for margin in arguments[1]:
        reached = np.bincount(margin.labels, weights)
        np.testing.assert_allclose(reached, list(margin.totals.values()), rtol=1e-10)
    np.testing.assert_allclose(weights @ drawn["size"].values, drawn["size"].total, rtol=1e-10)
    assert made.calibration.kind == "trimmed"
    assert made.calibration.design_weights.tolist() == drawn["weights"].tolist()
    if made.finished == "untouched":
        np.testing.assert_allclose(weights, plain, rtol=1e-12)


def uneven() -> tuple[np.ndarray, list[Margin]]:
    rng = np.random.default_rng(8)
    weights, a, b = rng.lognormal(0, 0.9, 300), rng.integers(0, 4, 300), rng.integers(0, 3, 300)
    return weights, [
        Margin("a", a, {0: 100, 1: 150, 2: 120, 3: 130}),
        Margin("b", b, {0: 150, 1: 200, 2: 150}),
    ]


def test_rounds_that_do_not_suffice_end_in_a_bounded_calibration() -> None:
    weights, margins = uneven()
    made = trim_and_calibrate(weights, margins, bounds=WeightBounds(0.3, 4.0), most_rounds=2)
    assert (made.finished, made.rounds) == ("bounded", 2)
    assert made.above > 0
    assert made.below > 0
    assert made.bounds.outside(made.calibration.weights) == (0, 0)
    assert made.calibration.report.converged


def test_rows_of_weight_zero_are_neither_trimmed_nor_raised() -> None:
    weights, margins = uneven()
    with_zero = [Margin(one.name, [*one.labels.tolist(), None], one.totals) for one in margins]
    bounds = WeightBounds(0.3, 4.0)
    made = trim_and_calibrate(np.append(weights, 0.0), with_zero, bounds=bounds)
    assert made.calibration.weights[-1] == 0
    without = trim_and_calibrate(weights, margins, bounds=bounds)
    np.testing.assert_allclose(made.calibration.weights[:-1], without.calibration.weights, rtol=1e-9)


def test_trimming_costs_less_precision_by_unequal_weights() -> None:
    weights, margins = uneven()
    raked = rake(weights, margins).weights
    made = trim_and_calibrate(weights, margins, bounds=lambda found: bounds_from_median(found, spread=3))
    before = summarise_weights(raked, bounds=made.bounds)
    after = summarise_weights(made.calibration.weights, bounds=made.bounds)
    assert (made.below, made.above) == (before.below, before.above)
    assert before.above is not None
    assert before.above > 0
    assert (after.below, after.above) == (0, 0)
    assert after.deff_kish < before.deff_kish


def test_bounds_that_leave_a_margin_out_of_reach_are_refused() -> None:
    weights, margins = uneven()
    with pytest.raises(UnreachableTotal, match="a=2"):
        trim_and_calibrate(weights, margins, bounds=WeightBounds(0, 1.7))
    with pytest.raises(UnreachableTotal, match="Σ"):
        trim_weights([1.0, 2.0, 9.0], WeightBounds(0, 3.9))


def test_bounds_that_each_margin_but_not_both_can_meet_are_reported() -> None:
    """a=y leaves 3 to the last row, so b=x needs 6 of the first, above the bound of 5."""
    margins = [
        Margin("a", ["x", "x", "x", "y"], {"x": 14, "y": 3}),
        Margin("b", ["x", "y", "y", "x"], {"x": 9, "y": 8}),
    ]
    with pytest.raises(NotConverged):
        trim_and_calibrate(np.ones(4), margins, bounds=WeightBounds(0, 5))
    made = trim_and_calibrate(np.ones(4), margins, bounds=WeightBounds(0, 5), strict=False)
    assert not made.calibration.report.converged
    assert made.calibration.report.failed


def test_bounds_must_be_in_order() -> None:
    for lower, upper in ((2.0, 1.0), (-1.0, 1.0), (1.0, 1.0), (float("nan"), 1.0), (0.0, float("nan"))):
        with pytest.raises(BadBounds):
            WeightBounds(lower, upper)


def test_bounds_by_rule_are_those_of_the_positive_weights() -> None:
    """Median 3 and quartiles 2 and 4 of 1 to 5; mean 3."""
    weights = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.0]
    by_median = bounds_from_median(weights, spread=2.5)
    assert (by_median.lower, by_median.upper, by_median.rule) == (0.0, 8.0, "median + 2.5 IQR")
    by_mean = bounds_from_mean(weights, most=1.5, least=0.5)
    assert (by_mean.lower, by_mean.upper, by_mean.rule) == (1.5, 4.5, "0.5 to 1.5 times the mean")


def test_a_summary_counts_what_unequal_weights_cost() -> None:
    """Kish 1992: 1 + cv². Weights 2, 2, 8: n Σw² / (Σw)² = 3 · 72 / 144 = 1.5."""
    found = summarise_weights(
        [2.0, 2.0, 8.0, 0.0], base_weights=[2.0, 4.0, 4.0, 0.0], bounds=WeightBounds(3, 6)
    )
    assert (found.n, found.zero, found.negative, found.total, found.mean) == (3, 1, 0, 12.0, 4.0)
    assert (found.least, found.most, found.spread) == (2.0, 8.0, 4.0)
    assert found.deff_kish == pytest.approx(1.5, rel=1e-15)
    assert found.deff_kish == pytest.approx(1 + found.cv**2, rel=1e-15)
    assert found.n_eff == pytest.approx(2.0, rel=1e-15)
    assert (found.least_ratio, found.most_ratio) == (0.5, 2.0)
    assert (found.below, found.above) == (2, 1)


def test_a_summary_shows_negative_weights_and_refuses_what_is_no_weight() -> None:
    found = summarise_weights([3.0, -1.0, 4.0])
    assert (found.negative, found.spread, found.least_ratio, found.below) == (1, None, None, None)
    for wrong, error in (([], EmptySample), ([1.0, float("nan")], BadWeights), ([0.0], BadWeights)):
        with pytest.raises(error):
            summarise_weights(wrong)
    with pytest.raises(DifferentLengths):
        summarise_weights([1.0, 2.0], base_weights=[1.0])
