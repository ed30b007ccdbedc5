"""Residuals of each convention: what they are orthogonal to, and where conventions agree and differ."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from survey.aggregation import BadRequest, DifferentLengths
from survey.aggregation.weighting import (
    PHRASES,
    BadAuxiliary,
    Margin,
    NumericTotal,
    calibrate,
    gram,
    poststratify,
    projection,
    rake,
    residuals,
)
from tests.unit.aggregation.weighting.samples import populations

PROPERTY = settings(deadline=None, max_examples=20)


def influence(rows: int) -> np.ndarray:
    return np.random.default_rng(5).normal(3, 2, (rows, 4))


@PROPERTY
@given(populations())
def test_calibrate_residuals_are_orthogonal_to_the_columns_under_base_weights(drawn: dict[str, Any]) -> None:
    made = calibrate(drawn["weights"], [drawn["age"], drawn["area"]], [drawn["size"]], distance="raking")
    u = influence(made.weights.size)
    e = residuals(made, u)
    left = made.auxiliary.T @ (made.design_weights[:, None] * e)
    np.testing.assert_allclose(left, 0, atol=1e-9 * np.abs(gram(made)).max())
    slope = np.linalg.lstsq(made.auxiliary, u - e, rcond=None)[0]
    np.testing.assert_allclose(made.auxiliary @ slope, u - e, atol=1e-9)


@PROPERTY
@given(populations())
def test_an_influence_made_of_the_columns_leaves_no_residual(drawn: dict[str, Any]) -> None:
    """The estimate of a calibrated total has no variance."""
    made = calibrate(drawn["weights"], [drawn["age"], drawn["area"]], [drawn["size"]])
    np.testing.assert_allclose(residuals(made, made.auxiliary), 0, atol=1e-11)
    for convention in ("calibrate", "rake"):
        raked = rake(drawn["weights"], [drawn["age"], drawn["area"]], convention=convention)
        dummies = (drawn["age"].labels[:, None] == np.arange(2)).astype(float)
        np.testing.assert_allclose(residuals(raked, dummies), 0, atol=1e-6)


@PROPERTY
@given(populations())
def test_post_stratum_means_are_the_regression_on_cell_dummies(drawn: dict[str, Any]) -> None:
    by_means = poststratify(drawn["weights"], drawn["age"])
    by_columns = poststratify(drawn["weights"], drawn["age"], convention="calibrate")
    u = influence(by_means.weights.size)
    np.testing.assert_allclose(residuals(by_means, u), residuals(by_columns, u), atol=1e-12)
    cell = drawn["age"].labels == 1
    mean = np.average(u[cell], axis=0, weights=drawn["weights"][cell])
    np.testing.assert_allclose(residuals(by_means, u)[cell], u[cell] - mean, atol=1e-12)


@PROPERTY
@given(populations())
def test_rake_residuals_are_ten_sweeps_of_unweighted_margin_means(drawn: dict[str, Any]) -> None:
    made = rake(drawn["weights"], [drawn["age"], drawn["area"]], convention="rake")
    u = influence(made.weights.size)[:, 0]
    e = u.copy()
    for _ in range(10):
        for labels in (drawn["age"].labels, drawn["area"].labels):
            for label in np.unique(labels):
                e[labels == label] -= e[labels == label].mean()
    np.testing.assert_allclose(residuals(made, u[:, None])[:, 0], e, atol=1e-12)


def test_the_conventions_differ_where_base_weights_do() -> None:
    drawn = {"weights": np.linspace(1, 9, 24), "labels": np.arange(24) % 3}
    margin = Margin("a", drawn["labels"], {0: 10.0, 1: 20.0, 2: 30.0})
    u = influence(24)
    one = residuals(rake(drawn["weights"], [margin]), u)
    other = residuals(rake(drawn["weights"], [margin], convention="rake"), u)
    assert np.abs(one - other).max() > 0.1


@PROPERTY
@given(populations())
def test_coefficients_from_group_sums_give_the_residuals_of_rows(drawn: dict[str, Any]) -> None:
    """β = (Σ d x x′)⁻¹ Σ d x u needs sums only, never the rows again."""
    made = calibrate(drawn["weights"], [drawn["age"], drawn["area"]], [drawn["size"]])
    u = influence(made.weights.size)
    moments = made.auxiliary.T @ (made.design_weights[:, None] * u)
    factored = projection(made)
    slopes = factored.coefficients(moments)
    np.testing.assert_allclose(slopes, np.linalg.solve(gram(made), moments), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(u - made.auxiliary @ slopes, residuals(made, u), atol=1e-9)


def test_residuals_stay_right_for_columns_that_are_nearly_dependent() -> None:
    """Longley-like: a number around 1e6 that varies by 10 beside the column of ones."""
    rng = np.random.default_rng(3)
    size = 1e6 + rng.normal(0, 10, 200)
    made = calibrate(np.ones(200), [], [NumericTotal("size", size, 200 * 1e6)], population=200)
    u = (size - 1e6)[:, None] ** 2
    centred = size - size.mean()
    slope = centred @ u[:, 0] / (centred @ centred)
    wanted = u[:, 0] - u.mean() - slope * centred
    np.testing.assert_allclose(residuals(made, u)[:, 0], wanted, atol=1e-7)


def test_rows_without_weight_get_no_residual_whatever_their_influence() -> None:
    weights, labels = np.array([1.0, 2, 3, 4, 0]), ["a", "a", "b", "b", None]
    margin = Margin("m", labels, {"a": 5, "b": 6})
    u = np.array([[1.0], [2], [3], [5], [np.nan]])
    for made in (
        poststratify(weights, margin),
        rake(weights, [margin]),
        rake(weights, [margin], convention="rake"),
    ):
        e = residuals(made, u)
        assert e[-1, 0] == 0
        np.testing.assert_allclose(
            e[:4], residuals(replace_rows(made), u[:4]), atol=1e-14, err_msg=made.convention
        )


def replace_rows(made: Any) -> Any:
    """Take the rows with weight."""
    return replace(
        made,
        weights=made.weights[:4],
        design_weights=made.design_weights[:4],
        auxiliary=made.auxiliary[:4],
        margins=tuple(codes[:4] for codes in made.margins),
    )


def test_every_phrase_has_its_vietnamese() -> None:
    made = poststratify([1.0, 2.0], Margin("m", [1, 2], {1: 1, 2: 1}))
    assert made.phrases == (
        "calibrated by post-strata",
        "variance of residuals from post-stratum means (R postStratify)",
    )
    assert all(PHRASES[phrase] for phrase in made.phrases)


@PROPERTY
@given(populations())
def test_wrong_uses_are_refused(drawn: dict[str, Any]) -> None:
    made = rake(drawn["weights"], [drawn["age"], drawn["area"]])
    with pytest.raises(DifferentLengths):
        residuals(made, np.ones((3, 1)))
    with pytest.raises(BadRequest, match="poststratify"):
        replace(made, convention="poststratify")
    doubled = replace(
        made, auxiliary=np.hstack([made.auxiliary, made.auxiliary[:, :1]]), names=(*made.names, "again")
    )
    with pytest.raises(BadAuxiliary, match="again"):
        residuals(doubled, influence(made.weights.size))
