"""Weights and standard errors of R survey 4.5 on its clusters sample: tests/data/stats/reference.json."""

import numpy as np
import pytest

from survey.aggregation.weighting import Calibration, residuals
from tests.unit.aggregation.weighting.samples import GOLDEN, calibrated_as, clusters, golden


@pytest.mark.parametrize("case", GOLDEN)
def test_weights_are_those_of_r(case: str) -> None:
    wanted = golden(f"{case}.weights")
    found = calibrated_as(case).weights
    np.testing.assert_allclose(found, wanted["result"]["value"], rtol=wanted["tol_rel"])


def covariance_by_cluster(calibration: Calibration, influence: np.ndarray) -> np.ndarray:
    """V = (1-f) n/(n-1) Σ (z - mean z)(z - mean z)' over clusters, z = Σ w e of each."""
    table = clusters()
    _, cluster = np.unique(table["dnum"], return_inverse=True)
    left = calibration.weights[:, None] * residuals(calibration, influence)
    sums = np.stack([np.bincount(cluster, column) for column in left.T], axis=1)
    n = sums.shape[0]
    centred = sums - sums.mean(axis=0)
    return (1 - n / table["fpc"][0]) * n / (n - 1) * centred.T @ centred


@pytest.mark.parametrize("case", GOLDEN)
def test_residuals_of_each_convention_give_the_covariance_of_means_of_r(case: str) -> None:
    calibration, wanted = calibrated_as(case), golden(f"{case}.mean")
    y = np.column_stack([clusters()["api00"], clusters()["enroll"]])
    total = calibration.weights.sum()
    mean = calibration.weights @ y / total
    found = covariance_by_cluster(calibration, (y - mean) / total)
    np.testing.assert_allclose(mean, wanted["result"]["estimate"], rtol=wanted["tol_rel"])
    np.testing.assert_allclose(np.sqrt(np.diag(found)), wanted["result"]["se"], rtol=wanted["tol_rel"])
    np.testing.assert_allclose(found, wanted["result"]["vcov"], rtol=wanted["tol_rel"])


@pytest.mark.parametrize("case", GOLDEN)
def test_residuals_give_the_standard_error_of_a_domain_mean_of_r(case: str) -> None:
    """svyby(~api00, ~stype): outside the domain the influence is 0 and the residual is not."""
    calibration, wanted = calibrated_as(case), golden(f"{case}.by_stype")
    inside = clusters()["stype"][:, None] == np.array(["E", "H", "M"])
    total = calibration.weights @ inside
    mean = (calibration.weights * clusters()["api00"]) @ inside / total
    found = covariance_by_cluster(calibration, inside * (clusters()["api00"][:, None] - mean) / total)
    np.testing.assert_allclose(np.sqrt(np.diag(found)), wanted["result"]["se"], rtol=wanted["tol_rel"])


@pytest.mark.parametrize("case", GOLDEN)
def test_residuals_give_the_standard_error_of_a_total_of_r(case: str) -> None:
    calibration, wanted = calibrated_as(case), golden(f"{case}.total")
    found = covariance_by_cluster(calibration, clusters()["enroll"][:, None])
    np.testing.assert_allclose(np.sqrt(found[0, 0]), wanted["result"]["se"], rtol=wanted["tol_rel"])
