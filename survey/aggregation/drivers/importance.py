"""Derived importance: how each item goes with overall satisfaction, with design standard errors.

Not stated importance, which is asked, nor performance (quadrants.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Answers, ItemBlock, item_block
from survey.aggregation.design import SampleDesign
from survey.aggregation.drivers.phrases import (
    COEFFICIENT,
    CORRELATION,
    R_SQUARED,
    RELATIVE_WEIGHT,
    STANDARDISED,
)
from survey.aggregation.drivers.regression import Fit, fit
from survey.aggregation.drivers.relative_weights import relative_weights
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimates import Estimate
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray
from survey.aggregation.reliability.cases import complete_cases
from survey.aggregation.reliability.influence import Scale, correlation_influence, estimates

#: Column id of overall satisfaction in messages.
OVERALL = "overall"

ImportanceKind = Literal["relative_weight", "correlation", "standardised"]


@dataclass(frozen=True, slots=True)
class Importance:
    """Derived importance of p items, all on the same complete cases.

    Attributes:
        items: the items.
        n: responses with an answer to every item and to overall satisfaction.
        cases: "listwise".
        correlation: weighted correlation of each item with overall satisfaction.
        intercept, coefficient: weighted least squares, in the items' own units (Binder 1983).
        standardised: the coefficients in standard deviations.
        relative_weight: Johnson's ε of each item; they sum to R².
        relative_share: (p,) ε / R², not rounded; NaN where R² is 0.
        r_squared: R².
    """

    items: tuple[str, ...]
    n: int
    cases: str
    correlation: tuple[Estimate, ...]
    intercept: Estimate
    coefficient: tuple[Estimate, ...]
    standardised: tuple[Estimate, ...]
    relative_weight: tuple[Estimate, ...]
    relative_share: FloatArray
    r_squared: Estimate

    def by(self, kind: ImportanceKind) -> tuple[Estimate, ...]:
        """Return one measure of importance, an estimate an item."""
        return {
            "relative_weight": self.relative_weight,
            "correlation": self.correlation,
            "standardised": self.standardised,
        }[kind]


def derived_importance(
    design: SampleDesign,
    overall: NDArray[Any],
    answers: Answers,
    *,
    domain: NDArray[Any] | None = None,
    level: float = 0.95,
) -> Importance:
    """Estimate what goes with overall satisfaction: correlations, regression and relative weights.

    Complete cases (listwise) over the items and overall satisfaction; standard errors by linearisation
    over PSUs. A relative weight is a sum of squares: where it is near 0 its interval is only a guide.

    Args:
        overall: (rows,) answers to overall satisfaction; -1 (whole numbers) or NaN is missing.
        domain: (rows,) true for the responses of the domain; all when not given.

    Raises:
        CollinearItems, TooFewCases, ConstantItem, NotADomain, BadAnswers, DifferentLengths, BadRequest.
    """
    check_level(level)
    regression = fit(complete_cases(design, _with_overall(answers, overall), domain))
    return _importance(design, regression, level)


def _with_overall(answers: Answers, overall: NDArray[Any]) -> ItemBlock:
    block = item_block(answers)
    if OVERALL in block.items:
        raise BadRequest(problem=f"an item is called {OVERALL!r}")
    return ItemBlock((*block.items, OVERALL), (*block.columns, np.asarray(overall)))


def _importance(design: SampleDesign, regression: Fit, level: float) -> Importance:
    cases = regression.cases
    shared, added = relative_weights(regression), regression.coefficient_influence()
    places = range(cases.k - 1)

    def made(
        found: Sequence[tuple[str, float, FloatArray]], scale: Scale = "identity"
    ) -> tuple[Estimate, ...]:
        return estimates(design, cases, found, scale=scale, level=level)

    together = [
        correlation_influence(cases.weight, cases.centred[:, at], cases.centred[:, -1]) for at in places
    ]
    total = regression.r_squared
    share = shared.weight / total if total > 0 else np.full(len(places), np.nan)
    return Importance(
        items=cases.items[:-1],
        n=cases.n,
        cases="listwise",
        correlation=made([(CORRELATION, *one) for one in together], "fisher"),
        intercept=made([(COEFFICIENT, regression.intercept, added[:, 0])])[0],
        coefficient=made(
            [(COEFFICIENT, float(regression.coefficient[at]), added[:, at + 1]) for at in places]
        ),
        standardised=made(
            [
                (STANDARDISED, float(regression.standardised[at]), regression.standardised_influence(at))
                for at in places
            ]
        ),
        relative_weight=made(
            [(RELATIVE_WEIGHT, float(shared.weight[at]), shared.influence(at)) for at in places]
        ),
        relative_share=share,
        r_squared=made([(R_SQUARED, total, regression.r_squared_influence())])[0],
    )
