"""Each distance: its ratio, slope and potential belong together, and start at the base weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.weighting import NumericTotal, calibrate
from survey.aggregation.weighting.distances import LINEAR, RAKING, Distance, logit, truncated

EVERY = {
    "linear": LINEAR,
    "raking": RAKING,
    "truncated": truncated(0.4, 2.5),
    "truncated row by row": truncated(np.full(7, 0.4), np.linspace(1.1, 3, 7)),
    "logit": logit(0.4, 2.5),
}
#: Not at the corners of the truncated distance.
POINTS = np.array([-1.7, -0.8, -0.3, 0.01, 0.055, 0.4, 2.2])


@pytest.mark.parametrize("distance", EVERY.values(), ids=EVERY)
def test_slope_and_ratio_are_the_derivatives_of_ratio_and_potential(distance: Distance) -> None:
    step = 1e-6
    for curve, of in ((distance.slope, distance.ratio), (distance.ratio, distance.potential)):
        difference = (of(POINTS + step) - of(POINTS - step)) / (2 * step)
        np.testing.assert_allclose(curve(POINTS), difference, atol=1e-8)


@pytest.mark.parametrize("distance", EVERY.values(), ids=EVERY)
def test_no_ratio_along_u_is_above_the_highest(distance: Distance) -> None:
    highest = distance.highest(POINTS)
    for u in (-50.0, -1.0, 0.0, 0.5, 50.0):
        assert (POINTS * distance.ratio(np.full(POINTS.size, u)) <= highest + 1e-12).all()
    assert distance.highest(np.zeros(7)).tolist() == [0] * 7


@pytest.mark.parametrize("distance", EVERY.values(), ids=EVERY)
def test_ratio_and_slope_start_at_one(distance: Distance) -> None:
    np.testing.assert_allclose(distance.ratio(np.zeros(7)), 1, rtol=1e-15)
    np.testing.assert_allclose(distance.slope(np.zeros(7)), 1, rtol=1e-14)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_totals_that_are_met_already_leave_the_base_weights(seed: int) -> None:
    """Without a column of ones too, where a wrong start could not be hidden in a constant."""
    rng = np.random.default_rng(seed)
    weights, x = rng.uniform(1, 3, 20), rng.normal(2, 1, 20)
    met = NumericTotal("x", x, float(weights @ x))
    for distance, bounds in (
        ("linear", None),
        ("raking", None),
        ("linear", (0.5, 2.0)),
        ("logit", (0.5, 3.0)),
    ):
        made = calibrate(weights, [], [met], distance=distance, bounds=bounds)
        assert made.report.iterations == 0
        np.testing.assert_allclose(made.weights, weights, rtol=1e-12)
