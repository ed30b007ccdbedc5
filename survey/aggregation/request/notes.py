"""What a reader of the answer should know of its design, calibration and replicates.

Not the method of each estimate, which stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from survey.aggregation.design import SampleDesign
from survey.aggregation.errors import listed
from survey.aggregation.indices import SUM_TOLERANCE
from survey.aggregation.request.columns import Columns
from survey.aggregation.request.domains import DomainPlan
from survey.aggregation.request.request import DesignRequest, EstimateRequest

#: A sentence in Vietnamese and in English.
Note = tuple[str, str]


def describe_design(design: SampleDesign, told: DesignRequest) -> dict[str, object]:
    """Say what the design came to, key by key."""
    stages = sum(bool(np.isfinite(one).any()) for one in _populations(design))
    return {
        "columns": {
            "weights": told.weights or None,
            "strata": list(told.strata),
            "psu": list(told.psu),
            "fpc": list(told.fpc),
        },
        "rows": design.rows,
        "rows_with_weight": int(np.count_nonzero(design.weights > 0)),
        "sum_of_weights": float(design.weights.sum()),
        "strata": design.selection.strata,
        "psus": design.selection.psus,
        "second_stage_units": _second_units(design),
        "fpc": {0: "none", 1: "stage 1"}.get(stages, "stages 1 and 2"),
        "df": design.df,
        "lonely": told.lonely,
        "lonely_domains": told.lonely_domains,
        "lonely_strata": [str(design.strata[h]) for h in np.flatnonzero(design.lone)],
        "collapsed": design.selection.collapsed,
    }


def _populations(design: SampleDesign) -> list[np.ndarray]:
    second = design.selection.second
    return [design.population, *([] if second is None else [second.population])]


def _second_units(design: SampleDesign) -> int | None:
    second = design.selection.second
    return None if second is None else int(second.stratum.size)


def describe_calibration(design: SampleDesign) -> dict[str, object] | None:
    """Say how the weights were calibrated and how closely every total is reached."""
    made = design.calibration
    if made is None:
        return None
    weight, variance = made.phrases
    live = made.design_weights > 0
    return {
        "kind": made.kind,
        "weights": weight,
        "variance": variance,
        "converged": made.report.converged,
        "iterations": made.report.iterations,
        "tolerance": made.report.tolerance,
        "redundant": list(made.report.redundant),
        "sum_of_weights_before": float(made.design_weights.sum()),
        "sum_of_weights": float(made.weights.sum()),
        "ratio_min": float(made.ratios[live].min()),
        "ratio_max": float(made.ratios[live].max()),
        "negative_weights": int(np.count_nonzero(made.weights < 0)),
        "totals": [
            {
                "column": fit.name,
                "label": None if fit.label is None else str(fit.label),
                "target": float(fit.target),
                "reached": float(fit.reached),
                "relative_error": float(fit.relative_error),
            }
            for fit in made.report.margins
        ],
    }


def describe_replicates(design: SampleDesign) -> dict[str, object] | None:
    """Say which replicates the variances come from."""
    made = design.replicates
    if made is None:
        return None
    scales = np.unique(made.rscales)
    return {
        "method": made.method,
        "replicates": made.count,
        "scale": float(made.scale),
        "rscales": float(scales[0]) if scales.size == 1 else made.rscales.tolist(),
        "mse": made.mse,
        "seed": made.seed,
        "generator": None if made.seed is None else "PCG64",
    }


def notes_of(
    design: SampleDesign, columns: Columns, request: EstimateRequest, plans: Sequence[DomainPlan]
) -> tuple[Note, ...]:
    """Return what should be told in sentences, each once."""
    return tuple(dict.fromkeys(_notes(design, columns, request, plans)))


def _notes(
    design: SampleDesign, columns: Columns, request: EstimateRequest, plans: Sequence[DomainPlan]
) -> Iterator[Note]:
    yield from _design_notes(design, request.design)
    for statistic in request.statistics:
        total = math.fsum(statistic.index_weights)
        if statistic.kind == "index" and abs(total - 1) > SUM_TOLERANCE:
            yield (
                f"Trọng số của chỉ số {statistic.id} cộng lại bằng {total:.6g} chứ không phải 1; giữ nguyên.",
                f"The weights of index {statistic.id} sum to {total:.6g}, not 1; they are taken as they are.",
            )
    for plan in plans:
        for column, rows in plan.unlabelled:
            yield (
                f"{rows} dòng không có giá trị ở cột “{column}” nên không thuộc miền nào của cột đó.",
                f"{rows} rows have no value in column “{column}” and are in none of its domains.",
            )


def _design_notes(design: SampleDesign, told: DesignRequest) -> Iterator[Note]:
    if not told.weights and told.fpc:
        yield (
            "Không có cột trọng số: trọng số tính từ quy mô tổng thể (N/n).",
            "No weight column: weights follow from the population sizes (N/n).",
        )
    elif not told.weights:
        yield (
            "Không có cột trọng số: mỗi dòng được tính một lần, tổng chỉ là tổng của mẫu.",
            "No weight column: every row counts once, and totals are those of the sample.",
        )
    without = int(np.count_nonzero(design.weights == 0))
    if without:
        yield (
            f"{without} dòng có trọng số bằng 0: còn trong thiết kế mẫu, không vào ước lượng.",
            f"{without} rows have weight 0: they stay in the design and enter no estimate.",
        )
    negative = int(np.count_nonzero(design.weights < 0))
    if negative:
        yield (
            f"Hiệu chỉnh tuyến tính làm {negative} trọng số âm; hãy dùng bounded hoặc raking.",
            f"Linear calibration made {negative} weights negative; use bounded or raking.",
        )
    if design.lone.any():
        names = listed(design.strata[h] for h in np.flatnonzero(design.lone))
        yield (
            f"Tầng chỉ có một đơn vị mẫu: {names} (quy tắc: {told.lonely}).",
            f"Strata with one PSU: {names} (rule: {told.lonely}).",
        )
