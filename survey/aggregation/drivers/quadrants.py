"""Importance against performance: which items to work on first (Martilla & James 1977).

Not a ranking: an item whose interval crosses a line is named uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.analyse import analyse
from survey.aggregation.answers import Answers, Measure
from survey.aggregation.design import SampleDesign
from survey.aggregation.drivers.importance import Importance, ImportanceKind, derived_importance
from survey.aggregation.drivers.phrases import describe_quadrant
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimates import Estimate
from survey.aggregation.reliability.cases import domain_rows


@dataclass(frozen=True, slots=True)
class Driver:
    """One item in the plane of importance and performance.

    Attributes:
        item: the item.
        importance: derived importance, on complete cases.
        performance: weighted mean or share, on everybody who answered the item.
        quadrant: "concentrate_here", "keep_up", "low_priority" or "possible_overkill".
        uncertain: whether either interval reaches its line, or there is no interval.
    """

    item: str
    importance: Estimate
    performance: Estimate
    quadrant: str
    uncertain: bool

    def text(self, language: str = "vi") -> str:
        """Say the quadrant in "vi" or "en"."""
        return describe_quadrant(self.quadrant, language)


@dataclass(frozen=True, slots=True)
class ImportancePerformance:
    """The items of a survey by importance and performance.

    Attributes:
        drivers: one an item, in the order of the answers.
        kind: the measure of importance.
        importance_line, performance_line: where the lines cross.
        lines: "means" of the items, or "declared".
        details: every measure of importance.
    """

    drivers: tuple[Driver, ...]
    kind: ImportanceKind
    importance_line: float
    performance_line: float
    lines: str
    details: Importance


def importance_performance(
    design: SampleDesign,
    overall: NDArray[Any],
    answers: Answers,
    *,
    measure: Measure,
    kind: ImportanceKind = "relative_weight",
    lines: tuple[float, float] | None = None,
    domain: NDArray[Any] | None = None,
    level: float = 0.95,
) -> ImportancePerformance:
    """Place each item by derived importance and performance, and say which quadrant it is in.

    Args:
        overall: (rows,) answers to overall satisfaction.
        measure: how an answer counts as performance; importance always takes the answers as numbers.
        kind: which importance is drawn.
        lines: (importance, performance) where the lines cross; the means of the items when not given.
            An item on a line counts as above it.
        domain: (rows,) true for the responses of the domain; all when not given.

    Raises:
        As `derived_importance`.
    """
    if kind not in ("relative_weight", "correlation", "standardised"):
        raise BadRequest(problem=f"kind={kind!r}")
    if lines is not None and not np.isfinite(lines).all():
        raise BadRequest(problem=f"lines={lines!r}")
    details = derived_importance(design, overall, answers, domain=domain, level=level)
    performed = _performance(design, answers, details.items, measure, domain, level)
    important = details.by(kind)
    across = lines or (_mean(important), _mean(performed))
    return ImportancePerformance(
        drivers=tuple(
            _driver(item, one, other, across)
            for item, one, other in zip(details.items, important, performed, strict=True)
        ),
        kind=kind,
        importance_line=across[0],
        performance_line=across[1],
        lines="means" if lines is None else "declared",
        details=details,
    )


def _performance(
    design: SampleDesign,
    answers: Answers,
    items: tuple[str, ...],
    measure: Measure,
    domain: NDArray[Any] | None,
    level: float,
) -> tuple[Estimate, ...]:
    inside = np.where(domain_rows(domain, design.rows), "domain", "")
    analysis = analyse(design, answers, domains=inside, measure=measure, level=level)
    return tuple(analysis.estimate("domain", item) for item in items)


def _mean(estimates: tuple[Estimate, ...]) -> float:
    return float(np.mean([one.value for one in estimates if one.value is not None]))


def _driver(item: str, importance: Estimate, performance: Estimate, lines: tuple[float, float]) -> Driver:
    important, performs = _above(importance, lines[0]), _above(performance, lines[1])
    quadrant = _QUADRANT[important, performs]
    uncertain = _reaches(importance, lines[0]) or _reaches(performance, lines[1])
    return Driver(item, importance, performance, quadrant, uncertain)


_QUADRANT = {
    (True, True): "keep_up",
    (True, False): "concentrate_here",
    (False, True): "possible_overkill",
    (False, False): "low_priority",
}


def _above(estimate: Estimate, line: float) -> bool:
    return estimate.value is not None and estimate.value >= line


def _reaches(estimate: Estimate, line: float) -> bool:
    if estimate.ci_low is None or estimate.ci_high is None:
        return True
    return estimate.ci_low <= line <= estimate.ci_high
