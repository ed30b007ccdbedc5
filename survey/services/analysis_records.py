"""Results about units as documents for programs: ranks, small areas, changes; which columns they have.

Not the review of quality and the drivers (quality_records.py), nor the writing of JSON or CSV
(analysis_document.py), nor tables for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survey.services.analysis_document import (
    FIGURES,
    AnalysisDocument,
    Cell,
    about_result,
    figure_cells,
    number_cell,
    prefixed,
    table_of,
    unit_cells,
)
from survey.services.rank_result import UnitRanks
from survey.services.round_changes import RoundChanges, Side
from survey.services.small_areas import UnitSmallAreas

_UNIT = ("unit", "unit_name")
#: Figures of RankChances in the order of their columns.
_CHANCES = ("mean_rank", "mean_rank_se", "first", "top", "bottom", "last", "likely_low", "likely_high")


def ranks_document(result: UnitRanks) -> AnalysisDocument:
    """Set ranks out: `ranked` with joint intervals and chances, `apart` with why a unit has none."""
    head = (
        *("block", *_UNIT, "rank", "rank_low", "rank_high", "ranked_units", *FIGURES),
        *("mean_rank", "mean_rank_se", "p_first", "p_top", "p_bottom", "p_last", "likely_low", "likely_high"),
        *("top_places", "drawn_units"),
    )
    ranked = table_of("ranked", head, _ranked_rows(result))
    apart = table_of(
        "apart",
        ("block", *_UNIT, "why", *FIGURES),
        (
            (block.block, *unit_cells(one.unit), " ".join(one.why), *figure_cells(one.index))
            for block in result.blocks
            for one in block.apart
        ),
    )
    methods = {block.block: [block.method, block.chances_method] for block in result.blocks if block.ranked}
    about = about_result(
        result,
        "ranks",
        level=result.level,
        quantiles=result.quantiles,
        draws=result.draws,
        seed=result.seed,
        methods=methods,
    )
    return AnalysisDocument(about, (ranked, apart))


def _ranked_rows(result: UnitRanks) -> Iterator[tuple[Cell, ...]]:
    for block in result.blocks:
        for one in block.ranked:
            chances = one.chances
            yield (
                block.block,
                *unit_cells(one.unit),
                *(one.rank, one.low, one.high, len(block.ranked)),
                *figure_cells(one.index),
                *(getattr(chances, name, None) for name in _CHANCES),
                *(block.m, block.drawn),
            )


def areas_document(result: UnitSmallAreas) -> AnalysisDocument:
    """Set small areas out: direct and model-based columns under names that say which they are."""
    head = (
        *_UNIT,
        *prefixed("direct", FIGURES),
        *prefixed("model_based", ("value", "rmse", "ci_low", "ci_high", "flags", "method")),
        *("weight_of_direct", "smoothed_se", "variance_imputed", "synthetic", "shift", "share_of_whole"),
    )
    rows = (
        (
            *unit_cells(one.unit),
            *figure_cells(one.direct),
            *(one.model.value, one.model.rmse, one.model.ci_low, one.model.ci_high),
            *(" ".join(one.model.flags), one.model.method),
            *(one.model.gamma, one.model.direct_se, one.variance_imputed),
            *(one.model.synthetic, one.model.shift, one.share),
        )
        for one in result.areas
    )
    about = about_result(
        result,
        "small areas",
        level=result.level,
        overall=dict(zip(FIGURES, figure_cells(result.overall), strict=True)),
        model={
            "between_areas_sd": result.fit.sigma2_u**0.5,
            "is_at_zero": result.fit.is_at_zero,
            "areas": result.fit.areas,
            "predicted": result.fit.predicted,
            "covariates": list(result.fit.covariates),
            "variances": result.fit.variance_method,
            "residual_skewness": number_cell(result.fit.residuals.skewness),
            "residual_excess_kurtosis": number_cell(result.fit.residuals.excess_kurtosis),
            "residual_normality_p": number_cell(result.fit.residuals.normality_p),
        },
        benchmark={
            "kind": result.benchmark.kind,
            "target": result.benchmark.target,
            "before": result.benchmark.before,
            "adjustment": result.benchmark.adjustment,
        },
    )
    return AnalysisDocument(about, (table_of("areas", head, rows),))


def changes_document(result: RoundChanges) -> AnalysisDocument:
    """Set changes out: a row a statistic and unit, with p alone and q within the family."""
    some = ("value", "se", "n")
    head = (
        *(*_UNIT, "kind", "statistic"),
        *prefixed("earlier", some),
        *prefixed("later", some),
        *prefixed("change", ("value", "se", "ci_low", "ci_high", "df", "flags")),
        *("p", "q", "significant", "reworded"),
    )
    rows = (
        (
            *unit_cells(one.unit),
            *(one.kind, one.name),
            *(one.earlier.value, one.earlier.se, one.earlier.n),
            *(one.later.value, one.later.se, one.later.n),
            *(one.change.value, one.change.se, one.change.ci_low, one.change.ci_high),
            *(one.change.df, " ".join(one.change.flags)),
            *(one.p, one.q, one.significant, one.name in result.parts.reworded),
        )
        for one in result.lines
    )
    about = {
        "analysis": "change",
        "earlier": _side(result.earlier),
        "later": _side(result.later),
        "formula": result.formula.id,
        "scale": "share",
        "level": result.level,
        "family": {
            "name": result.family.name,
            "method": result.family.method,
            "tests": result.family.tests,
            "error_rate": result.family.level,
        },
        "shared_psus": result.shared_psus,
        "taken_as_independent": result.independent,
        "became": dict(result.links.links),
        "without_change": {
            "split_or_unknown": list(result.links.split),
            "only_part_before": list(result.links.partial),
            "only_earlier": list(result.only_earlier),
            "only_later": list(result.only_later),
            "not_the_same": list(result.parts.left_out),
        },
        "differences": list(result.differences),
    }
    return AnalysisDocument(about, (table_of("changes", head, rows),))


def _side(side: Side) -> dict[str, Any]:
    return {
        "snapshot": side.snapshot,
        "data_sha256": side.data_sha256,
        "simulated": side.simulated,
        "rows": side.rows,
        "last_day": side.day.isoformat(),
    }
