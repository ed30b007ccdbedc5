"""Which questions a response was not asked, found again from its answers: a blank is not a gap.

A snapshot keeps both as nothing. Comments are not in a snapshot, so where routing looks at one, nobody
can say, and the gap stays a blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.questionnaires import Item, Questionnaire, Section, visible_items
from survey.storage.snapshots import ItemColumns, columns_of

_BLANK = -1_000


def conditions(questionnaire: Questionnaire) -> Mapping[str, frozenset[str]]:
    """Give the questions that may be skipped, each with the questions that decide it."""
    found: dict[str, frozenset[str]] = {}
    untold: set[str] = {item.id for item in questionnaire.items if item.kind == "text"}
    for section in questionnaire.sections:
        for item in section.items:
            deciding = _deciding(section, item)
            if deciding & untold:
                untold.add(item.id)
            elif deciding and item.kind != "text":
                found[item.id] = deciding
    return found


class RoutingGaps:
    """Tells, for a batch of a snapshot, which questions each response was not asked."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._conditional = tuple(conditions(questionnaire))
        deciding = frozenset[str]().union(*conditions(questionnaire).values())
        self._deciding = tuple(column for column in columns_of(questionnaire) if column.item in deciding)

    def not_asked(self, batch: Any) -> Mapping[str, NDArray[np.bool_]]:
        """Give for each question that may be skipped the rows (rows,) that skipped it."""
        if not self._conditional:
            return {}
        names = [name for column in self._deciding for name in column.names]
        given = np.stack([_stored(batch.column(name)) for name in names], axis=1)
        ways, way = np.unique(given, axis=0, return_inverse=True)
        asked = [self._asked(dict(zip(names, one.tolist(), strict=True))) for one in ways]
        return {
            item: np.array([item not in visible for visible in asked], dtype=np.bool_)[way.reshape(-1)]
            for item in self._conditional
        }

    def _asked(self, given: Mapping[str, int]) -> frozenset[str]:
        answers: dict[str, str | tuple[str, ...]] = {}
        for column in self._deciding:
            answer = _answer(column, given)
            if answer is not None:
                answers[column.item] = answer
        return frozenset(visible_items(self._questionnaire, answers))


def _deciding(section: Section, item: Item) -> frozenset[str]:
    rules = [rule for rule in (section.show_if, item.show_if) if rule is not None]
    return frozenset[str]().union(*(rule.items() for rule in rules))


def _answer(column: ItemColumns, given: Mapping[str, int]) -> str | tuple[str, ...] | None:
    if given[column.names[0]] == _BLANK:
        return None
    if column.kind == "multiple":
        return tuple(option for option in column.codes if given[f"{column.item}/{option}"] == 1)
    return next(option for option, code in column.codes.items() if code == given[column.item])


def _stored(column: Any) -> NDArray[np.int16]:
    stored: NDArray[np.int16] = column.cast("int16").fill_null(_BLANK).to_numpy(zero_copy_only=False)
    return stored
