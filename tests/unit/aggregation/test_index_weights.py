"""Weights of an index that are 0 or negative, when an item has no respondent."""

import numpy as np

from survey.aggregation.indices import renormalise


def test_a_weight_of_0_does_not_stop_the_others_from_sharing_a_missing_items_weight() -> None:
    found = renormalise(np.array([0.5, 0.3, 0.0]), np.array([[True, False, True], [True, True, True]]))
    np.testing.assert_allclose(found, [[0.8, 0.0, 0.0], [0.5, 0.3, 0.0]], rtol=1e-15)


def test_negative_weights_are_kept_as_they_are_or_give_nothing() -> None:
    found = renormalise(np.array([1.0, -0.5]), np.array([[True, True], [True, False], [False, False]]))
    np.testing.assert_array_equal(found, [[1.0, -0.5], [np.nan, np.nan], [np.nan, np.nan]])
