"""What a plan to a target is: the target, the stated efforts, the steps, and what can be at most.

Not the search for it (cheapest.py, programme.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey.scoring.criteria import Text
from survey.scoring.inputs import LeafInput
from survey.scoring.prospects.gains import NOISE, Reason
from survey.scoring.prospects.what_if import Outcome

Objective = Literal["criteria", "points", "effort"]


@dataclass(frozen=True, slots=True)
class ToPercent:
    """Reach at least so many percent of the base."""

    percent: float


@dataclass(frozen=True, slots=True)
class ToPlace:
    """Reach a place or a better one."""

    place: int


Target: TypeAlias = ToPercent | ToPlace


def is_reached(target: Target, made: Outcome) -> bool:
    """Say whether a score, as it is ranked, reaches a target."""
    if isinstance(target, ToPlace):
        return made.place is not None and made.place.place <= target.place
    return (made.score.percent or 0.0) >= target.percent - NOISE


@dataclass(frozen=True, slots=True)
class Effort:
    """The stated effort of a leaf, in the province's own unit: once, and by the point gained."""

    start: float = 0.0
    per_point: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One leaf of a plan: from what to what, with the input that brings it.

    Attributes:
        percent: percent of the base that the gain makes, before limits on all bonus together.
        effort: as stated; None where none was.
        in_steps: the leaf is judged in whole steps.
    """

    leaf: str
    name: Text
    before: float
    after: float
    percent: float
    given: LeafInput
    effort: float | None
    in_steps: bool

    @property
    def gain(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Plan:
    """The cheapest plan, or the best that can be where the target is out of reach.

    Attributes:
        needed: percent that the target asks for; None where any is enough.
        reached: the plan reaches it. If not, there are no steps, and `most` says what can be.
        steps: the leaves to change, most points first.
        after: with the plan; `most`: with everything gained that is open to influence.
        closed: leaves that the plan leaves alone, and why.
    """

    objective: Objective
    target: Target
    needed: float | None
    reached: bool
    steps: tuple[Step, ...]
    before: Outcome
    after: Outcome
    most: Outcome
    closed: Mapping[str, Reason]
    assumptions: tuple[Text, ...]
    method: str

    @property
    def points(self) -> float:
        """Give the points that the plan gains."""
        return math.fsum(step.gain for step in self.steps)

    @property
    def effort(self) -> float | None:
        """Give the effort of the whole plan; None where it was not stated for every step."""
        stated = [step.effort for step in self.steps if step.effort is not None]
        return math.fsum(stated) if len(stated) == len(self.steps) else None
