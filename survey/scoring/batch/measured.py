"""What each unit earns on one leaf by a rule on survey results, and the error that comes with it.

The same rules as rules_measured.py, for a column of units at once; rules on counts are in points.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import (
    ALONE,
    BoolArray,
    FloatArray,
    Kind,
    LeafColumn,
    MeasuredColumn,
)
from survey.scoring.rules_measured import ExternalIndex, SurveyMean


@dataclass(frozen=True, slots=True)
class Slot:
    """One group's estimates in one leaf, as they enter its points: Σ factor × value.

    Attributes:
        leaf: row among the leaves.
        group: id of the group; empty for an index of its own.
        scale: the most that a value can be.
        factor: (units,) points for one of the value's unit; NaN where the leaf's points are unknown.
    """

    leaf: int
    group: str
    scale: float
    factor: FloatArray
    estimates: MeasuredColumn


def sound_index(rule: ExternalIndex, column: LeafColumn) -> BoolArray:
    """Say which estimates of an index lie on its scale."""
    alone = column.groups.get(ALONE)
    return np.zeros(column.kind.size, np.bool_) if alone is None else sound_estimates(alone, rule.scale)


def sound_survey(rule: SurveyMean, column: LeafColumn) -> BoolArray:
    """Say which units gave sound estimates of the rule's groups, and of no other."""
    sound = np.ones(column.kind.size, dtype=np.bool_)
    if len(rule.groups) > 1:
        sound &= column.kind != Kind.MEASURED
    for name, group in by_group(rule, column).items():
        held = sound_estimates(group, 1.0) & (name in rule.groups)
        if rule.pooled and len(rule.groups) > 1:
            held &= group.n > 0
        sound &= held | ~group.present
    return sound


def sound_estimates(group: MeasuredColumn, scale: float) -> BoolArray:
    """Say which estimates lie on the scale, with an error, df and n that can be."""
    sound = (group.value >= 0) & (group.value <= scale)
    for figure in (group.se, group.df, group.n):
        sound &= np.isnan(figure) | ((figure >= 0) & np.isfinite(figure))
    return sound


def by_group(rule: SurveyMean, column: LeafColumn) -> Mapping[str, MeasuredColumn]:
    """Give the estimates by group; one that was given without a group is that of the only group."""
    alone = column.groups.get(ALONE)
    if alone is None or not np.any(column.kind == Kind.MEASURED):
        return column.groups
    only = next(iter(rule.groups))
    others = {name: group for name, group in column.groups.items() if name not in (ALONE, only)}
    named = column.groups.get(only)
    return {**others, only: alone if named is None else merged(alone, named)}


def merged(one: MeasuredColumn, other: MeasuredColumn) -> MeasuredColumn:
    """Take one column, and the other where it has nothing."""
    has = one.present
    value, se, df, n = (
        np.where(has, mine, theirs)
        for mine, theirs in (
            (one.value, other.value),
            (one.se, other.se),
            (one.df, other.df),
            (one.n, other.n),
        )
    )
    survey = np.where(has, one.survey, other.survey + len(one.surveys))
    simulated = np.where(has, one.simulated, other.simulated)
    return MeasuredColumn(value, se, df, n, survey, one.surveys + other.surveys, simulated)


def index_slots(rule: ExternalIndex, column: LeafColumn, leaf: int, maximum: float) -> list[Slot]:
    """Make the slot of an index of its own."""
    alone = column.groups.get(ALONE)
    if alone is None:
        return []
    factor = np.where(alone.present, maximum / rule.scale, np.nan)
    return [Slot(leaf, "", rule.scale, factor, alone)]


def survey_slots(rule: SurveyMean, column: LeafColumn, leaf: int, maximum: float) -> list[Slot]:
    """Make a slot of each group; a unit without one of the groups has unknown points."""
    groups = by_group(rule, column)
    if not set(rule.groups) <= set(groups):
        return []
    used = {name: groups[name] for name in rule.groups}
    every = np.all([group.present for group in used.values()], axis=0)
    return [
        Slot(leaf, name, 1.0, np.where(every, maximum * weight, np.nan), used[name])
        for name, weight in weights(rule, used).items()
    ]


def weights(rule: SurveyMean, groups: Mapping[str, MeasuredColumn]) -> dict[str, FloatArray]:
    """Give the weight of each group by unit, adding up to 1."""
    size = next(iter(groups.values())).value.size
    if len(groups) == 1:
        return {name: np.ones(size) for name in groups}
    if rule.pooled:
        total = sum((group.n for group in groups.values()), start=np.zeros(size))
        return {name: group.n / total for name, group in groups.items()}
    return {name: np.full(size, rule.groups[name] or 0.0) for name in groups}


def earn_index(rule: ExternalIndex, slots: list[Slot], maximum: float, size: int) -> FloatArray:
    """Convert an index linearly; NaN where none was given."""
    if not slots:
        return np.full(size, np.nan)
    return np.minimum(slots[0].estimates.value * maximum / rule.scale, maximum)


def earn_survey(slots: list[Slot], maximum: float, size: int) -> FloatArray:
    """Add up what the groups of one leaf earn; NaN where a group is unknown."""
    if not slots:
        return np.full(size, np.nan)
    points = np.sum([slot.factor * slot.estimates.value for slot in slots], axis=0)
    return np.asarray(np.minimum(points, maximum), dtype=np.float64)
