"""What each respondent adds to a composite statistic, for its design effect and sample size.

Not its variance, which needs PSU sums only (variance.py). The spread of an index between respondents
depends on how each one's answers go together, which item sums no longer know; so this looks at the
rows once more, item by item, with the means already known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.answers import Figure
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import simple_random_variance
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.sums import sum_by


@dataclass(frozen=True, slots=True)
class ResidualTerm:
    """A part of a statistic: Σ over `items` of slope × (y - ratio x), with a value a group (groups,)."""

    items: tuple[str, ...]
    ratio: FloatArray
    slope: FloatArray


@dataclass(frozen=True, slots=True)
class Spread:
    """Respondents of each statistic and how they vary; all arrays (groups, statistics)."""

    n: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    simple_variance: FloatArray


def spread_of_residuals(
    design: SampleDesign,
    cells: Cells,
    figures: Mapping[str, Figure],
    statistics: Sequence[Sequence[ResidualTerm]],
) -> Spread:
    """Measure each statistic's respondents: who answered any of its items, and Σ w e² over them."""
    codes, groups = cells.grid.domain_set.codes, cells.grid.groups
    weight, weight_squares = design.weights, np.square(design.weights)
    columns = []
    for terms in statistics:
        residual, answered = _residual(design.rows, cells, figures, terms)
        respondents = np.flatnonzero(answered & (weight > 0))
        at = codes[respondents]
        columns.append(
            (
                np.bincount(at, minlength=groups).astype(np.float64),
                sum_by(at, weight[respondents], groups),
                sum_by(at, weight_squares[respondents], groups),
                sum_by(codes, weight * np.square(residual), groups),
            )
        )
    n, total, total_squares, squares = (np.stack(one, axis=1) for one in zip(*columns, strict=True))
    return Spread(n, total, total_squares, simple_random_variance(squares, total, n))


def _residual(
    rows: int, cells: Cells, figures: Mapping[str, Figure], terms: Sequence[ResidualTerm]
) -> tuple[FloatArray, BoolArray]:
    residual, answered = np.zeros(rows), np.zeros(rows, dtype=np.bool_)
    for term in terms:
        slope, level = _by_row(cells, term.slope), _by_row(cells, term.slope * term.ratio)
        for item in term.items:
            figure = figures[item]
            residual += slope * figure.value
            residual -= level * figure.denominator
            if term.slope.any():
                answered |= figure.answered
    return residual, answered


def _by_row(cells: Cells, by_group: FloatArray) -> FloatArray:
    """Spread a value a group over the rows; a single number for the whole sample."""
    if cells.grid.domain_set.covers_all:
        return by_group[:1]
    return by_group[cells.grid.domain_set.codes]
