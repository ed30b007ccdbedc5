"""Sampling variances smoothed over areas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.small_area import (
    Areas,
    BadAreas,
    CollinearCovariates,
    TooFewAreas,
    fay_herriot,
    smooth_variances,
)
from survey.aggregation.small_area.model import PHRASES
from survey.aggregation.small_area.smoothing import Retransformation

FACTORS: tuple[Retransformation, ...] = ("lognormal", "smearing", "total")
SIZES = np.array([10.0, 20, 40, 80, 160])


@pytest.mark.parametrize("retransformation", FACTORS)
def test_variances_on_a_line_are_given_back(retransformation: Retransformation) -> None:
    """V = 0.25/n is a line of slope -1 in logarithms, without residual: every factor is 1."""
    found = smooth_variances(0.25 / SIZES, SIZES, retransformation=retransformation)
    np.testing.assert_allclose(found.variance, 0.25 / SIZES, rtol=1e-12)
    assert (found.slope, found.intercept) == pytest.approx((-1, math.log(0.25)), rel=1e-12)
    assert found.factor == pytest.approx(1, rel=1e-12)


def test_the_line_is_that_of_ordinary_least_squares_on_logarithms() -> None:
    """numpy.polyfit; s² with k - 2 degrees of freedom; factor exp(s²/2) (You & Hidiroglou 2012)."""
    variance = np.array([0.03, 0.011, 0.009, 0.0021, 0.0018])
    found = smooth_variances(variance, SIZES)
    slope, intercept = np.polyfit(np.log(SIZES), np.log(variance), 1)
    residual = np.log(variance) - intercept - slope * np.log(SIZES)
    s2 = float(residual @ residual) / 3
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept), rel=1e-10)
    assert found.residual_variance == pytest.approx(s2, rel=1e-10)
    assert found.factor == pytest.approx(math.exp(s2 / 2), rel=1e-10)
    np.testing.assert_allclose(found.variance, found.factor * np.exp(intercept) * SIZES**slope, rtol=1e-10)
    assert found.given.tolist() == variance.tolist()


def test_each_factor_keeps_what_it_promises() -> None:
    """ "total" the sum of the variances; "smearing" the mean of the ratios given : fitted (Duan 1983)."""
    variance = np.array([0.03, 0.011, 0.009, 0.0021, 0.0018])
    total = smooth_variances(variance, SIZES, retransformation="total")
    assert total.variance.sum() == pytest.approx(variance.sum(), rel=1e-12)
    smearing = smooth_variances(variance, SIZES, retransformation="smearing")
    fitted = smearing.variance / smearing.factor
    assert smearing.factor == pytest.approx(np.mean(variance / fitted), rel=1e-12)


def test_the_lognormal_factor_makes_the_mean_right() -> None:
    """5,000 variances, lognormal about 1/n with s = 0.6: the smoothed total within 4 Monte-Carlo errors."""
    rng = np.random.default_rng(6)
    sizes = rng.integers(10, 200, 5000).astype(float)
    variance = np.exp(rng.normal(scale=0.6, size=5000)) / sizes
    found = smooth_variances(variance, sizes)
    expected = math.exp(0.18) / sizes
    assert found.variance.sum() == pytest.approx(expected.sum(), rel=4 * 0.6 / math.sqrt(5000) * 1.5)


def test_areas_without_a_variance_get_that_of_the_model() -> None:
    """Missing, or 0 because all respondents answered alike; without a size there is nothing to go by."""
    variance = [0.25 / 10, 0.25 / 20, math.nan, 0.0, 0.25 / 160, 0.3, math.nan]
    sizes = [10, 20, 40, 80, 160, 0, math.nan]
    found = smooth_variances(variance, sizes)
    assert found.is_imputed.tolist() == [False, False, True, True, False, False, False]
    assert found.areas == 3
    np.testing.assert_allclose(found.variance[:5], 0.25 / np.array(sizes[:5]), rtol=1e-12)
    assert np.isnan(found.variance[5:]).all()


@settings(deadline=None, max_examples=50)
@given(st.floats(1e-6, 1e6), st.floats(0.1, 50), st.sampled_from(FACTORS))
def test_units_of_variance_and_size_change_nothing_else(v: float, s: float, factor: Retransformation) -> None:
    variance = np.array([0.03, 0.011, 0.009, 0.0021, 0.0018])
    one = smooth_variances(variance, SIZES, retransformation=factor)
    other = smooth_variances(variance * v, SIZES * s, retransformation=factor)
    np.testing.assert_allclose(other.variance, one.variance * v, rtol=1e-9)
    assert other.factor == pytest.approx(one.factor, rel=1e-9)


def test_a_smoothed_variance_is_named_on_every_estimate() -> None:
    rng = np.random.default_rng(3)
    sizes = rng.integers(5, 90, 20)
    variance = 0.2 / sizes * np.exp(rng.normal(scale=0.3, size=20))
    variance[2] = 0.0
    smoothed = smooth_variances(variance, sizes)
    direct = 0.8 + rng.normal(scale=0.1, size=20)
    areas = Areas.build(
        names=range(20),
        direct=direct,
        variance=smoothed.variance,
        n=sizes.tolist(),
        variance_method=smoothed.method,
    )
    found = fay_herriot(areas)
    assert "smoothed by log-log regression on sample size; lognormal factor" in found.estimates[0].method
    assert set(found.estimates[0].method.split("; ")) <= set(PHRASES)
    assert found.fit.variance_method == smoothed.method
    assert found.estimates[2].flags == ()


def test_what_cannot_be_smoothed_is_refused() -> None:
    with pytest.raises(BadAreas, match=r"variance.*: 2\."):
        smooth_variances([0.1, -0.1, 0.1], [10, 20, 30])
    with pytest.raises(BadAreas, match=r"size.*: 3\."):
        smooth_variances([0.1, 0.1, 0.1], [10, 20, math.inf])
    with pytest.raises(TooFewAreas, match="Only 2 areas"):
        smooth_variances([0.1, 0.2, 0.0], [10, 20, 30])
    with pytest.raises(CollinearCovariates, match="size"):
        smooth_variances([0.1, 0.2, 0.3], [30, 30, 30])
    with pytest.raises(DifferentLengths, match="size"):
        smooth_variances([0.1, 0.2, 0.3], [30, 30])
    with pytest.raises(BadRequest, match="naive"):
        smooth_variances([0.1, 0.2, 0.3], [10, 20, 30], retransformation="naive")  # type: ignore[arg-type]  # the fault
