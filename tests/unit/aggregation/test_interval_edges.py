"""The exact interval beside its ends: one success or one failure is not none.

Source: Clopper & Pearson 1934, by SciPy's `binomtest`.
"""

import pytest
from scipy import stats

from survey.aggregation import korn_graubard_interval


@pytest.mark.parametrize("n", [2, 4, 8, 64])
def test_all_but_one_of_n_have_the_exact_binomial_interval(n: int) -> None:
    """A tiny standard error leaves n_eff at n, and n a power of 2 makes the count of failures exactly 1."""
    exact = stats.binomtest(n - 1, n).proportion_ci(0.95, method="exact")
    low, high = korn_graubard_interval((n - 1) / n, 1e-6, n, n - 1)
    assert (float(low), float(high)) == pytest.approx((exact.low, exact.high), rel=1e-9)
    low, high = korn_graubard_interval(1 / n, 1e-6, n, n - 1)
    assert (float(low), float(high)) == pytest.approx((1 - exact.high, 1 - exact.low), rel=1e-9)
