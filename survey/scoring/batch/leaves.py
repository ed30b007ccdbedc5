"""Every leaf of a set for every unit: points, which inputs are refused, and the slots of surveys.

Not one rule (points.py, measured.py), nor the tree above the leaves (roll_up.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray, LeafColumn, LeafColumns
from survey.scoring.batch.measured import (
    Slot,
    earn_index,
    earn_survey,
    index_slots,
    sound_index,
    sound_survey,
    survey_slots,
)
from survey.scoring.batch.points import EARN, SOUND, Terms, best_among, takes
from survey.scoring.batch.tree import Tree, unknown_as_nan
from survey.scoring.criteria import Criterion
from survey.scoring.rules_counted import Normalised
from survey.scoring.rules_measured import ExternalIndex, SurveyMean


@dataclass(frozen=True, slots=True)
class Leaves:
    """What the leaves earn.

    Attributes:
        points: (leaves, units), NaN where unknown.
        sound: (leaves, units) inputs that the leaf's rule takes.
        simulated: (leaves, units).
        slots: of survey leaves, in the order of the leaves.
        best: the best unit's value by leaf id, of leaves normalised to the best.
    """

    points: FloatArray
    sound: BoolArray
    simulated: BoolArray
    slots: tuple[Slot, ...]
    best: Mapping[str, float]


def earn(tree: Tree, columns: LeafColumns) -> Leaves:
    """Apply every leaf's rule to its column."""
    shape = len(tree.leaves), len(columns.units)
    points, sound = np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    simulated = np.zeros(shape, dtype=np.bool_)
    slots: list[Slot] = []
    best: dict[str, float] = {}
    with np.errstate(all="ignore"):
        for row, leaf in enumerate(tree.leaves):
            column = columns.columns.get(leaf.id)
            if column is None:
                continue
            sound[row] = takes(leaf, column) & sound_for(leaf, column)
            earned = earn_leaf(leaf, row, column, sound[row], slots, best)
            points[row] = np.where(sound[row], earned, np.nan)
            simulated[row] = column.simulated
    return Leaves(points, sound, simulated, tuple(slots), best)


def sound_for(leaf: Criterion, column: LeafColumn) -> BoolArray:
    rule = leaf.rule
    if isinstance(rule, ExternalIndex):
        return sound_index(rule, column)
    if isinstance(rule, SurveyMean):
        return sound_survey(rule, column)
    assert rule is not None
    return SOUND[rule.kind](rule, column, Terms(unknown_as_nan(leaf.maximum)))


def earn_leaf(
    leaf: Criterion,
    row: int,
    column: LeafColumn,
    sound: BoolArray,
    slots: list[Slot],
    best: dict[str, float],
) -> FloatArray:
    """Give the points of one leaf; its slots and its best value are added to what is collected."""
    rule, maximum = leaf.rule, unknown_as_nan(leaf.maximum)
    if isinstance(rule, ExternalIndex):
        mine = index_slots(rule, column, row, maximum)
        slots += mine
        return earn_index(rule, mine, maximum, sound.size)
    if isinstance(rule, SurveyMean):
        mine = survey_slots(rule, column, row, maximum)
        slots += mine
        return earn_survey(mine, maximum, sound.size)
    if isinstance(rule, Normalised) and rule.is_to_best:
        found = best_among(rule, column, sound)
        best |= {} if found is None else {leaf.id: found}
    assert rule is not None
    return EARN[rule.kind](rule, column, Terms(maximum, best.get(leaf.id)))
