"""The one scan: from rows to (unit, domain) cells that hold all that estimation needs.

Not estimation itself (estimators.py): cells add up, and nothing in them has been divided yet. Sets of
domains that are coarser than cells already summed roll up from them and cost no scan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """Cells that sets of domains roll up from.

    Attributes:
        row_cell: (rows,) each row's cell.
        unit: (cells,) each cell's unit.
    """

    row_cell: IntArray
    unit: IntArray

    def code_of(self, codes: IntArray) -> IntArray | None:
        """Return the domain of each cell (cells,), or None where a cell has rows of several."""
        of_cell = np.empty(self.unit.size, dtype=np.intp)
        of_cell[self.row_cell] = codes
        return of_cell if np.array_equal(of_cell[self.row_cell], codes) else None


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
    every = (DomainSet(WHOLE_ONLY, whole_codes(design.rows)), *sets)
    fine, sources = _plan(design, every)
    tables = [Sums.zeros(layout, one.unit.size) for one in fine]
    scan_into(
        [(one.row_cell, sums) for one, sums in zip(fine, tables, strict=True)], design.weights, readings
    )
    members = [sum_by(one.row_cell, design.weights != 0, one.unit.size) for one in fine]
    units = design.selection.unit_psu.size
    collapsed = []
    for one, (at, codes) in zip(every, sources, strict=True):
        grid, place = roll_up(units, fine[at].unit, members[at], codes, one.domains)
        collapsed.append(Cells(grid, tables[at].by(place, grid.cells)))
    return tuple(collapsed)


def _plan(
    design: SampleDesign, sets: Sequence[DomainSet]
) -> tuple[list[FineCells], list[tuple[int, IntArray]]]:
    """Choose the cells to scan, and for each set which of them it rolls up from, with their domains."""
    units = design.selection.unit_psu.size
    joint = _joint(design, sets)
    if joint is not None:
        codes = [joint.code_of(one.codes) for one in sets]
        return [joint], [(0, one) for one in codes if one is not None]
    numbered = [pair_up(units, design.row_unit, one.codes, one.groups) for one in sets]
    fine: list[FineCells] = []
    sources: dict[int, tuple[int, IntArray]] = {}
    # The finest first, so that coarser sets roll up from them.
    for place in sorted(range(len(sets)), key=lambda place: -numbered[place][0].size):
        for at, one in enumerate(fine):
            codes_of = one.code_of(sets[place].codes)
            if codes_of is not None:
                sources[place] = at, codes_of
                break
        else:
            of_pair, group, row_cell = numbered[place]
            fine.append(FineCells(row_cell, of_pair))
            sources[place] = len(fine) - 1, group
    return fine, [sources[place] for place in range(len(sets))]


def _joint(design: SampleDesign, sets: Sequence[DomainSet]) -> FineCells | None:
    """Cross all sets in one, unless that leaves few rows a cell."""
    unit, row_cell = np.arange(design.selection.unit_psu.size), design.row_unit
    for one in sets:
        of_pair, _group, row_cell = pair_up(unit.size, row_cell, one.codes, one.groups)
        unit = unit[of_pair]
        if len(sets) > 2 and unit.size * ROWS_A_CELL > design.rows:
            return None
    return FineCells(row_cell, unit)


def scan(weights: FloatArray, readings: Readings, layout: Layout, row_cell: IntArray, cells: int) -> Sums:
    """Sum every row into its cell."""
    sums = Sums.zeros(layout, cells)
    scan_into([(row_cell, sums)], weights, readings)
    return sums


def scan_into(targets: Sequence[tuple[IntArray, Sums]], weights: FloatArray, readings: Readings) -> None:
    """Add every row to its cell of each target, in place; all targets have one layout."""
    layout = targets[0][1].layout
    for start in range(0, weights.size, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        weight = weights[rows]
        for kind, values, factor in _addends(readings.read(rows), weight, layout):
            for row_cell, sums in targets:
                add_rows(values, row_cell[rows], sums.kinds[kind], factor)


def _addends(
    readout: Readout, weight: FloatArray, layout: Layout
) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    """Yield each kind of sum, what of each row (rows, K) adds to it, and times what (rows,)."""
    answered, counted = readout.answered.astype(np.float64), (weight != 0).astype(np.float64)
    yield "weighted", readout.value.astype(np.float64), weight
    yield "weight", answered, weight
    yield "answered", answered, counted
    if layout.has_base and readout.base is not None:
        yield "base", readout.base.astype(np.float64), weight
    if layout.has_squares:
        yield "squares", np.square(readout.value - layout.centre) * readout.answered, weight
    if layout.has_weight_squares:
        yield "weight_squares", answered, np.square(weight)
    if layout.unions:
        of_any = [_answered_any(readout, items) for items in layout.unions]
        union = np.stack(of_any, axis=1).astype(np.float64)
        yield "union_weight", union, weight
        yield "union_answered", union, counted
        if layout.has_weight_squares:
            yield "union_weight_squares", union, np.square(weight)


def _answered_any(readout: Readout, items: tuple[int, ...]) -> BoolArray:
    """Say which rows answered any of some items."""
    every = len(items) == readout.answered.shape[1]
    return np.asarray((readout.answered if every else readout.answered[:, items]).any(axis=1))
