"""The comparisons of a request: which statistic, in which two domains, as one family of tests.

Not the difference itself (survey.aggregation.comparisons) nor the adjustment (multiplicity).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.aggregation.multiplicity import adjust_family, two_sided_p
from survey.aggregation.request.answer import ComparisonLine
from survey.aggregation.request.domains import describe
from survey.aggregation.request.errors import NotComparable, located
from survey.aggregation.request.estimating import Analysed, Asked
from survey.aggregation.request.line_by_line import LINE_KINDS
from survey.aggregation.request.request import (
    Adjustment,
    ComparisonRequest,
    StatisticRequest,
    Where,
)
from survey.aggregation.request.values import key_of


@dataclass(frozen=True, slots=True)
class Family:
    """Comparisons adjusted together, and how."""

    lines: tuple[ComparisonLine, ...]
    described: Mapping[str, object] | None


def statistic_of(told: ComparisonRequest, statistics: Sequence[StatisticRequest]) -> StatisticRequest:
    """Find the statistic that a comparison is of: by id, by place, or the only one.

    Raises:
        NotComparable.
    """
    if told.statistic is None and len(statistics) == 1:
        found = statistics[0]
    elif isinstance(told.statistic, int) and 0 <= told.statistic < len(statistics):
        found = statistics[told.statistic]
    else:
        by_id = [one for one in statistics if one.id == told.statistic]
        if not by_id:
            ids = ", ".join(one.id for one in statistics)
            raise NotComparable(
                path=f"{told.path}.statistic", problem=f"{told.statistic!r}; có / there are: {ids}"
            )
        found = by_id[0]
    if found.kind in LINE_KINDS:
        problem = f"{found.kind} không có véc-tơ tuyến tính hóa / has no linearised vector"
        raise NotComparable(path=f"{told.path}.statistic", problem=problem)
    return found


def compared_domains(told: Sequence[ComparisonRequest]) -> list[tuple[str, Where | None]]:
    """Return every domain that comparisons ask of one statistic, with its path."""
    return [
        (f"{one.path}.{key}", where)
        for one in told
        for key, where in (("domain", one.domain), ("other", one.other))
    ]


def compare(told: ComparisonRequest, of: Analysed) -> Iterator[ComparisonLine]:
    """Return the difference of every item and level that a comparison asks for, domain less other.

    Raises:
        NotComparable: an item or level that the statistic does not have, or one domain twice.
    """
    first, second = of.plan.compared_domain(told.domain), of.plan.compared_domain(told.other)
    if first == second:
        raise NotComparable(
            path=told.path, problem=f"một miền với chính nó / with itself: {describe(told.domain)}"
        )
    for asked in _asked(told, of):
        with located(told.path):
            estimate = of.analysis.difference(asked.key, first, second)
        p = float(two_sided_p(_number(estimate.value), _number(estimate.se), estimate.df))
        yield ComparisonLine(
            id=told.id,
            statistic=of.request.id,
            kind=of.request.kind,
            item=asked.item,
            level=asked.level,
            domain=told.domain or {},
            other=told.other,
            estimate=estimate,
            p=None if np.isnan(p) else p,
        )


def adjusted(lines: Sequence[ComparisonLine], adjustment: Adjustment) -> Family:
    """Adjust the p-values of all comparisons of a request, which are one family."""
    if not lines:
        return Family((), None)
    if adjustment == "none":
        tests = sum(line.p is not None for line in lines)
        return Family(tuple(lines), {"adjust": "none", "tests": tests})
    family = adjust_family([_number(line.p) for line in lines], name="compare", adjustment=adjustment)
    q = [None if np.isnan(one) else float(one) for one in family.q]
    described = {"adjust": adjustment, "method": family.method, "tests": family.tests}
    return Family(tuple(replace(line, q=value) for line, value in zip(lines, q, strict=True)), described)


def _asked(told: ComparisonRequest, of: Analysed) -> list[Asked]:
    found = [
        one
        for one in of.asked
        if told.item in (None, one.item)
        and (told.level is None or (one.level is not None and key_of(one.level) == key_of(told.level)))
    ]
    if not found:
        has = ", ".join(one.item if one.level is None else f"{one.item}={one.level}" for one in of.asked)
        problem = f"item {told.item!r}, level {told.level!r}; có / there are: {has}"
        raise NotComparable(path=told.path, problem=problem)
    return found


def _number(value: float | None) -> float:
    return np.nan if value is None else value
