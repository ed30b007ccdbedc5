"""The search for the variance between areas, step by step, and areas smaller than their unit.

Source: Rao & Molina 2015, ch. 6; Harville 1974 (the restricted likelihood).
"""

import numpy as np
import pytest

from survey.aggregation.small_area import (
    Areas,
    BadAreas,
    CollinearCovariates,
    benchmark,
    fay_herriot,
    smooth_variances,
)
from survey.aggregation.small_area.reml import least_squares, score_and_information

RNG = np.random.default_rng(11)
X = np.column_stack([np.ones(15), RNG.normal(size=15)])
PSI = RNG.uniform(0.2, 2.0, 15)
Y = X @ [3.0, 1.0] + RNG.normal(size=15) * np.sqrt(0.7 + PSI)


@pytest.mark.parametrize("sigma2", [0.3, 1.0, 4.0])
def test_score_and_observed_information_are_the_slopes_of_the_restricted_likelihood(sigma2: float) -> None:
    step = 1e-4
    low, at, high = (least_squares(Y, PSI, X, sigma2 + move).restricted_loglik for move in (-step, 0.0, step))
    score, expected, observed = score_and_information(X, least_squares(Y, PSI, X, sigma2))
    assert score == pytest.approx((high - low) / (2 * step), rel=1e-6)
    assert observed == pytest.approx(-(high - 2 * at + low) / step**2, rel=1e-4)
    v = np.linalg.inv(np.diag(sigma2 + PSI))
    p = v - v @ X @ np.linalg.inv(X.T @ v @ X) @ X.T @ v
    assert expected == pytest.approx(np.trace(p @ p) / 2, rel=1e-9)


def test_a_search_that_starts_at_its_end_takes_one_step() -> None:
    """Areas all alike: the best start is σ² = 0, and the likelihood falls from there."""
    found = fay_herriot(Areas.build(names=range(6), direct=np.full(6, 2.0), variance=np.ones(6)))
    assert found.fit.is_at_zero
    assert found.fit.iterations == 1


def test_a_covariate_in_a_tiny_unit_is_not_dependent_and_changes_no_estimate() -> None:
    areas = [
        Areas.build(names=range(15), direct=Y, variance=PSI, covariates=X[:, 1] * unit)
        for unit in (1.0, 1e-14)
    ]
    plain, tiny = ([one.value for one in fay_herriot(each).estimates] for each in areas)
    assert tiny == pytest.approx(plain, rel=1e-9)


def test_effective_sizes_below_one_respondent_are_smoothed_like_others() -> None:
    """V = 0.2/n is a line of slope -1 in logarithms, on both sides of n = 1."""
    sizes = np.array([0.25, 0.5, 1.0, 2.0, 8.0])
    found = smooth_variances(0.2 / sizes, sizes)
    np.testing.assert_allclose(found.variance, 0.2 / sizes, rtol=1e-12)
    assert found.areas == 5
    imputed = smooth_variances(np.where(sizes == 0.5, np.nan, 0.2 / sizes), sizes)
    assert imputed.is_imputed.tolist() == [False, True, False, False, False]
    np.testing.assert_allclose(imputed.variance, 0.2 / sizes, rtol=1e-12)
    for one_size in (0.01, 1.0, 30.0):
        with pytest.raises(CollinearCovariates):
            smooth_variances([0.1, 0.2, 0.3], [one_size] * 3)


def test_an_area_where_nobody_lives_has_a_share_of_0_in_a_benchmark() -> None:
    areas = fay_herriot(Areas.build(names=range(15), direct=Y, variance=PSI, covariates=X[:, 1]))
    shares = np.r_[0.0, np.full(14, 1 / 14)]
    moved = benchmark(areas, shares, 3.5)
    assert sum(
        share * one.value for share, one in zip(shares, moved.estimates, strict=True)
    ) == pytest.approx(3.5)


def test_a_refusal_names_ten_areas_at_most() -> None:
    with pytest.raises(BadAreas, match=r": 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\."):
        smooth_variances(np.full(12, -0.1), np.full(12, 9.0))
