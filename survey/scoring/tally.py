"""The roll-up of leaves into the score of a node: sums, completeness, error, renormalisation.

Not the points of one leaf (rules_*.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey.scoring.criteria import Criterion, Text
from survey.scoring.result import NodeScore
from survey.scoring.rules_counted import Earned
from survey.scoring.uncertainty import Correlations, Spread, combine, interval


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf with what it earned, None while there is no input, and whether it is exempted."""

    node: Criterion
    earned: Earned | None
    exempt: bool
    simulated: bool

    @property
    def points(self) -> float | None:
        return None if self.earned is None else self.earned.points


@dataclass(frozen=True, slots=True)
class Frame:
    """What a tally is of: a node or a part, its maximum, and what of it is exempted.

    `exempted` is None where that is not known, and for bonus and penalty, which have no percent.
    `covered`: the leaves make up the whole maximum. `lowest`: below 0 only for a penalty.
    """

    id: str
    name: Text
    depth: int
    is_leaf: bool
    maximum: float | None
    exempted: float | None
    covered: bool = True
    lowest: float = 0.0

    @property
    def applicable(self) -> float | None:
        if self.maximum is None or self.exempted is None:
            return None
        return max(self.maximum - self.exempted, 0.0)


def tally(frame: Frame, leaves: Sequence[Leaf], correlations: Correlations, level: float) -> NodeScore:
    """Add up the leaves of a node; an unknown leaf makes the sum unknown, never smaller."""
    applying = [leaf for leaf in leaves if not leaf.exempt]
    missing = tuple(leaf.node.id for leaf in applying if leaf.points is None)
    known = [leaf for leaf in applying if leaf.points is not None]
    subtotal = math.fsum(leaf.points or 0.0 for leaf in known)
    exempt = bool(leaves) and not applying
    complete = not missing and frame.covered
    points = None if exempt or not complete else capped(subtotal, frame.applicable)
    spread = spread_of(known, correlations) if points is not None else Spread(None, None)
    return NodeScore(
        id=frame.id,
        name=frame.name,
        depth=frame.depth,
        is_leaf=frame.is_leaf,
        maximum=frame.maximum,
        applicable=frame.applicable,
        points=points,
        known_points=subtotal,
        known_maximum=math.fsum(leaf.node.maximum or 0.0 for leaf in known),
        percent=share(points, frame.applicable, 100.0),
        rescaled=share(points, frame.applicable, frame.maximum),
        se=spread.se,
        ci=None if points is None else held(interval(points, spread, level), frame.applicable, frame.lowest),
        df=spread.df,
        complete=complete,
        missing=missing,
        exempt=exempt,
        simulated=any(leaf.simulated for leaf in applying),
    )


def spread_of(leaves: Sequence[Leaf], correlations: Correlations) -> Spread:
    deviations = [deviation for leaf in leaves if leaf.earned for deviation in leaf.earned.deviations]
    return combine(deviations, correlations)


def share(points: float | None, whole: float | None, times: float | None) -> float | None:
    """Take points as a share of a whole, times something; None where any of it is not known."""
    if points is None or not whole or times is None:
        return None
    return points if whole == times else points / whole * times


def capped(points: float, maximum: float | None) -> float:
    """Take off the last bits by which a sum of floats can exceed a sum of maxima."""
    return points if maximum is None else min(points, maximum)


def held(
    bounds: tuple[float, float] | None, maximum: float | None, lowest: float = 0.0
) -> tuple[float, float] | None:
    """Keep an interval within what can be had at all."""
    if bounds is None:
        return None
    low, high = bounds
    return max(low, lowest), high if maximum is None else min(high, maximum)
