"""Intervals where formulas break down: no degrees of freedom, nothing varying, shares at 0 and 1."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import (
    BadRequest,
    arcsine_interval,
    beta_interval,
    korn_graubard_interval,
    logit_interval,
    t_interval,
    wilson_interval,
)

SHARES = st.floats(0.001, 0.999)
ERRORS = st.floats(1e-4, 0.2)
DEGREES = st.integers(1, 400)


def test_no_degrees_of_freedom_give_no_interval_and_never_1_96() -> None:
    """statistics.md, pitfall 5."""
    assert np.isnan(t_interval(0.5, 0.1, 0)).all()
    assert np.isnan(logit_interval(0.5, 0.1, 0)).all()
    assert np.isnan(korn_graubard_interval(0.0, 0.0, 50, 0)).all()


def test_no_variation_gives_no_interval() -> None:
    """statistics.md, pitfall 6: never "0 ± 0"."""
    for interval in (t_interval, logit_interval, wilson_interval, arcsine_interval):
        assert np.isnan(interval(0.3, 0.0, 10)).all()
    assert np.isnan(beta_interval(0.3, 0.0, 50, 10)).all()


@pytest.mark.parametrize("interval", [logit_interval, wilson_interval, arcsine_interval])
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_methods_without_an_interval_at_the_ends_give_none(interval: object, end: float) -> None:
    assert np.isnan(interval(end, 0.01, 20)).all()  # type: ignore[operator]  # one of three functions


def test_t_quantiles_are_those_of_the_tables() -> None:
    """t(0.975) for 1, 10 and 30 degrees: 12.706, 2.228, 2.042; normal 1.960 (any statistical table)."""
    half = t_interval(np.zeros(4), np.ones(4), [1, 10, 30, np.inf])[1]
    assert half.round(3).tolist() == [12.706, 2.228, 2.042, 1.960]


@pytest.mark.parametrize("n", [10, 30, 400])
def test_at_zero_korn_graubard_is_the_exact_binomial_bound(n: int) -> None:
    """With p = 0 the upper bound solves (1 - p)^n* = α/2; with df = n - 1 nothing is adjusted, n* = n."""
    low, high = korn_graubard_interval(0.0, 0.0, n, n - 1)
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / n), rel=1e-10)
    mirrored = korn_graubard_interval(1.0, 0.0, n, n - 1)
    assert mirrored[1] == 1
    assert mirrored[0] == pytest.approx(1 - high, rel=1e-10)


def test_few_degrees_of_freedom_widen_the_bound_at_zero() -> None:
    bounds = [float(korn_graubard_interval(0.0, 0.0, 200, df)[1]) for df in (199, 20, 5, 2)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1]


def test_korn_graubard_never_claims_more_respondents_than_there_are() -> None:
    """NCHS truncates n_eff at n, R does not: with a tiny standard error the NCHS interval is wider."""
    ours, r = korn_graubard_interval(0.4, 0.005, 100, 60), beta_interval(0.4, 0.005, 100, 60)
    assert ours[0] < r[0]
    assert ours[1] > r[1]
    wide = 0.08
    np.testing.assert_allclose(
        korn_graubard_interval(0.4, wide, 100, 60), beta_interval(0.4, wide, 100, 60), rtol=1e-12
    )


@settings(deadline=None)
@given(p=SHARES, se=ERRORS, df=DEGREES)
def test_intervals_of_shares_hold_the_share_and_stay_between_0_and_1(p: float, se: float, df: int) -> None:
    for low, high in (
        logit_interval(p, se, df),
        wilson_interval(p, se, df),
        korn_graubard_interval(p, se, 500, df),
    ):
        assert 0 <= low <= p <= high <= 1


@settings(deadline=None)
@given(p=SHARES, se=ERRORS, df=DEGREES)
def test_the_mirror_of_a_share_has_the_mirrored_interval(p: float, se: float, df: int) -> None:
    for interval in (logit_interval, wilson_interval, arcsine_interval):
        low, high = interval(p, se, df)
        mirror_low, mirror_high = interval(1 - p, se, df)
        assert low == pytest.approx(1 - mirror_high, abs=1e-9)
        assert high == pytest.approx(1 - mirror_low, abs=1e-9)


@settings(deadline=None)
@given(p=SHARES, se=ERRORS, df=DEGREES)
def test_more_confidence_means_a_wider_interval(p: float, se: float, df: int) -> None:
    narrow, wide = logit_interval(p, se, df, 0.90), logit_interval(p, se, df, 0.99)
    assert wide[0] <= narrow[0]
    assert wide[1] >= narrow[1]


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_a_level_outside_0_and_1_is_refused(level: float) -> None:
    with pytest.raises(BadRequest):
        t_interval(0.5, 0.1, 10, level)
