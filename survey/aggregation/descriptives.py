"""Totals, ratios and the shares of each value of a column, with the same machinery as items.

Not quantiles (quantiles.py), tests (hypothesis_tests.py) nor reliability (reliability/).
"""

from __future__ import annotations

import numpy as np

from survey.aggregation.analyse import Missing, analyse, cases_of
from survey.aggregation.analysis import Analysis
from survey.aggregation.answers import Answers, ItemBlock, Measure, Measured, Paired, item_block
from survey.aggregation.assemble import Asked, Domains, assemble
from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import BadAnswers, BadRequest, DifferentLengths
from survey.aggregation.estimators import Ratios, Totals
from survey.aggregation.labels import Labels, number
from survey.aggregation.methods import IntervalMethod, Statistic


def totals(
    design: SampleDesign,
    answers: Answers,
    *,
    domains: Domains = None,
    level: float = 0.95,
    missing: Missing = "available",
    interval: IntervalMethod = "default",
    deff: bool = True,
) -> Analysis:
    """Estimate the population total Σ w y of every item; by default with the t interval.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    readings = Measured(item_block(answers), Measure("mean"), missing == "listwise")
    estimator = Totals(tuple(Statistic(item, "total") for item in readings.items))
    asked = Asked(level, "score", interval, deff, cases_of(missing))
    return assemble(design, readings, domains, estimator, asked)


def ratios(
    design: SampleDesign,
    numerators: Answers,
    denominators: Answers,
    *,
    domains: Domains = None,
    level: float = 0.95,
    missing: Missing = "available",
    interval: IntervalMethod = "default",
    deff: bool = True,
) -> Analysis:
    """Estimate Σ w y / Σ w x for each pair of columns, over the rows that have both.

    Pairs go by place and take the numerator's id; listwise, over the rows that have all pairs.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    upper, lower = item_block(numerators), item_block(denominators)
    if len(upper.items) != len(lower.items):
        raise BadRequest(problem=f"{len(upper.items)} numerators, {len(lower.items)} denominators")
    if upper.rows != lower.rows:
        raise DifferentLengths(column=upper.items[0], found=lower.rows, expected=upper.rows)
    readings = Paired(upper, lower, missing == "listwise")
    estimator = Ratios(tuple(Statistic(item, "ratio") for item in readings.items))
    asked = Asked(level, "score", interval, deff, cases_of(missing))
    return assemble(design, readings, domains, estimator, asked, has_base=True)


def proportions(
    design: SampleDesign,
    labels: Labels,
    *,
    domains: Domains = None,
    level: float = 0.95,
    interval: IntervalMethod = "default",
    deff: bool = True,
) -> Analysis:
    """Estimate the share of each value of a column; rows without one leave the denominator.

    Raises:
        BadAnswers, DifferentLengths, BadRequest.
    """
    top = Measure("top_share", (1,))
    return analyse(
        design, indicators(labels), domains=domains, measure=top, level=level, interval=interval, deff=deff
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
