"""The one scan: from rows to (PSU, domain) cells that hold all that estimation needs.

Not estimation itself (linearise.py): cells add up, and nothing in them has been divided yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.answers import Figure
from survey.aggregation.design import SampleDesign
from survey.aggregation.domains import DomainSet, whole_sample
from survey.aggregation.errors import DifferentLengths
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import grouped_sum, sum_by

#: A dense table of (PSU, domain) pairs up to this size is cheaper than sorting the rows.
DENSE_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Which (PSU, domain) cells there are, ordered by domain and then by PSU.

    Attributes:
        domain_set: the domains; the group after the last one takes the rows in none.
        row_cell: (rows,) the row's cell.
        psu, domain: (cells,) the cell's PSU and group.
        members: (cells,) rows with a positive weight.
    """

    domain_set: DomainSet
    row_cell: IntArray
    psu: IntArray
    domain: IntArray
    members: FloatArray

    @property
    def groups(self) -> int:
        """Count the groups of rows: the domains, and the rows in none."""
        return self.domain_set.groups


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums over the respondents of a cell: w weight, r answered, y figure, x base (1 for a mean).

    Attributes:
        items: ids, K of them; the arrays are (cells, K).
        weighted: Σ w r y.
        base: Σ w r x.
        weight: Σ w r; the same array as `base` for a mean.
        weight_squares: Σ w² r.
        answered: Σ r over rows with a positive weight.
        squares: Σ w r (y - c)², with `centre` c (K,) near the mean so that no digits are lost.
    """

    grid: Grid
    items: tuple[str, ...]
    weighted: FloatArray
    base: FloatArray
    weight: FloatArray
    weight_squares: FloatArray
    answered: FloatArray
    squares: FloatArray
    centre: FloatArray


def grid_of(design: SampleDesign, domains: DomainSet) -> Grid:
    """Find the cells of one set of domains."""
    psus = design.psu_stratum.size
    pair = domains.codes * psus + design.row_psu
    keys, row_cell = _number_pairs(pair, domains.groups * psus)
    members = sum_by(row_cell, design.weights > 0, keys.size)
    return Grid(domains, row_cell, keys % psus, keys // psus, members)


def _number_pairs(pair: IntArray, pairs: int) -> tuple[IntArray, IntArray]:
    if pairs > max(DENSE_PAIRS, 4 * pair.size):
        keys, row_cell = np.unique(pair, return_inverse=True)
        return keys, row_cell.astype(np.intp, copy=False)
    keys = np.flatnonzero(np.bincount(pair, minlength=pairs))
    place = np.empty(pairs, dtype=np.intp)
    place[keys] = np.arange(keys.size)
    return keys, place[pair]


def collapse(design: SampleDesign, figures: Mapping[str, Figure], domains: DomainSet | None = None) -> Cells:
    """Collapse the rows to the cells of one set of domains, or of the whole, for every item.

    Raises:
        DifferentLengths: an item without one answer a response.
    """
    grid = grid_of(design, domains or whole_sample(design.rows))
    sums = [_collapse_item(design, grid, item, figure) for item, figure in figures.items()]
    columns = [np.stack(column, axis=1) for column in zip(*(one[:-1] for one in sums), strict=True)]
    weighted, base, weight, weight_squares, answered, squares = columns
    centre = np.array([one[-1] for one in sums])
    return Cells(grid, tuple(figures), weighted, base, weight, weight_squares, answered, squares, centre)


def _collapse_item(design: SampleDesign, grid: Grid, item: str, figure: Figure) -> tuple[Any, ...]:
    if figure.answered.size != design.rows:
        raise DifferentLengths(column=item, found=figure.answered.size, expected=design.rows)
    weight, cells = design.weights, grid.psu.size

    def total(of_row: NDArray[Any]) -> FloatArray:
        return sum_by(grid.row_cell, of_row, cells)

    weights = total(weight * figure.answered)
    weighted = total(weight * figure.value)
    base = weights if figure.base is None else total(weight * figure.base)
    centre, squares = _centred_squares(figure)
    return (
        weighted,
        base,
        weights,
        total(np.square(weight) * figure.answered),
        total(figure.answered & (weight > 0)),
        weighted if squares is None else total(weight * squares),
        centre,
    )


def _centred_squares(figure: Figure) -> tuple[float, FloatArray | None]:
    """Return c and r (y - c)²; none for a share, whose squares are itself."""
    if figure.value.dtype.kind == "b":
        return 0.0, None
    count = int(np.count_nonzero(figure.answered))
    centre = float(figure.value.sum(dtype=np.float64) / count) if count else 0.0
    return centre, np.square(figure.value - centre) * figure.answered


def whole_of(cells: Cells, design: SampleDesign) -> Cells:
    """Roll cells up to the whole sample, one cell a PSU, without another scan of the rows."""
    whole = whole_sample(design.rows)
    psus = design.psu_stratum.size
    members = sum_by(cells.grid.psu, cells.grid.members, psus)
    grid = Grid(whole, design.row_psu, np.arange(psus), np.zeros(psus, dtype=np.intp), members)
    weight = grouped_sum(cells.weight, cells.grid.psu, psus)
    return Cells(
        grid=grid,
        items=cells.items,
        weighted=grouped_sum(cells.weighted, cells.grid.psu, psus),
        base=weight if cells.base is cells.weight else grouped_sum(cells.base, cells.grid.psu, psus),
        weight=weight,
        weight_squares=grouped_sum(cells.weight_squares, cells.grid.psu, psus),
        answered=grouped_sum(cells.answered, cells.grid.psu, psus),
        squares=grouped_sum(cells.squares, cells.grid.psu, psus),
        centre=cells.centre,
    )
