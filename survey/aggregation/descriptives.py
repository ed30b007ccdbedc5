"""Totals, ratios and the shares of each value of a column, with the same machinery as items.

Not quantiles, tests or reliability: later work.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.analyse import analyse
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Answers, Figure, ItemBlock, Measure, item_block, read_answers
from survey.aggregation.assemble import Domains, assemble
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadAnswers, BadRequest, DifferentLengths
from survey.aggregation.labels import Labels, number
from survey.aggregation.linearise import Linearised, linearise_ratios, linearise_totals
from survey.aggregation.methods import Statistic


def totals(
    design: SampleDesign, answers: Answers, *, domains: Domains = None, level: float = 0.95
) -> Analysis:
    """Estimate the population total Σ w y of every item, with the t interval.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    figures = read_answers(answers, Measure("mean"))
    described = [Statistic(item, "total") for item in figures]
    return assemble(design, figures, domains, level, "score", described, linearise_totals)


def ratios(
    design: SampleDesign,
    numerators: Answers,
    denominators: Answers,
    *,
    domains: Domains = None,
    level: float = 0.95,
) -> Analysis:
    """Estimate Σ w y / Σ w x for each pair of columns, over the rows that have both.

    Pairs go by place and take the numerator's id.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    upper, lower = item_block(numerators), item_block(denominators)
    if len(upper.items) != len(lower.items):
        raise BadRequest(problem=f"{len(upper.items)} numerators, {len(lower.items)} denominators")
    figures = {
        item: _pair(item, y, x) for item, y, x in zip(upper.items, upper.columns, lower.columns, strict=True)
    }
    described = [Statistic(item, "ratio") for item in figures]

    def linearise(cells: Cells) -> Linearised:
        return linearise_ratios(design, cells, figures)

    return assemble(design, figures, domains, level, "score", described, linearise)


def _pair(item: str, y: NDArray[Any], x: NDArray[Any]) -> Figure:
    if y.size != x.size:
        raise DifferentLengths(column=item, found=x.size, expected=y.size)
    upper, lower = Measure("mean").read(y), Measure("mean").read(x)
    both = upper.answered & lower.answered
    return Figure(both, upper.value * both, lower.value * both)


def proportions(
    design: SampleDesign, labels: Labels, *, domains: Domains = None, level: float = 0.95
) -> Analysis:
    """Estimate the share of each value of a column; rows without one leave the denominator.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    return analyse(
        design, indicators(labels), domains=domains, measure=Measure("top_share", (1,)), level=level
    )


def indicators(labels: Labels) -> ItemBlock:
    """Make a column of 0 and 1 for each value of a column of labels, -1 where it is missing.

    Raises:
        BadAnswers: a column without any value.
    """
    numbered = number(labels)
    if not numbered.labels:
        raise BadAnswers(item="labels", problem="không có giá trị nào / no value at all")
    codes = numbered.codes
    return ItemBlock.from_columns(
        {
            str(label): np.where(codes < 0, -1, codes == at).astype(np.int8)
            for at, label in enumerate(numbered.labels)
        }
    )
