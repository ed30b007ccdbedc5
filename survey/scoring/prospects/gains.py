"""What each leaf of a scored unit can still gain: steps for choices and counts, any amount for rates.

Not which gains are cheapest (programme.py), nor the inputs that bring them (inputs_for.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey.scoring.criteria import CriteriaSet, Criterion
from survey.scoring.inputs import Count, LeafInput
from survey.scoring.prospects.changing import Inputs
from survey.scoring.result import Score
from survey.scoring.rules_counted import (
    BonusPenalty,
    Choice,
    Normalised,
    PerCount,
    Steps,
    ThresholdLinear,
    number,
)

#: Methods whose points others decide: they are left out unless named.
UNINFLUENCED = ("leaders_survey", "delegates_survey", "leaders_and_delegates_survey", "sipas", "impact")
#: Gains below this are float noise.
NOISE = 1e-9
#: A count that needs more steps than this to its maximum is treated as an amount.
MOST_STEPS = 1000

Reason: TypeAlias = Literal[
    "not_influenced", "left_out", "exempt", "at_maximum", "maximum_unknown", "without_effort"
]


@dataclass(frozen=True, slots=True)
class Gains:
    """The points that one leaf can still gain.

    Attributes:
        points: what it has.
        low, high: the least gain other than none, and the most.
        steps: every gain that is possible, where not all between low and high are.
        factor: percent of the base that one point makes.
    """

    leaf: Criterion
    points: float
    low: float
    high: float
    steps: tuple[float, ...] | None
    factor: float

    def least(self, needed: float) -> float | None:
        """Give the smallest possible gain of at least `needed` points; None where there is none."""
        if self.steps is not None:
            return next((step for step in self.steps if step >= needed - NOISE), None)
        return max(self.low, needed) if needed <= self.high + NOISE else None


def gains(
    criteria_set: CriteriaSet,
    inputs: Inputs,
    made: Score,
    best: Mapping[str, float],
    *,
    also: Collection[str] = (),
    without: Collection[str] = (),
) -> tuple[tuple[Gains, ...], dict[str, Reason]]:
    """Find what each leaf can gain, and why a leaf can not.

    Args:
        best: the best value by leaf, the unit's own included.
        also: leaves of surveys, SIPAS or impact to count as open to influence.
        without: leaves to leave as they are.
    """
    found: list[Gains] = []
    reasons: dict[str, Reason] = {}
    for leaf in criteria_set.leaves():
        reason = closed(leaf, made, also, without)
        open_ = None if reason else of_leaf(leaf, inputs[leaf.id], made, best)
        if open_ is None:
            reasons[leaf.id] = reason or "at_maximum"
        else:
            found.append(open_)
    return tuple(found), reasons


def closed(leaf: Criterion, made: Score, also: Collection[str], without: Collection[str]) -> Reason | None:
    if made.nodes[leaf.id].exempt:
        return "exempt"
    if leaf.id in without:
        return "left_out"
    if leaf.method in UNINFLUENCED and leaf.id not in also:
        return "not_influenced"
    return "maximum_unknown" if leaf.maximum is None else None


def of_leaf(leaf: Criterion, given: LeafInput, made: Score, best: Mapping[str, float]) -> Gains | None:
    """Find the gains of one leaf, None where it has everything it can have."""
    points = made.nodes[leaf.id].points or 0.0
    whole = (leaf.maximum or 0.0) - points
    listed = steps_of(leaf, given, best)
    steps = None if listed is None else tuple(sorted({one - points for one in listed}))
    steps = None if steps is None else tuple(step for step in steps if step > NOISE)
    high = whole if steps is None else max(steps, default=0.0)
    if high <= NOISE:
        return None
    low = steps[0] if steps else jump(leaf, given)
    return Gains(leaf, points, low, high, steps, factor_of(leaf, made))


def factor_of(leaf: Criterion, made: Score) -> float:
    """Give the percent that one point of a leaf makes: of what applies, or of the base for a bonus."""
    applicable = made.base if leaf.outside_base else made.total.applicable
    return 100.0 / (applicable or made.base)


def jump(leaf: Criterion, given: LeafInput) -> float:
    """Give the first gain below a threshold, which is all that the threshold is worth."""
    rule = leaf.rule
    if not isinstance(rule, ThresholdLinear) or number(given) >= rule.threshold:
        return 0.0
    return (leaf.maximum or 0.0) * min(rule.threshold / rule.full_at, 1.0)


def steps_of(leaf: Criterion, given: LeafInput, best: Mapping[str, float]) -> Iterable[float] | None:
    """List the points that a leaf can have, None where it can have any."""
    match leaf.rule:
        case Choice(options=options):
            return options.values()
        case Steps(steps=steps):
            return [points for _, points in steps]
        case PerCount(each=each):
            return counted(each, number(given), leaf.maximum or 0.0)
        case BonusPenalty() as rule if isinstance(given, Count):
            return bonuses(rule, given.value)
        case Normalised() as rule if is_all_or_nothing(rule, leaf, best):
            return [leaf.maximum or 0.0]
        case _:
            return None


def counted(each: float, value: float, maximum: float) -> list[float] | None:
    """List what one more, two more … bring, up to the maximum."""
    number_of_steps = math.ceil((maximum - each * value) / each - NOISE)
    if number_of_steps > MOST_STEPS:
        return None
    return [min(each * (value + more), maximum) for more in range(1, number_of_steps + 1)]


def bonuses(rule: BonusPenalty, value: float) -> list[float] | None:
    """List what other counts bring: more of what earns, fewer of what costs."""
    if rule.each == 0:
        return []
    end = rule.highest / rule.each if rule.each > 0 else 0.0
    if abs(end - value) > MOST_STEPS:
        return None
    return [min(max(rule.each * count, rule.lowest), rule.highest) for count in counts(value, end)]


def counts(value: float, end: float) -> Iterator[float]:
    """Give the counts from one beyond `value` until `end` is reached."""
    way = 1.0 if end > value else -1.0
    for more in range(1, math.ceil(abs(end - value) - NOISE) + 1):
        yield max(value + way * more, 0.0)


def is_all_or_nothing(rule: Normalised, leaf: Criterion, best: Mapping[str, float]) -> bool:
    """Say whether the best is 0 and fewer is better: then 0 earns everything and the rest nothing."""
    return not rule.higher_is_better and against(rule, leaf, best) == 0


def against(rule: Normalised, leaf: Criterion, best: Mapping[str, float]) -> float:
    return best.get(leaf.id, 0.0) if rule.target is None else rule.target
