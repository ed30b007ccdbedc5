"""What limits on all bonus and penalty together leave of one more point of them.

Not the limits of one leaf (rules_counted.py). Without limits every point counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from survey.scoring.criteria import CriteriaSet
from survey.scoring.result import Score


@dataclass(frozen=True, slots=True)
class BonusRoom:
    """Where the bonus of a unit stands between the limits.

    Attributes:
        idle: points gained first that bring nothing, because it lies below the lowest.
        room: points gained that count after that.
        spare: points lost first that cost nothing, because it lies above the highest.
        depth: points lost that count after that.
    """

    idle: float = 0.0
    room: float = math.inf
    spare: float = 0.0
    depth: float = math.inf

    @classmethod
    def of(cls, criteria_set: CriteriaSet, made: Score) -> BonusRoom:
        """Read it off a complete score."""
        limits = criteria_set.bonus_limits
        if limits is None:
            return cls()
        raw = math.fsum(made.nodes[node.id].points or 0.0 for node in criteria_set.tree if node.outside_base)
        held = min(max(raw, limits.lowest), limits.highest)
        return cls(
            idle=max(limits.lowest - raw, 0.0),
            room=limits.highest - held,
            spare=max(raw - limits.highest, 0.0),
            depth=held - limits.lowest,
        )

    def counted(self, gained: float) -> float:
        """Give what counts of points gained."""
        return min(max(gained - self.idle, 0.0), self.room)

    def to_gain(self, counting: float) -> float | None:
        """Give the points to gain so that so many count; None where the limit forbids it."""
        return self.idle + counting if counting <= self.room else None

    def to_lose(self, counting: float) -> float | None:
        """Give the points to lose so that so many count; None where the limit forbids it."""
        return self.spare + counting if counting <= self.depth else None


#: For what stands inside the base, where every point counts.
FREE = BonusRoom()
