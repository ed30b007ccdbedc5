"""Complementary suppression: which further cells must go so that no suppressed one can be worked out.

Not which cells are sensitive (primary.py) nor the proof that a pattern holds (audit.py), which is run
on every result. The search always ends: at worst every cell that may be hidden is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from survey.aggregation.disclosure.audit import Audit, audit
from survey.aggregation.disclosure.flows import Network, prices
from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.disclosure.protection import TOLERANCE, Protection
from survey.aggregation.disclosure.search import Search
from survey.aggregation.disclosure.tables import CellId, Table

#: Programs solved in trying to publish complementary cells again, once everything is safe; then the
#: pattern stays as it is. A count and not a time, so that every machine decides alike.
PROGRAMS: Final = 300


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which cells of a table are hidden, and the audit of it.

    Attributes:
        primary: the sensitive cells, as given.
        complementary: cells hidden for their sake, "kept" ones included.
        forced: "kept" cells among them: the parts cannot be protected without suppressing this total.
        exposed: sensitive cells that public figures give away whatever is hidden.
        audit: every hidden cell's interval, from an attack on the finished pattern.
    """

    table: Table
    primary: tuple[CellId, ...]
    complementary: tuple[CellId, ...]
    forced: tuple[CellId, ...]
    exposed: tuple[CellId, ...]
    audit: Audit

    @property
    def suppressed(self) -> frozenset[CellId]:
        """Return the ids of all hidden cells."""
        return frozenset(self.primary) | frozenset(self.complementary)

    @property
    def protected(self) -> bool:
        """Say whether no hidden cell can be recovered within the stated width."""
        return self.audit.protected


def complete(table: Table, primary: Collection[CellId], protection: Protection | None = None) -> Pattern:
    """Add complementary cells to sensitive ones until the audit of the table passes.

    For one sensitive cell after another, widest need first, it hides the cells of the cheapest flow that
    protects it, and then publishes again what is not needed. The result is near the cheapest pattern,
    not proved to be it. "kept" cells go only where no "free" ones protect.

    Raises:
        UnknownCell: a primary cell that the table does not hold.
    """
    protection = protection or Protection()
    search = Search(table, table.mask(primary), protection)
    _protect(search)
    _trim(search)
    search.reveal_known()
    hidden = (search.hidden & ~table.standing("latent")) | search.primary
    sensitive = table.ids(search.primary)
    return Pattern(
        table=table,
        primary=sensitive,
        complementary=table.ids(search.complementary),
        forced=table.ids(search.complementary & table.standing("kept")),
        exposed=table.ids(search.exposed & hidden),
        audit=audit(table, table.ids(hidden), sensitive, protection),
    )


def _protect(search: Search) -> None:
    free = search.table.standing("free")
    stuck = _revealed(search, _serve(search, free))
    if not stuck.any():
        return
    allowed = search.table.standing("free", "kept")
    hopeless = _revealed(search, _serve(search, allowed))
    while hopeless.any():
        search.exposed |= hopeless
        _give_up(search, hopeless & search.primary, allowed)
        hopeless = _revealed(search, _serve(search, allowed))


def _revealed(search: Search, stuck: BoolArray) -> BoolArray:
    """Publish again the stuck cells that are not sensitive, where that is safe; return the others."""
    left = stuck.copy()
    for place in np.flatnonzero(stuck & search.complementary).tolist():
        left[place] = not search.reveal(place)
    return left


def _serve(search: Search, allowed: BoolArray) -> BoolArray:
    """Protect every failing cell by flows through the allowed ones; return those it cannot."""
    network = Network(search.table, search.hidden | allowed)
    stuck = np.zeros(len(search.table), dtype=np.bool_)
    while True:
        failing = search.failing() & ~search.exposed & ~stuck
        if not failing.any():
            return stuck
        for place in _by_need(search, failing):
            if search.is_served(place):
                continue
            flows = _flows(network, search, place)
            search.hide(flows or ())
            stuck[place] = not search.is_served(place)


def _by_need(search: Search, failing: BoolArray) -> list[int]:
    need = np.maximum(search.required.up, search.required.total)
    return sorted(np.flatnonzero(failing).tolist(), key=lambda place: (-need[place], place))


def _flows(network: Network, search: Search, place: int) -> tuple[FloatArray, ...] | None:
    needed = search.required
    up, down, total = float(needed.up[place]), float(needed.down[place]), float(needed.total[place])
    if search.primary[place]:
        up = 0.0 if search.high[place] >= up - TOLERANCE else up
        down = 0.0 if -search.low[place] >= down - TOLERANCE else down
        return network.flows(place, up, down, search.hidden)
    up, down = total + float(search.low[place]), total - float(search.high[place])
    return network.flows(place, up, 0.0, search.hidden) or network.flows(place, 0.0, down, search.hidden)


def _give_up(search: Search, hopeless: BoolArray, allowed: BoolArray) -> None:
    """Hide all that may be hidden in the relations of cells that cannot be protected."""
    present = search.table.present
    touched = present @ hopeless.astype(np.float64) > 0
    beside = present.T @ touched.astype(np.float64) > 0
    search.hidden |= beside & allowed
    search.locked |= beside & allowed


def _trim(search: Search) -> None:
    """Publish again the complementary cells that are not needed, dearest first."""
    price = prices(search.table)
    added = np.flatnonzero(search.complementary).tolist()
    already = search.solved
    for place in sorted(added, key=lambda one: (-price[one], one)):
        if search.solved - already < PROGRAMS:
            search.reveal(place)
