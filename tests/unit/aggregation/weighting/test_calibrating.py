"""What holds for every sample that is calibrated: totals, scale, order, bounds, ways that agree."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.aggregation.weighting import (
    Calibration,
    Margin,
    NotConverged,
    NumericTotal,
    UnreachableTotal,
    calibrate,
    poststratify,
    rake,
)
from tests.unit.aggregation.weighting.samples import (
    are_within_reach,
    clusters,
    populations,
    prior_score,
    schoolwide,
    types,
)

PROPERTY = settings(deadline=None, max_examples=25)


def every_way(drawn: dict[str, Any]) -> dict[str, Calibration]:
    margins, numbers = [drawn["age"], drawn["area"]], [drawn["size"]]
    return {
        "cells": poststratify(drawn["weights"], drawn["age"]),
        "sweeps": rake(drawn["weights"], margins),
        "linear": calibrate(drawn["weights"], margins, numbers),
        "raking": calibrate(drawn["weights"], margins, numbers, distance="raking"),
    }


@PROPERTY
@given(populations())
def test_every_total_is_reached(drawn: dict[str, Any]) -> None:
    for name, made in every_way(drawn).items():
        assert made.report.converged, name
        assert made.report.failed == ()
        reached = np.bincount(drawn["age"].labels, made.weights)
        np.testing.assert_allclose(reached, list(drawn["age"].totals.values()), rtol=1e-10, err_msg=name)
        if name != "cells":
            reached = np.bincount(drawn["area"].labels, made.weights)
            np.testing.assert_allclose(reached, list(drawn["area"].totals.values()), rtol=1e-10)
        if name in ("linear", "raking"):
            np.testing.assert_allclose(made.weights @ drawn["size"].values, drawn["size"].total, rtol=1e-10)


@PROPERTY
@given(populations(), st.floats(1e-4, 1e5))
def test_scaled_base_weights_give_the_same_calibrated_weights(drawn: dict[str, Any], factor: float) -> None:
    scaled = every_way({**drawn, "weights": drawn["weights"] * factor})
    for name, made in every_way(drawn).items():
        np.testing.assert_allclose(scaled[name].weights, made.weights, rtol=1e-9, atol=1e-12, err_msg=name)


@PROPERTY
@given(populations(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(drawn: dict[str, Any], random: Any) -> None:
    order = np.arange(drawn["weights"].size)
    random.shuffle(order)
    turned = {
        "weights": drawn["weights"][order],
        "age": Margin("age", drawn["age"].labels[order], drawn["age"].totals),
        "area": Margin("area", drawn["area"].labels[order], drawn["area"].totals),
        "size": NumericTotal("size", drawn["size"].values[order], drawn["size"].total),
    }
    other = every_way(turned)
    for name, made in every_way(drawn).items():
        scale = np.abs(made.weights).max()
        np.testing.assert_allclose(other[name].weights, made.weights[order], rtol=1e-12, atol=1e-12 * scale)


@PROPERTY
@given(populations())
def test_one_margin_is_the_same_by_cells_by_sweeps_and_by_every_distance(drawn: dict[str, Any]) -> None:
    wanted = poststratify(drawn["weights"], drawn["age"]).weights
    one = [drawn["age"]]
    for made in (
        rake(drawn["weights"], one),
        calibrate(drawn["weights"], one),
        calibrate(drawn["weights"], one, distance="raking"),
        calibrate(drawn["weights"], one, distance="logit", bounds=(1e-3, 1e3)),
    ):
        np.testing.assert_allclose(made.weights, wanted, rtol=1e-9, err_msg=made.kind)


@PROPERTY
@given(populations())
def test_sweeps_and_newton_find_the_same_raked_weights(drawn: dict[str, Any]) -> None:
    margins = [drawn["age"], drawn["area"]]
    by_newton = calibrate(drawn["weights"], margins, distance="raking").weights
    np.testing.assert_allclose(rake(drawn["weights"], margins).weights, by_newton, rtol=1e-8)


def test_raking_a_table_to_its_own_margins_returns_it() -> None:
    table = np.outer([2.0, 3.0, 5.0], [7.0, 11.0])
    row, column = np.indices(table.shape)
    margins = [
        Margin("row", row.ravel(), dict(enumerate(table.sum(axis=1).tolist()))),
        Margin("column", column.ravel(), dict(enumerate(table.sum(axis=0).tolist()))),
    ]
    np.testing.assert_allclose(rake(table.ravel(), margins).weights, table.ravel(), rtol=1e-15)
    flat = rake(np.ones(table.size), margins)
    np.testing.assert_allclose(flat.weights, table.ravel(), rtol=1e-12)
    assert flat.report.iterations == 1


def test_raked_weights_are_base_weights_times_one_factor_a_label() -> None:
    """log g = a_row + b_column, what makes raking the solution of Deming & Stephan 1940."""
    made = rake(clusters()["pw"], [types(), schoolwide()])
    design = np.column_stack(
        [codes[:, None] == np.arange(3) for codes in (made.margins[0], made.margins[1])]
    ).astype(float)
    log_ratio = np.log(made.ratios)
    fitted = design @ np.linalg.lstsq(design, log_ratio, rcond=None)[0]
    np.testing.assert_allclose(fitted, log_ratio, atol=1e-12)


def test_linear_weights_are_the_closed_form() -> None:
    """w = d (1 + x′ (Σ d x x′)⁻¹ (t - Σ d x)), Särndal, Swensson & Wretman 1992 (6.5.9)."""
    made = calibrate(clusters()["pw"], [types()], [prior_score()])
    d, x = made.design_weights, made.auxiliary
    totals = np.array([6194, 755, 1018, 3914069])
    closed = d * (1 + x @ np.linalg.solve(x.T @ (d[:, None] * x), totals - x.T @ d))
    np.testing.assert_allclose(made.weights, closed, rtol=1e-9)
    assert made.report.iterations == 1


def test_raking_distance_keeps_weights_positive_where_the_linear_does_not() -> None:
    y = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 10.0])
    number = NumericTotal("y", y, 6 * 0.4)
    assert calibrate(np.ones(6), [], [number], population=6).weights.min() < 0
    raked = calibrate(np.ones(6), [], [number], population=6, distance="raking").weights
    assert raked.min() > 0
    np.testing.assert_allclose([raked.sum(), raked @ y], [6, 2.4], rtol=1e-10)


@pytest.mark.parametrize("distance", ["linear", "logit"])
def test_bounded_weights_reach_the_totals_within_the_bounds(distance: Any) -> None:
    free = calibrate(clusters()["pw"], [types()], [prior_score()])
    assert free.ratios.min() < 0.5
    assert free.ratios.max() > 1.7
    held = calibrate(clusters()["pw"], [types()], [prior_score()], distance=distance, bounds=(0.5, 1.7))
    assert held.report.converged
    assert held.ratios.min() >= 0.5 - 1e-12
    assert held.ratios.max() <= 1.7 + 1e-12
    np.testing.assert_allclose(held.weights @ clusters()["api99"], 3914069, rtol=1e-10)


def test_the_logit_ratio_is_that_of_deville_and_sarndal() -> None:
    """F(u) = [L(U-1) + U(1-L) e^{Au}] / [U-1 + (1-L) e^{Au}]: logit of its share is linear in x."""
    lower, upper = 0.5, 1.7
    made = calibrate(clusters()["pw"], [types()], [prior_score()], distance="logit", bounds=(lower, upper))
    steepness = (upper - lower) / ((1 - lower) * (upper - 1))
    g = made.ratios
    u = np.log((g - lower) * (upper - 1) / ((upper - g) * (1 - lower))) / steepness
    fitted = made.auxiliary @ np.linalg.lstsq(made.auxiliary, u, rcond=None)[0]
    np.testing.assert_allclose(fitted, u, atol=1e-10)


def test_the_truncated_ratio_is_linear_wherever_it_is_inside_the_bounds() -> None:
    made = calibrate(clusters()["pw"], [types()], [prior_score()], bounds=(0.5, 1.7))
    inside = (made.ratios > 0.5) & (made.ratios < 1.7)
    assert 0 < inside.sum() < inside.size
    x, u = made.auxiliary, made.ratios - 1
    slope = np.linalg.lstsq(x[inside], u[inside], rcond=None)[0]
    np.testing.assert_allclose(np.clip(1 + x @ slope, 0.5, 1.7), made.ratios, atol=1e-10)


def test_wide_bounds_leave_the_linear_weights() -> None:
    free = calibrate(clusters()["pw"], [types()], [prior_score()])
    held = calibrate(clusters()["pw"], [types()], [prior_score()], bounds=(0.0, float("inf")))
    np.testing.assert_allclose(held.weights, free.weights, rtol=1e-12)


@PROPERTY
@given(populations(), st.sampled_from(["linear", "logit"]), st.floats(0.2, 0.95), st.floats(1.05, 2.0))
def test_bounded_weights_are_found_whenever_there_are_any(
    drawn: dict[str, Any], distance: Any, lower: float, upper: float
) -> None:
    scale = sum(drawn["age"].totals.values()) / drawn["weights"].sum()
    drawn = {**drawn, "weights": drawn["weights"] * scale}
    arguments = (drawn["weights"], [drawn["age"], drawn["area"]], [drawn["size"]])
    base, gap = drawn["weights"], 0.01 * (upper - lower)
    if are_within_reach(drawn, base * (lower + gap), base * (upper - gap)):
        made = calibrate(*arguments, distance=distance, bounds=(lower, upper))
        assert lower - 1e-9 <= made.ratios.min() <= made.ratios.max() <= upper + 1e-9
    else:
        assume(not are_within_reach(drawn, base * (lower - gap), base * (upper + gap)))
        with pytest.raises((NotConverged, UnreachableTotal)):
            calibrate(*arguments, distance=distance, bounds=(lower, upper))


def test_rows_of_weight_zero_take_no_part_and_may_lack_labels() -> None:
    weights = np.append(clusters()["pw"], [0.0, 0.0])
    margins = [
        Margin("stype", [*clusters()["stype"].tolist(), None, "E"], types().totals),
        Margin("sch.wide", [*clusters()["sch.wide"].tolist(), "no such label", ""], schoolwide().totals),
    ]
    number = NumericTotal("api99", np.append(clusters()["api99"], [np.nan, 1e9]), 3914069)
    for with_zero, without in (
        (rake(weights, margins), rake(weights[:-2], [types(), schoolwide()])),
        (
            calibrate(weights, margins[:1], [number], bounds=(0.4, float("inf"))),
            calibrate(weights[:-2], [types()], [prior_score()], bounds=(0.4, float("inf"))),
        ),
    ):
        np.testing.assert_allclose(with_zero.weights[:-2], without.weights, rtol=1e-12)
        assert with_zero.weights[-2:].tolist() == [0, 0]
        assert with_zero.ratios[-2:].tolist() == [1, 1]


def test_a_margin_that_follows_from_another_is_left_out_of_the_equations_but_not_of_the_report() -> None:
    weights, district = np.array([1.0, 2, 3, 4, 5, 6]), np.array([0, 1, 2, 0, 1, 2])
    province = np.where(district == 2, "b", "a")
    margins = [
        Margin("district", district, {0: 10, 1: 20, 2: 30}),
        Margin("province", province, {"a": 30, "b": 30}),
    ]
    made = calibrate(weights, margins)
    assert made.names == ("(population)", "district=1", "district=2")
    assert made.report.redundant == ("province=b",)
    assert [fit.title for fit in made.report.margins][-2:] == ["province=a", "province=b"]
    np.testing.assert_allclose(made.weights, rake(weights, margins).weights, rtol=1e-9)


def test_margins_that_agree_but_for_rounding_are_scaled_to_the_first() -> None:
    table = clusters()
    rounded = {label: total * (1 + 5e-10) for label, total in schoolwide().totals.items()}
    made = rake(table["pw"], [types(), Margin("sch.wide", table["sch.wide"], rounded)])
    np.testing.assert_allclose(made.weights.sum(), 6194, rtol=1e-10)


def test_a_total_of_zero_is_reached_relative_to_what_its_column_adds_up_to() -> None:
    """Centred columns have total 0; their error is over Σ w|x|, the error of others over the total."""
    weights, x = np.array([1.0, 2.0, 3.0, 4.0]), np.array([-3.0, -1.0, 1.0, 2.0])
    made = calibrate(weights, [], [NumericTotal("x", x, 0.0)], population=10)
    np.testing.assert_allclose([made.weights.sum(), made.weights @ x], [10, 0], atol=1e-12)
    cut = calibrate(weights, [], [NumericTotal("x", x, 0.0)], population=20, most_steps=0, strict=False)
    stopped = {fit.name: fit for fit in cut.report.margins}
    assert stopped["x"].relative_error == pytest.approx(stopped["x"].reached / (cut.weights @ np.abs(x)))
    assert stopped["(population)"].relative_error == abs(stopped["(population)"].reached - 20) / 20


def test_totals_are_reached_to_one_part_in_ten_thousand_million() -> None:
    report = calibrate(clusters()["pw"], [types()]).report
    assert report.tolerance == 1e-10
    assert report.worst.relative_error <= 1e-10


def test_totals_exactly_at_the_bounds_are_reached() -> None:
    labels = ["a", "a", "b", "b"]
    for totals, wanted in (({"a": 2 * 2.0, "b": 3}, 2.0), ({"a": 2 * 0.5, "b": 3}, 0.5)):
        made = calibrate(np.ones(4), [Margin("m", labels, totals)], bounds=(0.5, 2.0))
        np.testing.assert_allclose(made.weights, [wanted, wanted, 1.5, 1.5], rtol=1e-10)
