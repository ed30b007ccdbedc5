"""The local engine: Parquet row groups streamed through one scan, in memory that does not grow with rows.

Not what is done with the cells (cell_analysis.py). The default, and the fastest on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from survey.aggregation.answers import ItemBlock, Measured
from survey.aggregation.collapse import scan_into
from survey.aggregation.engines.cell_index import CellIndex
from survey.aggregation.engines.cell_table import CellTable, make_table
from survey.aggregation.engines.collapse_request import CollapseRequest, Dimensions, maximal
from survey.aggregation.engines.columns import check_files, key_columns
from survey.aggregation.engines.errors import BadValues, UnreadableFile
from survey.aggregation.engines.numbering import Numbering
from survey.aggregation.labels import FloatArray, IntArray
from survey.aggregation.sums import sum_by
from survey.aggregation.table import Layout, Sums

#: Rows held decoded at a time.
BATCH_ROWS = 262_144
#: Two sets of dimensions are crossed in one table while the sample has this many rows a cell of it.
ROWS_A_CELL = 32


class _NotNested(Exception):
    """A dimension that seemed an attribute of the PSU takes several values in one."""


class _OfPsus:
    """A dimension that so far has one label in each PSU."""

    def __init__(self) -> None:
        self.numbering = Numbering()
        self.of_psu = np.full(1024, _UNSEEN, dtype=np.intp)

    def take(self, psu: IntArray, psus: int, column: pa.ChunkedArray) -> bool:
        """Note the labels of some rows; say whether each PSU still has one."""
        codes = self.numbering.codes(column)
        if psus > self.of_psu.size:
            more = np.full(max(psus, self.of_psu.size), _UNSEEN, dtype=np.intp)
            self.of_psu = np.concatenate([self.of_psu, more])
        met = np.full(psus, _UNSEEN, dtype=np.intp)
        met[psu] = codes
        before, here = self.of_psu[:psus], met != _UNSEEN
        known = here & (before != _UNSEEN)
        if not np.array_equal(before[known], met[known]) or not np.array_equal(met[psu], codes):
            return False
        before[here] = met[here]
        return True


#: The code of a PSU whose label has not been met; a missing label is -1.
_UNSEEN = -2


@dataclass(slots=True)
class _Crossing:
    """The cells of one set of dimensions while they are being filled."""

    dimensions: Dimensions
    index: CellIndex
    sums: Sums
    members: FloatArray

    @classmethod
    def of(cls, dimensions: Dimensions, layout: Layout, cells: int) -> _Crossing:
        """Make room for some cells; memory is taken only as they are filled."""
        return cls(dimensions, CellIndex(1 + len(dimensions)), Sums.zeros(layout, cells), np.zeros(cells))

    def make_room(self) -> None:
        """Lengthen the table to the cells there are, by halves at least."""
        if self.index.cells > self.sums.rows:
            rows = max(self.index.cells, self.sums.rows * 3 // 2)
            self.sums = self.sums.lengthened(rows)
            self.members = np.concatenate([self.members, np.zeros(rows - self.members.size)])


class _Scan:
    """One pass over the files, with what it has learned of their labels."""

    def __init__(self, request: CollapseRequest, crossed: frozenset[str]) -> None:
        self.request, self.layout = request, request.layout
        self.psus, self.strata, self.pairs = Numbering(), Numbering(), CellIndex(2)
        self.labels = {name: Numbering() for name in request.dimensions if name in crossed}
        self.nested = {name: _OfPsus() for name in request.dimensions if name not in crossed}
        self.crossings: list[_Crossing] = []
        self.rows = 0

    def add(self, batch: pa.Table, total: int) -> None:
        """Sum some rows."""
        request = self.request
        psu = self.pairs.locate(
            [_known(self.strata, batch, request.stratum), _known(self.psus, batch, request.psu)],
            [max(len(self.strata), 1), len(self.psus)],
        )
        for name, one in self.nested.items():
            if not one.take(psu, self.pairs.cells, batch.column(name)):
                raise _NotNested(name)
        codes = {name: one.codes(batch.column(name)) for name, one in self.labels.items()}
        sizes = {name: len(one) for name, one in self.labels.items()}
        if not self.crossings:
            batches = total / max(batch.num_rows, 1)
            self.crossings = [
                _Crossing.of(
                    one, self.layout, int(min(self._room(one, sizes) * batches, total / ROWS_A_CELL)) + 1
                )
                for one in self._chosen(sizes, total, batches)
            ]
        weights = _weights(batch, request.weights)
        targets = []
        for crossing in self.crossings:
            cell = crossing.index.locate(
                [psu, *(codes[name] for name in crossing.dimensions)],
                [self.pairs.cells, *(sizes[name] for name in crossing.dimensions)],
            )
            crossing.make_room()
            crossing.members += sum_by(cell, weights > 0, crossing.members.size)
            targets.append((cell, crossing.sums))
        block = ItemBlock(request.items, tuple(_levels(batch.column(item)) for item in request.items))
        scan_into(targets, weights, Measured(block, request.measure))
        self.rows += batch.num_rows

    def _chosen(self, sizes: dict[str, int], total: int, batches: float) -> list[Dimensions]:
        """Choose the sets of dimensions to cross: the maximal ones, merged while cells stay few.

        Later batches may bring as many new PSUs as the first, so as many are reckoned with.
        """
        sets = [tuple(name for name in one if name in self.labels) for one in self.request.sets]
        chosen: list[Dimensions] = []
        for one in maximal(sets):
            for at, other in enumerate(chosen):
                both = tuple(dict.fromkeys((*other, *one)))
                if self._room(both, sizes) * batches * ROWS_A_CELL <= total:
                    chosen[at] = both
                    break
            else:
                chosen.append(one)
        return chosen or [()]

    def _room(self, dimensions: Dimensions, sizes: dict[str, int]) -> float:
        every = [self.pairs.cells, *(sizes[name] + 1 for name in dimensions)]
        return float(np.prod(every, dtype=np.float64))

    def tables(self) -> tuple[CellTable, ...]:
        """Return what was summed."""
        of_stratum, of_psu = self.strata.labels or ("",), self.psus.labels
        keys = [(of_stratum[h], of_psu[i]) for h, i in self.pairs.codes.tolist()]
        return tuple(self._table(one, keys) for one in self.crossings)

    def _table(self, crossing: _Crossing, keys: list[tuple[object, object]]) -> CellTable:
        cells, codes = crossing.index.cells, crossing.index.codes
        psu = codes[:, 0]
        labels = {name: self.labels[name].labels for name in crossing.dimensions}
        of_cell = {name: codes[:, at + 1] for at, name in enumerate(crossing.dimensions)}
        labels |= {name: one.numbering.labels for name, one in self.nested.items()}
        of_cell |= {name: one.of_psu[psu] for name, one in self.nested.items()}
        sums, members = crossing.sums.first(cells), crossing.members[:cells]
        return make_table(keys, psu, labels, of_cell, members, self.rows, sums)


def collapse_files(request: CollapseRequest) -> tuple[CellTable, ...]:
    """Sum every response into its cells, by one table or a few that have all sets of dimensions between them.

    Dimensions that every PSU has one label of, such as its commune and province, cost no cells.

    Raises:
        UnreadableFile, ChangedColumns, BadValues, BadRequest.
    """
    total = check_files(request)
    if not total:
        raise BadValues(column=request.psu, count=0, problem="không có dòng nào / no rows")
    crossed: frozenset[str] = frozenset()
    while True:
        scan = _Scan(request, crossed)
        try:
            for batch in _batches(request):
                scan.add(batch, total)
        except _NotNested as found:
            crossed |= {str(found)}
        else:
            return scan.tables()


def _batches(request: CollapseRequest) -> Iterator[pa.Table]:
    columns = [*key_columns(request), *request.items]
    for path in request.files:
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=columns):
                    yield pa.Table.from_batches([batch])
        except (OSError, pa.ArrowException) as error:
            raise UnreadableFile(file=path.name, problem=str(error)) from error


def _known(numbering: Numbering, batch: pa.Table, name: str | None) -> IntArray:
    """Number a stratum or PSU column, which no response may lack."""
    if name is None:
        return np.zeros(batch.num_rows, dtype=np.intp)
    codes = numbering.codes(batch.column(name))
    missing = int((codes < 0).sum())
    if missing:
        raise BadValues(column=name, count=missing, problem="thiếu / missing")
    return codes


def _weights(batch: pa.Table, name: str | None) -> FloatArray:
    if name is None:
        return np.ones(batch.num_rows)
    weights = pc.fill_null(batch.column(name).cast(pa.float64()), np.nan).to_numpy()
    bad = int((~(np.isfinite(weights) & (weights >= 0))).sum())
    if bad:
        problem = "thiếu, vô hạn hoặc âm / missing, infinite or negative"
        raise BadValues(column=name, count=bad, problem=problem)
    return np.asarray(weights, dtype=np.float64)


def _levels(column: pa.ChunkedArray) -> IntArray:
    """Read a column of levels; null and negative codes are all -1."""
    if pa.types.is_boolean(column.type) or pa.types.is_unsigned_integer(column.type):
        column = column.cast(pa.int8() if pa.types.is_boolean(column.type) else pa.int64())
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(-1, column.type))
    values: IntArray = column.to_numpy()
    return np.maximum(values, -1) if values.size and values.min() < -1 else values
