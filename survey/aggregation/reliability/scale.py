"""A scale looked at item by item: alpha, omega, item-rest correlations, alpha without each item.

Not a decision to drop an item.
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
from survey.aggregation.reliability.alpha import alpha_of, scale_cases
from survey.aggregation.reliability.cases import Cases
from survey.aggregation.reliability.influence import correlation_influence, estimates
from survey.aggregation.reliability.omega import Omega, omega_of
from survey.aggregation.reliability.phrases import ALPHA, IF_DELETED, ITEM_REST


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well k items measure one thing, all on the same complete cases.

    Attributes:
        items: the items.
        n: complete cases.
        cases: "listwise".
        alpha: Cronbach's alpha.
        omega: one-factor omega; None below three items.
        item_rest: each item's weighted correlation with the sum of the others.
        alpha_if_deleted: alpha of the others; none below three items.
        correlation: (k, k) weighted correlations.
    """

    items: tuple[str, ...]
    n: int
    cases: str
    alpha: Estimate
    omega: Omega | None
    item_rest: tuple[Estimate, ...]
    alpha_if_deleted: tuple[Estimate, ...]
    correlation: FloatArray


def reliability(
    design: SampleDesign, answers: Answers, *, domain: NDArray[Any] | None = None, level: float = 0.95
) -> Reliability:
    """Estimate alpha, omega, item-rest correlations and alpha without each item, on complete cases.

    Raises:
        TooFewItems (below two), TooFewCases, ConstantItem, NotADomain, BadAnswers, DifferentLengths,
        BadRequest.
    """
    check_level(level)
    cases = scale_cases(design, answers, domain, least=2)
    several = cases.k > 2
    value, influence = alpha_of(cases.centred, cases.weight)
    return Reliability(
        items=cases.items,
        n=cases.n,
        cases="listwise",
        alpha=estimates(design, cases, [(ALPHA, value, influence)], scale="log", level=level)[0],
        omega=omega_of(design, cases, level) if several else None,
        item_rest=_item_rest(design, cases, level),
        alpha_if_deleted=_alpha_if_deleted(design, cases, level) if several else (),
        correlation=cases.correlation,
    )


def _item_rest(design: SampleDesign, cases: Cases, level: float) -> tuple[Estimate, ...]:
    total = cases.centred.sum(axis=1)
    found = []
    for item in cases.centred.T:
        rest = total - item
        varies = np.sum(cases.weight * np.square(rest)) > 1e-24 * np.sum(np.square(total) + np.square(item))
        none = np.nan, np.full(cases.n, np.nan)
        value, influence = correlation_influence(cases.weight, item, rest) if varies else none
        found.append((ITEM_REST, value, influence))
    return estimates(design, cases, found, scale="fisher", level=level)


def _alpha_if_deleted(design: SampleDesign, cases: Cases, level: float) -> tuple[Estimate, ...]:
    found = []
    for at in range(cases.k):
        value, influence = alpha_of(np.delete(cases.centred, at, axis=1), cases.weight)
        found.append((IF_DELETED, value, influence))
    return estimates(design, cases, found, scale="log", level=level)
