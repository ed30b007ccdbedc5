"""Does the mean squared error that is published equal the one that happens?"""

from __future__ import annotations

import numpy as np
import pytest

from survey.aggregation.small_area import Areas
from survey.aggregation.small_area.eblup import predict
from survey.aggregation.small_area.reml import fit_reml

RUNS, AREAS = 1500, 40


Runs = tuple[np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Return squared errors, published MSEs and their g3 (runs, areas) of a model that holds.

    σ² = 1, ψ from 0.4 to 2.5, one covariate; area 0 has no sample; seed 2024.
    """
    rng = np.random.default_rng(2024)
    x = rng.normal(size=AREAS)
    psi = np.geomspace(0.4, 2.5, AREAS)
    psi[0] = np.nan
    errors, published, g3 = np.empty((3, RUNS, AREAS))
    for run in range(RUNS):
        theta = 2 + x + rng.normal(size=AREAS)
        direct = theta + rng.normal(size=AREAS) * np.sqrt(psi)
        areas = Areas.build(names=range(AREAS), direct=direct, variance=psi, covariates=x)
        at = areas.is_sampled
        found = predict(areas, fit_reml(direct[at], psi[at], areas.covariates[at]))
        errors[run], published[run], g3[run] = (found.value - theta) ** 2, found.mse, found.g3
    return errors, published, g3


def test_the_published_mse_is_the_one_that_happens(runs: Runs) -> None:
    """Prasad-Rao is right to o(1/m): 3 % beside 4 Monte-Carlo standard errors of the mean over areas.

    The tolerance can see 2·g3: without it the published figure would be too small.
    """
    errors, published, g3 = (array[:, 1:] for array in runs)
    happened, said = errors.mean(), published.mean()
    tolerance = 4 * errors.mean(axis=1).std() / np.sqrt(RUNS) + 0.03 * happened
    assert abs(said - happened) < tolerance
    assert abs(said - 2 * g3.mean() - happened) > tolerance


def test_the_mse_of_an_area_without_a_sample_is_the_one_that_happens(runs: Runs) -> None:
    errors, published, _ = (array[:, 0] for array in runs)
    assert abs(published.mean() - errors.mean()) < 4 * errors.std() / np.sqrt(RUNS) + 0.03 * errors.mean()


def test_95_percent_intervals_hold_95_percent(runs: Runs) -> None:
    """The normal quantile with an estimated MSE falls short by 1 or 2 points with 40 areas, more without a sample.

    Tolerance: 1.5 points (4 for the synthetic area, whose MSE is mostly σ̂²) beside 4 Monte-Carlo errors.
    """
    errors, published, _ = runs
    covered = errors <= 1.959964**2 * published
    per_run = covered[:, 1:].mean(axis=1)
    assert abs(per_run.mean() - 0.95) < 4 * per_run.std() / np.sqrt(RUNS) + 0.015
    assert abs(covered[:, 0].mean() - 0.95) < 0.04 + 4 * np.sqrt(0.95 * 0.05 / RUNS)
