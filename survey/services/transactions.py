"""Numbers of transactions by unit and day, as the dossier system counts them, for K11.

Nothing of a dossier or a person comes with them. Not the rule (review/plausibility.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.permissions import round_for
from survey.services.review.errors import BadTransactions
from survey.services.rounds import round_named
from survey.storage import audit, oversight, rounds
from survey.storage.models import RoundRow
from survey.storage.store import Store

#: Lines of wrong ones that are named.
_NAMED = 10
_MOST_LINES = 100_000
_MOST = 100_000
_HEADS = {"unit", "don_vi", "đơn vị", "mã đơn vị"}


@dataclass(frozen=True, slots=True)
class Told:
    """How many numbers were recorded, from which day to which."""

    numbers: int
    first: date
    last: date


def record_transactions_for(*, store: Store, clock: Clock, account: Account, code: str, text: str) -> Told:
    """Record numbers that an official gives; see `record_transactions`.

    Raises:
        NoSuchRound: the round is elsewhere or nowhere.
        BadTransactions: nothing is written.
    """
    round_ = round_for(store=store, account=account, code=code)
    return _record(store, clock, round_, text, account.login)


def record_transactions(*, store: Store, clock: Clock, code: str, text: str, actor: str) -> Told:
    """Record lines of unit id, day and number, with commas or semicolons; a number told again replaces.

    Raises:
        NoSuchRound: there is no round of that code.
        BadTransactions: a line is wrong, or names a unit that the round does not judge; nothing is written.
    """
    with store.reading() as session:
        round_ = round_named(session, code)
    return _record(store, clock, round_, text, actor)


def _record(store: Store, clock: Clock, round_: RoundRow, text: str, actor: str) -> Told:
    with store.reading() as session:
        judged = frozenset(unit.id for _row, unit in rounds.units_of(session, round_.id))
    rows: dict[tuple[str, date], Mapping[str, Any]] = {}
    wrong: list[int] = []
    for number, line in _lines(text):
        found = _read(line, judged)
        if found is None:
            wrong.append(number)
        else:
            rows[found[0], found[1]] = {
                "unit_id": found[0],
                "day": found[1],
                "transactions": found[2],
                "recorded_by": actor,
            }
    if wrong or not rows:
        named = ", ".join(map(str, wrong[:_NAMED])) + (" …" if len(wrong) > _NAMED else "")
        raise BadTransactions(lines=named or "1")
    days = [day for _unit, day in rows]
    told = Told(len(rows), min(days), max(days))
    with store.transaction() as session:
        oversight.record_transactions(session, list(rows.values()))
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="transactions recorded",
            subject=round_.code,
            details={"numbers": told.numbers, "first": str(told.first), "last": str(told.last)},
        )
    return told


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that hold anything, numbered from 1, without a heading."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            cells = [cell.strip() for cell in line]
            if number > _MOST_LINES:
                raise BadTransactions(lines=f"> {_MOST_LINES}")
            if any(cells) and not (number == 1 and cells[0].lower() in _HEADS):
                yield number, cells
    except csv.Error as error:
        raise BadTransactions(str(error), lines="?") from error


def _read(line: list[str], judged: frozenset[str]) -> tuple[str, date, int] | None:
    try:
        unit, day, number = line
        found = unit, date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return found if unit in judged and number.isascii() and 0 <= found[2] <= _MOST else None
