"""One measured figure beside its bound and its peer, and tables of them.

Not the measuring.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure is held to.

    Attributes:
        value: in the unit of the figure.
        at_least: True when more is better.
    """

    value: float
    at_least: bool = False

    def holds(self, measured: float) -> bool:
        return measured >= self.value if self.at_least else measured <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table.

    Attributes:
        what: what was measured, in words.
        value: the measurement, in `unit`.
        bound: what it is held to, if anything.
        peer: the same work done another way in the same run, in the same unit, and what that way is.
        note: anything else a reader should know.
    """

    what: str
    value: float
    unit: str
    bound: Bound | None = None
    peer: tuple[float, str] | None = None
    note: str = ""

    @property
    def misses(self) -> bool:
        return self.bound is not None and not self.bound.holds(self.value)

    def cells(self) -> tuple[str, ...]:
        """Write the line: what, measured, bound, peer, ratio to the peer, note."""
        return (
            self.what,
            f"{number(self.value)} {self.unit}".strip(),
            self._bound(),
            f"{number(self.peer[0])} ({self.peer[1]})" if self.peer else "",
            f"{number(self.value / self.peer[0])}" if self.peer else "",
            self.note,
        )

    def _bound(self) -> str:
        if self.bound is None:
            return ""
        sign = "≥" if self.bound.at_least else "≤"
        return f"{sign} {number(self.bound.value)}{' **MISSED**' if self.misses else ''}"


def number(value: float) -> str:
    """Write a number to three figures; whole ones from a thousand up, with a comma."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: Iterable[Figure]) -> str:
    """Make a Markdown table."""
    head = ("what", "measured", "bound", "peer", "÷ peer", "note")
    rows = [head, tuple("---" for _ in head), *(figure.cells() for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
