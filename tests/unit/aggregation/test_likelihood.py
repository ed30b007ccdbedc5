"""The likelihood interval of a proportion: its equation, its symmetry, where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from survey.aggregation import BadRequest, logit_interval
from survey.aggregation.likelihood import likelihood_interval

SHARES = st.floats(0.001, 0.999)
ERRORS = st.floats(1e-4, 0.2)
DEGREES = st.integers(1, 400)
COUNTS = st.integers(2, 5000)
QUICK = settings(deadline=None, max_examples=50)


def deviance(p: float, x: float) -> float:
    """Return twice the log-likelihood that x loses to p, a response."""
    return 2 * (p * np.log(p / x) + (1 - p) * np.log((1 - p) / (1 - x)))


@QUICK
@given(p=SHARES, se=ERRORS, n=COUNTS, df=DEGREES)
def test_it_holds_the_share_and_stays_between_0_and_1(p: float, se: float, n: int, df: int) -> None:
    low, high = likelihood_interval(p, se, n, df)
    assert 0 <= low < p < high <= 1


@QUICK
@given(p=st.floats(0.02, 0.98), se=st.floats(0.002, 0.08), n=st.integers(30, 5000), df=st.integers(3, 400))
def test_both_ends_lose_the_same_deviance(p: float, se: float, n: int, df: int) -> None:
    """n_eff · deviance = t² n/(n-1) at each end: the defining equation (Rao & Scott 1984)."""
    allowed = stats.t.ppf(0.975, df) ** 2 * n / (n - 1)
    for end in likelihood_interval(p, se, n, df):
        if 1e-9 < end < 1 - 1e-9:
            assert p * (1 - p) / se**2 * deviance(p, float(end)) == pytest.approx(allowed, rel=1e-6)


@QUICK
@given(p=SHARES, se=ERRORS, n=COUNTS, df=DEGREES)
def test_the_share_of_the_others_has_the_mirrored_interval(p: float, se: float, n: int, df: int) -> None:
    low, high = likelihood_interval(p, se, n, df)
    mirrored = likelihood_interval(1 - p, se, n, df)
    np.testing.assert_allclose([1 - mirrored[1], 1 - mirrored[0]], [low, high], atol=1e-9)


@pytest.mark.parametrize("n", [100, 10**9])
def test_simple_random_sampling_gives_the_binomial_likelihood_ratio_interval(n: int) -> None:
    """30 of 100, se² = p(1-p)/(n-1): a root finder gives the same ends.

    The deviance is (n-1)²/n a response: n - 1 from se², n/(n-1) from R's dispersion; n in the limit.
    """
    p, responses = 0.3, (n - 1) ** 2 / n
    bound = stats.norm.ppf(0.975) ** 2
    ends = [
        optimize.brentq(lambda x: responses * deviance(p, x) - bound, *side)
        for side in ((0.01, p), (p, 0.99))
    ]
    found = likelihood_interval(p, np.sqrt(p * (1 - p) / (n - 1)), n, np.inf)
    np.testing.assert_allclose(found, ends, rtol=1e-9)


def test_with_a_small_standard_error_it_is_the_logit_interval() -> None:
    """The log-likelihood is a parabola near its top: they meet as se goes to 0, at its second order."""
    gaps = [
        float(np.abs(np.subtract(likelihood_interval(0.3, se, 10**9, 50), logit_interval(0.3, se, 50))).max())
        for se in (0.04, 0.004)
    ]
    assert gaps[1] < gaps[0] / 50


def test_more_confidence_and_fewer_degrees_of_freedom_widen_it() -> None:
    widths = [
        float(np.diff(np.ravel(likelihood_interval(0.9, 0.03, 200, df, level)))[0])
        for df, level in ((200, 0.8), (200, 0.95), (20, 0.95), (2, 0.95))
    ]
    assert widths == sorted(widths)
    assert len(set(widths)) == len(widths)


@pytest.mark.parametrize(
    ("p", "se", "n", "df"),
    [
        (0.0, 0.0, 50, 10),
        (1.0, 0.0, 50, 10),
        (0.0, 0.1, 50, 10),
        (1.0, 0.1, 50, 10),
        (0.5, 0.0, 50, 10),
        (0.5, np.nan, 50, 10),
        (np.nan, 0.1, 50, 10),
        (0.5, 0.1, 1, 10),
        (0.5, 0.1, 50, 0),
    ],
)
def test_where_nothing_can_be_said_there_is_no_interval(p: float, se: float, n: int, df: int) -> None:
    assert np.isnan(likelihood_interval(p, se, n, df)).all()


def test_arrays_give_what_their_elements_give() -> None:
    p, se, df = np.array([0.1, 0.5, 1.0, 0.97]), np.array([0.02, 0.1, 0.0, 0.02]), np.array([3, 0, 9, 30])
    together = np.array(likelihood_interval(p, se, 80, df))
    alone = np.array([likelihood_interval(*one) for one in zip(p, se, [80] * 4, df, strict=True)]).T
    np.testing.assert_allclose(together, alone, rtol=1e-13)
    assert np.isnan(together).any(axis=0).tolist() == [False, True, True, False]


def test_a_level_of_95_instead_of_0_95_is_refused() -> None:
    with pytest.raises(BadRequest):
        likelihood_interval(0.5, 0.1, 50, 10, 95)
