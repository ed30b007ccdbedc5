"""Set one analysis together: cells of every set of domains, their statistics, variances and intervals.

Not what a statistic is: the caller says how cells become values and vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.analysis import Analysis, Block
from survey.aggregation.answers import Figure
from survey.aggregation.collapse import Cells, Grid, collapse, whole_of
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import divide
from survey.aggregation.domains import domain_sets
from survey.aggregation.intervals import check_level
from survey.aggregation.labels import FloatArray, IntArray, Labels
from survey.aggregation.linearise import Linearised
from survey.aggregation.methods import (
    Statistic,
    choose_intervals,
    intervals_of,
    negligible,
    publishable_se,
)
from survey.aggregation.variance import degrees_of_freedom, variance

Domains = Mapping[str, Labels] | Labels | None


@dataclass(frozen=True, slots=True)
class _Part:
    """The statistics of one set of domains, the group of rows in none cut off."""

    grid: Grid
    linearised: Linearised
    variance: FloatArray
    df: IntArray


def assemble(
    design: SampleDesign,
    figures: Mapping[str, Figure],
    domains: Domains,
    level: float,
    unit: str,
    described: Sequence[Statistic],
    linearise: Callable[[Cells], Linearised],
) -> Analysis:
    """Compute every statistic of every domain from one scan a set of domains.

    Raises:
        DifferentLengths, BadRequest.
    """
    check_level(level)
    collapsed = [collapse(design, figures, one) for one in domain_sets(domains, design.rows)]
    whole = whole_of(collapsed[0], design) if collapsed else collapse(design, figures)
    parts = [_part(design, cells, linearise) for cells in (whole, *collapsed)]
    return _analysis(design, parts, level, unit, tuple(described))


def _part(design: SampleDesign, cells: Cells, linearise: Callable[[Cells], Linearised]) -> _Part:
    linearised = linearise(cells)
    spread = variance(design, cells.grid, linearised.z)
    return _Part(cells.grid, linearised, spread, degrees_of_freedom(design, cells.grid))


def _analysis(
    design: SampleDesign, parts: Sequence[_Part], level: float, unit: str, described: tuple[Statistic, ...]
) -> Analysis:
    kept = [slice(0, len(part.grid.domain_set.domains)) for part in parts]

    def stacked(of_part: Callable[[_Part], FloatArray]) -> FloatArray:
        return np.concatenate([of_part(part)[rows] for part, rows in zip(parts, kept, strict=True)])

    value = stacked(lambda part: part.linearised.value)
    n = stacked(lambda part: part.linearised.n)
    df = np.concatenate([part.df[rows] for part, rows in zip(parts, kept, strict=True)])
    spread = np.where(np.isnan(value), np.nan, stacked(lambda part: part.variance))
    is_share = np.array([one.is_share for one in described], dtype=np.bool_)
    se = publishable_se(value, spread, df, is_share)
    kind = choose_intervals(value, se, n, df, described)
    low, high = intervals_of(kind, value, se, n, df, level)
    simple = stacked(lambda part: part.linearised.simple_variance)
    no_yardstick = np.isnan(se) | negligible(value, simple, is_share)
    deff = divide(np.where(no_yardstick, np.nan, spread), simple)
    domains = tuple(domain for part in parts for domain in part.grid.domain_set.domains)
    return Analysis(
        design=design,
        level=level,
        unit=unit,
        domains=domains,
        described=described,
        value=value,
        variance=spread,
        se=se,
        ci_low=low,
        ci_high=high,
        n=n,
        weight=stacked(lambda part: part.linearised.weight),
        weight_squares=stacked(lambda part: part.linearised.weight_squares),
        deff=deff,
        n_eff=divide(n, deff),
        df=df,
        incomplete=np.concatenate(
            [part.linearised.incomplete[rows] for part, rows in zip(parts, kept, strict=True)]
        ),
        interval=kind,
        blocks=_blocks(parts),
        domain_places={domain: at for at, domain in enumerate(domains)},
        statistic_places={statistic.id: at for at, statistic in enumerate(described)},
    )


def _blocks(parts: Sequence[_Part]) -> tuple[Block, ...]:
    blocks, first = [], 0
    for part in parts:
        blocks.append(Block(part.grid, part.linearised.z, first))
        first += len(part.grid.domain_set.domains)
    return tuple(blocks)
