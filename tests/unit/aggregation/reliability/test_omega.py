"""One-factor omega: exact factors, the closed form of three items, Heywood cases, its influence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import SampleDesign
from survey.aggregation.reliability import TooFewItems, cronbach_alpha, one_factor_omega
from survey.aggregation.reliability.cases import complete_cases
from survey.aggregation.reliability.factor import fit_one_factor
from survey.aggregation.reliability.omega import omega_value
from tests.unit.aggregation.reliability.scales import by_weight, exact, named, scales, se_of, simple


def of_factor(loading: np.ndarray) -> np.ndarray:
    correlation = np.outer(loading, loading)
    np.fill_diagonal(correlation, 1.0)
    return correlation


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0.2, 0.95), min_size=3, max_size=8))
def test_an_exact_factor_is_found_again(loadings: list[float]) -> None:
    """McDonald 1999: ω = (Σλ)² / ((Σλ)² + Σ(1 - λ²))."""
    loading = np.array(loadings)
    omega = one_factor_omega(simple(60), named(exact(of_factor(loading)) * np.arange(1, loading.size + 1)))
    np.testing.assert_allclose(omega.loading, loading, atol=1e-6)
    np.testing.assert_allclose(omega.uniqueness, 1 - loading**2, atol=1e-5)
    common = loading.sum() ** 2
    assert omega.estimate.value == pytest.approx(common / (common + np.sum(1 - loading**2)), rel=1e-6)
    assert omega.residual < 1e-6
    assert omega.heywood == ()
    assert omega.estimate.flags == ()


def test_three_items_have_the_closed_form() -> None:
    """λ₁ = √(r₁₂ r₁₃ / r₂₃): three items fit one factor exactly (Spearman 1904)."""
    correlation = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    factor = fit_one_factor(correlation)
    expected = [np.sqrt(0.6 * 0.5 / 0.4), np.sqrt(0.6 * 0.4 / 0.5), np.sqrt(0.5 * 0.4 / 0.6)]
    np.testing.assert_allclose(factor.loading, expected, rtol=1e-9)
    assert factor.converged


def test_with_equal_loadings_omega_is_alpha() -> None:
    answers = named(exact(of_factor(np.full(5, 0.7))))
    omega, alpha = one_factor_omega(simple(60), answers), cronbach_alpha(simple(60), answers)
    assert omega.estimate.value == pytest.approx(alpha.value, rel=1e-9)


def test_alpha_understates_unequal_items() -> None:
    """Cronbach's alpha is a lower bound under one factor (Novick & Lewis 1967)."""
    answers = named(exact(of_factor(np.array([0.9, 0.8, 0.4, 0.3]))))
    assert cronbach_alpha(simple(60), answers).value < one_factor_omega(simple(60), answers).estimate.value


def test_minimum_residuals_are_smaller_than_any_neighbours() -> None:
    correlation = np.corrcoef(
        np.random.default_rng(6).normal(size=(40, 6)) @ np.diag(range(1, 7)), rowvar=False
    )
    correlation = (correlation + 0.5) / 1.5
    np.fill_diagonal(correlation, 1.0)
    factor = fit_one_factor(correlation)

    def left(loading: np.ndarray) -> float:
        rest = correlation - np.outer(loading, loading)
        return float(np.sum(np.square(rest[np.triu_indices(6, 1)])))

    rng = np.random.default_rng(7)
    for _ in range(50):
        assert left(factor.loading) <= left(factor.loading + rng.normal(0, 1e-3, 6))
    assert factor.residual == pytest.approx(np.sqrt(left(factor.loading) / 15))


def test_a_heywood_case_is_flagged_and_has_no_standard_error() -> None:
    """r₁₂ r₁₃ / r₂₃ = 1.62: the first item's loading would be above 1, its uniqueness below 0."""
    correlation = np.array([[1, 0.9, 0.9], [0.9, 1, 0.7], [0.9, 0.7, 1]])
    assert 0.9 * 0.9 / 0.7 > 1
    omega = one_factor_omega(simple(60), named(exact(correlation)))
    assert omega.heywood == ("q0",)
    assert "heywood" in omega.estimate.flags
    assert (omega.estimate.se, omega.estimate.ci_low) == (None, None)
    assert omega.uniqueness[0] == pytest.approx(0.0, abs=1e-9)
    assert (omega.uniqueness >= 0).all()


def test_an_item_that_runs_the_other_way_is_flagged() -> None:
    loading = np.array([0.8, 0.7, 0.6, -0.5])
    omega = one_factor_omega(simple(60), named(exact(of_factor(loading))))
    np.testing.assert_allclose(omega.loading, loading, atol=1e-6)
    assert "negative_loading" in omega.estimate.flags


@settings(deadline=None, max_examples=10)
@given(scales())
def test_its_standard_error_is_that_of_the_derivatives_by_weight(drawn: tuple) -> None:
    columns, answers, domain = drawn
    design = SampleDesign.build(**columns)
    omega = one_factor_omega(design, answers, domain=domain)
    if omega.estimate.se is None:
        assert omega.estimate.flags
        return

    def value(one: SampleDesign) -> float:
        return omega_value(fit_one_factor(complete_cases(one, answers, domain).correlation).loading)

    numeric = by_weight(value, columns)
    assert omega.estimate.value == value(design)
    assert omega.estimate.se == pytest.approx(se_of(design, numeric), rel=1e-5)


@settings(deadline=None, max_examples=20)
@given(scales(), st.lists(st.floats(0.1, 20), min_size=5, max_size=5))
def test_units_of_the_items_change_nothing(drawn: tuple, factors: list[float]) -> None:
    columns, answers, _ = drawn
    design = SampleDesign.build(**columns)
    scaled = {item: column * factor for (item, column), factor in zip(answers.items(), factors, strict=True)}
    one, other = one_factor_omega(design, answers), one_factor_omega(design, scaled)
    assert one.estimate.value == pytest.approx(other.estimate.value, rel=1e-7)
    assert one.estimate.flags == other.estimate.flags
    if one.estimate.se is not None:
        assert one.estimate.se == pytest.approx(other.estimate.se, rel=1e-5)


def test_two_items_do_not_identify_a_factor() -> None:
    with pytest.raises(TooFewItems):
        one_factor_omega(simple(60), named(exact(np.eye(2))))
