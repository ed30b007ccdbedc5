"""The yardstick of design effects where there is little to measure.

Source: statistics.md §2.7; Kish 1965.
"""

import numpy as np

from survey.aggregation.design_effects import divide, kish, simple_random_variance, without_replacement


def test_fewer_than_two_respondents_have_no_simple_random_variance() -> None:
    found = simple_random_variance(
        np.array([0.0, 0.0, 0.5]), np.array([0.0, 3.0, 4.0]), np.array([0.0, 1.0, 3.0])
    )
    np.testing.assert_array_equal(found, [np.nan, np.nan, 4.0 * 0.5 / 2])


def test_respondents_who_answered_alike_have_a_simple_random_variance_of_0() -> None:
    np.testing.assert_array_equal(
        simple_random_variance(np.zeros(1), np.array([9.0]), np.array([3.0])), [0.0]
    )


def test_a_spread_that_negative_weights_made_negative_is_none() -> None:
    found = simple_random_variance(np.array([-0.1, 0.1]), np.array([2.0, -2.0]), np.array([5.0, 5.0]))
    assert np.isnan(found).all()


def test_a_quotient_by_0_is_nothing() -> None:
    np.testing.assert_array_equal(
        divide(np.array([1.0, 0.0, np.nan, 6.0]), np.array([0.0, 0.0, 1.0, 3.0])), [np.nan] * 3 + [2.0]
    )


def test_without_replacement_divides_by_what_was_not_sampled() -> None:
    """30 of 120: deff / (1 - 1/4); a sample as large as its population has none."""
    found = without_replacement(np.array([1.5, 1.5]), np.array([30.0, 30.0]), np.array([120.0, 30.0]))
    np.testing.assert_array_equal(found, [2.0, np.nan])


def test_equal_weights_alone_have_no_design_effect_and_one_large_weight_has_nearly_n() -> None:
    n, weights = 4, np.array([[1.0, 1, 1, 1], [1e9, 1, 1, 1]])
    found = kish(np.full(2, float(n)), weights.sum(axis=1), np.square(weights).sum(axis=1))
    np.testing.assert_allclose(found, [1.0, n], rtol=1e-8)
