"""The input with which a leaf earns so many points: the option, the rate, the count that is needed.

Not which points to aim at (programme.py). What comes out is scored again by the rule itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from survey.scoring.criteria import Criterion
from survey.scoring.inputs import ChosenOption, Count, LeafInput, Measured, MeasuredGroups, Points, Rate
from survey.scoring.prospects.gains import NOISE, against
from survey.scoring.rules import Rule
from survey.scoring.rules_counted import (
    BonusPenalty,
    Choice,
    Direct,
    Linear,
    Normalised,
    PerCount,
    Steps,
    ThresholdLinear,
    number,
)
from survey.scoring.rules_measured import ExternalIndex, SurveyMean
from survey.scoring.spans import Span


def input_for(leaf: Criterion, given: LeafInput, points: float, best: Mapping[str, float]) -> LeafInput:
    """Give the input nearest to the present one with which a leaf earns `points`.

    A rate keeps its denominator where its percent can be met exactly. The groups of a survey each
    close the same part of their gap.

    Args:
        best: the best value by leaf, the unit's own included.
    """
    share = points / leaf.maximum if leaf.maximum else 0.0
    match leaf.rule:
        case Direct():
            return Points(points)
        case Choice(options=options):
            return ChosenOption(min(options, key=lambda name: abs(options[name] - points)))
        case Steps() as rule:
            return numbered(given, step_value(rule, number(given), points, whole=isinstance(given, Count)))
        case BonusPenalty(each=each):
            return Points(points) if isinstance(given, Points) else Count(count_for(given, each, points))
        case PerCount(each=each):
            return Count(count_for(given, each, points))
        case ExternalIndex(scale=scale) if isinstance(given, Measured):
            return replace(given, value=min(share, 1.0) * scale)
        case SurveyMean() as rule:
            return survey_for(rule, given, share)
        case rule:
            return numbered(given, rate_value(leaf, rule, share, best))


def numbered(given: LeafInput, value: float) -> LeafInput:
    """Make an input of the same kind; a rate by its percent."""
    if not isinstance(given, Rate):
        return Count(value)
    near = value * given.denominator / 100
    tried = (near, math.nextafter(near, math.inf), math.nextafter(near, 0.0))
    rates = [Rate(numerator, given.denominator) for numerator in tried]
    return next((rate for rate in rates if rate.percent == value), Rate(value, 100.0))


def rate_value(leaf: Criterion, rule: Rule | None, share: float, best: Mapping[str, float]) -> float:
    """Give the percent or value with which a leaf earns a share of its maximum."""
    match rule:
        case Linear(full_at=full):
            return share * full
        case ThresholdLinear(full_at=full, threshold=threshold):
            value = share * full
            return threshold if value < threshold <= value + NOISE else value
        case Normalised(higher_is_better=higher) as normalised:
            target = against(normalised, leaf, best)
            return share * target if higher else target / share if share > 0 else 0.0
        case _:
            raise TypeError(leaf.id)


def step_value(rule: Steps, value: float, points: float, *, whole: bool) -> float:
    """Give the value nearest to the present one in a span that earns `points`."""
    spans = [span for span, earns in rule.steps if abs(earns - points) <= NOISE]
    found = [nearest(span, value, 1.0 if whole else 0.01) for span in spans]
    return min(found, key=lambda one: abs(one - value))


def nearest(span: Span, value: float, margin: float) -> float:
    """Give the value of a span nearest to `value`; past an end that is not in it, by `margin` or less."""
    if span.contains(value):
        return value
    low = -math.inf if span.low is None else span.low
    high = math.inf if span.high is None else span.high
    inner = min(margin, (high - low) / 2)
    if value <= low:
        return low if span.has_low else low + inner
    return high if span.has_high else high - inner


def count_for(given: LeafInput, each: float, points: float) -> float:
    """Give the count that is the fewest whole steps from the present one and earns `points`."""
    value = number(given)
    beyond = math.ceil((points / each - value) * math.copysign(1.0, each) - NOISE)
    return max(value + math.copysign(max(beyond, 0), each), 0.0)


def survey_for(rule: SurveyMean, given: LeafInput, share: float) -> LeafInput:
    """Move the estimates to a mean of `share`; their errors stay as measured."""
    groups = rule.measured(given)
    before = math.fsum(weight * groups[name].value for name, weight in rule.weights(groups).items())
    part = (share - before) / (1 - before) if before < 1 else 0.0
    moved = {name: closer(group, part) for name, group in groups.items()}
    return replace(given, groups=moved) if isinstance(given, MeasuredGroups) else next(iter(moved.values()))


def closer(group: Measured, part: float) -> Measured:
    """Close a part of the gap between an estimate and 1."""
    return replace(group, value=min(group.value + part * (1 - group.value), 1.0))
