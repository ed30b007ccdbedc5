"""A family of tests at the edge of its level.

Source: Benjamini & Hochberg 1995: p ≤ level is refused, not only p < level.
"""

import pytest

from survey.aggregation.multiplicity import Adjustment, adjust_family


@pytest.mark.parametrize("adjustment", ["bh", "by", "holm", "bonferroni"])
def test_a_value_of_exactly_the_level_is_refused_and_the_next_above_is_not(adjustment: Adjustment) -> None:
    for p, is_refused in ((0.05, True), (0.05 + 1e-15, False)):
        found = adjust_family([p], name="one test", adjustment=adjustment, level=0.05)
        assert found.q.tolist() == [p]
        assert found.rejected.tolist() == [is_refused]
