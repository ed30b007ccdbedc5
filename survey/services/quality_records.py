"""Results about answers as documents for programs: the review of quality, reliability and drivers.

Not results about units (analysis_records.py), nor the writing of JSON or CSV (analysis_document.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survey.aggregation.quality import describe_word
from survey.services.analysis_document import (
    FIGURES,
    AnalysisDocument,
    Cell,
    FlatTable,
    about_result,
    figure_cells,
    number_cell,
    prefixed,
    table_of,
    unit_cells,
)
from survey.services.quality_result import DataQuality
from survey.services.quality_texts import ENUMERATOR_EFFECT
from survey.services.reliability_drivers import ReliabilityDrivers

_UNIT = ("unit", "unit_name")


def quality_document(result: DataQuality) -> AnalysisDocument:
    """Set a review out: `rules` with what each found, `index` with and without what is flagged."""
    rules = table_of(
        "rules",
        ("rule", "judged", "flagged", "missing", "thresholds", "sources", "index_without", "se_without"),
        _rule_rows(result),
    )
    lines = (*(() if result.whole is None else (result.whole,)), *result.units)
    index = table_of(
        "index",
        (*_UNIT, "n", "n_flagged", "value", "se", "value_without", "se_without", "difference"),
        (
            (
                *unit_cells(one.unit),
                *(one.n, one.flagged, one.with_flagged, one.se_with),
                *(one.without_flagged, one.se_without, one.difference),
            )
            for one in lines
        ),
    )
    without = result.without_suspected
    about = about_result(
        result,
        "quality",
        flagged=len(result.flagged),
        suspected=result.suspected,
        index_without_suspected=without.value if without else None,
        se_without_suspected=without.se if without else None,
        **_enumerators(result),
    )
    return AnalysisDocument(about, (rules, index))


def flags_document(result: DataQuality, language: str = "vi") -> AnalysisDocument:
    """Set the flagged responses out, by their row in the snapshot, for a person to look at."""
    rows = (
        (
            one.row,
            *unit_cells(one.unit),
            " ".join(one.words),
            "; ".join(describe_word(word, language) for word in one.words),
            one.match_row,
            one.match_share,
        )
        for one in result.flagged
    )
    head = ("row", *_UNIT, "rules", "reasons", "match_row", "match_share")
    return AnalysisDocument(about_result(result, "quality flags"), (table_of("flagged", head, rows),))


def _rule_rows(result: DataQuality) -> Iterator[tuple[Cell, ...]]:
    for line in result.rules:
        found, without = line.finding, line.without
        yield (
            line.word,
            found.judged if found else None,
            found.count if found else None,
            line.missing,
            " ".join(f"{name}={value:g}" for name, value in found.thresholds) if found else None,
            "; ".join(dict.fromkeys(found.sources)) if found else None,
            without.value if without else None,
            without.se if without else None,
        )
    if result.enumerators is None:
        yield ENUMERATOR_EFFECT, None, None, "no_enumerator", None, None, None, None


def _enumerators(result: DataQuality) -> dict[str, Any]:
    found = result.enumerators
    if found is None:
        return {}
    told = ("icc", "ci_low", "ci_high", "f", "p", "deff", "workload", "n", "enumerators", "method")
    return {
        "enumerator_effect": {
            **{name: getattr(found, name) for name in told},
            "far": [str(label) for label, far in zip(found.labels, found.far, strict=True) if far],
        }
    }


def drivers_document(result: ReliabilityDrivers) -> AnalysisDocument:
    """Set reliability out (`factors`, `items`), and importance against performance (`drivers`)."""
    about = about_result(
        result,
        "drivers",
        level=result.level,
        importance_against="other items" if result.overall is None else result.overall,
        importance_line=number_cell(result.importance_line),
        performance_line=number_cell(result.performance_line),
        r_squared=None
        if result.r_squared is None
        else dict(zip(FIGURES, figure_cells(result.r_squared), strict=True)),
        left_out={one.item: one.problem.code for one in result.left_out},
    )
    return AnalysisDocument(about, (_factor_table(result), _item_table(result), _driver_table(result)))


def _factor_table(result: ReliabilityDrivers) -> FlatTable:
    some = ("value", "se", "ci_low", "ci_high", "flags")
    head = ("factor", "items", "n", *prefixed("alpha", some), *prefixed("omega", some), "problem")
    rows: list[tuple[Cell, ...]] = []
    for one in result.factors:
        found = one.found
        figures: list[Cell] = []
        for estimate in (found and found.alpha, found and found.omega and found.omega.estimate):
            cells = dict(zip(FIGURES, figure_cells(estimate), strict=True)) if estimate else {}
            figures += [cells.get(name) for name in some]
        count = found.n if found else None
        problem = one.problem.code if one.problem else None
        rows.append((one.node.id, len(one.node.items), count, *figures, problem))
    return table_of("factors", head, rows)


def _item_table(result: ReliabilityDrivers) -> FlatTable:
    head = (
        "factor",
        "item",
        "item_rest",
        "item_rest_se",
        "item_rest_low",
        "item_rest_high",
        "alpha_if_deleted",
    )
    rows: list[tuple[Cell, ...]] = []
    for one in result.factors:
        if one.found is None:
            continue
        without = one.found.alpha_if_deleted or (None,) * len(one.found.items)
        for item, rest, deleted in zip(one.found.items, one.found.item_rest, without, strict=True):
            figures = rest.value, rest.se, rest.ci_low, rest.ci_high
            rows.append((one.node.id, item, *figures, deleted.value if deleted else None))
    return table_of("items", head, rows)


def _driver_table(result: ReliabilityDrivers) -> FlatTable:
    head = (
        "item",
        *prefixed("importance", FIGURES),
        *prefixed("performance", FIGURES),
        *("quadrant", "uncertain", "importance_method", "performance_method"),
    )
    rows = (
        (
            one.item,
            *figure_cells(one.importance),
            *figure_cells(one.performance),
            *(one.quadrant, one.uncertain, one.importance.method, one.performance.method),
        )
        for one in result.drivers
    )
    return table_of("drivers", head, rows)
