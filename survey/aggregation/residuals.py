"""What each respondent adds to a composite statistic, for its design effect and sample size.

Not its variance, which needs PSU sums only (variance.py). The spread of an index between respondents
depends on how each one's answers go together, which item sums no longer know; so this looks at the
rows once more, in blocks, with the means already known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.answers import Figure
from survey.aggregation.collapse import Cells
from survey.aggregation.design import SampleDesign
from survey.aggregation.design_effects import simple_random_variance
from survey.aggregation.domains import DomainSet
from survey.aggregation.labels import BoolArray, FloatArray
from survey.aggregation.sums import sum_by

#: Rows looked at together: what bounds the memory of the scan.
BLOCK_ROWS = 32_768


@dataclass(frozen=True, slots=True)
class Pool:
    """The pooled estimate of some items in each group: its residual is Σ over items of (y - ratio x) / X.

    Attributes:
        items: the items pooled.
        ratio, inverse: (groups,) the estimate and 1/X, both 0 where nobody answered.
    """

    items: tuple[str, ...]
    ratio: FloatArray
    inverse: FloatArray


#: A composite statistic: its pools, each with its share (groups,) of the statistic.
Composite = Sequence[tuple[Pool, FloatArray]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Respondents of each statistic and how they vary; all arrays (groups, statistics)."""

    n: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    simple_variance: FloatArray


def spread_of_residuals(
    design: SampleDesign, cells: Cells, figures: Mapping[str, Figure], composites: Sequence[Composite]
) -> Spread:
    """Measure each statistic's respondents: who answered any of its items, and Σ w e² over them."""
    sums = np.zeros((4, cells.grid.groups, len(composites)))
    for start in range(0, design.rows, BLOCK_ROWS):
        sums += _block(slice(start, start + BLOCK_ROWS), design, cells.grid.domain_set, figures, composites)
    n, weight, weight_squares, squares = sums
    return Spread(n, weight, weight_squares, simple_random_variance(squares, weight, n))


def _block(
    rows: slice,
    design: SampleDesign,
    domains: DomainSet,
    figures: Mapping[str, Figure],
    composites: Sequence[Composite],
) -> FloatArray:
    codes, weight = domains.codes[rows], design.weights[rows]
    weight_squares, counts = np.square(weight), weight > 0
    used = {item for composite in composites for pool, _ in composite for item in pool.items}
    here = {item: _cut(figures[item], rows) for item in used}
    residuals: dict[tuple[str, ...], FloatArray] = {}
    sums = np.empty((4, domains.groups, len(composites)))
    for at, composite in enumerate(composites):
        answered = _answered(here, composite)
        residual = np.zeros(codes.size)
        for pool, share in composite:
            if pool.items not in residuals:
                residuals[pool.items] = _residual(pool, here, domains, rows)
            residual += _by_row(share, domains, rows) * residuals[pool.items]
        for place, of_row in enumerate(
            (answered & counts, weight * answered, weight_squares * answered, weight * np.square(residual))
        ):
            sums[place, :, at] = sum_by(codes, of_row, domains.groups)
    return sums


def _cut(figure: Figure, rows: slice) -> Figure:
    base = None if figure.base is None else figure.base[rows]
    return Figure(figure.answered[rows], figure.value[rows], base)


def _answered(figures: Mapping[str, Figure], composite: Composite) -> BoolArray:
    items = [item for pool, share in composite if share.any() for item in pool.items]
    first = figures[composite[0][0].items[0]]
    answered = np.zeros(first.answered.size, dtype=np.bool_)
    for item in items:
        answered |= figures[item].answered
    return answered


def _residual(pool: Pool, figures: Mapping[str, Figure], domains: DomainSet, rows: slice) -> FloatArray:
    value, base = _added(pool, figures)
    ratio, inverse = _by_row(pool.ratio, domains, rows), _by_row(pool.inverse, domains, rows)
    residual: FloatArray = (value - ratio * base) * inverse
    return residual


def _added(pool: Pool, figures: Mapping[str, Figure]) -> tuple[FloatArray, FloatArray]:
    first = figures[pool.items[0]]
    value, base = first.value.astype(np.float64), first.denominator.astype(np.float64)
    for item in pool.items[1:]:
        value += figures[item].value
        base += figures[item].denominator
    return value, base


def _by_row(by_group: FloatArray, domains: DomainSet, rows: slice) -> FloatArray | np.float64:
    """Spread a value a group over the rows; one number where all groups share it."""
    if domains.covers_all or (by_group == by_group[0]).all():
        only: np.float64 = by_group[0]
        return only
    return by_group[domains.codes[rows]]
