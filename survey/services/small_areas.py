"""Model-based estimates of units with few respondents, beside the direct ones and never mixed with them.

Not what is published or ranked: results pages and sheets hold direct estimates (indices/).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import Analysis, Estimate
from survey.aggregation.small_area import (
    Areas,
    Benchmark,
    CollinearCovariates,
    FitSummary,
    ModelEstimate,
    TooFewAreas,
    benchmark,
    fay_herriot,
    smooth_variances,
)
from survey.questionnaires import Formula
from survey.services.snapshot_sample import LEVEL, SnapshotSample
from survey.services.unit_names import alphabetical

FloatArray = NDArray[np.float64]
#: Where every unit has one sample size there is no line to draw through sizes: one variance for all.
AVERAGED = "sampling variances averaged over areas of one size"
#: The Vietnamese of what this service adds to `model.PHRASES`.
PHRASES = {AVERAGED: "phương sai mẫu lấy bình quân vì các đơn vị cùng cỡ mẫu"}
#: Areas with a variance of their own that smoothing needs.
AREAS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class SmallArea:
    """One unit: its direct estimate and the model-based one, both as shares of the best.

    Attributes:
        variance_imputed: whether the unit has no variance of its own, and took the smoothed one.
        share: the unit's part of the whole by sum of weights, which the benchmark keeps.
    """

    unit: str
    direct: Estimate
    model: ModelEstimate
    variance_imputed: bool
    share: float


@dataclass(frozen=True, slots=True)
class UnitSmallAreas:
    """Every unit of a snapshot by the area-level model, brought to the direct estimate of the whole.

    Attributes:
        overall: direct estimate of the whole, the benchmark's target.
        areas: in alphabetical order.
        fit: the model behind them.
        benchmark: how they were brought to the whole.
    """

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    rows: int
    level: float
    overall: Estimate
    areas: tuple[SmallArea, ...]
    fit: FitSummary
    benchmark: Benchmark


def small_areas(sample: SnapshotSample) -> UnitSmallAreas:
    """Estimate every unit's overall index by Fay-Herriot, without covariates, benchmarked to the whole.

    Direct variances of a few PSUs are themselves chance; they are smoothed over units by the effective
    size that weights alone leave (Kish), keeping their sum. Shares of the benchmark are sums of weights.

    Raises:
        TooFewAreas: fewer than three units have a direct estimate with a variance.
        NoConvergence.
    """
    analysis = sample.analysis()
    units = alphabetical(domain.value for domain in analysis.domains if domain.value)
    direct = [sample.as_share(analysis.estimate(unit, sample.root)) for unit in units]
    variance, imputed, method = _smoothed(direct, _sizes(sample, analysis, units))
    areas = Areas.build(
        names=units,
        direct=_column([one.value for one in direct]),
        variance=variance,
        n=[one.n for one in direct],
        variance_method=method,
    )
    overall = sample.as_share(analysis.estimate("", sample.root))
    shares = _shares(sample, analysis, units)
    fitted = benchmark(fay_herriot(areas, level=LEVEL), shares, _value(overall))
    assert fitted.benchmark is not None, "they were just benchmarked"
    return UnitSmallAreas(
        snapshot=sample.snapshot.code,
        data_sha256=sample.snapshot.manifest["data"]["sha256"],
        simulated=bool(sample.snapshot.manifest["simulated"]),
        formula=sample.formula,
        rows=sample.snapshot.rows,
        level=LEVEL,
        overall=overall,
        areas=tuple(
            SmallArea(unit, one, model, bool(was_imputed), float(share))
            for unit, one, model, was_imputed, share in zip(
                units, direct, fitted.estimates, imputed, shares, strict=True
            )
        ),
        fit=fitted.fit,
        benchmark=fitted.benchmark,
    )


def _sizes(sample: SnapshotSample, analysis: Analysis, units: list[str]) -> FloatArray:
    """Give each unit's effective size by its weights alone, n over Kish's design effect."""
    places = [analysis.place(unit, sample.root) for unit in units]
    effect = analysis.design_effect("kish")
    return np.array([analysis.n[at] / effect[at] if analysis.n[at] else np.nan for at in places])


def _shares(sample: SnapshotSample, analysis: Analysis, units: list[str]) -> FloatArray:
    weights = np.array([analysis.weight[analysis.place(unit, sample.root)] for unit in units])
    part: FloatArray = weights / weights.sum()
    return part


def _smoothed(direct: list[Estimate], sizes: FloatArray) -> tuple[FloatArray, NDArray[np.bool_], str]:
    """Smooth the direct variances over the sizes; where sizes are all one, give everybody their mean.

    Raises:
        TooFewAreas.
    """
    given = np.square(_column([one.se for one in direct]))
    usable = given > 0
    if np.count_nonzero(usable) < AREAS_NEEDED:
        raise TooFewAreas(found=int(np.count_nonzero(usable)), needed=AREAS_NEEDED)
    try:
        found = smooth_variances(given, sizes, retransformation="total")
    except CollinearCovariates:
        everybody = np.where(np.isnan(sizes), np.nan, given[usable].mean())
        return everybody, ~usable & ~np.isnan(sizes), AVERAGED
    return found.variance, found.is_imputed, found.method


def _value(estimate: Estimate) -> float:
    return float("nan") if estimate.value is None else estimate.value


def _column(figures: list[float | None]) -> FloatArray:
    return np.array([np.nan if figure is None else figure for figure in figures])
