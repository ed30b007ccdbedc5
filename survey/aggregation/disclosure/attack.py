"""What an outsider can work out of the published cells: the smallest and largest value of each hidden one.

Not whether that is enough (protection.py, audit.py). Everything is a deviation from the true value, in
grains: published cells do not move, so the equations become Σ a δ = 0 over the hidden cells, which
fall apart into components that are solved by themselves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.disclosure.propagation import tighten
from survey.aggregation.disclosure.protection import TOLERANCE
from survey.aggregation.disclosure.tables import Table

#: No outsider believes a cell without an upper bound to exceed this many times the largest cell.
CEILING: Final = 100.0


@dataclass(frozen=True, slots=True)
class Component:
    """Hidden cells that hang together: their places (M,), and the equations between them (E, M)."""

    places: NDArray[np.intp]
    matrix: sparse.csr_array[np.float64]


class Attack:
    """The outsider's knowledge of one pattern of hidden cells, refined on demand.

    Inner bounds (`low`, `high`) are reached by tables seen so far, so they only widen; outer bounds
    (`least`, `most`) follow by interval propagation. Where the two meet nothing need be solved, and
    every table that is solved for one cell is seen by all.
    """

    def __init__(self, table: Table, hidden: BoolArray) -> None:
        self.table = table
        self.hidden = hidden
        size = len(table)
        self.low, self.high = np.zeros(size), np.zeros(size)
        self.found: list[FloatArray] = []
        cap = CEILING * max(1.0, float(np.max(np.abs(table.value), initial=0.0)))
        self.cap = cap
        loose = hidden & ~peeled(table, hidden)
        least = np.where(loose, np.maximum(table.lower - table.value, -cap), 0.0)
        most = np.where(loose, np.minimum(table.upper - table.value, cap), 0.0)
        self.least, self.most = tighten(table.matrix, least, most, table.integral)
        self.components, self.component_of = decompose(table, self.most - self.least > TOLERANCE)

    def see(self, deviation: FloatArray) -> None:
        """Take note of a table that fits all published cells, or of bounds that such tables reach."""
        np.minimum(self.low, deviation, out=self.low)
        np.maximum(self.high, deviation, out=self.high)

    def reach(self, place: int, sign: int) -> float:
        """Return how far one cell can move up (sign 1) or down (-1); exact."""
        inner, outer = self._bounds(place, sign)
        if abs(outer - inner) <= TOLERANCE:
            return inner
        component = self.components[self.component_of[place]]
        if self._is_plain(component):
            return outer
        solved = self._solve(component, place, sign)
        if solved is not None:
            deviation = np.zeros(len(self.table))
            deviation[component.places] = solved
            self.found.append(deviation)
            self.see(deviation)
        return self._bounds(place, sign)[0]

    def _is_plain(self, component: Component) -> bool:
        """Say whether propagation is exact: at most one equation, over cells that may be any number."""
        return component.matrix.shape[0] <= 1 and not self.table.integral[component.places].any()

    def _bounds(self, place: int, sign: int) -> tuple[float, float]:
        inner, outer = (self.high, self.most) if sign > 0 else (self.low, self.least)
        return float(inner[place]), float(outer[place])

    def interval(self, place: int) -> tuple[float, float]:
        """Return the exact interval of one cell as deviations; ±inf where nothing bounds it."""
        low, high = self.reach(place, -1), self.reach(place, 1)
        beyond = self.cap * (1 - 1e-9)
        return (-math.inf if low <= -beyond else low), (math.inf if high >= beyond else high)

    def _solve(self, component: Component, place: int, sign: int) -> FloatArray | None:
        """Move one cell as far as it goes: by linear programming, in whole numbers where those differ."""
        objective = np.where(component.places == place, -float(sign), 0.0)
        bounds = Bounds(self.least[component.places], self.most[component.places])
        whole = self.table.integral[component.places]
        equations = LinearConstraint(component.matrix, 0.0, 0.0)
        best = _optimum(objective, equations, bounds, np.zeros_like(whole))
        if best is not None and not _is_whole(best, whole):
            best = _optimum(objective, equations, bounds, whole)
        return best if best is None else np.where(whole, np.round(best), best)


def _optimum(
    objective: FloatArray, equations: LinearConstraint, bounds: Bounds, whole: BoolArray
) -> FloatArray | None:
    """Minimise; None where the solver gives up, which callers take as "cannot move"."""
    solved = milp(
        objective,
        constraints=equations,
        bounds=bounds,
        integrality=whole.astype(np.intp),
        options={"mip_rel_gap": 0.0},
    )
    if solved.status != 0 or solved.x is None:
        return None
    found: FloatArray = np.clip(solved.x, bounds.lb, bounds.ub)
    return found


def _is_whole(found: FloatArray, whole: BoolArray) -> bool:
    return bool(np.all(np.abs(found - np.round(found))[whole] <= TOLERANCE))


def peeled(table: Table, hidden: BoolArray) -> BoolArray:
    """Return the hidden cells that fall to plain subtraction: alone in an equation, again and again."""
    present = table.present
    left = hidden.copy()
    while True:
        alone = present @ left.astype(np.float64) == 1
        fallen = (present.T @ alone.astype(np.float64) > 0) & left
        if not fallen.any():
            return hidden & ~left
        left &= ~fallen


def decompose(table: Table, loose: BoolArray) -> tuple[list[Component], NDArray[np.intp]]:
    """Split the cells that can move into components that share no equation."""
    places = np.flatnonzero(loose)
    matrix = table.matrix[:, places]
    matrix = sparse.csr_array(matrix[np.flatnonzero(np.diff(matrix.indptr)), :])
    equations = matrix.shape[0]
    labels = _labels(matrix)
    of_equation, of_cell = labels[:equations], labels[equations:]
    component_of = np.full(len(table), -1, dtype=np.intp)
    component_of[places] = of_cell
    components = []
    for label in range(int(labels.max(initial=-1)) + 1):
        inside = np.flatnonzero(of_cell == label)
        part = matrix[np.flatnonzero(of_equation == label), :][:, inside]
        components.append(Component(places[inside], sparse.csr_array(part)))
    return components, component_of


def _labels(matrix: sparse.csr_array[np.float64]) -> NDArray[np.intp]:
    """Number the connected components of equations and cells, equations first."""
    equations, cells = matrix.shape
    entries = sparse.coo_array(matrix)
    links = (np.ones(entries.nnz), (entries.row, entries.col + equations))
    graph = sparse.coo_array(links, shape=(equations + cells, equations + cells))
    return np.asarray(sparse.csgraph.connected_components(graph, directed=False)[1], dtype=np.intp)
