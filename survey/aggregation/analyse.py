"""From a design and answers to the estimates of items and indices: the use of this room in one call.

Not the formulas, which each have their file; this one only sets them in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Answers, Measure, Measured, item_block
from survey.aggregation.assemble import Asked, Domains, assemble
from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimators import Estimator, Joined, Means
from survey.aggregation.indices import IndexDefinition, Indices, check_indices
from survey.aggregation.methods import IntervalMethod, Statistic

#: available: each item keeps its own respondents. listwise: only responses that answered every item.
Missing = Literal["available", "listwise"]


def analyse(
    design: SampleDesign,
    answers: Answers,
    *,
    domains: Domains = None,
    measure: Measure,
    indices: Sequence[IndexDefinition] = (),
    level: float = 0.95,
    missing: Missing = "available",
    interval: IntervalMethod = "default",
    deff: bool = True,
) -> Analysis:
    """Estimate every item and every index, for the whole sample and in every domain.

    Standard errors come from the linearised PSU sums of the whole design, so an index carries the
    covariance between its items; or from the replicates that the design holds.

    Args:
        domains: a label a row for one dimension, or several by name; they may overlap each other.
        measure: how an answer is counted, the same for all items.
        missing: whether each item keeps its own respondents, or only complete responses count.
        interval: method of the intervals, the same for all, or "default".
        deff: whether design effects and effective sizes are wanted; that of an index costs a scan.

    Raises:
        BadAnswers, DifferentLengths, BadIndex, BadRequest.
    """
    readings = Measured(item_block(answers), measure, missing == "listwise")
    check_indices(indices, readings.items)
    estimator, unions = estimator_of(readings.items, measure, indices)
    asked = Asked(level, measure.unit, interval, deff, cases_of(missing))
    return assemble(design, readings, domains, estimator, asked, unions=unions)


def cases_of(missing: Missing) -> str:
    """Name the cases that enter an estimate.

    Raises:
        BadRequest: neither available nor listwise.
    """
    if missing not in ("available", "listwise"):
        raise BadRequest(problem=f"missing={missing!r}")
    return f"{missing} cases"


def estimator_of(
    items: tuple[str, ...], measure: Measure, indices: Sequence[IndexDefinition]
) -> tuple[Estimator, tuple[tuple[int, ...], ...]]:
    """Return the estimator of items and indices, and the unions of items whose respondents it needs."""
    share = measure.kind == "top_share"
    formula = "share of an item" if share else "mean of an item"
    means = Means(tuple(Statistic(item, formula, share, share) for item in items))
    if not indices:
        return means, ()
    described = tuple(_described(index, share) for index in indices)
    composed = Indices(described, tuple(indices), items)
    return Joined((means, composed)), composed.unions()


def _described(index: IndexDefinition, share: bool) -> Statistic:
    combination = index.combination
    formula = {
        "averaged": "index averaged over items",
        "pooled": "index pooled over answers",
    }.get(combination, "index averaged over pooled groups of items")
    return Statistic(index.id, formula, share and index.is_mean, index.is_single)
