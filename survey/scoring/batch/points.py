"""What each unit earns on one leaf by a rule on counts, and which inputs that rule refuses.

The same rules as rules_counted.py, for a column of units at once; rules on survey results are in
measured.py. NaN points are unknown ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.scoring.batch.columns import KINDS, BoolArray, FloatArray, Kind, LeafColumn
from survey.scoring.criteria import Criterion
from survey.scoring.rules_counted import (
    BonusPenalty,
    Choice,
    Direct,
    Linear,
    Normalised,
    PerCount,
    Steps,
    ThresholdLinear,
)
from survey.scoring.spans import Span

#: Points above the maximum by less than this are the last bits of a sum, not a claim.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule needs besides the column: out of how many points (NaN: unknown), and the best unit."""

    maximum: float
    best: float | None = None


def takes(leaf: Criterion, column: LeafColumn) -> BoolArray:
    """Say which units gave a kind of input that the leaf's rule takes, in finite numbers."""
    assert leaf.rule is not None
    accepted = np.isin(column.kind, [KINDS[kind] for kind in leaf.rule.accepts])
    finite = np.isfinite(column.first) & ((column.kind != Kind.RATE) | np.isfinite(column.second))
    return np.asarray(accepted & (finite | (column.kind >= Kind.MEASURED)))


def amount(column: LeafColumn) -> FloatArray:
    """Read a rate as its percent and a count as itself."""
    percent = np.divide(100 * column.first, column.second)
    return np.where(column.kind == Kind.RATE, percent, column.first)


def sound_amount(column: LeafColumn) -> BoolArray:
    """Say which counts and rates are of something, and not negative."""
    is_rate = column.kind == Kind.RATE
    return np.asarray((column.first >= 0) & (~is_rate | (column.second > 0)))


def sound_direct(rule: Direct, column: LeafColumn, terms: Terms) -> BoolArray:
    return (column.first >= 0) & ~(column.first > terms.maximum + ROUNDING)


def sound_choice(rule: Choice, column: LeafColumn, terms: Terms) -> BoolArray:
    return np.asarray(by_option(column, [float(option in rule.options) for option in column.options]) == 1)


def sound_steps(rule: Steps, column: LeafColumn, terms: Terms) -> BoolArray:
    return np.asarray(sound_amount(column) & ((column.kind == Kind.RATE) == (rule.of == "percent")))


def sound_bonus(rule: BonusPenalty, column: LeafColumn, terms: Terms) -> BoolArray:
    within = (rule.lowest <= column.first) & (column.first <= rule.highest)
    return np.where(column.kind == Kind.POINTS, within, sound_amount(column))


def sound_counted(rule: Any, column: LeafColumn, terms: Terms) -> BoolArray:
    return sound_amount(column)


def earn_direct(rule: Direct, column: LeafColumn, terms: Terms) -> FloatArray:
    return column.first


def earn_choice(rule: Choice, column: LeafColumn, terms: Terms) -> FloatArray:
    return by_option(column, [rule.options.get(option, np.nan) for option in column.options])


def earn_steps(rule: Steps, column: LeafColumn, terms: Terms) -> FloatArray:
    value = amount(column)
    points = np.full(value.size, np.nan)
    for span, worth in reversed(rule.steps):
        points[contains(span, value)] = worth
    return points


def earn_linear(rule: Linear, column: LeafColumn, terms: Terms) -> FloatArray:
    return share(amount(column) / rule.full_at, terms)


def earn_threshold(rule: ThresholdLinear, column: LeafColumn, terms: Terms) -> FloatArray:
    percent = amount(column)
    return share(np.where(percent >= rule.threshold, percent / rule.full_at, 0.0), terms)


def earn_count(rule: PerCount, column: LeafColumn, terms: Terms) -> FloatArray:
    return np.fmin(rule.each * amount(column), terms.maximum)


def earn_normalised(rule: Normalised, column: LeafColumn, terms: Terms) -> FloatArray:
    against = terms.best if rule.target is None else rule.target
    value = amount(column)
    if against is None:
        return np.full(value.size, np.nan)
    other = np.full(value.size, against)
    part, whole = (value, other) if rule.higher_is_better else (other, value)
    return share(np.where(whole > 0, part / whole, 1.0), terms)


def earn_bonus(rule: BonusPenalty, column: LeafColumn, terms: Terms) -> FloatArray:
    points = np.where(column.kind == Kind.POINTS, column.first, rule.each * amount(column))
    return np.clip(points, rule.lowest, rule.highest)


def best_among(rule: Normalised, column: LeafColumn, usable: BoolArray) -> float | None:
    """Find the best unit's value; None where no unit gave a usable one."""
    values = amount(column)[usable]
    if not values.size:
        return None
    return float(values.max() if rule.higher_is_better else values.min())


def share(share: FloatArray, terms: Terms) -> FloatArray:
    """Earn a share of the maximum, held between nothing and everything."""
    return terms.maximum * np.clip(share, 0.0, 1.0)


def by_option(column: LeafColumn, worth: list[float]) -> FloatArray:
    """Look up a figure by the chosen option; NaN where none was chosen."""
    table = np.array([*worth, np.nan])
    chosen = np.where(column.kind == Kind.OPTION, column.first, len(worth))
    return table[chosen.astype(np.intp)]


def contains(span: Span, values: FloatArray) -> BoolArray:
    """Say which values lie in a span, its own ends included as stated."""
    low = -np.inf if span.low is None else span.low
    high = np.inf if span.high is None else span.high
    above = (values >= low) if span.has_low or span.low is None else (values > low)
    below = (values <= high) if span.has_high or span.high is None else (values < high)
    return np.asarray(above & below)


#: By kind of rule: which inputs are sound, and what they earn.
SOUND: dict[str, Callable[[Any, LeafColumn, Terms], BoolArray]] = {
    "direct": sound_direct,
    "choice": sound_choice,
    "steps": sound_steps,
    "linear": sound_counted,
    "threshold_linear": sound_counted,
    "count": sound_counted,
    "normalised": sound_counted,
    "bonus_penalty": sound_bonus,
}
EARN: dict[str, Callable[[Any, LeafColumn, Terms], FloatArray]] = {
    "direct": earn_direct,
    "choice": earn_choice,
    "steps": earn_steps,
    "linear": earn_linear,
    "threshold_linear": earn_threshold,
    "count": earn_count,
    "normalised": earn_normalised,
    "bonus_penalty": earn_bonus,
}
