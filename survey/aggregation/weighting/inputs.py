"""Read base weights and population margins: every row a number, every label a total, or a clear error.

Not the equations they make (auxiliary.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.errors import BadWeights, DifferentLengths, EmptySample, MissingLabels, listed
from survey.aggregation.labels import BoolArray, FloatArray, IntArray, Labels, Numbered, number
from survey.aggregation.weighting.errors import BadAuxiliary, BadTotals, UnknownLabel, UnsampledLabel


@dataclass(frozen=True, slots=True)
class Margin:
    """The population of each label of a column.

    Attributes:
        name: the column.
        labels: (rows,) a label a row; rows without weight may lack one.
        totals: population total of each label, all positive; the first is the one left out of dummies.
    """

    name: str
    labels: Labels
    totals: Mapping[Hashable, float]


@dataclass(frozen=True, slots=True)
class NumericTotal:
    """The population total of a numeric column.

    Attributes:
        name: the column.
        values: (rows,) a number a row; rows without weight may lack one.
        total: its sum over the population.
    """

    name: str
    values: ArrayLike
    total: float


@dataclass(frozen=True, slots=True)
class CodedMargin:
    """A margin in numbers: labels and totals (labels,), and each row's label (rows,), -1 without weight."""

    name: str
    labels: tuple[Hashable, ...]
    totals: FloatArray
    codes: IntArray

    @property
    def titles(self) -> tuple[str, ...]:
        """Name each label as `column=label`."""
        return tuple(f"{self.name}={label}" for label in self.labels)


@dataclass(frozen=True, slots=True)
class CodedNumber:
    """A numeric column with its total; values (rows,) are 0 in rows without weight."""

    name: str
    values: FloatArray
    total: float


def read_base_weights(weights: ArrayLike) -> FloatArray:
    """Read weights (rows,): finite, none negative, one positive at least.

    Raises:
        EmptySample, BadWeights.
    """
    try:
        read: FloatArray = np.array(weights, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as wrong:
        raise BadWeights(count="?", problem="không phải là số / not a number") from wrong
    if read.size == 0:
        raise EmptySample
    for bad, problem in (
        (~np.isfinite(read), "thiếu hoặc vô hạn / missing or infinite"),
        (read < 0, "số âm / negative"),
    ):
        if bad.any():
            raise BadWeights(count=int(bad.sum()), problem=problem)
    if not read.any():
        raise BadWeights(count=read.size, problem="tất cả bằng 0 / all zero")
    return read


def read_labels(name: str, labels: Labels, live: BoolArray) -> Numbered:
    """Number a column of labels; only rows without weight (not `live`) may lack one.

    Raises:
        DifferentLengths, MissingLabels.
    """
    if len(labels) != live.size:
        raise DifferentLengths(column=name, found=len(labels), expected=live.size)
    numbered = number(labels)
    missing = int(((numbered.codes < 0) & live).sum())
    if missing:
        raise MissingLabels(column=name, count=missing)
    return numbered


def read_margin(margin: Margin, weights: FloatArray) -> CodedMargin:
    """Number a margin's labels in the order of its totals.

    Raises:
        DifferentLengths, MissingLabels, BadTotals.
        UnknownLabel, UnsampledLabel: a label on one side only.
    """
    labels, totals = tuple(margin.totals), _positive(margin)
    live = weights > 0
    numbered = read_labels(margin.name, margin.labels, live)
    place = {label: at for at, label in enumerate(labels)}
    of_label = np.array([*(place.get(label, -1) for label in numbered.labels), -1], dtype=np.intp)
    codes = np.where(live, of_label[numbered.codes], -1)
    unknown = live & (codes < 0)
    if unknown.any():
        names = [numbered.labels[at] for at in np.unique(numbered.codes[unknown])]
        raise UnknownLabel(column=margin.name, count=int(unknown.sum()), labels=listed(names))
    unsampled = np.bincount(codes[live], minlength=len(labels)) == 0
    if unsampled.any():
        names = [labels[at] for at in np.flatnonzero(unsampled)]
        raise UnsampledLabel(column=margin.name, labels=listed(names))
    return CodedMargin(margin.name, labels, totals, codes)


def read_number(number_: NumericTotal, weights: FloatArray) -> CodedNumber:
    """Read a numeric column and its total.

    Raises:
        DifferentLengths, BadTotals.
        BadAuxiliary: values that are no numbers, missing or infinite in rows with weight.
    """
    try:
        values: FloatArray = np.array(number_.values, dtype=np.float64).reshape(-1)
    except (TypeError, ValueError) as wrong:
        raise BadAuxiliary(column=number_.name, problem="không phải là số / not a number") from wrong
    if values.size != weights.size:
        raise DifferentLengths(column=number_.name, found=values.size, expected=weights.size)
    if not np.isfinite(number_.total):
        raise BadTotals(column=number_.name, problem="thiếu hoặc vô hạn / missing or infinite", labels="Σ")
    live = weights > 0
    bad = int((~np.isfinite(values) & live).sum())
    if bad:
        problem = f"{bad} phiếu thiếu hoặc vô hạn / {bad} responses missing or infinite"
        raise BadAuxiliary(column=number_.name, problem=problem)
    return CodedNumber(number_.name, np.where(live, values, 0.0), float(number_.total))


def _positive(margin: Margin) -> FloatArray:
    if not margin.totals:
        raise BadTotals(column=margin.name, problem="không có nhãn nào / no labels", labels="-")
    totals: FloatArray = np.array(list(margin.totals.values()), dtype=np.float64)
    for bad, problem in (
        (~np.isfinite(totals), "thiếu hoặc vô hạn / missing or infinite"),
        (totals <= 0, "bằng 0 hoặc âm / zero or negative"),
    ):
        if bad.any():
            names = [label for label, is_bad in zip(margin.totals, bad, strict=True) if is_bad]
            raise BadTotals(column=margin.name, problem=problem, labels=listed(names))
    return totals
