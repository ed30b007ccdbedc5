"""A scale item by item: item-rest correlations and alpha without each item."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey.aggregation.reliability as room
from survey.aggregation import SampleDesign
from survey.aggregation.reliability import PHRASES, cronbach_alpha, errors, one_factor_omega, reliability
from survey.aggregation.reliability.cases import complete_cases
from survey.aggregation.reliability.influence import correlation_influence
from tests.unit.aggregation.promises import assert_said_in_both_languages, errors_of
from tests.unit.aggregation.reliability.scales import by_weight, exact, named, scales, se_of, simple


@settings(deadline=None, max_examples=20)
@given(scales())
def test_alpha_without_an_item_is_the_alpha_of_the_others_on_the_same_cases(drawn: tuple) -> None:
    columns, answers, domain = drawn
    design = SampleDesign.build(**columns)
    scale = reliability(design, answers, domain=domain)
    complete = domain & ~np.isnan(np.stack(list(answers.values()))).any(axis=0)
    for at, item in enumerate(answers):
        others = {other: column for other, column in answers.items() if other != item}
        expected = cronbach_alpha(design, others, domain=complete)
        assert scale.alpha_if_deleted[at].value == pytest.approx(expected.value, rel=1e-9)
        assert scale.alpha_if_deleted[at].se == pytest.approx(expected.se, rel=1e-9)
    assert scale.alpha == cronbach_alpha(design, answers, domain=domain)
    assert scale.omega is not None
    assert scale.omega.estimate == one_factor_omega(design, answers, domain=domain).estimate
    assert {one.n for one in (scale.alpha, *scale.item_rest, *scale.alpha_if_deleted)} == {scale.n}


@settings(deadline=None, max_examples=20)
@given(scales())
def test_item_rest_is_the_weighted_correlation_with_the_sum_of_the_others(drawn: tuple) -> None:
    columns, answers, _ = drawn
    scale = reliability(SampleDesign.build(**columns), answers)
    values = np.stack(list(answers.values()), axis=1)
    complete = ~np.isnan(values).any(axis=1)
    values, weights = values[complete], columns["weights"][complete]
    for at, found in enumerate(scale.item_rest):
        rest = np.delete(values, at, axis=1).sum(axis=1)
        expected = np.cov(values[:, at], rest, aweights=weights)
        assert found.value == pytest.approx(
            expected[0, 1] / np.sqrt(expected[0, 0] * expected[1, 1]), rel=1e-9
        )
        assert -1 < found.ci_low < found.value < found.ci_high < 1


@settings(deadline=None, max_examples=6)
@given(scales(), st.integers(0, 4))
def test_the_error_of_item_rest_is_that_of_the_derivatives_by_weight(drawn: tuple, at: int) -> None:
    columns, answers, _ = drawn
    design = SampleDesign.build(**columns)

    def value(one: SampleDesign) -> float:
        cases = complete_cases(one, answers)
        rest = np.delete(cases.centred, at, axis=1).sum(axis=1)
        return correlation_influence(cases.weight, cases.centred[:, at], rest)[0]

    numeric = by_weight(value, columns)
    assert reliability(design, answers).item_rest[at].se == pytest.approx(se_of(design, numeric), rel=1e-5)


def test_the_correlation_matrix_is_that_of_the_cases() -> None:
    correlation = np.array([[1, 0.6, 0.5], [0.6, 1, 0.4], [0.5, 0.4, 1]])
    scale = reliability(simple(60), named(exact(correlation) * [1, 10, 0.1]))
    np.testing.assert_allclose(scale.correlation, correlation, atol=1e-12)


def test_two_items_have_an_alpha_and_nothing_that_needs_three() -> None:
    scale = reliability(simple(60), named(exact(np.array([[1, 0.5], [0.5, 1]]))))
    assert scale.alpha.value == pytest.approx(2 / 3)
    assert scale.omega is None
    assert scale.alpha_if_deleted == ()
    assert [one.value for one in scale.item_rest] == pytest.approx([0.5, 0.5])


def test_an_item_whose_others_cancel_has_no_item_rest() -> None:
    column, other = np.arange(20.0), np.random.default_rng(1).normal(size=20)
    scale = reliability(simple(20), {"a": column, "b": -column, "c": other})
    assert scale.item_rest[2].value is None
    assert scale.item_rest[0].value is not None
    assert scale.alpha_if_deleted[2].value is None


def test_every_word_of_a_method_has_its_vietnamese() -> None:
    scale = reliability(simple(60), named(exact(np.eye(3) / 2 + 0.5)))
    assert scale.omega is not None
    for one in (scale.alpha, scale.omega.estimate, scale.item_rest[0], scale.alpha_if_deleted[0]):
        formula, cases, *_, interval = one.method.split("; ")
        assert {formula, cases, interval} <= set(PHRASES)


def test_errors_have_their_own_codes_and_both_languages() -> None:
    leaves = errors_of(errors)
    assert sorted(one.code for one in leaves) == [f"SVY-422-13{digit}" for digit in range(5, 9)]
    assert_said_in_both_languages(leaves, r"SVY-422-13[5-8]")
    assert all(one.__name__ in room.__all__ for one in leaves)
