"""The audit of a published table: for every hidden cell, what the published ones leave open.

Not how the pattern was found (complementary.py); it is checked here from nothing but the table and the
pattern. The lines hold true values and stay inside the house.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from survey.aggregation.disclosure.attack import Attack
from survey.aggregation.disclosure.errors import NotProtected
from survey.aggregation.disclosure.measured import BoolArray
from survey.aggregation.disclosure.protection import Protection, Required
from survey.aggregation.disclosure.tables import CellId, Table
from survey.aggregation.errors import listed


@dataclass(frozen=True, slots=True)
class AuditLine:
    """What an outsider can say of one hidden cell, in the cell's own unit.

    Attributes:
        primary: whether it is sensitive itself.
        value: the true figure.
        low, high: smallest and largest value that fits everything published.
        required_low, required_high: how far the interval must reach (the value itself where free).
        required_width: how wide it must be from end to end.
        protected: whether it is.
    """

    cell: CellId
    primary: bool
    value: float
    low: float
    high: float
    required_low: float
    required_high: float
    required_width: float
    protected: bool

    @property
    def width(self) -> float:
        """Return the width of what the outsider can say."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Audit:
    """Every hidden cell's line, in the order of the table."""

    lines: tuple[AuditLine, ...]

    @property
    def failures(self) -> tuple[AuditLine, ...]:
        """Return the cells that can be recovered within the stated width."""
        return tuple(line for line in self.lines if not line.protected)

    @property
    def protected(self) -> bool:
        """Say whether no hidden cell can be recovered within the stated width."""
        return not self.failures

    def assert_protected(self) -> None:
        """Refuse a pattern that gives a cell away.

        Raises:
            NotProtected: naming the cells.
        """
        failed = self.failures
        if failed:
            raise NotProtected(count=len(failed), cells=listed(line.cell for line in failed))


def audit(
    table: Table,
    suppressed: Collection[CellId],
    primary: Collection[CellId] | None = None,
    protection: Protection | None = None,
) -> Audit:
    """Attack a pattern: bound every suppressed cell by all that is published.

    Bounds are exact over real numbers for cells that may be any number, and over whole numbers for
    counts (linear and integer programming, HiGHS). Public cells are known whatever is suppressed;
    latent cells are unknown whatever is published.

    Args:
        suppressed: ids of all hidden cells.
        primary: those that are sensitive; all suppressed cells where not given.
        protection: the stated width.

    Raises:
        UnknownCell.
    """
    protection = protection or Protection()
    sensitive = table.mask(suppressed if primary is None else primary)
    hidden = (table.mask(suppressed, "suppressed") & ~table.standing("public")) | table.standing("latent")
    shown = table.mask(suppressed, "suppressed") | (sensitive & table.standing("latent"))
    attack = Attack(table, hidden)
    required = protection.required(table, sensitive)
    places = np.flatnonzero(shown).tolist()
    low, high = np.zeros(len(table)), np.zeros(len(table))
    for place in places:
        low[place], high[place] = attack.interval(place)
    met = required.met(low, high)
    return Audit(
        tuple(
            _line(table, required, place, float(low[place]), float(high[place]), sensitive, met)
            for place in places
        )
    )


def _line(
    table: Table,
    required: Required,
    place: int,
    low: float,
    high: float,
    sensitive: BoolArray,
    met: BoolArray,
) -> AuditLine:
    cell = table.cells[place]
    grain = cell.grain
    up, down = float(required.up[place]), float(required.down[place])
    return AuditLine(
        cell=cell.id,
        primary=bool(sensitive[place]),
        value=cell.value,
        low=cell.value + low * grain,
        high=cell.value + high * grain,
        required_low=cell.value - down * grain,
        required_high=cell.value + up * grain,
        required_width=max(up + down, float(required.total[place])) * grain,
        protected=bool(met[place]),
    )


def assert_protected(
    table: Table,
    suppressed: Collection[CellId],
    primary: Collection[CellId] | None = None,
    protection: Protection | None = None,
) -> Audit:
    """Audit a pattern and refuse it where a cell is given away.

    Raises:
        NotProtected, UnknownCell.
    """
    made = audit(table, suppressed, primary, protection)
    made.assert_protected()
    return made
