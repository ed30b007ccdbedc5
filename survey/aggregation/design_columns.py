"""The columns of a design as numbers: rows, weights, units within strata and PSUs, and the stages they make.

Not the design itself (design.py), nor the stages' rules (selection.py), nor their sizes (population.py).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadRequest, BadWeights, DifferentLengths, EmptySample, MissingLabels
from survey.aggregation.labels import FloatArray, IntArray, Labels, Numbered, number
from survey.aggregation.population import Population, Told, population_sizes
from survey.aggregation.selection import Stage


@dataclass(frozen=True, slots=True)
class Nested:
    """Units numbered in the order of what they are nested in.

    Attributes:
        row_unit: (rows,) the row's unit.
        outer: (units,) what the unit is nested in.
        labels: (units,) the outer label and the unit's own; empty when each row is a unit.
    """

    row_unit: IntArray
    outer: IntArray
    labels: tuple[tuple[Hashable, Hashable], ...]


def count_rows(*columns: object) -> int:
    """Count the rows by the first column that has any."""
    for column in columns:
        if column is not None and not isinstance(column, int | float | dict):
            return int(np.size(column)) if isinstance(column, np.ndarray) else len(column)  # type: ignore[arg-type]  # a column has a length
    raise BadRequest(problem="không có cột nào / no column at all")


def check_weights(weights: ArrayLike, rows: int) -> FloatArray:
    """Return weights (rows,) as numbers that cannot be written to.

    Raises:
        BadWeights, EmptySample, DifferentLengths.
    """
    try:
        checked: FloatArray = np.array(weights, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as wrong:
        raise BadWeights(count="?", problem="không phải là số / not a number") from wrong
    if checked.size == 0:
        raise EmptySample
    if checked.size != rows:
        raise DifferentLengths(column="weights", found=checked.size, expected=rows)
    for bad, problem in (
        (~np.isfinite(checked), "thiếu hoặc vô hạn / missing or infinite"),
        (checked < 0, "số âm / negative"),
    ):
        if bad.any():
            raise BadWeights(count=int(bad.sum()), problem=problem)
    if not checked.any():
        raise BadWeights(count=checked.size, problem="tất cả bằng 0 / all zero")
    checked.setflags(write=False)
    return checked


def derive_weights(first: Stage, second: Stage | None, row_psu: IntArray) -> FloatArray:
    """Return Π N/n row by row (R `svydesign` without weights).

    Raises:
        BadWeights: a stratum without a size.
    """
    factor = (first.population / first.sampled)[first.stratum][row_psu]
    if second is not None:
        factor = factor * (second.population / second.sampled)[row_psu]
    unknown = int((~np.isfinite(factor)).sum())
    if unknown:
        raise BadWeights(count=unknown, problem="không có trọng số và quy mô / neither weight nor size")
    factor.setflags(write=False)
    return factor


def number_column(labels: Labels | None, column: str, rows: int) -> Numbered:
    """Number a column of labels (rows,); all rows alike where there is none.

    Raises:
        DifferentLengths, MissingLabels.
    """
    if labels is None:
        return Numbered(("",), np.zeros(rows, dtype=np.intp))
    if len(labels) != rows:
        raise DifferentLengths(column=column, found=len(labels), expected=rows)
    numbered = number(labels)
    missing = int((numbered.codes < 0).sum())
    if missing:
        raise MissingLabels(column=column, count=missing)
    return numbered


def nest(outer: Numbered, labels: Labels | None, column: str) -> Nested:
    """Number units within what they are nested in; each row is a unit where they have no labels.

    Raises:
        DifferentLengths, MissingLabels.
    """
    codes = outer.codes
    if labels is None:
        order = np.argsort(codes, kind="stable")
        row_unit = np.empty_like(order)
        row_unit[order] = np.arange(order.size)
        return Nested(row_unit, codes[order], ())
    inner = number_column(labels, column, codes.size)
    keys, row_unit = np.unique(codes * len(inner.labels) + inner.codes, return_inverse=True)
    within, place = keys // len(inner.labels), keys % len(inner.labels)
    names = tuple(
        (outer.labels[one], inner.labels[two])
        for one, two in zip(within.tolist(), place.tolist(), strict=True)
    )
    return Nested(row_unit.astype(np.intp, copy=False), within, names)


def take_stages(
    stratum: Numbered,
    psus: Nested,
    ssus: Nested | None,
    fpc: Population | None,
    ssu_fpc: Population | None,
) -> tuple[Stage, Stage | None]:
    """Make the first stage, and the second where sizes are told of it.

    Raises:
        BadRequest, BadPopulation.
    """
    sampled = np.bincount(psus.outer, minlength=len(stratum.labels))
    ones = np.ones(sampled.size)
    if fpc is None:
        if ssu_fpc is not None:
            raise BadRequest(problem="ssu_fpc cần fpc / ssu_fpc needs fpc")
        return Stage(psus.outer, sampled, np.full(sampled.size, np.inf), ones, stratum.labels), None
    told = [Told("fpc", fpc, stratum, sampled)]
    if ssu_fpc is None:
        return Stage(psus.outer, sampled, population_sizes(told)[0], ones, stratum.labels), None
    if ssus is None:
        raise BadRequest(problem="ssu_fpc cần ssu / ssu_fpc needs ssu")
    inner = np.bincount(ssus.outer, minlength=psus.outer.size)
    told.append(Told("ssu_fpc", ssu_fpc, Numbered(psus.labels, psus.row_unit), inner))
    sizes, inner_sizes = population_sizes(told)
    first = Stage(psus.outer, sampled, sizes, ones, stratum.labels)
    names = tuple(" / ".join(str(part) for part in label if part != "") for label in psus.labels)
    return first, Stage(ssus.outer, inner, inner_sizes, (sampled / sizes)[psus.outer], names)


def adds_variance(second: Stage) -> bool:
    """Say whether a second stage adds to any variance."""
    return bool(((second.unsampled > 0) & (second.passed_on > 0)).any())
