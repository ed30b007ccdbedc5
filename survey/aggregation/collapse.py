"""The one scan: from rows to (unit, domain) cells that hold all that estimation needs.

Not estimation itself (estimators.py): cells add up, and nothing in them has been divided yet. Sets of
domains that are coarser than cells already summed roll up from them and cost no scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.aggregation.answers import Readings, Readout
from survey.aggregation.design import SampleDesign
from survey.aggregation.domains import DomainSet
from survey.aggregation.errors import DifferentLengths
from survey.aggregation.grid import WHOLE_ONLY, Grid, pair_up, roll_up, whole_codes
from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.sums import add_rows, sum_by
from survey.aggregation.table import Layout, Sums

#: Rows summed together: their items fit the second-level cache.
BLOCK_ROWS = 2_048
#: One joint crossing of all sets of domains is scanned if it has this many rows a cell.
ROWS_A_CELL = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one set of domains and their sums."""

    grid: Grid
    sums: Sums

    @property
    def items(self) -> tuple[str, ...]:
        """Return the ids of the items."""
        return self.sums.layout.items


@dataclass(frozen=True, slots=True)
class FineCells:
    """Cells that sets of domains roll up from: each row's cell, and what the cells hold."""

    row_cell: IntArray
    unit: IntArray
    members: FloatArray
    sums: Sums

    def code_of(self, codes: IntArray) -> IntArray | None:
        """Return the domain of each cell, or None where a cell has rows of several."""
        of_cell = np.empty(self.unit.size, dtype=np.intp)
        of_cell[self.row_cell] = codes
        return of_cell if np.array_equal(of_cell[self.row_cell], codes) else None

    def rolled(self, units: int, codes: IntArray, domains: DomainSet | None) -> Cells:
        """Roll up to a set of domains, or to the whole."""
        named = WHOLE_ONLY if domains is None else domains.domains
        grid, place = roll_up(units, self.unit, self.members, codes, named)
        return Cells(grid, self.sums.by(place, grid.cells))


def layout_of(
    readings: Readings,
    *,
    has_base: bool = False,
    unions: Sequence[tuple[int, ...]] = (),
    design_effects: bool = True,
) -> Layout:
    """Lay out the table of some readings; `design_effects` keeps what those need."""
    squares = design_effects and not readings.is_share
    centre = _centres(readings) if squares else np.zeros(len(readings.items))
    return Layout(readings.items, has_base, squares, design_effects, tuple(unions), centre)


def _centres(readings: Readings) -> FloatArray:
    """Return a value near the mean of each item: that of its first block of rows."""
    first = readings.read(slice(0, BLOCK_ROWS))
    count = first.answered.sum(axis=0)
    total = first.value.sum(axis=0, dtype=np.float64)
    centres: FloatArray = np.divide(total, count, out=np.zeros(count.size), where=count > 0)
    return centres


def collapse(
    design: SampleDesign, readings: Readings, sets: Sequence[DomainSet], layout: Layout
) -> tuple[Cells, ...]:
    """Collapse the rows to the cells of the whole and of each set of domains, in that order.

    Raises:
        DifferentLengths: items without one answer a response.
    """
    if readings.rows != design.rows:
        raise DifferentLengths(column=readings.items[0], found=readings.rows, expected=design.rows)
    units = design.selection.unit_psu.size
    whole = DomainSet(WHOLE_ONLY, whole_codes(design.rows))
    every = (whole, *sets)
    found: list[Cells | None] = [None] * len(every)
    fine: list[FineCells] = []
    for place in _finest_first(design, every):
        fits = next(
            (
                (one, codes)
                for one in reversed(fine)
                if (codes := one.code_of(every[place].codes)) is not None
            ),
            None,
        )
        if fits is None:
            fine.append(_scanned(design, readings, layout, _joint(design, every, place, bool(fine))))
            fits = fine[-1], _codes_in(fine[-1], every[place].codes)
        found[place] = fits[0].rolled(units, fits[1], every[place])
    return tuple(cells for cells in found if cells is not None)


def _codes_in(fine: FineCells, codes: IntArray) -> IntArray:
    of_cell = np.empty(fine.unit.size, dtype=np.intp)
    of_cell[fine.row_cell] = codes
    return of_cell


def _finest_first(design: SampleDesign, sets: Sequence[DomainSet]) -> list[int]:
    """Order sets by the number of their cells, the most first, so that later ones roll up."""
    units = design.selection.unit_psu.size
    cells = [pair_up(units, design.row_unit, one.codes, one.groups)[0].size for one in sets]
    return sorted(range(len(sets)), key=lambda place: -cells[place])


def _joint(
    design: SampleDesign, sets: Sequence[DomainSet], place: int, scanned: bool
) -> tuple[IntArray, IntArray]:
    """Number the cells to scan: those of all sets crossed while they are few, else those of one set.

    Returns each row's cell, and each cell's unit.
    """
    units = design.selection.unit_psu.size
    unit, row_cell = np.arange(units), design.row_unit
    if not scanned:
        for one in sets:
            of_pair, _group, crossed = pair_up(unit.size, row_cell, one.codes, one.groups)
            if of_pair.size * ROWS_A_CELL > max(design.rows, units):
                break
            unit, row_cell = unit[of_pair], crossed
        else:
            return row_cell, unit
    one = sets[place]
    of_pair, _group, row_cell = pair_up(units, design.row_unit, one.codes, one.groups)
    return row_cell, of_pair


def _scanned(
    design: SampleDesign, readings: Readings, layout: Layout, numbered: tuple[IntArray, IntArray]
) -> FineCells:
    row_cell, unit = numbered
    table = scan(design.weights, readings, layout, row_cell, unit.size)
    members = sum_by(row_cell, design.weights > 0, unit.size)
    return FineCells(row_cell, unit, members, Sums.of(layout, table))


def scan(
    weights: FloatArray, readings: Readings, layout: Layout, row_cell: IntArray, cells: int
) -> FloatArray:
    """Sum every row into its cell; returns (cells, width)."""
    table = np.zeros((cells, layout.width))
    scan_into(table, weights, readings, layout, row_cell)
    return table


def scan_into(
    table: FloatArray, weights: FloatArray, readings: Readings, layout: Layout, row_cell: IntArray
) -> None:
    """Add every row to its cell of a table (cells, width), in place."""
    places = layout.slices()
    buffer = np.empty((BLOCK_ROWS, layout.width))
    for start in range(0, row_cell.size, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        weight = weights[rows, None]
        block = buffer[: weight.shape[0]]
        _fill(block, readings.read(rows), weight, layout, places)
        add_rows(block, row_cell[rows], table)


def _fill(
    block: FloatArray, readout: Readout, weight: FloatArray, layout: Layout, places: dict[str, slice]
) -> None:
    answered, value = readout.answered, readout.value
    np.multiply(weight, value, out=block[:, places["weighted"]])
    np.multiply(weight, answered, out=block[:, places["weight"]])
    counted = answered if weight.min(initial=1.0) > 0 else answered & (weight > 0)
    block[:, places["answered"]] = counted
    if layout.has_base and readout.base is not None:
        np.multiply(weight, readout.base, out=block[:, places["base"]])
    if layout.has_squares:
        squares = np.square(value - layout.centre) * answered
        np.multiply(weight, squares, out=block[:, places["squares"]])
    if layout.has_weight_squares:
        np.multiply(np.square(weight), answered, out=block[:, places["weight_squares"]])
    for at, items in enumerate(layout.unions):
        one: BoolArray = np.asarray(answered[:, items].any(axis=1, keepdims=True))
        _fill_union(block, at, one, weight, layout, places)


def _fill_union(
    block: FloatArray, at: int, one: BoolArray, weight: FloatArray, layout: Layout, places: dict[str, slice]
) -> None:
    block[:, [places["union_weight"].start + at]] = weight * one
    block[:, [places["union_answered"].start + at]] = one & (weight > 0)
    if layout.has_weight_squares:
        block[:, [places["union_weight_squares"].start + at]] = np.square(weight) * one
