"""A snapshot's answers as codes for the review of quality: what was given, asked, and stands together.

Not the answers that an index counts (snapshot_sample.py): here "don't know" is an answer too.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.aggregation import ItemBlock
from survey.aggregation.quality import Block
from survey.questionnaires import Item, Questionnaire
from survey.services.routing_gaps import RoutingGaps
from survey.storage.snapshots import ItemColumns, Snapshot, columns_of

#: Options outside the scale (-1, -2, …) get codes from here on, above any value of a scale.
OUTSIDE = 1_000
_BLANK = -OUTSIDE
#: Roles of items that rate something; three places of "how often" are alike for honest reasons.
RATING = ("satisfaction", "assessment")


def given_answers(snapshot: Snapshot, questionnaire: Questionnaire) -> ItemBlock:
    """Give every item but free text as whole numbers, an answer a number, -1 where blank.

    An option outside the scale is an answer; several chosen options are one answer, theirs together.
    """
    columns = columns_of(questionnaire)
    items = tuple(column.item for column in columns)
    return ItemBlock(items, tuple(_given(snapshot, column) for column in columns))


def scale_answers(snapshot: Snapshot, blocks: tuple[Block, ...]) -> ItemBlock:
    """Give the items of some blocks by their values, -1 where there is no answer on the scale."""
    items = tuple(item for block in blocks for item in block.items)
    return ItemBlock(items, tuple(snapshot.scale_values(item) for item in items))


def asked_items(snapshot: Snapshot, questionnaire: Questionnaire) -> NDArray[np.bool_]:
    """Say (rows, items) whether routing led to the item, in the order of `given_answers`."""
    skipped = RoutingGaps(questionnaire).not_asked(snapshot.table)
    columns = columns_of(questionnaire)
    asked = np.ones((snapshot.rows, len(columns)), dtype=np.bool_)
    for at, column in enumerate(columns):
        if column.item in skipped:
            asked[:, at] = ~skipped[column.item]
    return asked


def batteries(questionnaire: Questionnaire) -> tuple[Block, ...]:
    """Find the blocks of rating items that stand one after another on scales laid out alike.

    Scales are alike when their values run the same way over the same places: the same place could be
    ticked all the way down. Nothing in a questionnaire says which items are worded the other way round.
    """
    runs = [(laid, list(items)) for laid, items in groupby(questionnaire.items, _layout)]
    return tuple(
        Block(f"{items[0].id} – {items[-1].id}", tuple(item.id for item in items))
        for laid, items in runs
        if laid is not None and len(items) > 1
    )


def _layout(item: Item) -> tuple[int | None, ...] | None:
    """Give the values of an ordinal rating in the order shown; None for any other item."""
    if item.role not in RATING or item.scale is None or item.scale.kind != "ordinal":
        return None
    return tuple(option.value for option in item.scale.options)


def _given(snapshot: Snapshot, column: ItemColumns) -> NDArray[np.int64]:
    stored = [_stored(snapshot.table.column(name)) for name in column.names]
    blank = stored[0] == _BLANK
    if column.kind == "multiple":
        codes = sum((chosen << place for place, chosen in enumerate(stored)), np.zeros_like(stored[0]))
    else:
        codes = np.where(stored[0] < 0, OUTSIDE - stored[0], stored[0])
    return np.where(blank, -1, codes)


def _stored(column: Any) -> NDArray[np.int64]:
    stored: NDArray[np.int64] = column.cast("int64").fill_null(_BLANK).to_numpy()
    return stored
