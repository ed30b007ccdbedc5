"""What a change of inputs or survey shares would do: every node above it, total, band and place.

Not which change is cheapest (cheapest.py). Everything is scored again by the set's own rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.scoring.criteria import CriteriaSet, Criterion, Text
from survey.scoring.inputs import Count, LeafInput, Measured, MeasuredGroups, Rate
from survey.scoring.prospects.assumptions import assumed
from survey.scoring.prospects.changing import Change, Inputs, changed_inputs
from survey.scoring.prospects.rivals import PlaceAmong, Rivals, place_among
from survey.scoring.prospects.shares import Items
from survey.scoring.result import NodeScore, Score
from survey.scoring.roll_up import best_of, score
from survey.scoring.rules_counted import Normalised, number
from survey.scoring.set_settings import RankingSettings
from survey.scoring.uncertainty import Correlations


@dataclass(frozen=True, slots=True)
class Outcome:
    """A score and its place; `place` is None without rivals or while the total is not known."""

    score: Score
    place: PlaceAmong | None


@dataclass(frozen=True, slots=True)
class NodeMove:
    """One node before and after."""

    before: NodeScore
    after: NodeScore

    @property
    def id(self) -> str:
        return self.after.id

    @property
    def points(self) -> float | None:
        """Give the change in points; None where either is not known."""
        return less(self.after.points, self.before.points)

    @property
    def percent(self) -> float | None:
        """Give the change in percentage points of the node; None where either is not known."""
        return less(self.after.percent, self.before.percent)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes would do.

    Attributes:
        changed: ids of the nodes whose input is another one now.
        nodes: the changed nodes and every node above them, in the order of the file.
        parts: the parts of other cuts in which they lie.
        percent: change of the total, in percentage points; None where either is not known.
        places: places gained; negative when lost; None likewise.
        best_moved: leaves normalised to the best in which the unit would become the best.
        assumptions: what was taken for granted.
    """

    before: Outcome
    after: Outcome
    changed: tuple[str, ...]
    nodes: tuple[NodeMove, ...]
    parts: tuple[NodeMove, ...]
    percent: float | None
    places: int | None
    best_moved: tuple[str, ...]
    assumptions: tuple[Text, ...]


def what_if(
    criteria_set: CriteriaSet,
    inputs: Inputs,
    changes: Iterable[Change],
    *,
    items: Items | None = None,
    rivals: Rivals | None = None,
    best: Mapping[str, float] | None = None,
    correlations: Correlations | None = None,
    level: float = 0.95,
) -> WhatIf:
    """Score a unit before and after changes, the other units standing still.

    Args:
        items: the shares behind survey leaves, for changes of a share.
        best: the best value among the *other* units, by leaf normalised to the best.

    Raises:
        RefusedInputs: a change that fits nothing, or inputs the set does not take; with the paths.
    """
    moved = changed_inputs(criteria_set, inputs, changes, items or {})
    others = best or {}
    before, after = (
        outcome(
            score(
                criteria_set,
                given,
                best=best_with(criteria_set, given, others),
                correlations=correlations,
                level=level,
            ),
            rivals,
            criteria_set.ranking,
        )
        for given in (inputs, moved)
    )
    changed = tuple(node.id for node in criteria_set.walk() if inputs.get(node.id) != moved.get(node.id))
    over = became_best(criteria_set, changed, moved, others)
    return WhatIf(
        before=before,
        after=after,
        changed=changed,
        nodes=tuple(moves(before.score.nodes, after.score.nodes, above(criteria_set.tree, set(changed)))),
        parts=tuple(moves(before.score.parts, after.score.parts, parts_of(criteria_set, changed))),
        percent=less(after.score.percent, before.score.percent),
        places=gained(before.place, after.place),
        best_moved=over,
        assumptions=assumed(
            [
                *standing(criteria_set, rivals, others),
                *measured(moved, changed),
                *(["best_moved"] if over else []),
            ]
        ),
    )


def outcome(made: Score, rivals: Rivals | None, ranking: RankingSettings) -> Outcome:
    """Place a score among its rivals."""
    if rivals is None or made.percent is None:
        return Outcome(made, None)
    place = place_among(made.percent, made.percent_se, rivals, level=made.level, ranking=ranking)
    return Outcome(made, place)


def best_with(criteria_set: CriteriaSet, inputs: Inputs, others: Mapping[str, float]) -> dict[str, float]:
    """Give the best value by leaf of the unit and of the others together."""
    best = dict(others)
    for leaf in criteria_set.leaves():
        own = best_of_leaf(leaf, criteria_set, inputs)
        if own is not None:
            there = others.get(leaf.id, own)
            best[leaf.id] = max(own, there) if is_higher_better(leaf) else min(own, there)
    return best


def best_of_leaf(leaf: Criterion, criteria_set: CriteriaSet, inputs: Inputs) -> float | None:
    if not isinstance(leaf.rule, Normalised) or not leaf.rule.is_to_best or leaf.id not in inputs:
        return None
    return best_of(criteria_set, [{leaf.id: inputs[leaf.id]}]).get(leaf.id)


def is_higher_better(leaf: Criterion) -> bool:
    return isinstance(leaf.rule, Normalised) and leaf.rule.higher_is_better


def became_best(
    criteria_set: CriteriaSet, changed: Collection[str], moved: Inputs, others: Mapping[str, float]
) -> tuple[str, ...]:
    """Find the changed leaves in which the unit now passes the best of the others."""
    passed = []
    for leaf in criteria_set.leaves():
        given = moved.get(leaf.id)
        if leaf.id in changed and leaf.id in others and isinstance(given, Rate | Count):
            gap = number(given) - others[leaf.id]
            if gap > 0 if is_higher_better(leaf) else gap < 0:
                passed.append(leaf.id)
    return tuple(passed)


def above(nodes: Sequence[Criterion], changed: Collection[str]) -> Iterator[str]:
    """Give the changed nodes and every node above them, parents first."""
    for node in nodes:
        if any(below.id in changed for below in node.walk()):
            yield node.id
            yield from above(node.children, changed)


def parts_of(criteria_set: CriteriaSet, changed: Collection[str]) -> Iterator[str]:
    touched = {
        part
        for node in criteria_set.walk()
        if node.id in changed
        for leaf in node.leaves()
        for part in leaf.parts
    }
    return (part.id for cut in criteria_set.cuts for part in cut.parts if part.id in touched)


def moves(
    before: Mapping[str, NodeScore], after: Mapping[str, NodeScore], names: Iterable[str]
) -> Iterator[NodeMove]:
    return (NodeMove(before[name], after[name]) for name in names)


def standing(criteria_set: CriteriaSet, rivals: Rivals | None, best: Mapping[str, float]) -> Iterator[str]:
    """Name what is assumed of the other units."""
    if rivals is not None:
        yield "others_stand_still"
        yield "independent_totals"
        if rivals.unknown_errors:
            yield "errors_of_others_unknown"
        if criteria_set.ranking.tie_break:
            yield "tie_break_unseen"
    if best:
        yield "best_stands_still"


def measured(moved: Mapping[str, LeafInput], changed: Iterable[str]) -> Iterator[str]:
    if any(isinstance(moved.get(name), Measured | MeasuredGroups) for name in changed):
        yield "errors_as_measured"


def gained(before: PlaceAmong | None, after: PlaceAmong | None) -> int | None:
    return None if before is None or after is None else before.place - after.place


def less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
