"""Set one analysis together: cells of every set of domains, their statistics, variances and intervals.

Not what a statistic is: estimators say how sums become values and vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.analysis import Analysis, Block
from survey.aggregation.answers import Readings
from survey.aggregation.collapse import Cells, collapse, layout_of
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import divide
from survey.aggregation.domains import DomainSet, domain_sets, whole_sample
from survey.aggregation.estimators import Estimator, Respondents
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray, IntArray, Labels
from survey.aggregation.methods import (
    IntervalMethod,
    choose_intervals,
    intervals_of,
    negligible,
    publishable_se,
)
from survey.aggregation.residuals import simple_variances
from survey.aggregation.uncertainty import Uncertainty, uncertainty_of
from survey.aggregation.variance import degrees_of_freedom

Domains = Mapping[str, Labels] | Labels | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an analysis beside its statistics.

    Attributes:
        level: confidence level of the intervals.
        unit: unit of every estimate.
        interval: method of the intervals; "default" chooses by the statistic.
        design_effects: whether design effects and effective sample sizes are wanted.
        cases: "available" or "listwise", in the words of methods.py.
    """

    level: float
    unit: str
    interval: IntervalMethod = "default"
    design_effects: bool = True
    cases: str = "available cases"


@dataclass(frozen=True, slots=True)
class Part:
    """The statistics of one set of domains; the group of cells in none is cut off later."""

    cells: Cells
    value: FloatArray
    respondents: Respondents
    simple_variance: FloatArray
    uncertainty: Uncertainty
    variance: FloatArray
    df: IntArray


def assemble(
    design: SampleDesign,
    readings: Readings,
    domains: Domains,
    estimator: Estimator,
    asked: Asked,
    *,
    has_base: bool = False,
    unions: Sequence[tuple[int, ...]] = (),
) -> Analysis:
    """Compute every statistic of every domain from as few scans as its sets of domains allow.

    Raises:
        DifferentLengths, BadRequest.
    """
    check_level(asked.level)
    sets = domain_sets(domains, design.rows)
    layout = layout_of(readings, has_base=has_base, unions=unions, design_effects=asked.design_effects)
    collapsed = collapse(design, readings, sets, layout)
    parts = [
        part_of(design, cells, estimator, asked, (readings, one))
        for cells, one in zip(collapsed, (whole_sample(design.rows), *sets), strict=True)
    ]
    return analysis_of(design, parts, estimator, asked)


def part_of(
    design: SampleDesign,
    cells: Cells,
    estimator: Estimator,
    asked: Asked,
    rows: tuple[Readings, DomainSet] | None,
) -> Part:
    """Estimate the statistics of one set of domains from its cells.

    Args:
        rows: the responses and their domains; without them there is no design effect of a composite.
    """
    grid = cells.grid
    total = cells.sums.by(grid.domain, grid.groups)
    respondents = estimator.respondents(total)
    uncertainty = uncertainty_of(design, estimator, cells, total, rows)
    simple = respondents.simple_variance
    if not asked.design_effects:
        simple = np.full(simple.shape, np.nan)
    composites = estimator.composites(total) if asked.design_effects and rows is not None else ()
    wanted = [at for at, one in enumerate(composites) if one is not None]
    if wanted and rows is not None:
        simple = simple.copy()
        simple[:, wanted] = simple_variances(
            design.weights,
            *rows,
            [one for one in composites if one is not None],
            respondents.weight[:, wanted],
            respondents.n[:, wanted],
        )
    return Part(
        cells=cells,
        value=np.where(respondents.n > 0, estimator.values(total), np.nan),
        respondents=respondents,
        simple_variance=simple,
        uncertainty=uncertainty,
        variance=uncertainty.variances(),
        df=_df(design, cells),
    )


def _df(design: SampleDesign, cells: Cells) -> IntArray:
    df = degrees_of_freedom(design.selection, cells.grid)
    if design.replicates is None:
        return df
    if design.replicates.df is not None:
        return np.full(df.shape, design.replicates.df)
    return np.minimum(df, design.replicates.count - 1)


def analysis_of(design: SampleDesign, parts: Sequence[Part], estimator: Estimator, asked: Asked) -> Analysis:
    """Set the parts below each other and choose their intervals."""
    described = estimator.described
    kept = [slice(0, len(part.cells.grid.domains)) for part in parts]

    def stacked(of_part: Callable[[Part], FloatArray]) -> FloatArray:
        return np.concatenate([of_part(part)[rows] for part, rows in zip(parts, kept, strict=True)])

    value = stacked(lambda part: part.value)
    n = stacked(lambda part: part.respondents.n)
    df = np.concatenate([part.df[rows] for part, rows in zip(parts, kept, strict=True)])
    spread = np.where(np.isnan(value), np.nan, stacked(lambda part: part.variance))
    is_share = np.array([one.is_share for one in described], dtype=np.bool_)
    se = publishable_se(value, spread, df, is_share)
    kind = choose_intervals(value, se, n, df, described, asked.interval)
    low, high = intervals_of(kind, value, se, n, df, asked.level)
    simple = stacked(lambda part: part.simple_variance)
    no_yardstick = np.isnan(se) | negligible(value, simple, is_share)
    deff = divide(np.where(no_yardstick, np.nan, spread), simple)
    domains = tuple(domain for part in parts for domain in part.cells.grid.domains)
    return Analysis(
        design=design,
        level=asked.level,
        unit=asked.unit,
        cases=asked.cases,
        domains=domains,
        described=described,
        value=value,
        variance=spread,
        se=se,
        ci_low=low,
        ci_high=high,
        n=n,
        weight=stacked(lambda part: part.respondents.weight),
        weight_squares=stacked(lambda part: part.respondents.weight_squares),
        deff=deff,
        n_eff=divide(n, deff),
        df=df,
        incomplete=np.concatenate(
            [part.respondents.incomplete[rows] for part, rows in zip(parts, kept, strict=True)]
        ),
        interval=kind,
        blocks=_blocks(parts),
        domain_places={domain: at for at, domain in enumerate(domains)},
        statistic_places={statistic.id: at for at, statistic in enumerate(described)},
    )


def _blocks(parts: Sequence[Part]) -> tuple[Block, ...]:
    blocks, first = [], 0
    for part in parts:
        blocks.append(Block(part.cells.grid, part.uncertainty, first))
        first += len(part.cells.grid.domains)
    return tuple(blocks)
