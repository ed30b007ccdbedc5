"""Derived importance: least squares by another road, sandwich errors, relative weights, R's example."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation import BadAnswers, BadRequest, DifferentLengths, SampleDesign
from survey.aggregation.drivers import PHRASES, CollinearItems, Importance, derived_importance
from survey.aggregation.drivers.regression import Fit, fit
from survey.aggregation.drivers.relative_weights import relative_weights
from survey.aggregation.estimates import Estimate
from survey.aggregation.reliability import ConstantItem, NotADomain, TooFewCases
from survey.aggregation.reliability.cases import complete_cases
from survey.errors import LANGUAGES
from tests.unit.aggregation.reliability.scales import by_weight, exact, named, scales, se_of, simple

DATA = Path(__file__).parents[3] / "data" / "stats"


def split(answers: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Take the first column as overall satisfaction."""
    first, *others = answers
    return answers[first], {item: answers[item] for item in others}


def test_it_is_the_regression_of_r() -> None:
    """R survey, example of ?svyglm: svyglm(api00 ~ ell + meals + mobility, design = dstrat), as printed."""
    with (DATA / "apistrat.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {
        name: np.array([float(row[name]) for row in rows])
        for name in ("api00", "ell", "meals", "mobility", "pw", "fpc")
    }
    design = SampleDesign.build(
        weights=columns["pw"], strata=[row["stype"] for row in rows], fpc=columns["fpc"]
    )
    items = {name: columns[name] for name in ("ell", "meals", "mobility")}
    found = derived_importance(design, columns["api00"], items)
    printed = [(820.8873, 10.0777), (-0.4806, 0.3920), (-3.1415, 0.2839), (0.2257, 0.3932)]
    for one, (value, se) in zip((found.intercept, *found.coefficient), printed, strict=True):
        assert one.value == pytest.approx(value, abs=6e-5)
        assert one.se == pytest.approx(se, abs=6e-5)


@settings(deadline=None, max_examples=25)
@given(scales())
def test_the_coefficients_are_those_of_weighted_least_squares(drawn: tuple) -> None:
    """numpy's least squares on rows times √w, of the complete cases."""
    columns, answers, domain = drawn
    overall, items = split(answers)
    found = derived_importance(SampleDesign.build(**columns), overall, items, domain=domain)
    values = np.stack(list(answers.values()), axis=1)
    complete = domain & ~np.isnan(values).any(axis=1)
    root = np.sqrt(columns["weights"][complete])
    y, x = values[complete, 0], np.column_stack([np.ones(complete.sum()), values[complete, 1:]])
    b = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
    assert [one.value for one in (found.intercept, *found.coefficient)] == pytest.approx(
        b, rel=1e-8, abs=1e-10
    )
    spread = np.sqrt(np.diag(np.cov(values[complete].T, aweights=root**2)))
    assert [one.value for one in found.standardised] == pytest.approx(
        b[1:] * spread[1:] / spread[0], rel=1e-8, abs=1e-10
    )
    centre = np.average(y, weights=root**2)
    r_squared = 1 - np.sum((root * (y - x @ b)) ** 2) / np.sum((root * (y - centre)) ** 2)
    assert found.r_squared.value == pytest.approx(r_squared, rel=1e-8, abs=1e-12)
    assert (found.n, found.cases) == (complete.sum(), "listwise")


@settings(deadline=None, max_examples=25)
@given(scales())
def test_where_each_response_is_a_psu_the_error_is_the_sandwich(drawn: tuple) -> None:
    """One stratum of n PSUs: V = n/(n-1) A⁻¹ (Σ w² e² x x') A⁻¹, A = Σ w x x'.

    The PSU values z = A⁻¹ w e x sum to 0 by the normal equations, so their mean drops out of
    n/(n-1) Σ (z - z̄)(z - z̄)' and HC0 times n/(n-1) is left (White 1980; Binder 1983).
    """
    columns, answers, _ = drawn
    values = np.nan_to_num(np.stack(list(answers.values()), axis=1), nan=3.0)
    weights = columns["weights"]
    found = derived_importance(SampleDesign.build(weights=weights), values[:, 0], named(values[:, 1:]))
    x = np.column_stack([np.ones(48), values[:, 1:]])
    bread = np.linalg.inv((x * weights[:, None]).T @ x)
    e = values[:, 0] - x @ (bread @ (x * weights[:, None]).T @ values[:, 0])
    meat = (x * (weights * e)[:, None] ** 2).T @ x
    sandwich = 48 / 47 * bread @ meat @ bread
    for at, one in enumerate((found.intercept, *found.coefficient)):
        assert one.se == pytest.approx(np.sqrt(sandwich[at, at]), rel=1e-8)
        assert one.df == 47
        assert one.ci_high - one.value == pytest.approx(stats.t.ppf(0.975, 47) * one.se, rel=1e-9)


#: Each measure as published, and as a plain function of the regression.
MEASURES: dict[str, tuple[Callable[[Importance], Estimate], Callable[[Fit], float]]] = {
    "correlation": (lambda found: found.correlation[1], lambda one: one.with_overall[1]),
    "intercept": (lambda found: found.intercept, lambda one: one.intercept),
    "coefficient": (lambda found: found.coefficient[2], lambda one: one.coefficient[2]),
    "standardised": (lambda found: found.standardised[0], lambda one: one.standardised[0]),
    "relative weight": (lambda found: found.relative_weight[1], lambda one: relative_weights(one).weight[1]),
    "R squared": (lambda found: found.r_squared, lambda one: one.r_squared),
}


@pytest.mark.parametrize("measure", MEASURES)
@settings(deadline=None, max_examples=6)
@given(drawn=scales())
def test_each_error_is_that_of_the_derivatives_by_weight(measure: str, drawn: tuple) -> None:
    """What a response adds to a statistic is its derivative by the response's weight (Deville 1999)."""
    columns, answers, domain = drawn
    overall, items = split(answers)
    published, value = MEASURES[measure]
    design = SampleDesign.build(**columns)
    found = published(derived_importance(design, overall, items, domain=domain))
    columned = {**items, "overall": overall}
    numeric = by_weight(lambda one: value(fit(complete_cases(one, columned, domain))), columns)
    assert found.se == pytest.approx(se_of(design, numeric), rel=1e-5)


@settings(deadline=None, max_examples=25)
@given(scales())
def test_relative_weights_are_johnsons_and_share_out_r_squared(drawn: tuple) -> None:
    """Johnson 2000 by his own road: with Z = P D Q' the singular values, the orthogonal counterpart PQ'."""
    columns, answers, _ = drawn
    overall, items = split(answers)
    found = derived_importance(SampleDesign.build(**columns), overall, items)
    values = np.stack(list(answers.values()), axis=1)
    complete = ~np.isnan(values).any(axis=1)
    share = columns["weights"][complete] / columns["weights"][complete].sum()
    centred = values[complete] - share @ values[complete]
    z = np.sqrt(share)[:, None] * centred / np.sqrt(share @ centred**2)
    left, _, right = np.linalg.svd(z[:, 1:], full_matrices=False)
    counterpart = left @ right
    slope, loading = counterpart.T @ z[:, 0], z[:, 1:].T @ counterpart
    expected = loading**2 @ slope**2
    weights = [one.value for one in found.relative_weight]
    assert weights == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert sum(weights) == pytest.approx(found.r_squared.value, rel=1e-10)
    assert min(weights) >= 0
    assert found.relative_share.sum() == pytest.approx(1.0)


def test_items_that_do_not_correlate_weigh_their_squared_correlation() -> None:
    r = np.array([0.6, 0.3, -0.4])
    covariance = np.eye(4)
    covariance[3, :3] = covariance[:3, 3] = r
    values = exact(covariance)
    found = derived_importance(simple(60), values[:, 3], named(values[:, :3]))
    assert [one.value for one in found.correlation] == pytest.approx(r)
    assert [one.value for one in found.standardised] == pytest.approx(r)
    assert [one.value for one in found.relative_weight] == pytest.approx(r**2)
    assert found.r_squared.value == pytest.approx(np.sum(r**2))


def test_two_items_alike_share_equally() -> None:
    covariance = np.array([[1, 0.8, 0.5], [0.8, 1, 0.5], [0.5, 0.5, 1]])
    values = exact(covariance)
    found = derived_importance(simple(60), values[:, 2], named(values[:, :2]))
    assert found.relative_share == pytest.approx([0.5, 0.5])
    assert found.r_squared.value == pytest.approx(2 * 0.5**2 / 1.8)


@settings(deadline=None, max_examples=20)
@given(scales(), st.floats(0.01, 50))
def test_units_of_weight_change_nothing(drawn: tuple, factor: float) -> None:
    columns, answers, _ = drawn
    overall, items = split(answers)
    one = derived_importance(SampleDesign.build(**columns), overall, items)
    scaled = {**columns, "weights": factor * columns["weights"]}
    other = derived_importance(SampleDesign.build(**scaled), overall, items)
    for take, _ in MEASURES.values():
        assert take(one).value == pytest.approx(take(other).value, rel=1e-8, abs=1e-12)
        assert take(one).se == pytest.approx(take(other).se, rel=1e-6)


def test_intervals_of_correlations_are_taken_on_the_scale_of_fisher() -> None:
    values = exact(np.array([[1, 0.99], [0.99, 1]]), rows=12)
    one = derived_importance(simple(12), values[:, 0], {"q": values[:, 1]}).correlation[0]
    assert -1 < one.ci_low < one.value < one.ci_high < 1
    half = stats.t.ppf(0.975, 11) * one.se / (1 - one.value**2)
    assert one.ci_low == pytest.approx(np.tanh(np.arctanh(one.value) - half), rel=1e-9)
    assert one.ci_high == pytest.approx(np.tanh(np.arctanh(one.value) + half), rel=1e-9)
    assert one.ci_high - one.value < one.value - one.ci_low


def test_every_word_of_a_method_has_its_vietnamese() -> None:
    found = derived_importance(simple(60), *split(named(exact(np.eye(4) / 2 + 0.5))))
    formulas = {take(found).method.split("; ")[0] for take, _ in list(MEASURES.values())[:3]}
    formulas |= {
        one.method.split("; ")[0] for one in (found.standardised[0], *found.relative_weight, found.r_squared)
    }
    assert formulas == set(PHRASES)


RANDOM = np.random.default_rng(1).normal(size=(12, 3))
OVERALL = np.random.default_rng(2).normal(size=12)


@pytest.mark.parametrize(
    ("overall", "answers", "error", "named_in_text"),
    [
        (OVERALL, {**named(RANDOM), "sum": RANDOM.sum(axis=1)}, CollinearItems, "sum"),
        (np.full(12, 4), named(RANDOM), ConstantItem, "overall"),
        (OVERALL, {**named(RANDOM), "flat": np.full(12, 4)}, ConstantItem, "flat"),
        (np.append(OVERALL[:4], [np.nan] * 8), named(RANDOM), TooFewCases, "4"),
        (np.array(["good"] * 12), named(RANDOM), BadAnswers, "overall"),
        (OVERALL[:11], named(RANDOM), DifferentLengths, "overall"),
        (OVERALL, {"overall": RANDOM[:, 0]}, BadRequest, "overall"),
        (OVERALL, {}, BadRequest, "0 items"),
    ],
)
def test_what_cannot_be_estimated_is_refused_by_name(
    overall: np.ndarray, answers: dict, error: type[Exception], named_in_text: str
) -> None:
    with pytest.raises(error, match=named_in_text):
        derived_importance(simple(12), overall, answers)


def test_a_domain_is_one_true_or_false_a_response() -> None:
    with pytest.raises(NotADomain):
        derived_importance(simple(12), OVERALL, named(RANDOM), domain=np.arange(12))


def test_the_error_of_this_room_has_its_code_and_both_languages() -> None:
    assert CollinearItems.code == "SVY-422-139"
    assert set(CollinearItems.texts) == set(LANGUAGES)
