"""What a unit's score is: points, percent, error and completeness of every node, and the total.

Not how it is computed (roll_up.py), nor its rank among units (ranking.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.scoring.bands import Band
from survey.scoring.criteria import Text


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of one node of the tree, or of one part of another cut.

    Attributes:
        maximum: as the set states it; None where the official value was not found.
        applicable: the maximum less what the unit is exempted from; None where not known.
        points: raw points; None while any applicable leaf below is unknown. Never 0 for unknown.
        known_points: points of the leaves that are known.
        known_maximum: what those leaves are out of.
        percent: points / applicable × 100.
        rescaled: points on the full maximum, points × maximum / applicable.
        se: standard error of `points` from the survey parts; 0 without any; None where unknown.
        ci: interval of `points` within 0 and what is applicable; None where there is none.
        complete: every applicable leaf is known, and the leaves make up the whole node.
        missing: ids of the applicable leaves without points.
        exempt: the whole node is exempted; it then has no points.
        simulated: an input below was simulated.
    """

    id: str
    name: Text
    depth: int
    is_leaf: bool
    maximum: float | None
    applicable: float | None
    points: float | None
    known_points: float
    known_maximum: float
    percent: float | None
    rescaled: float | None
    se: float | None
    ci: tuple[float, float] | None
    df: float | None
    complete: bool
    missing: tuple[str, ...]
    exempt: bool
    simulated: bool

    @property
    def at_most(self) -> float | None:
        """Give the points if everything still unknown earned its maximum."""
        if self.points is not None:
            return self.points
        return None if self.applicable is None else self.known_points + self.applicable - self.known_maximum

    @property
    def lost(self) -> float | None:
        """Give the points lost (điểm bị trừ): what is applicable less what was earned."""
        return None if self.points is None or self.applicable is None else self.applicable - self.points


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one unit against one criteria set.

    Attributes:
        criteria_set, version, sha256: which file it was scored against.
        is_illustration: the set is not an official one; whoever prints the score must say so.
        total: the roll-up inside the base, before bonus and penalty.
        bonus: points of bonus and penalty; None while unknown; 0 where the set has none.
        points: raw points, bonus included.
        rescaled: points on the whole base, exempted parts rescaled, bonus included.
        percent, percent_se, percent_ci: `rescaled` as percent of the base, with its error.
        band: by the set's scale; None while incomplete or where thresholds are not known.
        nodes: by node id, in the order of the file.
        parts: by part id, the set's other cuts of the same points.
        cuts: part ids by cut id.
        missing: leaves without points, those outside the base included.
        exempt: reason by id of each exempted node.
        level: of the intervals.
    """

    criteria_set: str
    version: str
    sha256: str
    is_illustration: bool
    base: float
    total: NodeScore
    bonus: float | None
    points: float | None
    rescaled: float | None
    percent: float | None
    percent_se: float | None
    percent_ci: tuple[float, float] | None
    band: Band | None
    nodes: Mapping[str, NodeScore]
    parts: Mapping[str, NodeScore]
    cuts: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    exempt: Mapping[str, str]
    simulated: bool
    level: float

    @property
    def complete(self) -> bool:
        """Say whether every leaf that applies is known."""
        return self.percent is not None
