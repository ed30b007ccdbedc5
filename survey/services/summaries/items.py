"""The items of a summary: how answers spread over each scale, with the share and the mean of each.

Not the counting of answers (distributions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from survey.aggregation import Estimate
from survey.questionnaires import Scale
from survey.reports import ItemRow, ItemTable
from survey.services.distributions import Distribution, levels_of
from survey.services.indices import Indices


def item_tables(indices: Indices, spread: Sequence[Distribution], language: str) -> Iterator[ItemTable]:
    """Make a table of the items of each scale, with how their answers spread over its levels."""
    scales = {one.item.scale.id: one.item.scale for one in spread if one.item.scale is not None}
    for scale in scales.values():
        mine = [one for one in spread if one.item.scale is not None and one.item.scale.id == scale.id]
        yield _item_table(indices, scale, mine, language)


def _item_table(indices: Indices, scale: Scale, mine: Sequence[Distribution], language: str) -> ItemTable:
    labels = tuple(scale.option(option).label.in_(language) for _value, option in levels_of(scale))
    favourable = [
        scale.option(option).label.in_(language)
        for value, option in levels_of(scale)
        if value in indices.formula.levels
    ]
    return ItemTable(
        title=" – ".join((labels[0], labels[-1])),
        levels=labels,
        top_title=" + ".join(favourable),
        rows=tuple(
            ItemRow(
                one.item.id,
                one.item.text.in_(language),
                one.n,
                one.counts,
                one.shares,
                _share(indices, one.item.id),
                _mean(indices, one.item.id),
            )
            for one in mine
        ),
    )


def _share(indices: Indices, item: str) -> Estimate | None:
    share = indices.find("share", item)
    return None if share is None else share.scaled(100, "percent")


def _mean(indices: Indices, item: str) -> Estimate | None:
    mean = indices.find("mean", item)
    return None if mean is None else replace(mean, unit="score")
