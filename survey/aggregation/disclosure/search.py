"""The state of a search for complementary cells: what is hidden, and the tables that prove it safe.

Not the strategy (complementary.py). A witness is a table of deviations that fits everything published;
it stays valid while only more cells are hidden, so most checks need no solver.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey.aggregation.disclosure.attack import Attack, peeled
from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.disclosure.protection import TOLERANCE, Protection
from survey.aggregation.disclosure.tables import Table


class Search:
    """A pattern of hidden cells that grows, and shrinks where that is safe.

    `low` and `high` are the deviations that witnesses reach: inner bounds of each cell's interval.
    """

    def __init__(self, table: Table, primary: BoolArray, protection: Protection) -> None:
        self.table = table
        self.primary = primary
        self.required = protection.required(table, primary)
        self.hidden = (primary & ~table.standing("public")) | table.standing("latent")
        self.exposed = primary & table.standing("public")
        self.locked = np.zeros(len(table), dtype=np.bool_)
        self.witnesses: list[FloatArray] = []
        self.low, self.high = np.zeros(len(table)), np.zeros(len(table))
        self.solved = 0

    @property
    def complementary(self) -> BoolArray:
        """Mark the cells hidden for the sake of others."""
        added: BoolArray = self.hidden & ~self.primary & ~self.table.standing("latent")
        return added

    def hide(self, flows: Sequence[FloatArray]) -> None:
        """Hide what flows touch and keep them as witnesses."""
        for flow in flows:
            self.hidden |= np.abs(flow) > TOLERANCE
        self._keep(flows)

    def is_served(self, place: int) -> bool:
        """Say whether the witnesses so far prove one cell safe."""
        return self.required.met_at(place, self.low[place], self.high[place])

    def failing(self) -> BoolArray:
        """Mark the hidden cells that can be recovered within the stated width."""
        attack = self._attack(self.hidden, self.low, self.high)
        failing = np.zeros(len(self.table), dtype=np.bool_)
        for place in np.flatnonzero(self.hidden & ~self.required.free).tolist():
            failing[place] = not self._is_safe(attack, place)
        self._keep(attack.found)
        return failing

    def reveal(self, place: int) -> bool:
        """Publish one complementary cell again if every other stays as safe as it must be.

        A locked cell stays hidden: it leaves a cell that cannot be protected as uncertain as can be.
        """
        if self.locked[place]:
            return False
        trial = self.hidden.copy()
        trial[place] = False
        others = trial & ~self.required.free & ~self.exposed
        if (peeled(self.table, trial) & others).any():
            return False
        kept = [witness for witness in self.witnesses if abs(witness[place]) <= TOLERANCE]
        attack = self._attack(trial, *_reach_of(kept, len(self.table)))
        if not self.required.met(attack.least, attack.most)[others].all():
            return False
        safe = all(self._is_safe(attack, one) for one in self._nearest_first(place, others))
        self.solved += len(attack.found)
        if not safe:
            return False
        self.hidden, self.witnesses = trial, kept
        self.low, self.high = np.zeros(len(self.table)), np.zeros(len(self.table))
        self._keep([*kept, *attack.found], known=len(kept))
        return True

    def reveal_known(self) -> None:
        """Publish the complementary cells that anybody can work out anyway; nothing changes by it."""
        attack = self._attack(self.hidden, self.low, self.high)
        for place in np.flatnonzero(self.complementary).tolist():
            if attack.most[place] - attack.least[place] <= TOLERANCE:
                self.hidden[place] = False

    def _attack(self, hidden: BoolArray, low: FloatArray, high: FloatArray) -> Attack:
        attack = Attack(self.table, hidden)
        attack.see(low)
        attack.see(high)
        return attack

    def _keep(self, witnesses: Sequence[FloatArray], known: int = 0) -> None:
        self.witnesses += witnesses[known:]
        low, high = _reach_of(witnesses, len(self.table))
        self.low, self.high = np.minimum(self.low, low), np.maximum(self.high, high)

    def _nearest_first(self, place: int, others: BoolArray) -> list[int]:
        """Put the cells that share a relation with one before the rest: they are the first to fail."""
        present = self.table.present
        alone = np.zeros(len(self.table))
        alone[place] = 1.0
        beside = np.asarray(present.T @ (present @ alone), dtype=np.float64)
        cells = np.flatnonzero(others)
        order: list[int] = cells[np.argsort(-beside[cells], kind="stable")].tolist()
        return order

    def _is_safe(self, attack: Attack, place: int) -> bool:
        if self.required.met_at(place, attack.low[place], attack.high[place]):
            return True
        if not self.required.met_at(place, attack.least[place], attack.most[place]):
            return False
        high = attack.reach(place, 1)
        if self.required.met_at(place, attack.low[place], high):
            return True
        return self.required.met_at(place, attack.reach(place, -1), high)


def _reach_of(witnesses: Sequence[FloatArray], size: int) -> tuple[FloatArray, FloatArray]:
    low, high = np.zeros(size), np.zeros(size)
    for witness in witnesses:
        np.minimum(low, witness, out=low)
        np.maximum(high, witness, out=high)
    return low, high
