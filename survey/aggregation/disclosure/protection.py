"""How uncertain a suppressed cell must stay: the stated width, and what it asks of each cell.

Not how uncertain it is (attack.py, audit.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey.aggregation.disclosure.errors import BadRules
from survey.aggregation.disclosure.measured import BoolArray, FloatArray
from survey.aggregation.disclosure.tables import Table

#: Below this, in grains, a movement is the solver's rounding and not a movement.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Protection:
    """The stated width.

    A primary cell v may not be pinned down to less than v ± max(relative × |v|, absolute), cut at the
    bounds that anybody knows (a count cannot fall below 0). A complementary cell is not sensitive
    itself; its interval only keeps `complementary` from end to end, so it can never be recovered.

    Attributes:
        relative: share of the value (0.15 is ± 15 %).
        absolute, complementary: in grains, that is in respondents.

    Raises:
        BadRules.
    """

    relative: float = 0.15
    absolute: float = 2.0
    complementary: float = 2.0

    def __post_init__(self) -> None:
        good = self.relative >= 0 and self.absolute > 0 and self.complementary > 0
        if not (good and np.isfinite([self.relative, self.absolute, self.complementary]).all()):
            raise BadRules(problem=repr(self))

    def required(self, table: Table, primary: BoolArray) -> Required:
        """Return what each cell needs if it is hidden, in grains."""
        wide = np.maximum(self.relative * np.abs(table.value), self.absolute)
        wide = np.where(table.integral, np.ceil(wide - TOLERANCE), wide)
        least = np.where(table.integral, np.ceil(self.complementary - TOLERANCE), self.complementary)
        latent = table.standing("latent") & ~primary
        return Required(
            up=np.where(primary, np.minimum(wide, table.upper - table.value), 0.0),
            down=np.where(primary, np.minimum(wide, table.value - table.lower), 0.0),
            total=np.where(latent | primary, 0.0, np.minimum(least, table.upper - table.lower)),
            free=latent,
        )


@dataclass(frozen=True, slots=True)
class Required:
    """What hidden cells need, in grains.

    Attributes:
        up, down: (C,) how far above and below its value the attacker's interval must reach.
        total: (C,) how wide it must be from end to end.
        free: (C,) cells that need nothing.
    """

    up: FloatArray
    down: FloatArray
    total: FloatArray
    free: BoolArray

    def met(self, low: FloatArray, high: FloatArray) -> BoolArray:
        """Say where an interval (deviations below and above the value) is wide enough, never a point."""
        reaches = (high >= self.up - TOLERANCE) & (-low >= self.down - TOLERANCE)
        wide = (high - low >= self.total - TOLERANCE) & (high - low > TOLERANCE)
        met: BoolArray = self.free | (reaches & wide)
        return met

    def met_at(self, place: int, low: float, high: float) -> bool:
        """Say it of one cell."""
        if self.free[place]:
            return True
        reaches = high >= self.up[place] - TOLERANCE and -low >= self.down[place] - TOLERANCE
        width = high - low
        return bool(reaches and width >= self.total[place] - TOLERANCE and width > TOLERANCE)
