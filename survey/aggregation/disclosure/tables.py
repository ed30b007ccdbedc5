"""A table to protect: cells with values, what an outsider knows of each, and the sums that bind them.

Not which cells are hidden (complementary.py) nor what can be worked out of the rest (attack.py). All
columns are kept in grains: what one respondent adds to the cell. So a share of 200 people has grain
1/200, counts have grain 1, and every equation is well scaled.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse

from survey.aggregation.disclosure.errors import BadCell, RelationBroken, RepeatedCell, UnknownCell
from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.errors import listed

CellId = Hashable

#: "free" may be hidden; "kept" only where nothing else protects (a province total); "public" is known
#: outside already; "latent" is never printed but could be worked out, and needs no protection itself.
Standing = Literal["free", "kept", "public", "latent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table.

    Attributes:
        id: any hashable name, such as (domain, statistic).
        value: the true figure.
        lower, upper: what anybody knows of it beforehand; -inf for a change.
        standing: see `Standing`.
        cost: what hiding it loses.
        grain: what one respondent adds to it.
        integral: whether outsiders know it to be a whole number of grains.
    """

    id: CellId
    value: float
    lower: float = 0.0
    upper: float = math.inf
    standing: Standing = "free"
    cost: float = 1.0
    grain: float = 1.0
    integral: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """One public equation: Σ coefficient × value = constant.

    `approximate` marks a rule of thumb (weights not public): outsiders are assumed to use it, and the
    data need not obey it.
    """

    name: str
    coefficients: Mapping[CellId, float]
    constant: float = 0.0
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """C cells under R relations, in grains.

    Attributes:
        cells, relations: as given.
        places: the place of each cell.
        value, lower, upper: (C,) in grains.
        cost: (C,).
        integral: (C,).
        matrix: (R, C) coefficients in grains, each row scaled to a largest entry of 1.
    """

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    places: Mapping[CellId, int]
    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    cost: FloatArray
    integral: BoolArray
    matrix: sparse.csr_array[np.float64]

    @classmethod
    def build(
        cls, cells: Iterable[Cell], relations: Iterable[Relation] = (), *, tolerance: float = 1e-6
    ) -> Table:
        """Check cells and relations and make a table of them.

        Args:
            tolerance: how far a relation may be off, relative to the sum of its terms; raise it for
                figures that are rounded before they are printed.

        Raises:
            RepeatedCell, BadCell, UnknownCell, RelationBroken.
        """
        every, bound = tuple(cells), tuple(relations)
        places = {cell.id: place for place, cell in enumerate(every)}
        _check_cells(every, places)
        _check_relations(every, places, bound, tolerance)
        grain = np.array([cell.grain for cell in every], dtype=np.float64)
        return cls(
            cells=every,
            relations=bound,
            places=places,
            value=np.array([cell.value for cell in every], dtype=np.float64) / grain,
            lower=np.array([cell.lower for cell in every], dtype=np.float64) / grain,
            upper=np.array([cell.upper for cell in every], dtype=np.float64) / grain,
            cost=np.array([cell.cost for cell in every], dtype=np.float64),
            integral=np.array([cell.integral for cell in every], dtype=np.bool_),
            matrix=_matrix(bound, places, grain),
        )

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def present(self) -> sparse.csr_array[np.float64]:
        """Return (R, C) 1 where a cell stands in a relation."""
        shape = self.matrix.shape
        ones = np.ones(self.matrix.nnz)
        return sparse.csr_array((ones, self.matrix.indices, self.matrix.indptr), shape=shape)

    def mask(self, ids: Collection[CellId], where: str = "primary") -> BoolArray:
        """Mark cells by id.

        Raises:
            UnknownCell.
        """
        unknown = [one for one in ids if one not in self.places]
        if unknown:
            raise UnknownCell(cells=listed(unknown), where=where)
        marked = np.zeros(len(self), dtype=np.bool_)
        marked[[self.places[one] for one in ids]] = True
        return marked

    def standing(self, *kinds: Standing) -> BoolArray:
        """Mark the cells of some standings."""
        return np.array([cell.standing in kinds for cell in self.cells], dtype=np.bool_)

    def ids(self, marked: BoolArray) -> tuple[CellId, ...]:
        """Return the ids of marked cells, in the table's order."""
        return tuple(self.cells[place].id for place in np.flatnonzero(marked).tolist())


def _check_cells(cells: Sequence[Cell], places: Mapping[CellId, int]) -> None:
    if len(places) != len(cells):
        raise RepeatedCell(cells=listed(c.id for p, c in enumerate(cells) if places[c.id] != p))
    problems = {cell.id: problem for cell in cells if (problem := _problem(cell))}
    for problem in dict.fromkeys(problems.values()):
        raise BadCell(cells=listed(one for one, said in problems.items() if said == problem), problem=problem)


def _problem(cell: Cell) -> str:
    if not math.isfinite(cell.value):
        return "not a finite number"
    if not cell.lower <= cell.value <= cell.upper:
        return f"outside its bounds ({cell.lower:g} … {cell.upper:g})"
    if not (cell.grain > 0 and cell.cost > 0):
        return "grain or cost not positive"
    return "not a whole number" if cell.integral and not _whole(cell) else ""


def _whole(cell: Cell) -> bool:
    bounds = [bound for bound in (cell.lower, cell.upper) if math.isfinite(bound)]
    return all(abs(one / cell.grain - round(one / cell.grain)) < 1e-9 for one in (cell.value, *bounds))


def _check_relations(
    cells: Sequence[Cell], places: Mapping[CellId, int], relations: Sequence[Relation], tolerance: float
) -> None:
    for relation in relations:
        unknown = [one for one in relation.coefficients if one not in places]
        if unknown:
            raise UnknownCell(cells=listed(unknown), where=relation.name)
        terms = [a * cells[places[one]].value for one, a in relation.coefficients.items()]
        gap = math.fsum(terms) - relation.constant
        size = math.fsum(abs(term) for term in terms) + abs(relation.constant)
        if not relation.approximate and not abs(gap) <= tolerance * size:
            raise RelationBroken(relation=relation.name, gap=f"{gap:.6g}")


def _matrix(
    relations: Sequence[Relation], places: Mapping[CellId, int], grain: FloatArray
) -> sparse.csr_array[np.float64]:
    rows: list[int] = []
    columns: list[int] = []
    entries: list[float] = []
    for row, relation in enumerate(relations):
        scaled = {places[one]: a * grain[places[one]] for one, a in relation.coefficients.items() if a}
        largest = max((abs(entry) for entry in scaled.values()), default=1.0)
        rows += [row] * len(scaled)
        columns += list(scaled)
        entries += [entry / largest for entry in scaled.values()]
    shape = (len(relations), len(places))
    return sparse.csr_array((np.array(entries, dtype=np.float64), (rows, columns)), shape=shape)
