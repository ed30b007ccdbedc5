"""The cheapest set of criteria that reaches a total or a place, the other units standing still.

Not the solver (programme.py). The plan is scored again by the set's own rules before it is given.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.scoring.criteria import CriteriaSet
from survey.scoring.errors import IncompleteScore, RefusedTarget
from survey.scoring.inputs import LeafInput, Measured, MeasuredGroups
from survey.scoring.prospects.assumptions import assumed
from survey.scoring.prospects.bonus_room import BonusRoom
from survey.scoring.prospects.changing import Inputs
from survey.scoring.prospects.gains import NOISE, Gains, gains
from survey.scoring.prospects.inputs_for import input_for
from survey.scoring.prospects.plan import (
    Effort,
    Objective,
    Plan,
    Step,
    Target,
    ToPercent,
    ToPlace,
    is_reached,
)
from survey.scoring.prospects.programme import Cost, Offer, cheapest_gains
from survey.scoring.prospects.rivals import Rivals
from survey.scoring.prospects.what_if import Outcome, became_best, best_with, outcome, standing
from survey.scoring.result import Score
from survey.scoring.roll_up import score
from survey.scoring.set_settings import RankingSettings
from survey.scoring.uncertainty import Correlations

METHOD = (
    "mixed-integer programme solved without a gap (HiGHS); options, steps and counts in whole steps, "
    "rates and appraised points in any amount; among equally cheap plans {then}"
)
THEN: dict[str, str] = {
    "criteria": "the fewest points",
    "points": "the fewest criteria",
    "effort": "the fewest criteria",
}


def cheapest(
    criteria_set: CriteriaSet,
    inputs: Inputs,
    target: Target,
    *,
    objective: Objective = "criteria",
    efforts: Mapping[str, Effort] | None = None,
    rivals: Rivals | None = None,
    best: Mapping[str, float] | None = None,
    also: Collection[str] = (),
    without: Collection[str] = (),
    correlations: Correlations | None = None,
    level: float = 0.95,
    seconds: float = 10.0,
) -> Plan:
    """Find the plan with the fewest criteria, the fewest points or the least effort.

    A bonus or a penalty counts in full, each point inside the base as much as exemptions make it
    worth. With `effort` a leaf of no stated effort is left alone: unknown is not free.

    Args:
        best: the best value among the *other* units, by leaf normalised to the best; taken to stay.
        also: leaves of surveys, SIPAS or impact that count as open to influence.
        without: leaves to leave as they are.
        seconds: that one run of the solver may take.

    Raises:
        RefusedInputs: inputs that the set does not take.
        RefusedTarget: a target, effort or leaf that cannot be meant.
        IncompleteScore: the total is not known.
        UnsolvedPlan: not found in that time.
    """
    stated = efforts or {}
    refuse(criteria_set, target, stated, rivals, [*also, *without])
    desk = Desk(criteria_set, inputs, best or {}, rivals, correlations, level)
    before = desk.outcome(inputs)
    if before.score.percent is None:
        raise IncompleteScore(before.score.missing)
    open_, closed = gains(criteria_set, inputs, before.score, desk.best(inputs), also=also, without=without)
    if objective == "effort":
        closed |= {one.leaf.id: "without_effort" for one in open_ if one.leaf.id not in stated}
        open_ = tuple(one for one in open_ if one.leaf.id in stated)
    needed = percent_for(target, rivals, criteria_set.ranking)
    offers = [offer(one, objective, stated.get(one.leaf.id)) for one in open_]
    is_beyond = criteria_set.bounded and (needed or 0.0) > 100
    room = BonusRoom.of(criteria_set, before.score)
    found = None if is_beyond else cheapest_gains(offers, lacking(before.score, needed), room, seconds)
    taken = [(one, gain) for one, gain in zip(open_, found or (), strict=False) if gain > NOISE]
    planned = desk.with_gains(taken)
    after = desk.outcome(planned)
    return Plan(
        objective=objective,
        target=target,
        needed=needed,
        reached=found is not None and is_reached(target, after),
        steps=tuple(steps(taken, planned, after.score, stated)),
        before=before,
        after=after,
        most=desk.outcome(desk.with_gains([(one, one.high) for one in open_])),
        closed=closed,
        assumptions=assumed(desk.assumptions(before.score, open_, planned)),
        method=METHOD.format(then=THEN[objective]),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """One unit, its set and its rivals: whatever is planned is scored here."""

    criteria_set: CriteriaSet
    inputs: Inputs
    others: Mapping[str, float]
    rivals: Rivals | None
    correlations: Correlations | None
    level: float

    def best(self, inputs: Inputs) -> dict[str, float]:
        return best_with(self.criteria_set, inputs, self.others)

    def outcome(self, inputs: Inputs) -> Outcome:
        made = score(
            self.criteria_set,
            inputs,
            best=self.best(inputs),
            correlations=self.correlations,
            level=self.level,
        )
        return outcome(made, self.rivals, self.criteria_set.ranking)

    def with_gains(self, taken: Sequence[tuple[Gains, float]]) -> dict[str, LeafInput]:
        """Give the inputs with which leaves have gained their points."""
        best = self.best(self.inputs)
        moved = {
            one.leaf.id: input_for(one.leaf, self.inputs[one.leaf.id], one.points + gain, best)
            for one, gain in taken
        }
        return {**self.inputs, **moved}

    def assumptions(self, before: Score, open_: Sequence[Gains], planned: Inputs) -> Iterator[str]:
        yield from standing(self.criteria_set, self.rivals, self.others)
        changed = [name for name, given in planned.items() if given != self.inputs[name]]
        if before.exempt:
            yield "exemptions_stay"
        if any(one.leaf.method == "composite" for one in open_):
            yield "composite_counted"
        if any(isinstance(planned[name], Measured | MeasuredGroups) for name in changed):
            yield "errors_as_measured"
        if became_best(self.criteria_set, changed, planned, self.others):
            yield "best_moved"


def steps(
    taken: Sequence[tuple[Gains, float]], planned: Inputs, after: Score, efforts: Mapping[str, Effort]
) -> list[Step]:
    """Say each gain with its input and what it is worth, most percent first."""
    made = [step(one, gain, planned, after, efforts.get(one.leaf.id)) for one, gain in taken]
    return sorted(made, key=lambda one: -one.percent)


def step(one: Gains, gain: float, planned: Inputs, after: Score, effort: Effort | None) -> Step:
    points = after.nodes[one.leaf.id].points or 0.0
    return Step(
        leaf=one.leaf.id,
        name=one.leaf.name,
        before=one.points,
        after=points,
        percent=one.factor * (points - one.points),
        given=planned[one.leaf.id],
        effort=None if effort is None else effort.start + effort.per_point * gain,
        in_steps=one.steps is not None,
    )


def refuse(
    criteria_set: CriteriaSet,
    target: Target,
    efforts: Mapping[str, Effort],
    rivals: Rivals | None,
    named: Sequence[str],
) -> None:
    """Refuse what cannot be meant, before anything is computed."""
    if isinstance(target, ToPlace) and (rivals is None or target.place < 1):
        raise RefusedTarget(at="place", got=target.place if rivals is not None else "–")
    if isinstance(target, ToPercent) and not math.isfinite(target.percent):
        raise RefusedTarget(at="percent", got=target.percent)
    leaves = {leaf.id for leaf in criteria_set.leaves()}
    for name in (*named, *efforts):
        if name not in leaves:
            raise RefusedTarget(at=name, got="–")
    for name, effort in efforts.items():
        low = min(effort.start, effort.per_point)
        if not math.isfinite(effort.start + effort.per_point) or low < 0:
            raise RefusedTarget(at=name, got=low)


def percent_for(target: Target, rivals: Rivals | None, ranking: RankingSettings) -> float | None:
    if isinstance(target, ToPercent):
        return target.percent
    return None if rivals is None else rivals.least_for(target.place, ranking)


def lacking(before: Score, needed: float | None) -> float:
    """Give the percent that is lacking, before bonus and penalty are held within the base."""
    points = (before.total.rescaled or 0.0) + (before.bonus or 0.0)
    return 0.0 if needed is None else needed - 100 * points / before.base


def offer(one: Gains, objective: Objective, effort: Effort | None) -> Offer:
    criteria, points = Cost(1.0, 0.0), Cost(0.0, 1.0)
    if objective == "effort" and effort is not None:
        return Offer(one, Cost(effort.start, effort.per_point), criteria)
    return Offer(one, criteria, points) if objective == "criteria" else Offer(one, points, criteria)
