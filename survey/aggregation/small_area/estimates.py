"""What a model-based estimate is: never to be taken for, or mixed with, a direct one.

Not how it is computed (reml.py, eblup.py, benchmark.py). The type is its own: what prints or averages an
`Estimate` of direct results does not accept it by accident.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from survey.aggregation.errors import UnknownResult
from survey.aggregation.labels import FloatArray
from survey.aggregation.small_area.diagnostics import Residuals


@dataclass(frozen=True, slots=True)
class ModelEstimate:
    """A model-based estimate of one area, with the direct one beside it.

    Attributes:
        name: the area.
        value: the estimate, in `unit`.
        mse, rmse: its mean squared error under the model, and the root; after benchmarking the squared
            shift is in it.
        ci_low, ci_high: value ± z·rmse at `level`.
        n: respondents behind the direct estimate, where given.
        gamma: weight of the direct estimate, 0 (none) to 1.
        direct, direct_se: the direct estimate and its standard error as the model took it; None where
            there is none.
        synthetic: what the covariates alone say.
        shift: what benchmarking added to the value; 0 before.
        method: starts with "model-based: Fay-Herriot area level" (`model.PHRASES` has the Vietnamese).
        unit: as in `Estimate`: "share", "percent", "score" or "points".
        flags: "synthetic" (no part of a direct estimate in it, none entered the fit), "no_variance" (a
            direct estimate that could not enter for want of a variance), "no_area_variance" (σ̂² = 0: the
            model sees no difference between areas beyond the covariates; the mean squared error is
            then unsure).
    """

    name: Hashable
    value: float
    mse: float
    rmse: float
    ci_low: float
    ci_high: float
    level: float
    n: int | None
    gamma: float
    direct: float | None
    direct_se: float | None
    synthetic: float
    shift: float
    method: str
    unit: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FitSummary:
    """The model behind the estimates.

    Attributes:
        sigma2_u, sigma2_u_se: variance between areas (REML) and its asymptotic standard error.
        is_at_zero: whether σ̂² is at its bound, 0.
        iterations: scoring steps.
        covariates: (p,) names, the intercept first.
        beta, beta_se: (p,) coefficients; beta_covariance: (p, p).
        loglik, restricted_loglik: Gaussian and restricted log likelihood at the estimates.
        areas: m, the areas in the fit; predicted: all areas.
        residuals: of the areas in the fit, in their order.
        variance_method: how the sampling variances were made.
    """

    sigma2_u: float
    sigma2_u_se: float
    is_at_zero: bool
    iterations: int
    covariates: tuple[str, ...]
    beta: tuple[float, ...]
    beta_se: tuple[float, ...]
    beta_covariance: FloatArray
    loglik: float
    restricted_loglik: float
    areas: int
    predicted: int
    residuals: Residuals
    variance_method: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """How estimates were brought to the direct estimate of the whole.

    Attributes:
        kind: "ratio" (every estimate times one factor) or "difference" (one amount added to every one).
        target: the direct estimate of the whole; its own sampling error is not in the areas'.
        before: Σ share·estimate before.
        adjustment: the factor or the amount.
    """

    kind: Literal["ratio", "difference"]
    target: float
    before: float
    adjustment: float


@dataclass(frozen=True, slots=True)
class SmallAreas:
    """Model-based estimates of all areas, the model, and the benchmark where there is one."""

    estimates: tuple[ModelEstimate, ...]
    fit: FitSummary
    benchmark: Benchmark | None = None

    def estimate(self, name: Hashable) -> ModelEstimate:
        """Return one area's estimate.

        Raises:
            UnknownResult.
        """
        for one in self.estimates:
            if one.name == name:
                return one
        raise UnknownResult(name=name)
