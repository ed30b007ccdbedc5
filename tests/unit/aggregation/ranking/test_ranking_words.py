"""What a ranking says of its own making, its smallest cases, and which asymmetry of a covariance matrix is only rounding."""

import numpy as np
import pytest

from survey.aggregation.ranking import joint_ranks, joint_ranks_by_differences, rank_probabilities
from survey.aggregation.ranking.covariances import covariance_matrix
from survey.aggregation.ranking.errors import BadCovariance

VALUES, V = [3.0, 2.0, 1.0], np.diag([0.5, 0.25, 1.0])


@pytest.mark.parametrize(("largest_first", "word"), [(True, "largest"), (False, "smallest")])
def test_every_ranking_says_which_end_rank_1_is(largest_first: bool, word: str) -> None:
    for ranking in (
        joint_ranks(VALUES, np.sqrt(np.diagonal(V)), largest_first=largest_first),
        joint_ranks_by_differences(VALUES, V, largest_first=largest_first),
        rank_probabilities(VALUES, V, seed=1, draws=10, largest_first=largest_first),
    ):
        assert ranking.method.endswith(f"rank 1 is the {word}")


@pytest.mark.parametrize(("df", "words"), [(None, "normal quantiles"), (12.0, "t quantiles")])
def test_joint_ranks_name_their_quantiles(df: float | None, words: str) -> None:
    each = None if df is None else np.full(3, df)
    assert words in joint_ranks(VALUES, np.sqrt(np.diagonal(V)), df=each).method.split("; ")
    assert words in joint_ranks_by_differences(VALUES, V, df=df).method.split("; ")


def test_one_degree_of_freedom_is_enough_for_an_interval() -> None:
    """Two statements at 95 % by Šidák, with t of one degree of freedom: tan(π (1/2 - γ/2))."""
    gamma = 1 - 0.95**0.5
    half = np.tan(np.pi * (0.5 - gamma / 2))
    for gap, apart in ((1.99, False), (2.01, True)):
        found = joint_ranks([gap * half, 0.0], [1.0, 1.0], df=[1.0, 1.0])
        assert found.compared == 2
        assert (found.high[0] == 1) is apart


def test_one_draw_gives_every_unit_one_rank_for_certain() -> None:
    found = rank_probabilities(VALUES, V, seed=5, draws=1)
    assert sorted(found.probability.ravel().tolist()) == [0.0] * 6 + [1.0] * 3


def test_probabilities_cannot_be_changed_afterwards() -> None:
    found = rank_probabilities(VALUES, V, seed=5, draws=9)
    for array in (found.probability, found.monte_carlo_se, found.mean_rank, found.mean_rank_se):
        assert not array.flags.writeable


@pytest.mark.parametrize("variance", [1e-6, 1.0, 1e6])
def test_rounding_is_measured_against_the_variances_whatever_their_unit(variance: float) -> None:
    """Off the diagonal 1e-12 of the variance is rounding, 1e-8 is not: shares and totals alike."""
    matrix = variance * np.eye(2)
    matrix[0, 1] = 1e-12 * variance
    found = covariance_matrix(matrix, 2)
    np.testing.assert_array_equal(found, found.T)
    matrix[0, 1] = 1e-8 * variance
    with pytest.raises(BadCovariance, match="not symmetric"):
        covariance_matrix(matrix, 2)
