"""Where a unit lost its points (tồn tại, hạn chế), and where its own score differs from the appraised.

Not the causes in words, owners and deadlines of a remedy plan (services), nor what it would take to
regain the points (prospects).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey.rounding import round_half_up
from survey.scoring.criteria import CriteriaSet, Criterion, Text
from survey.scoring.ranking import rank
from survey.scoring.refusals import lineages
from survey.scoring.result import NodeScore, Score

#: Points below this are float noise.
NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class LostPoints:
    """One leaf below its maximum, or a penalty.

    Attributes:
        above: names of the nodes above it, the area first.
        method: how its points come: appraisal, a survey, SIPAS, impact.
        lost: points lost; share: of everything the unit lost (0-1).
        place: 1 for the most points lost, ties sharing it.
        admitted: points that the unit did not claim itself; None where it did not score itself.
        cut: points it claimed and the appraisal took off; negative where the appraisal gave more.
        is_penalty: lost outside the base.
    """

    leaf: str
    name: Text
    above: tuple[Text, ...]
    method: str
    maximum: float
    points: float
    lost: float
    share: float
    place: int
    admitted: float | None
    cut: float | None
    is_penalty: bool


@dataclass(frozen=True, slots=True)
class Losses:
    """Everything a unit lost, most first.

    Attributes:
        lost: points lost in all.
        unknown: leaves without points: whether they lost any is not known.
    """

    leaves: tuple[LostPoints, ...]
    lost: float
    unknown: tuple[str, ...]

    @property
    def cut(self) -> float | None:
        """Give the points claimed and taken off in these leaves; None without any self-score."""
        cuts = [one.cut for one in self.leaves if one.cut is not None]
        return math.fsum(cuts) if cuts else None

    def by_method(self) -> dict[str, float]:
        """Add up the points lost by how points come."""
        found: dict[str, float] = {}
        for one in self.leaves:
            found[one.method] = found.get(one.method, 0.0) + one.lost
        return found


@dataclass(frozen=True, slots=True)
class NodeGap:
    """A node's own and appraised points, over the leaves below that have both.

    Attributes:
        maximum: of those leaves; what surveys decide is in none of them.
        own, appraised, gap: None where no leaf has both; gap is own less appraised.
        left_out: leaves below that apply and do not have both.
    """

    id: str
    name: Text
    depth: int
    is_leaf: bool
    maximum: float
    own: float | None
    appraised: float | None
    gap: float | None
    left_out: tuple[str, ...]


def lost_points(criteria_set: CriteriaSet, appraised: Score, own: Score | None = None) -> Losses:
    """List every leaf below its maximum, most points lost first, then in the order of the file.

    What is exempted lost nothing. A penalty lost what it took; a bonus not earned is no loss.

    Args:
        own: the unit's self-score against the same set; leaves it does not score itself stay out of it.
    """
    lines = dict(lineages(criteria_set.tree))
    lost = {leaf.id: loss(leaf, appraised) for leaf in criteria_set.leaves()}
    lost = {name: points for name, points in lost.items() if points > NOISE}
    total = math.fsum(lost.values())
    order = sorted(lost, key=lambda name: -round_half_up(lost[name], 9))
    places = {name: place.place for name, place in rank(lost, places=9).items() if place}
    leaves = [
        LostPoints(
            leaf=name,
            name=lines[name][-1].name,
            above=tuple(node.name for node in lines[name][:-1]),
            method=lines[name][-1].method or "",
            maximum=lines[name][-1].maximum or 0.0,
            points=appraised.nodes[name].points or 0.0,
            lost=lost[name],
            share=lost[name] / total,
            place=places[name],
            admitted=unclaimed(lines[name][-1], own),
            cut=gap_of(own, appraised, name),
            is_penalty=lines[name][-1].outside_base,
        )
        for name in order
    ]
    return Losses(tuple(leaves), total, appraised.missing)


def loss(leaf: Criterion, made: Score) -> float:
    """Give what a leaf lost, 0 where that is not known or it is exempted."""
    points = made.nodes[leaf.id].points
    if points is None:
        return 0.0
    return max((0.0 if leaf.outside_base else leaf.maximum or 0.0) - points, 0.0)


def unclaimed(leaf: Criterion, own: Score | None) -> float | None:
    """Give the points that a unit did not claim."""
    claimed = own.nodes[leaf.id].points if own else None
    if claimed is None:
        return None
    return (0.0 if leaf.outside_base else leaf.maximum or 0.0) - claimed


def gap_of(own: Score | None, appraised: Score, name: str) -> float | None:
    claimed = own.nodes[name].points if own else None
    given = appraised.nodes[name].points
    return None if claimed is None or given is None else claimed - given


def self_score_gaps(criteria_set: CriteriaSet, own: Score, appraised: Score) -> tuple[NodeGap, ...]:
    """Put self-score against appraised score: the base first (id ""), then every node in order."""
    inside = [leaf for node in criteria_set.tree if not node.outside_base for leaf in node.leaves()]
    total = compared(appraised.total, inside, own, appraised)
    nodes = [
        compared(appraised.nodes[node.id], list(node.leaves()), own, appraised)
        for node in criteria_set.walk()
    ]
    return (total, *nodes)


def compared(node: NodeScore, leaves: Sequence[Criterion], own: Score, appraised: Score) -> NodeGap:
    both = [leaf for leaf in leaves if gap_of(own, appraised, leaf.id) is not None]
    mine = math.fsum(own.nodes[leaf.id].points or 0.0 for leaf in both) if both else None
    given = math.fsum(appraised.nodes[leaf.id].points or 0.0 for leaf in both) if both else None
    return NodeGap(
        id=node.id,
        name=node.name,
        depth=node.depth,
        is_leaf=node.is_leaf,
        maximum=math.fsum(leaf.maximum or 0.0 for leaf in both),
        own=mine,
        appraised=given,
        gap=None if mine is None or given is None else mine - given,
        left_out=tuple(
            leaf.id for leaf in leaves if leaf not in both and not appraised.nodes[leaf.id].exempt
        ),
    )
