"""One-factor omega: the share of a total score's variance that one common factor makes.

Not a test that there is one factor: the residual says how well one fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Answers
from survey.aggregation.design import SampleDesign
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray
from survey.aggregation.reliability.alpha import scale_cases
from survey.aggregation.reliability.cases import Cases
from survey.aggregation.reliability.factor import OneFactor, fit_one_factor
from survey.aggregation.reliability.influence import estimates, from_correlations, moment_influence
from survey.aggregation.reliability.phrases import OMEGA


@dataclass(frozen=True, slots=True)
class Omega:
    """McDonald's omega total with the factor behind it.

    Attributes:
        estimate: omega; its flags tell "heywood", "negative_loading", "not_converged", in which cases
            it has no standard error.
        items: the k items.
        loading: (k,) on the common factor, of standardised items.
        uniqueness: (k,) 1 - loading².
        residual: root mean square of the correlations that the factor leaves over.
        heywood: items whose loading reached 1, so that nothing of their own is left.
    """

    estimate: Estimate
    items: tuple[str, ...]
    loading: FloatArray
    uniqueness: FloatArray
    residual: float
    heywood: tuple[str, ...]


def one_factor_omega(
    design: SampleDesign, answers: Answers, *, domain: NDArray[Any] | None = None, level: float = 0.95
) -> Omega:
    """Estimate ω = (Σλ)² / ((Σλ)² + Σψ) (McDonald 1999) from the weighted correlations of complete cases.

    λ by minimum residuals (Harman & Jones 1966); standard error by linearisation through the fit; the
    interval is taken on log(1 - ω). Three items at least: two do not identify a factor.

    Raises:
        TooFewItems, TooFewCases, ConstantItem, NotADomain, BadAnswers, DifferentLengths, BadRequest.
    """
    check_level(level)
    return omega_of(design, scale_cases(design, answers, domain, least=3), level)


def omega_of(design: SampleDesign, cases: Cases, level: float) -> Omega:
    """Return the omega of complete cases."""
    factor = fit_one_factor(cases.correlation)
    heywood = tuple(item for item, at_end in zip(cases.items, factor.at_bound, strict=True) if at_end)
    flags = _flags(factor)
    gradient = from_correlations(cases, omega_gradient(factor))
    influence = moment_influence(cases, gradient) if not flags else np.full(cases.n, np.nan)
    made = estimates(
        design,
        cases,
        [(OMEGA, omega_value(factor.loading), influence)],
        scale="log",
        level=level,
        flags=flags,
    )
    return Omega(made[0], cases.items, factor.loading, factor.uniqueness, factor.residual, heywood)


def omega_value(loading: FloatArray) -> float:
    """Return ω of the loadings (k,) of standardised items."""
    common = float(loading.sum()) ** 2
    return common / (common + float(np.sum(1 - np.square(loading))))


def omega_gradient(factor: OneFactor) -> FloatArray:
    """Return the gradient (k, k) of ω by the correlations, through the fit.

    With L = Σλ, U = Σψ and D = L² + U, ∂ω/∂λ_a = 2L(U + Lλ_a)/D².
    """
    loading = factor.loading
    total, own = float(loading.sum()), float(factor.uniqueness.sum())
    by_loading = 2 * total * (own + total * loading) / (total**2 + own) ** 2
    return factor.gradient(by_loading)


def _flags(factor: OneFactor) -> tuple[str, ...]:
    return tuple(
        word
        for word, holds in (
            ("heywood", bool(factor.at_bound.any())),
            ("negative_loading", bool((factor.loading < 0).any())),
            ("not_converged", not factor.converged),
        )
        if holds
    )
