"""Sums by group at the sizes where their ways part, against NumPy's own bin counts."""

import numpy as np
import pytest

from survey.aggregation.sums import _STARTS, DENSE_PAIRS, add_rows, grouped_sum, number_pairs

PREPARED = _STARTS.size


@pytest.mark.parametrize("rows", [0, 1, PREPARED - 2, PREPARED - 1, PREPARED, PREPARED + 1, 2 * PREPARED])
def test_every_row_is_added_once_however_many_there_are(rows: int) -> None:
    groups, values = np.arange(rows) % 7, np.column_stack([np.arange(rows) + 1.0, np.ones(rows)])
    wanted = [np.bincount(groups, weights=column, minlength=9) for column in values.T]
    np.testing.assert_array_equal(grouped_sum(values, groups, 9), np.column_stack(wanted))
    sums = np.ones((9, 2))
    add_rows(values, groups, sums, np.full(rows, 2.0))
    np.testing.assert_array_equal(sums, 1 + 2 * np.column_stack(wanted))


@pytest.mark.parametrize("pairs", [10, DENSE_PAIRS, DENSE_PAIRS + 1])
def test_pairs_are_numbered_in_their_order_by_a_table_and_by_sorting(pairs: int) -> None:
    keys, place = number_pairs(np.array([7, 2, 7, 9, 2]), pairs)
    assert keys.tolist() == [2, 7, 9]
    assert place.tolist() == [1, 0, 1, 2, 0]
    assert place.dtype == np.intp
