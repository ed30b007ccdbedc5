"""The cheapest way to make one hidden cell uncertain: a flow through cells that may be hidden as well.

Not the order in which cells are served (complementary.py). A flow is a table of deviations that leaves
every sum as it is and moves the target by what its protection needs; the cells it touches must be
hidden. Its price is linear in the movement, which stands in for the fixed price of hiding a cell
(Kelly, Golden & Assad 1992; Fischetti & Salazar-González 2000, the LP heuristic).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from survey.aggregation.disclosure.attack import CEILING, decompose
from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.disclosure.protection import TOLERANCE
from survey.aggregation.disclosure.tables import Table

#: How much dearer a cell is that is to be hidden only where nothing else protects.
KEPT_PRICE: Final = 1e3
#: Between cells of one cost, the smaller figure is the smaller loss.
_SIZE_PRICE: Final = 1e-3


class Network:
    """The cells that flows may use, and what each can carry."""

    def __init__(self, table: Table, usable: BoolArray) -> None:
        self.table = table
        cap = CEILING * max(1.0, float(np.max(np.abs(table.value), initial=0.0)))
        self.up = np.minimum(table.upper - table.value, cap)
        self.down = np.minimum(table.value - table.lower, cap)
        self.price = prices(table)
        self.components, self.component_of = decompose(table, usable)

    def flows(self, target: int, up: float, down: float, hidden: BoolArray) -> tuple[FloatArray, ...] | None:
        """Find deviations (C,) that move the target up by `up` and down by `down`; None if there are none.

        One flow that serves both directions is preferred, because it hides fewer cells.
        """
        if up > 0 and down > 0:
            both = self._solve(target, (up, 0.0), hidden, back=up / down, whole=False)
            pair = None if both is None else (both, both * (-down / up))
            if pair is not None and all(self._is_whole(one) for one in pair):
                return pair
        found: list[FloatArray] = []
        for need in ((up, 0.0), (0.0, down)):
            flow = self._one_way(target, need, hidden) if max(need) > 0 else None
            if max(need) > 0 and flow is None:
                return None
            found += [flow] if flow is not None else []
        return tuple(found)

    def _one_way(self, target: int, need: tuple[float, float], hidden: BoolArray) -> FloatArray | None:
        flow = self._solve(target, need, hidden, back=np.inf, whole=False)
        if flow is not None and not self._is_whole(flow):
            flow = self._solve(target, need, hidden, back=np.inf, whole=True)
        return flow

    def _is_whole(self, flow: FloatArray) -> bool:
        return bool(np.all(np.abs(flow - np.round(flow))[self.table.integral] <= TOLERANCE))

    def _solve(
        self, target: int, need: tuple[float, float], hidden: BoolArray, *, back: float, whole: bool
    ) -> FloatArray | None:
        """Minimise the price of a flow; `back` is how much larger it is than the flow that returns."""
        label = self.component_of[target]
        if label < 0:
            return None
        component = self.components[label]
        places = component.places
        up, down = self.up[places], self.down[places]
        if np.isfinite(back):
            up, down = np.minimum(up, down * back), np.minimum(down, up * back)
        at = places == target
        up, down = np.where(at, need[0], up), np.where(at, need[1], down)
        lower = np.concatenate([np.where(at, need[0], 0.0), np.where(at, need[1], 0.0)])
        solved = milp(
            np.tile(self._unit_price(places, hidden, max(need)), 2),
            constraints=_both_ways(component.matrix),
            bounds=Bounds(lower, np.concatenate([up, down])),
            integrality=np.tile(self.table.integral[places] & whole, 2).astype(np.intp),
        )
        if solved.status != 0 or solved.x is None:
            return None
        deviation = np.zeros(len(self.table))
        deviation[places] = solved.x[: places.size] - solved.x[places.size :]
        return np.where(self.table.integral & whole, np.round(deviation), _cleaned(deviation))

    def _unit_price(self, places: NDArray[np.intp], hidden: BoolArray, need: float) -> FloatArray:
        """Spread the price of hiding a cell over what it can carry; hidden cells carry for nothing."""
        carried = np.minimum(np.minimum(self.up[places], self.down[places]), need)
        price = self.price[places] / np.maximum(carried, 0.01 * need)
        return np.where(hidden[places], 0.0, price)


def prices(table: Table) -> FloatArray:
    """Return what hiding each cell costs, with the preferences between equals."""
    size = np.abs(table.value) / max(1.0, float(np.max(np.abs(table.value), initial=0.0)))
    kept = np.where(table.standing("kept"), KEPT_PRICE, 1.0)
    return table.cost * kept * (1 + _SIZE_PRICE * size)


def _both_ways(matrix: sparse.csr_array[np.float64]) -> LinearConstraint:
    return LinearConstraint(sparse.hstack([matrix, -1.0 * matrix], format="csr"), 0.0, 0.0)


def _cleaned(deviation: FloatArray) -> FloatArray:
    return np.where(np.abs(deviation) <= TOLERANCE, 0.0, deviation)
