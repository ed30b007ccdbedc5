"""Calibration where everything is at its bound, weights below 1, and tables with few rows."""

import numpy as np
import pytest

from survey.aggregation import BadRequest
from survey.aggregation.weighting import Margin, calibrate, poststratify
from survey.aggregation.weighting.distances import truncated
from survey.aggregation.weighting.newton import equations
from survey.aggregation.weighting.projection import independent_columns


def test_when_every_weight_is_at_its_bound_the_search_ends_with_the_proof() -> None:
    """Four weights of 1 held to 2 at most add up to 8, never to 100; no curvature is left there."""
    system = equations(truncated(0.5, 2.0), np.ones((4, 1)), np.ones(4), np.array([100.0]))
    found = system.solve(lambda weights: bool(weights.sum() >= 100), 50)
    assert found.is_impossible
    assert found.ratios.tolist() == [2.0] * 4


def test_ratios_of_weights_below_1_are_ratios_too() -> None:
    made = calibrate(np.array([0.25, 0.75, 0.0]), [], population=2.0)
    np.testing.assert_allclose(made.ratios, [2.0, 2.0, 1.0], rtol=1e-12)


def test_an_unknown_convention_of_residuals_is_refused() -> None:
    with pytest.raises(BadRequest, match="naive"):
        poststratify(np.ones(2), Margin("m", ["a", "b"], {"a": 1, "b": 2}), convention="naive")  # type: ignore[arg-type]  # the fault


def test_columns_are_told_apart_by_a_triangle_with_fewer_rows_too() -> None:
    """Two rows tell two columns apart at most: the third follows, and so does a column of zeros."""
    assert independent_columns(np.array([[0.6, 0.8, 0.0], [0.8, -0.6, 1.0]])).tolist() == [True, True, False]
    assert independent_columns(np.array([[1.0, 0.0, 0.7]])).tolist() == [True, False, False]
    assert independent_columns(np.array([[1.0], [0.0], [0.0]])).tolist() == [True]
