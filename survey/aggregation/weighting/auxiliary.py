"""The equations of a calibration: independent columns, their totals, and how well weights meet them.

Not how weights are found (raking.py, calibration.py) nor the variance (calibrated.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.sums import sum_by
from survey.aggregation.weighting.convergence import ConvergenceReport, MarginFit
from survey.aggregation.weighting.errors import BadAuxiliary, BadTotals, DisagreeingMargins
from survey.aggregation.weighting.inputs import (
    CodedMargin,
    CodedNumber,
    Margin,
    NumericTotal,
    read_base_weights,
    read_margin,
    read_number,
)
from survey.aggregation.weighting.projection import independent_columns, project

#: Sums of margins that differ by less than this share of them agree but for rounding.
AGREEMENT = 1e-9
#: The name of the column of ones, whose total is the population.
POPULATION = "(population)"


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """What calibrated weights must reach.

    Attributes:
        weights: (rows,) base weights; rows of weight 0 take no part.
        columns: (rows, q) independent columns: ones, a dummy for every label but the first of each
            margin, numeric columns; 0 in rows without weight.
        totals: (q,) their population totals.
        names: (q,) "(population)", "column=label" or "column".
        margins, numbers: every total asked for, those of redundant columns included.
        redundant: names of columns that follow from others and were left out.
    """

    weights: FloatArray
    columns: FloatArray
    totals: FloatArray
    names: tuple[str, ...]
    margins: tuple[CodedMargin, ...]
    numbers: tuple[CodedNumber, ...]
    redundant: tuple[str, ...] = ()

    @property
    def live(self) -> BoolArray:
        """Say which rows (rows,) have weight."""
        return np.asarray(self.weights > 0, dtype=np.bool_)

    @property
    def codes(self) -> tuple[IntArray, ...]:
        """Return each margin's label of each row (rows,), -1 in rows without weight."""
        return tuple(margin.codes for margin in self.margins)

    def fits(self, weights: FloatArray) -> tuple[MarginFit, ...]:
        """Compare every total with what weights (rows,) give."""
        of_margins = [fit for margin in self.margins for fit in _fits_of_margin(margin, weights)]
        return (*of_margins, *(_fit_of_number(number, weights) for number in self.numbers))

    def report(self, weights: FloatArray, iterations: int, tolerance: float) -> ConvergenceReport:
        """Report how closely weights (rows,) reach every total."""
        fits = self.fits(weights)
        converged = all(fit.relative_error <= tolerance for fit in fits)
        return ConvergenceReport(converged, iterations, fits, tolerance, redundant=self.redundant)


def make_auxiliary(
    weights: ArrayLike,
    margins: Sequence[Margin] = (),
    numbers: Sequence[NumericTotal] = (),
    *,
    population: float | None = None,
) -> Auxiliary:
    """Make the equations of a calibration from margins and numeric columns with their totals.

    There is a column of ones if there is a margin or a `population`. Margins that agree but for rounding
    (1e-9) are scaled to the population, or else to the first. A column that follows from others is left
    out if its total does too.

    Raises:
        EmptySample, BadWeights, DifferentLengths, MissingLabels, BadTotals, UnknownLabel, UnsampledLabel.
        DisagreeingMargins: margins of populations of two sizes, naming both sums.
        BadAuxiliary: a repeated name, a column without numbers, or one whose total contradicts others.
    """
    base = read_base_weights(weights)
    _refuse_repeated([*(margin.name for margin in margins), *(number.name for number in numbers)])
    coded = _agreeing([read_margin(margin, base) for margin in margins], population)
    numeric = [read_number(number, base) for number in numbers]
    if population is not None and not coded:
        numeric.insert(0, CodedNumber(POPULATION, (base > 0).astype(np.float64), population))
    if not coded and not numeric:
        raise BadAuxiliary(column="-", problem="không có biên nào / no margin at all")
    columns, totals, names = _stacked(base, coded, numeric)
    made = Auxiliary(base, columns, totals, names, tuple(coded), tuple(numeric))
    return made if len(coded) == 1 and not numeric else _independent(made)


def sums_by_label(margin: CodedMargin, weights: FloatArray) -> FloatArray:
    """Sum weights (rows,) by label, rows of code -1 left out."""
    return sum_by(margin.codes + 1, weights, len(margin.labels) + 1)[1:]


def _fits_of_margin(margin: CodedMargin, weights: FloatArray) -> list[MarginFit]:
    reached = sums_by_label(margin, weights)
    error = np.abs(reached - margin.totals) / margin.totals
    return [
        MarginFit(margin.name, label, *figures)
        for label, *figures in zip(
            margin.labels, margin.totals.tolist(), reached.tolist(), error.tolist(), strict=True
        )
    ]


def _fit_of_number(number: CodedNumber, weights: FloatArray) -> MarginFit:
    reached, scale = float(weights @ number.values), abs(number.total)
    if number.values.min() < 0 < number.values.max() or scale == 0:
        scale = max(scale, float(np.abs(weights) @ np.abs(number.values)))
    error = abs(reached - number.total) / scale if scale else abs(reached - number.total)
    return MarginFit(number.name, None, number.total, reached, error)


def _refuse_repeated(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise BadAuxiliary(column=name, problem="nêu hai lần / given twice")


def _agreeing(margins: Sequence[CodedMargin], population: float | None) -> list[CodedMargin]:
    if population is not None and not (np.isfinite(population) and population > 0):
        raise BadTotals(column=POPULATION, problem="phải là số dương / must be positive", labels=population)
    if not margins:
        return []
    first = (margins[0].name, float(margins[0].totals.sum()))
    name, size = first if population is None else (POPULATION, population)
    for margin in margins:
        found = float(margin.totals.sum())
        if abs(found - size) > AGREEMENT * size:
            raise DisagreeingMargins(
                one=name, one_sum=f"{size:.12g}", other=margin.name, other_sum=f"{found:.12g}"
            )
    return [replace(margin, totals=margin.totals * (size / margin.totals.sum())) for margin in margins]


def _stacked(
    weights: FloatArray, margins: Sequence[CodedMargin], numbers: Sequence[CodedNumber]
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    of_all = [_population(weights, margins[0])] if margins else []
    dummies = [
        (margin.codes[:, None] == np.arange(1, len(margin.labels))).astype(np.float64) for margin in margins
    ]
    blocks = [*(one.values[:, None] for one in of_all), *dummies, *(one.values[:, None] for one in numbers)]
    totals = [
        *(one.total for one in of_all),
        *(total for margin in margins for total in margin.totals[1:]),
        *(one.total for one in numbers),
    ]
    names = (
        *(one.name for one in of_all),
        *(title for margin in margins for title in margin.titles[1:]),
        *(one.name for one in numbers),
    )
    return np.hstack(blocks), np.array(totals, dtype=np.float64), names


def _population(weights: FloatArray, margin: CodedMargin) -> CodedNumber:
    return CodedNumber(POPULATION, (weights > 0).astype(np.float64), float(margin.totals.sum()))


def _independent(auxiliary: Auxiliary) -> Auxiliary:
    """Leave out columns that follow from those before them, and whose totals do too."""
    factored = project(auxiliary.columns, auxiliary.weights)
    free = independent_columns(factored.triangle)
    if free.all():
        return auxiliary
    kept = project(auxiliary.columns[:, free], auxiliary.weights)
    moments = kept.columns.T @ (auxiliary.weights[:, None] * auxiliary.columns[:, ~free])
    shares = kept.coefficients(moments)
    names = np.array(auxiliary.names, dtype=object)
    for at, name in enumerate(names[~free]):
        parts = shares[:, at] * auxiliary.totals[free]
        wanted, given = float(parts.sum()), float(auxiliary.totals[~free][at])
        if abs(wanted - given) > AGREEMENT * max(abs(given), float(np.abs(parts).sum())):
            problem = (
                f"suy ra từ các cột khác là {wanted:.12g}, đã cho {given:.12g} / "
                f"other columns make it {wanted:.12g}, given {given:.12g}"
            )
            raise BadAuxiliary(column=name, problem=problem)
    return replace(
        auxiliary,
        columns=kept.columns,
        totals=auxiliary.totals[free],
        names=tuple(names[free]),
        redundant=tuple(names[~free]),
    )
