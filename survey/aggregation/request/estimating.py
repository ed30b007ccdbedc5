"""From one statistic of a request to its lines: which function of this room answers it, and how.

Not the formulas. What the linearised vectors carry (means, totals, shares, ratios, indices) comes as an
analysis, with covariances and comparisons; quantiles, variances, reliability and drivers come line by line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.analyse import Missing, analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Measure
from survey.aggregation.descriptives import ratios, totals
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import Convention
from survey.aggregation.domains import Domain
from survey.aggregation.estimates import Estimate
from survey.aggregation.indices import IndexDefinition
from survey.aggregation.methods import ROUNDING
from survey.aggregation.request.answer import AnswerLine
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.domains import DomainPlan, NamedDomain
from survey.aggregation.request.errors import located
from survey.aggregation.request.figures import Counted, counted
from survey.aggregation.request.request import Label, StatisticRequest

CONVENTIONS: tuple[Convention, ...] = ("with_replacement", "without_replacement", "kish")
_SHARE = Measure("top_share", (1,))


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure of a statistic: its id in the analysis, and how the answer names it."""

    key: str
    item: str
    level: Label | None = None
    denominator: str = ""


@dataclass(frozen=True, slots=True)
class Analysed:
    """A statistic's analysis and the figures in it that were asked for."""

    request: StatisticRequest
    plan: DomainPlan
    analysis: Analysis
    asked: tuple[Asked, ...]

    def lines(self) -> tuple[AnswerLine, ...]:
        """Return the estimates that the answer lists, domain by domain."""
        effects = {one: self.analysis.design_effect(one) for one in CONVENTIONS}
        return tuple(
            self._line(domain, asked, effects) for domain in self.plan.listed for asked in self.asked
        )

    def estimate(self, domain: Domain, asked: Asked) -> Estimate:
        """Return one estimate with the interval asked for."""
        at = self.analysis.place(domain, asked.key)
        found = self.analysis.estimate(domain, asked.key)
        variance, scale = self.analysis.variance[at], abs(self.analysis.value[at])
        # Where df = 0 nothing is published, but an analyst may hold the standard error against R's.
        if found.df < 1 and variance > np.square(ROUNDING * scale):
            return replace(found, se=float(np.sqrt(variance)))
        return found

    def _line(self, named: NamedDomain, asked: Asked, effects: Mapping[Convention, Any]) -> AnswerLine:
        request, at = self.request, self.analysis.place(named.domain, asked.key)
        deffs = {one: _known(effect[at]) for one, effect in effects.items()}
        return AnswerLine(
            statistic=request.id,
            kind=request.kind,
            domain=named.labels,
            where=request.where,
            item=asked.item,
            denominator=asked.denominator,
            level=asked.level,
            estimate=self.estimate(named.domain, asked),
            deff=deffs[request.deff],
            deff_convention=request.deff,
            deffs=deffs if request.all_deffs else None,
        )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def analysed(design: SampleDesign, columns: Columns, request: StatisticRequest, plan: DomainPlan) -> Analysed:
    """Estimate a statistic that linearised vectors carry.

    Raises:
        NotNumbers, TypeChanged, NoSuchLabel, BadRequest; their detail or text names the path.
    """
    figures = counted(columns, request)
    with located(request.path):
        made = {"total": _totals, "ratio": _ratios, "index": _index}.get(request.kind, _means)
        analysis, asked = made(_Statistic(design, columns, request, plan, figures))
        return Analysed(request, plan, analysis, asked)


_Made = tuple[Analysis, tuple[Asked, ...]]


@dataclass(frozen=True, slots=True)
class _Statistic:
    """A statistic with what it is made from: the design, the columns, its domains and its figures."""

    design: SampleDesign
    columns: Columns
    request: StatisticRequest
    plan: DomainPlan
    figures: Sequence[Counted]

    @property
    def options(self) -> dict[str, Any]:
        missing: Missing = "listwise" if self.request.listwise else "available"
        return {
            "domains": self.plan.dimensions or None,
            "level": self.request.interval.level,
            "missing": missing,
            "interval": self.request.interval.method,
        }

    @property
    def block(self) -> dict[str, NDArray[Any]]:
        return {one.key: one.values for one in self.figures}

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(Asked(one.key, one.item, one.level) for one in self.figures)


def _means(statistic: _Statistic) -> _Made:
    measure = Measure("mean") if statistic.request.kind == "mean" else _SHARE
    analysis = analyse(statistic.design, statistic.block, measure=measure, **statistic.options)
    return analysis, statistic.asked


def _totals(statistic: _Statistic) -> _Made:
    return totals(statistic.design, statistic.block, **statistic.options), statistic.asked


def _ratios(statistic: _Statistic) -> _Made:
    request = statistic.request
    lower = {
        item: statistic.columns.numbers(name, f"{request.path}.denominator")
        for item, name in zip(request.items, request.denominator, strict=True)
    }
    asked = tuple(
        Asked(item, item, None, name) for item, name in zip(request.items, request.denominator, strict=True)
    )
    return ratios(statistic.design, statistic.block, lower, **statistic.options), asked


def _index(statistic: _Statistic) -> _Made:
    request = statistic.request
    key = f"index {request.id}"
    if request.combination == "pooled":
        index = IndexDefinition.pooled(key, request.items)
    else:
        index = IndexDefinition.averaged(key, dict(zip(request.items, request.index_weights, strict=True)))
    measure = _SHARE if request.levels else Measure("mean")
    analysis = analyse(
        statistic.design, statistic.block, measure=measure, indices=[index], **statistic.options
    )
    return analysis, (Asked(key, request.id),)
