"""The items of one section of a questionnaire: how answers spread, and each item's figure.

Items on different scales stand in tables of their own. Not the indices above them (results_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from survey.questionnaires import Item, Questionnaire, Scale, Section
from survey.services.distributions import Distribution, levels_of
from survey.services.indices import Indices
from survey.services.shown.figures import ShownFigures
from survey.web.languages import language
from survey.web.office.figures import interval, number, percent, respondents


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """A bar of a distribution chart, in percent."""

    label: str
    shares: list[float | None]
    n: int | None


@dataclass(frozen=True, slots=True)
class ItemTable:
    """The items of one scale: levels, bars, and rows of figures.

    Attributes:
        suffix: names the scale where the section has several; "" where it has one.
        top: labels of the levels that count as favourable; "" where the formula takes means.
        rows: item, share and its interval, mean and its interval, respondents; [] where no item
            of the table enters the index.
    """

    suffix: str
    levels: list[str]
    top: str
    spread: list[SpreadRow]
    rows: list[list[Any]]


def sections_with_scales(questionnaire: Questionnaire) -> list[Section]:
    """List the sections that ask anything on an ordinal scale."""
    return [one for one in questionnaire.sections if any(_is_scaled(item) for item in one.items)]


def item_tables(shown: ShownFigures, section_id: str) -> list[ItemTable]:
    """Make the tables of one section, one a scale, in the questionnaire's order."""
    if not section_id:
        return []
    indices = shown.indices
    inside = {item.id for item in indices.questionnaire.section(section_id).items}
    spread = [one for one in shown.distributions if one.item.id in inside]
    scales = {one.item.scale.id: one.item.scale for one in spread if one.item.scale is not None}
    return [
        _table(indices, scale, [one for one in spread if one.item.scale == scale], named=len(scales) > 1)
        for scale in scales.values()
    ]


def _is_scaled(item: Item) -> bool:
    return item.kind == "single" and item.scale is not None and item.scale.kind == "ordinal"


def _table(indices: Indices, scale: Scale, mine: Sequence[Distribution], *, named: bool) -> ItemTable:
    levels = [(value, scale.option(option).label.in_(language())) for value, option in levels_of(scale)]
    top = " + ".join(label for value, label in levels if value in indices.formula.levels)
    rows = [_figures(indices, one.item) for one in mine]
    return ItemTable(
        suffix=f" ({levels[0][1]} – {levels[-1][1]})" if named else "",
        levels=[label for _value, label in levels],
        top=top if indices.formula.measure == "top_share" else "",
        spread=[_spread_row(one) for one in mine],
        rows=[row for row in rows if row],
    )


def _spread_row(one: Distribution) -> SpreadRow:
    shares = [None if share is None else share * 100 for share in one.shares]
    return SpreadRow(one.item.text.in_(language()), shares, one.n)


def _figures(indices: Indices, item: Item) -> list[Any]:
    share, mean = indices.find("share", item.id), indices.find("mean", item.id)
    if mean is None:
        return []
    shown = [item.text.in_(language())]
    if share is not None:
        shown += [percent(share.scaled(100, "percent").value), interval(share.scaled(100, "percent"))]
    return [*shown, number(mean.value), interval(mean), respondents(mean)]
