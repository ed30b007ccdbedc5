"""The area-level model against R, closed forms and an independent maximisation."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings

from survey.aggregation import Estimate
from survey.aggregation.errors import UnknownResult
from survey.aggregation.small_area import Areas, ModelEstimate, fay_herriot
from survey.aggregation.small_area.eblup import predict
from survey.aggregation.small_area.model import PHRASES
from survey.aggregation.small_area.reml import RemlFit, fit_reml, least_squares
from tests.unit.aggregation.small_area import milk as published
from tests.unit.aggregation.small_area.milk import milk
from tests.unit.aggregation.small_area.samples import random_areas, reml_by_error_contrasts


def fitted(areas: Areas) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = areas.is_sampled
    return areas.direct[at], areas.variance[at], areas.covariates[at]


def test_milk_has_the_fit_of_r_to_where_r_stopped() -> None:
    """R `sae` stops scoring at a relative step of 1e-4: 6e-6 off in σ². See milk.py."""
    found = fay_herriot(milk())
    assert found.fit.sigma2_u == pytest.approx(published.SIGMA2, rel=1e-5)
    assert found.fit.beta == pytest.approx(published.BETA, abs=5e-7)
    assert found.fit.beta_se == pytest.approx(published.BETA_SE, abs=5e-7)
    assert found.fit.loglik == pytest.approx(published.LOGLIK, abs=1e-5)
    assert [one.value for one in found.estimates] == pytest.approx(published.EBLUP, rel=1e-6)
    assert [one.mse for one in found.estimates] == pytest.approx(published.MSE, rel=1e-5)
    assert (found.fit.areas, found.fit.predicted) == (43, 43)


def test_at_the_variance_where_r_stopped_every_estimate_and_mse_is_that_of_r() -> None:
    """R `sae` mseFH, 43 EBLUPs and Prasad-Rao MSEs, see milk.py."""
    areas = milk()
    fit = RemlFit(least_squares(*fitted(areas), published.SIGMA2), 0)
    found = predict(areas, fit)
    np.testing.assert_allclose(found.value, published.EBLUP, rtol=1e-12)
    np.testing.assert_allclose(found.mse, published.MSE, rtol=1e-12)


def test_the_variance_between_milk_areas_is_the_maximum() -> None:
    wanted = reml_by_error_contrasts(*fitted(milk()))
    assert fay_herriot(milk()).fit.sigma2_u == pytest.approx(wanted, rel=1e-9)


@settings(deadline=None, max_examples=40)
@given(random_areas())
def test_reml_is_the_maximum_found_by_brute_force(areas: Areas) -> None:
    """The likelihood of error contrasts, maximised without our formulas (samples.py)."""
    y, psi, x = fitted(areas)
    assert fit_reml(y, psi, x).gls.sigma2 == pytest.approx(
        reml_by_error_contrasts(y, psi, x), rel=1e-8, abs=1e-8
    )


@pytest.mark.parametrize(("spread", "psi"), [(2.0, 0.5), (1.0, 1.0), (0.1, 4.0)])
def test_with_equal_variances_everything_has_a_closed_form(spread: float, psi: float) -> None:
    """σ̂² = max(0, s² - ψ), OLS, γ = σ²/(σ²+ψ); g1 = γψ, g2 = (1-γ)²(σ²+ψ)h, g3 = 2ψ²/(m(σ²+ψ))."""
    rng = np.random.default_rng(17)
    m, x = 25, rng.normal(size=25)
    direct = 5 + x + rng.normal(scale=spread, size=m)
    design = np.column_stack([np.ones(m), x])
    hat = design @ np.linalg.inv(design.T @ design) @ design.T
    ols = hat @ direct
    sigma2 = max(0.0, float(np.sum((direct - ols) ** 2)) / (m - 2) - psi)
    gamma, total = sigma2 / (sigma2 + psi), sigma2 + psi
    mse = gamma * psi + (1 - gamma) ** 2 * total * np.diagonal(hat) + 2 * 2 * psi**2 / (m * total)
    found = fay_herriot(Areas.build(names=range(m), direct=direct, variance=[psi] * m, covariates=x))
    assert found.fit.sigma2_u == pytest.approx(sigma2, rel=1e-9)
    assert found.fit.is_at_zero == (sigma2 == 0)
    assert found.fit.sigma2_u_se == pytest.approx(total * math.sqrt(2 / m), rel=1e-9)
    assert [one.value for one in found.estimates] == pytest.approx(
        gamma * direct + (1 - gamma) * ols, rel=1e-9
    )
    assert [one.mse for one in found.estimates] == pytest.approx(mse, rel=1e-9)
    covariance = total * np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(found.fit.beta_covariance, covariance, rtol=1e-9, atol=1e-15)


def test_where_areas_do_not_differ_the_estimates_are_synthetic_and_say_so() -> None:
    rng = np.random.default_rng(2)
    areas = Areas.build(
        names=range(20), direct=5 + 0.01 * rng.normal(size=20), variance=rng.uniform(1, 2, 20)
    )
    found = fay_herriot(areas)
    assert found.fit.is_at_zero
    assert found.fit.sigma2_u == 0
    for one in found.estimates:
        assert one.value == one.synthetic
        assert one.gamma == 0
        assert one.flags == ("no_area_variance",)
        assert one.mse > 0


def test_an_area_without_a_sample_is_the_limit_of_one_with_a_worthless_sample() -> None:
    """Its MSE is σ² + x'V(β̂)x; as ψ grows, γ, g3 vanish and g1 → σ²."""
    rng = np.random.default_rng(5)
    x, psi = rng.normal(size=20), rng.uniform(0.5, 1.5, 20)
    direct = 3 + x + rng.normal(scale=1.5, size=20)
    direct[0] = 40
    without, worthless = direct.copy(), psi.copy()
    without[0], worthless[0] = np.nan, 1e12
    one = fay_herriot(Areas.build(names=range(20), direct=without, variance=psi, covariates=x))
    other = fay_herriot(Areas.build(names=range(20), direct=direct, variance=worthless, covariates=x))
    assert one.estimates[0].flags == ("synthetic",)
    assert one.estimates[0].direct is None
    assert one.estimates[0].value == pytest.approx(other.estimates[0].value, rel=1e-6)
    assert one.estimates[0].mse == pytest.approx(other.estimates[0].mse, rel=1e-6)
    fit = one.fit
    row = np.array([1.0, x[0]])
    assert one.estimates[0].mse == pytest.approx(fit.sigma2_u + row @ fit.beta_covariance @ row, rel=1e-12)


def test_a_direct_estimate_without_variance_stays_outside_the_fit_and_says_so() -> None:
    areas = milk()
    variance = areas.variance.copy()
    variance[4] = np.nan
    direct = areas.direct.copy()
    direct[4] = np.nan
    common = {"names": areas.names, "covariates": published.DUMMIES}
    found = fay_herriot(Areas.build(direct=areas.direct, variance=variance, **common)).estimate(5)
    without = fay_herriot(Areas.build(direct=direct, variance=areas.variance, **common)).estimate(5)
    assert found.flags == ("synthetic", "no_variance")
    assert (found.direct, found.direct_se) == (0.753, None)
    assert (found.value, found.mse) == (without.value, without.mse)


@settings(deadline=None, max_examples=40)
@given(random_areas())
def test_an_estimate_lies_between_the_direct_and_the_synthetic_one(areas: Areas) -> None:
    found = fay_herriot(areas)
    for one in found.estimates:
        assert 0 <= one.gamma < 1
        assert one.mse > 0
        assert one.rmse**2 == pytest.approx(one.mse, rel=1e-12)
        assert one.ci_low < one.value < one.ci_high
        if "synthetic" in one.flags:
            assert one.value == one.synthetic
        else:
            ends = sorted((one.direct, one.synthetic))  # type: ignore[type-var]  # there is a direct one
            assert ends[0] - 1e-12 <= one.value <= ends[1] + 1e-12  # type: ignore[operator]  # there is


@settings(deadline=None, max_examples=30)
@given(random_areas())
def test_the_order_of_areas_changes_nothing(areas: Areas) -> None:
    order = np.random.default_rng(len(areas.names)).permutation(len(areas.names))
    straight, shuffled = fay_herriot(areas), fay_herriot(reordered(areas, order))
    assert shuffled.fit.sigma2_u == pytest.approx(straight.fit.sigma2_u, rel=1e-8, abs=1e-9)
    for at, one in zip(order, shuffled.estimates, strict=True):
        other = straight.estimates[at]
        assert (one.name, one.n, one.flags) == (other.name, other.n, other.flags)
        assert one.value == pytest.approx(other.value, rel=1e-8)
        assert one.mse == pytest.approx(other.mse, rel=1e-7)


def reordered(areas: Areas, order: np.ndarray) -> Areas:
    return Areas.build(
        names=[areas.names[at] for at in order],
        direct=areas.direct[order],
        variance=areas.variance[order],
        covariates=areas.covariates[order, 1:],
        n=[areas.n[at] for at in order] if areas.n else None,
    )


@pytest.mark.parametrize("factor", [1e-3, 100.0])
def test_another_unit_of_measurement_changes_nothing_but_the_unit(factor: float) -> None:
    areas = milk()
    scaled = dataclasses.replace(areas, direct=areas.direct * factor, variance=areas.variance * factor**2)
    one, other = fay_herriot(areas), fay_herriot(scaled, unit="percent")
    assert other.fit.sigma2_u == pytest.approx(one.fit.sigma2_u * factor**2, rel=1e-9)
    assert [e.value for e in other.estimates] == pytest.approx(
        [e.value * factor for e in one.estimates], rel=1e-9
    )
    assert [e.mse for e in other.estimates] == pytest.approx(
        [e.mse * factor**2 for e in one.estimates], rel=1e-9
    )
    assert other.estimates[0].unit == "percent"


def test_covariates_on_wild_scales_give_the_same_estimates() -> None:
    """A population of millions beside a share: columns are scaled before anything is solved."""
    rng = np.random.default_rng(8)
    x = rng.uniform(size=(30, 2))
    direct, variance = x.sum(axis=1) + rng.normal(size=30), rng.uniform(0.2, 1, 30)
    tame, wild = (
        fay_herriot(Areas.build(names=range(30), direct=direct, variance=variance, covariates=x * scale))
        for scale in ([1.0, 1.0], [1e7, 1e-5])
    )
    assert [e.value for e in wild.estimates] == pytest.approx([e.value for e in tame.estimates], rel=1e-9)


def test_two_maxima_give_the_higher_one() -> None:
    """Two precise areas far apart among imprecise ones near zero: searched from several starts."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        psi = np.concatenate([rng.uniform(0.001, 0.01, 3), rng.uniform(50, 200, 9)])
        y = np.concatenate(
            [rng.normal(scale=rng.uniform(0.01, 3), size=3), rng.normal(scale=rng.uniform(1, 60), size=9)]
        )
        x = np.ones((12, 1))
        wanted = reml_by_error_contrasts(y, psi, x)
        found = fit_reml(y, psi, x).gls
        assert found.restricted_loglik >= least_squares(y, psi, x, wanted).restricted_loglik - 1e-8


def test_an_estimate_is_named_model_based_and_is_of_its_own_type() -> None:
    found = fay_herriot(milk(), level=0.9)
    one = found.estimate(7)
    assert not issubclass(ModelEstimate, Estimate)
    assert one.method.startswith("model-based: Fay-Herriot area level; REML; EBLUP; Prasad-Rao MSE")
    assert set(one.method.split("; ")) <= set(PHRASES)
    assert (one.name, one.n, one.direct, one.level, one.shift) == (7, 183, 1.257, 0.9, 0.0)
    assert one.direct_se == pytest.approx(0.202)
    assert one.ci_high - one.value == pytest.approx(1.6448536269514722 * one.rmse, rel=1e-12)
    with pytest.raises(UnknownResult):
        found.estimate(44)


def test_residuals_of_a_good_fit_have_unit_spread_and_an_odd_area_shows() -> None:
    """Standardised with their own variance their mean square is near 1; area 11 of the milk data is odd."""
    residuals = fay_herriot(milk()).fit.residuals
    standardised = np.array(residuals.standardised)
    assert int(np.argmax(np.abs(standardised))) == 10
    assert np.mean(standardised**2) == pytest.approx(1, abs=0.1)
    centred = standardised - standardised.mean()
    skewness = np.mean(centred**3) / np.mean(centred**2) ** 1.5
    kurtosis = np.mean(centred**4) / np.mean(centred**2) ** 2 - 3
    assert (residuals.skewness, residuals.excess_kurtosis) == pytest.approx((skewness, kurtosis), rel=1e-12)
    assert residuals.normality_p == pytest.approx(
        math.exp(-43 / 12 * (skewness**2 + kurtosis**2 / 4)), rel=1e-12
    )


def test_an_area_that_decides_its_own_coefficient_has_no_residual() -> None:
    own = np.zeros(10)
    own[3] = 1
    rng = np.random.default_rng(1)
    areas = Areas.build(names=range(10), direct=rng.normal(size=10), variance=[0.5] * 10, covariates=own)
    standardised = np.array(fay_herriot(areas).fit.residuals.standardised)
    assert np.flatnonzero(np.isnan(standardised)).tolist() == [3]
