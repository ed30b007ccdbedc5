"""The sums that bind published figures: margins, weighted means, distributions, years, updates.

Not the cells (tables.py). Whoever publishes names every sum that a reader can form; one left out is
one the audit does not know of.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.aggregation.disclosure.errors import BadCell
from survey.aggregation.disclosure.tables import Cell, CellId, Relation, Standing

#: The value of a dimension that stands for all of it.
TOTAL = "*"


def margin(parent: CellId, children: Iterable[CellId], name: str | None = None) -> Relation:
    """Σ children = parent: a total of counts, a province of communes, several years of single ones."""
    return Relation(name or f"Σ = {parent}", {**dict.fromkeys(children, 1.0), parent: -1.0})


def weighted_mean(
    parent: CellId, weights: Mapping[CellId, float], *, approximate: bool = False, name: str | None = None
) -> Relation:
    """Σ W_child × child = (Σ W_child) × parent, weights public: a whole and its parts.

    Args:
        weights: of each child: the sum of weights of those who answered, or a public population. Where
            the true weights are not public but a reader could guess them (by n), give those and
            say `approximate`.
    """
    total = float(sum(weights.values()))
    return Relation(name or f"mean = {parent}", {**weights, parent: -total}, approximate=approximate)


def distribution(levels: Iterable[CellId], whole: float = 1.0, name: str | None = None) -> Relation:
    """Σ levels = whole: the shares of a distribution add up to 1 (or 100)."""
    cells = tuple(levels)
    return Relation(name or f"Σ levels of {cells[:1]}", dict.fromkeys(cells, 1.0), constant=whole)


def index_terms(index: CellId, terms: Mapping[CellId, float], name: str | None = None) -> Relation:
    """Σ a_k × item mean = index: an averaged index and the item means it is made from."""
    return Relation(name or f"terms of {index}", {**terms, index: -1.0})


def difference(change: CellId, later: CellId, earlier: CellId, name: str | None = None) -> Relation:
    """Later - earlier = change: a published change between two years; the change cell has lower=-inf."""
    return Relation(name or f"change = {change}", {later: 1.0, earlier: -1.0, change: -1.0})


@dataclass(frozen=True, slots=True)
class Tabulation:
    """Cells and relations that belong together, and which of the cells are small counts."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    small: frozenset[CellId] = frozenset()


def crossing(
    counts: Mapping[tuple[Hashable, ...], int],
    *,
    k: int | None = None,
    standings: Mapping[CellId, Standing] | None = None,
    weigh: bool = False,
) -> Tabulation:
    """Make a full crossing of counts with every margin, each named by `TOTAL` in its place.

    Args:
        counts: of each cell by its coordinates, all of one length; cells not given are 0.
        k: mark counts of 1 to k - 1 as small.
        standings: of single cells; "free" where not given.
        weigh: whether hiding a cell costs its respondents instead of 1.

    Raises:
        BadCell: coordinates of several lengths.
    """
    if len({len(one) for one in counts}) > 1:
        raise BadCell(cells="?", problem="coordinates of several lengths")
    values = _with_margins(counts)
    known = standings or {}
    cells = tuple(
        Cell(
            one,
            float(count),
            standing=known.get(one, "free"),
            cost=float(max(count, 1)) if weigh else 1.0,
            integral=True,
        )
        for one, count in values.items()
    )
    small = frozenset(one for one, count in values.items() if k is not None and 1 <= count < k)
    return Tabulation(cells, tuple(_crossed(values)), small)


def _with_margins(counts: Mapping[tuple[Hashable, ...], int]) -> dict[tuple[Hashable, ...], int]:
    dimensions = len(next(iter(counts), ()))
    values = {one: int(count) for one, count in _filled(counts).items()}
    for axis in range(dimensions):
        sums: dict[tuple[Hashable, ...], int] = {}
        for one, count in values.items():
            above = _at(one, axis, TOTAL)
            sums[above] = sums.get(above, 0) + count
        values.update(sums)
    return values


def _filled(counts: Mapping[tuple[Hashable, ...], int]) -> dict[tuple[Hashable, ...], int]:
    dimensions = len(next(iter(counts), ()))
    filled: dict[tuple[Hashable, ...], int] = {(): 0}
    for axis in range(dimensions):
        values = dict.fromkeys(one[axis] for one in counts)
        filled = {(*one, value): 0 for one in filled for value in values}
    return {**filled, **counts} if counts else {}


def _crossed(values: Mapping[tuple[Hashable, ...], int]) -> Iterable[Relation]:
    children: dict[tuple[int, tuple[Hashable, ...]], list[CellId]] = {}
    for one in values:
        for axis, value in enumerate(one):
            if value != TOTAL:
                children.setdefault((axis, _at(one, axis, TOTAL)), []).append(one)
    for (axis, parent), cells in children.items():
        yield margin(parent, cells, f"{parent} (axis {axis})")


def _at(one: tuple[Hashable, ...], axis: int, value: Hashable) -> tuple[Hashable, ...]:
    return (*one[:axis], value, *one[axis + 1 :])


def update(
    later: Mapping[CellId, int], earlier: Mapping[CellId, int], *, k: int = 5
) -> tuple[Tabulation, dict[CellId, CellId]]:
    """Set a count table against its earlier publication: the new respondents are a table too.

    Who keeps both versions subtracts them. So the earlier counts stand as public, the increments as
    never printed ("latent"), and an increment of 1 to k - 1 people is small: it stays hidden
    only if the later count does.

    Args:
        later, earlier: counts by cell; a cell that the earlier table did not show is left out of it.

    Returns:
        the cells and relations to add to the later table's own, small increments marked; and the id of each
        cell's increment.

    Raises:
        BadCell: a count that went down.
    """
    shared = [one for one in later if one in earlier]
    fallen = [one for one in shared if later[one] < earlier[one]]
    if fallen:
        raise BadCell(cells=", ".join(map(str, fallen)), problem="a count went down")
    new = {one: ("+", one) for one in shared}
    cells: list[Cell] = []
    for one in shared:
        cells.append(Cell(("earlier", one), float(earlier[one]), standing="public", integral=True))
        cells.append(Cell(new[one], float(later[one] - earlier[one]), standing="latent", integral=True))
    relations = [difference(new[one], one, ("earlier", one)) for one in shared]
    small = frozenset(new[one] for one in shared if 1 <= later[one] - earlier[one] < k)
    return Tabulation(tuple(cells), tuple(relations), small), dict(new)


def joined(tables: Sequence[Tabulation]) -> Tabulation:
    """Put tables that share readers into one, so that they are protected together."""
    return Tabulation(
        tuple(cell for table in tables for cell in table.cells),
        tuple(relation for table in tables for relation in table.relations),
        frozenset().union(*(table.small for table in tables)),
    )
