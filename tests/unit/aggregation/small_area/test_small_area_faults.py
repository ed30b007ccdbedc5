"""What cannot be modelled is refused, by name."""

from __future__ import annotations

import math

import numpy as np
import pytest

from survey.aggregation.errors import BadRequest, DifferentLengths
from survey.aggregation.small_area import (
    Areas,
    BadAreas,
    CollinearCovariates,
    NoConvergence,
    TooFewAreas,
    errors,
    fay_herriot,
    reml,
)
from tests.unit.aggregation.promises import assert_said_in_both_languages, errors_of
from tests.unit.aggregation.small_area.milk import milk

SIX = [f"xã {place}" for place in range(1, 7)]
DIRECT = [0.6, 0.7, 0.8, 0.75, 0.65, 0.9]
VARIANCE = [0.01, 0.02, 0.01, 0.03, 0.02, 0.01]


def replaced(column: list[float], place: int, value: float) -> list[float]:
    return [*column[:place], value, *column[place + 1 :]]


@pytest.mark.parametrize(
    ("value", "problem"),
    [(-0.01, "negative variance"), (0.0, "variance of 0"), (math.inf, "infinite variance")],
)
def test_a_variance_that_is_none_is_named(value: float, problem: str) -> None:
    with pytest.raises(BadAreas, match=f"{problem}.*xã 3"):
        Areas.build(names=SIX, direct=DIRECT, variance=replaced(VARIANCE, 2, value))


def test_an_infinite_estimate_or_a_missing_covariate_is_named() -> None:
    with pytest.raises(BadAreas, match="infinite estimate.*xã 1"):
        Areas.build(names=SIX, direct=replaced(DIRECT, 0, math.inf), variance=VARIANCE)
    for bad in (math.nan, math.inf):
        with pytest.raises(BadAreas, match="covariate that is missing.*xã 6"):
            Areas.build(names=SIX, direct=DIRECT, variance=VARIANCE, covariates=[1, 2, 3, 4, 6, bad])


def test_a_covariate_is_needed_for_areas_without_a_sample_too() -> None:
    direct = replaced(DIRECT, 1, math.nan)
    with pytest.raises(BadAreas, match="xã 2"):
        Areas.build(names=SIX, direct=direct, variance=VARIANCE, covariates=[1, math.nan, 3, 4, 6, 7])


def test_fewer_areas_than_coefficients_and_one_more_are_refused() -> None:
    """Three coefficients need four areas: with three the residuals are 0 and σ² has no estimate."""
    x = np.random.default_rng(1).normal(size=(6, 2))
    direct = [*DIRECT[:3], *[math.nan] * 3]
    with pytest.raises(TooFewAreas, match=r"Only 3 areas .* at least 4\."):
        Areas.build(names=SIX, direct=direct, variance=VARIANCE, covariates=x)
    fay_herriot(
        Areas.build(names=SIX, direct=[*DIRECT[:4], math.nan, math.nan], variance=VARIANCE, covariates=x)
    )
    with pytest.raises(TooFewAreas, match="Only 0 areas"):
        Areas.build(names=SIX, direct=[math.nan] * 6, variance=VARIANCE)


@pytest.mark.parametrize(
    "x",
    [
        np.ones(6),
        np.zeros(6),
        np.column_stack([np.arange(6), 1e6 * np.arange(6) + 3]),
        np.column_stack([np.eye(6)[:, :1], 1 - np.eye(6)[:, :1]]),
    ],
)
def test_covariates_that_depend_on_each_other_are_refused(x: np.ndarray) -> None:
    with pytest.raises(CollinearCovariates, match="intercept, x1"):
        Areas.build(names=SIX, direct=DIRECT, variance=VARIANCE, covariates=x)


def test_covariates_that_vary_only_where_there_is_no_sample_are_refused() -> None:
    direct = replaced(DIRECT, 5, math.nan)
    with pytest.raises(CollinearCovariates, match="dân số"):
        Areas.build(
            names=SIX,
            direct=direct,
            variance=VARIANCE,
            covariates=[0, 0, 0, 0, 0, 1],
            covariate_names=["dân số"],
        )


def test_no_area_and_a_repeated_name_are_refused() -> None:
    with pytest.raises(BadAreas, match="no area"):
        Areas.build(names=[], direct=[], variance=[])
    with pytest.raises(BadAreas, match="repeated name: xã 1"):
        Areas.build(names=["xã 1", *SIX[:5]], direct=DIRECT, variance=VARIANCE)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("direct", DIRECT[:5]),
        ("variance", [VARIANCE]),
        ("n", [3, 4]),
        ("covariates", np.ones((5, 1))),
        ("covariates", 1.0),
        ("covariate_names", ["a", "b"]),
    ],
)
def test_columns_of_another_length_are_named(column: str, value: object) -> None:
    table: dict[str, object] = {"direct": DIRECT, "variance": VARIANCE, "covariates": [1, 2, 3, 5, 8, 13]}
    table[column] = value
    with pytest.raises(DifferentLengths, match=column):
        Areas.build(names=SIX, **table)  # type: ignore[arg-type]  # the fault


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(BadRequest):
        fay_herriot(milk(), level=95)


def test_a_search_that_does_not_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reml, "ITERATIONS", 2)
    with pytest.raises(NoConvergence, match="2 iterations"):
        fay_herriot(milk())


def test_what_is_given_cannot_change_the_areas_afterwards() -> None:
    direct = np.array(DIRECT)
    areas = Areas.build(names=SIX, direct=direct, variance=VARIANCE)
    direct[0] = 99
    assert areas.direct[0] == 0.6


def test_every_error_has_its_own_code_and_both_languages() -> None:
    leaves = errors_of(errors)
    assert len(leaves) == 5
    assert_said_in_both_languages(leaves, r"SVY-422-11[5-9]")
