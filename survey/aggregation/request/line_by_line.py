"""Statistics that have no linearised vector of their own in an analysis: lines, and no covariance.

Quantiles, population variances, alpha, omega, importance and performance. Not the formulas.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Measure
from survey.aggregation.design import SampleDesign
from survey.aggregation.dispersion import population_variances
from survey.aggregation.domains import WHOLE
from survey.aggregation.drivers import importance_performance
from survey.aggregation.drivers.errors import CollinearItems
from survey.aggregation.errors import BadRequest
from survey.aggregation.estimates import Estimate
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.quantiles import ShareInterval, quantiles
from survey.aggregation.reliability import (
    ConstantItem,
    TooFewCases,
    cronbach_alpha,
    one_factor_omega,
)
from survey.aggregation.request.answer import AnswerLine
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.domains import DomainPlan, NamedDomain
from survey.aggregation.request.errors import located
from survey.aggregation.request.request import StatisticRequest

#: Names of R `svyquantile` for the intervals that a quantile can have.
_SHARE_INTERVALS: dict[str, ShareInterval] = {
    "default": "mean",
    "t": "mean",
    "logit": "xlogit",
    "arcsine": "asin",
    "beta": "beta",
}
LINE_KINDS = ("quantile", "variance", "alpha", "omega", "importance_performance")


def lines_of(
    design: SampleDesign, columns: Columns, request: StatisticRequest, plan: DomainPlan
) -> tuple[AnswerLine, ...]:
    """Estimate a statistic line by line.

    Raises:
        NotNumbers, TypeChanged, BadRequest, BadProbability; their detail or text names the path.
    """
    path = f"{request.path}.items"
    answers = {item: columns.numbers(item, path) for item in request.items}
    if request.listwise:
        answers = _complete(answers)
    with located(request.path):
        if request.kind == "quantile":
            return tuple(_quantiles(design, answers, request, plan))
        if request.kind == "variance":
            return tuple(_variances(design, answers, request, plan))
        return tuple(_scales(design, columns, answers, request, plan))


def _complete(answers: dict[str, FloatArray]) -> dict[str, FloatArray]:
    gap = np.isnan(np.stack(list(answers.values()))).any(axis=0)
    return {item: np.where(gap, np.nan, values) for item, values in answers.items()}


def _line(request: StatisticRequest, named: NamedDomain, item: str, estimate: Estimate) -> AnswerLine:
    cases = "; listwise cases" if request.listwise else ""
    shown = (
        replace(estimate, method=estimate.method.replace("; available cases", cases)) if cases else estimate
    )
    return AnswerLine(request.id, request.kind, named.labels, request.where, item, shown)


def _quantiles(
    design: SampleDesign, answers: dict[str, FloatArray], request: StatisticRequest, plan: DomainPlan
) -> Iterator[AnswerLine]:
    interval = _SHARE_INTERVALS.get(request.interval.method)
    if interval is None:
        known = ", ".join(get_args(ShareInterval))
        raise BadRequest(
            problem=f"interval {request.interval.method!r} của quantile / of a quantile: {known}"
        )
    found = quantiles(
        design,
        answers,
        request.probabilities,
        domains=plan.dimensions or None,
        level=request.interval.level,
        interval=interval,
    )
    for named in plan.listed:
        for item in answers:
            for probability in request.probabilities:
                estimate = found.estimate(named.domain, item, probability)
                yield replace(_line(request, named, item, estimate), probability=probability)


def _variances(
    design: SampleDesign, answers: dict[str, FloatArray], request: StatisticRequest, plan: DomainPlan
) -> Iterator[AnswerLine]:
    found = population_variances(
        design, answers, domains=plan.dimensions or None, level=request.interval.level
    )
    for named in plan.listed:
        for item in answers:
            yield _line(request, named, item, found.estimate(named.domain, item))


def _scales(
    design: SampleDesign,
    columns: Columns,
    answers: dict[str, FloatArray],
    request: StatisticRequest,
    plan: DomainPlan,
) -> Iterator[AnswerLine]:
    made = {"alpha": _alpha, "omega": _omega}.get(request.kind)
    overall = columns.numbers(request.outcome, f"{request.path}.outcome") if request.outcome else None
    for named in plan.listed:
        members = _members(design, plan, named)
        try:
            if made is None and overall is not None:
                yield from _drivers(design, answers, request, named, members, overall)
            elif made is not None:
                yield made(design, answers, request, named, members)
        except (TooFewCases, ConstantItem, CollinearItems) as error:
            if not request.by:
                raise
            yield _none(request, named, answers, members, type(error).__name__)


def _members(design: SampleDesign, plan: DomainPlan, named: NamedDomain) -> BoolArray:
    if named.domain == WHOLE:
        return np.ones(design.rows, dtype=np.bool_)
    members: BoolArray = np.asarray(plan.dimensions[named.domain.by] == named.domain.value, dtype=np.bool_)
    return members


def _alpha(
    design: SampleDesign,
    answers: dict[str, FloatArray],
    request: StatisticRequest,
    named: NamedDomain,
    members: BoolArray,
) -> AnswerLine:
    estimate = cronbach_alpha(design, answers, domain=members, level=request.interval.level)
    return _line(request, named, request.id, estimate)


def _omega(
    design: SampleDesign,
    answers: dict[str, FloatArray],
    request: StatisticRequest,
    named: NamedDomain,
    members: BoolArray,
) -> AnswerLine:
    omega = one_factor_omega(design, answers, domain=members, level=request.interval.level)
    loadings = dict(zip(omega.items, omega.loading.tolist(), strict=True))
    return replace(_line(request, named, request.id, omega.estimate), more={"loadings": loadings})


def _drivers(
    design: SampleDesign,
    answers: dict[str, FloatArray],
    request: StatisticRequest,
    named: NamedDomain,
    members: BoolArray,
    overall: FloatArray,
) -> Iterator[AnswerLine]:
    names = {f"item {place}": item for place, item in enumerate(answers)}
    columns: dict[str, NDArray[Any]] = {key: answers[item] for key, item in names.items()}
    found = importance_performance(
        design, overall, columns, measure=_measure(request), domain=members, level=request.interval.level
    )
    for driver in found.drivers:
        more = {"quadrant": driver.quadrant, "uncertain": driver.uncertain}
        for measure, estimate in (("importance", driver.importance), ("performance", driver.performance)):
            line = _line(request, named, names[driver.item], estimate)
            yield replace(line, more={"measure": measure, **more})


def _measure(request: StatisticRequest) -> Measure:
    if not request.levels:
        return Measure("mean")
    if not all(isinstance(level, int) for level in request.levels):
        raise BadRequest(problem=f"levels {request.levels!r}")
    return Measure("top_share", tuple(int(level) for level in request.levels))


def _none(
    request: StatisticRequest,
    named: NamedDomain,
    answers: dict[str, FloatArray],
    members: BoolArray,
    reason: str,
) -> AnswerLine:
    """Return the line of a domain too small or too alike for the statistic: no figure, and why."""
    complete = ~np.isnan(np.stack(list(answers.values()))).any(axis=0) & members
    flag = {"TooFewCases": "too_few_cases", "ConstantItem": "constant_item"}.get(reason, "collinear_items")
    estimate = Estimate(
        value=None,
        se=None,
        ci_low=None,
        ci_high=None,
        level=request.interval.level,
        n=int(complete.sum()),
        n_eff=None,
        deff=None,
        df=0,
        method="listwise cases; no interval",
        unit="score",
        flags=(flag, "no_interval"),
    )
    return _line(request, named, request.id, estimate)
