"""What a statistic counts: its items as columns of numbers, or an indicator of each level asked for.

Not the estimation (estimating.py). A text column can be counted by its levels, never averaged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.errors import listed
from survey.aggregation.request.columns import Coded, Columns
from survey.aggregation.request.errors import NoSuchLabel
from survey.aggregation.request.request import Label, StatisticRequest
from survey.aggregation.request.values import key_of


@dataclass(frozen=True, slots=True)
class Counted:
    """A column that a statistic counts.

    Attributes:
        key: its id in the analysis.
        item: the column of the data.
        level: the level that it indicates; None for a column of numbers or of several levels.
        values: (rows,) numbers with NaN where missing, or int8 0 and 1 with -1 where missing.
    """

    key: str
    item: str
    level: Label | None
    values: NDArray[Any]


def counted(columns: Columns, statistic: StatisticRequest) -> tuple[Counted, ...]:
    """Return the columns that a statistic counts, item by item and level by level.

    Raises:
        NotNumbers, TypeChanged: an item of text that is to be averaged or summed.
        NoSuchLabel: a level that the item cannot have.
    """
    path = f"{statistic.path}.items"
    if statistic.kind == "proportion" or (statistic.kind == "total" and statistic.levels):
        return tuple(
            one
            for item in statistic.items
            for one in _by_level(columns.labels(item), item, statistic.levels, statistic.path)
        )
    if statistic.levels:
        return tuple(_top(columns.labels(item), item, statistic) for item in statistic.items)
    return tuple(
        Counted(item, item, None, columns.numbers(item, path)) for item in dict.fromkeys(statistic.items)
    )


def _by_level(coded: Coded, item: str, levels: Sequence[Label], path: str) -> list[Counted]:
    wanted = levels or coded.labels
    _check_levels(coded, item, wanted, path)
    if not wanted:
        raise NoSuchLabel(column=item, path=f"{path}.items", values="-", known="-")
    return [Counted(f"{item}={level}", item, level, _indicator(coded, [level])) for level in wanted]


def _top(coded: Coded, item: str, statistic: StatisticRequest) -> Counted:
    _check_levels(coded, item, statistic.levels, statistic.path)
    return Counted(item, item, None, _indicator(coded, statistic.levels))


def _indicator(coded: Coded, levels: Sequence[Label]) -> NDArray[np.int8]:
    """Return 1 for rows at one of the levels, 0 for others, -1 where the cell is missing."""
    wanted = {key_of(level) for level in levels}
    counts = np.array([*(key_of(label) in wanted for label in coded.labels), -1], dtype=np.int8)
    return counts[coded.codes]


def _check_levels(coded: Coded, item: str, levels: Sequence[Label], path: str) -> None:
    """Refuse a level that the item cannot have; a number that nobody answered is a share of 0."""
    known = {key_of(label) for label in coded.labels}
    numeric = all(not isinstance(label, str) for label in coded.labels)
    absent = [level for level in levels if key_of(level) not in known and not (numeric and _is_number(level))]
    if absent:
        raise NoSuchLabel(
            column=item,
            path=f"{path}.levels",
            values=listed(repr(one) for one in absent),
            known=listed(coded.labels) or "-",
        )


def _is_number(level: Label) -> bool:
    try:
        float(level)
    except ValueError:
        return False
    return True
