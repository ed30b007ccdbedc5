"""What earlier summaries of a round gave away, set beside the new one: nobody may subtract the two.

Not the decision itself (shown/rules.py) nor where it is recorded (shown/records.py). The answers that came
between two summaries are a group of people too, and one of fewer than k stays hidden.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from survey.aggregation.disclosure import Cell, Relation, Tabulation
from survey.aggregation.disclosure.tables import Standing
from survey.questionnaires import Questionnaire
from survey.services.shown.answer_sums import AnswerSums, Sums
from survey.services.shown.cells import CellId, Figure, Printed, by_item, printed
from survey.services.shown.rules import FEWEST, is_small

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Earlier:
    """One summary that was handed out: the sums behind it, and what it withheld."""

    sums: AnswerSums
    withheld: frozenset[CellId]


def touched(earlier: Sequence[Earlier], sums: AnswerSums) -> frozenset[str]:
    """List the units that an earlier summary withheld, or that changed by too few answers since the last."""
    before = {unit for one in earlier for unit, _statistic in one.withheld}
    changed = {
        unit
        for one in earlier[-1:]
        for unit in sums.units
        if any(_changed_little(one.sums.of(unit, item), own) for item, own in sums.items[unit].items())
    }
    return frozenset(unit for unit in sums.units if unit in before | changed)


def _changed_little(before: Sums | None, now: Sums) -> bool:
    return before is not None and before != now and abs(now.n - before.n) < FEWEST


def beside(
    earlier: Sequence[Earlier], sums: AnswerSums, questionnaire: Questionnaire, units: Collection[str]
) -> dict[str, Tabulation]:
    """Make the cells of earlier summaries, and of the answers since each, for the whole and some units."""
    found: dict[str, Tabulation] = {}
    now = by_item(printed(sums, questionnaire, units))
    then = [by_item(printed(one.sums, questionnaire, _there(one.sums, units))) for one in earlier]
    for item, cells in now.items():
        making = _Making()
        chain = [one[item] for one in then if item in one]
        for number, (past, one) in enumerate(zip(chain, _of(earlier, then, item), strict=True)):
            making.add_summary(number, past, one.withheld)
        for number, (past, later) in enumerate(zip(chain, [*chain[1:], cells], strict=True)):
            making.add_changes(number, past, later, None if later is cells else number + 1)
        found[item] = Tabulation(tuple(making.cells), tuple(making.relations), frozenset(making.small))
    return found


def _there(sums: AnswerSums, units: Collection[str]) -> list[str]:
    return [unit for unit in units if unit in sums.sizes]


def _of(earlier: Sequence[Earlier], then: Sequence[Mapping[str, Printed]], item: str) -> list[Earlier]:
    return [one for one, cells in zip(earlier, then, strict=True) if item in cells]


class _Making:
    """The cells and relations so far, of one item."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.relations: list[Relation] = []
        self.small: set[tuple[object, ...]] = set()

    def add_summary(self, number: int, past: Printed, withheld: Collection[CellId]) -> None:
        """Add what a summary printed as public, and what it withheld as unknown still."""
        for id, figure in past.figures.items():
            then = ("then", number, id)
            low, high = figure.bounds
            grain = (high - low) / figure.n or 1.0
            standing: Standing = "latent" if id in withheld else "public"
            self.cells.append(Cell(then, figure.value, low, high, standing, grain=grain))
            if id in withheld and is_small(figure):
                self.small.add(then)
        for relation in past.relations:
            terms: dict[Hashable, float] = {
                ("then", number, id): a for id, a in relation.coefficients.items()
            }
            self.relations.append(Relation(f"{relation.name} ({number})", terms, relation.constant))

    def add_changes(self, number: int, past: Printed, later: Printed, follows: int | None) -> None:
        """Bind each figure to the same one of the next summary by the answers between them."""
        for id, before in past.figures.items():
            after = later.figures.get(id)
            if after is not None:
                self._add_change(("since", number, id), id, before, after, follows)

    def _add_change(
        self, since: tuple[object, ...], id: CellId, before: Figure, after: Figure, follows: int | None
    ) -> None:
        was, now = before.weight or 0.0, after.weight or 1.0
        terms: dict[Hashable, float] = {
            (id if follows is None else ("then", follows, id)): 1.0,
            ("then", since[1], id): -was / now,
        }
        change, share = after.value - before.value * was / now, (now - was) / now
        span = after.bounds[1] - after.bounds[0]
        if max(abs(change), abs(share)) > _SAME * max(span, 1.0):
            cell, coefficient = _change(since, change, share, before, after)
            self.cells.append(cell)
            terms[since] = -coefficient
            if _is_few(before, after):
                self.small.add(since)
        self.relations.append(Relation(f"since {since}", terms))


def _change(
    since: tuple[object, ...], change: float, share: float, before: Figure, after: Figure
) -> tuple[Cell, float]:
    """Return what came between as a cell: the figure of the new people, or where some went, a difference."""
    low, high = after.bounds
    new = after.n - before.n
    if new > 0 and share > _SAME and low - _SAME <= change / share <= high + _SAME:
        value = min(max(change / share, low), high)
        return Cell(since, value, low, high, "latent", grain=(high - low) / new or 1.0), share
    grain = (high - low) / max(after.n, 1) or 1.0
    return Cell(since, change, -math.inf, math.inf, "latent", grain=grain), 1.0


def _is_few(before: Figure, after: Figure) -> bool:
    """Say whether what came between tells of too few people."""
    if abs(after.n - before.n) < FEWEST:
        return True
    return after.count is not None and 0 < abs(after.count - (before.count or 0)) < FEWEST
