"""Alarms: raised by the rules for a unit and day, reviewed by the province, never seen by the judged unit.

Nothing is deleted by one and nothing excluded (exclusions.py). Not the rules themselves (plausibility.py).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from survey.questionnaires import Questionnaire, leaf_items
from survey.services.accounts import Account
from survey.services.asked import questionnaire_of
from survey.services.clock import VIETNAM, Clock, day_in_vietnam
from survey.services.devices.opening_hours import opening_hours
from survey.services.permissions import round_for
from survey.services.review.errors import AlarmReviewed, NoSuchAlarm, NoteNeeded
from survey.services.review.plausibility import (
    OPEN_ADDRESS,
    Finding,
    Forms,
    TopBox,
    UnitDay,
    findings,
    thresholds,
)
from survey.services.rounds import round_named
from survey.storage import audit, oversight, rates
from survey.storage.models import AlarmRow, RoundRow
from survey.storage.oversight import SameAnswers, Scope
from survey.storage.store import Store

LONGEST_NOTE = 300
#: Alarms on a page.
PAGE = 20
#: This rule looks at a month, so its alarm is about the month that begins on its day.
_OF_A_MONTH = "top_box_gap"


@dataclass(frozen=True, slots=True)
class Raised:
    """What a look at some days raised.

    Attributes:
        new: alarms that were not there before.
        silent: words of what the rules lacked: "no_transactions", "no_minutes", "personal_links".
    """

    days: tuple[date, ...]
    new: int
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as the province sees it.

    Attributes:
        stand: where the device stands, "" where it is about no device.
        responses: how many responses it concerns now.
    """

    row: AlarmRow
    scope: Scope
    stand: str
    responses: int


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Some alarms of one status, and how many there are of each."""

    alarms: tuple[Alarm, ...]
    counts: Mapping[str, int]
    page: int
    pages: int


def raise_alarms(
    *, store: Store, clock: Clock, code: str, actor: str, days: Iterable[date] | None = None
) -> Raised:
    """Look at a round's days and raise what is implausible; raising again changes nothing.

    Args:
        days: yesterday and today when not given. Minutes are kept for two days, so bursts and hours of
            earlier days are not seen any more.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    today = day_in_vietnam(clock.now())
    looked_at = tuple(sorted(set(days))) if days is not None else (today - timedelta(days=1), today)
    with store.reading() as session:
        round_ = round_named(session, code)
        if round_.entry == "personal":
            return Raised(looked_at, 0, ("personal_links",))
        found = [_looked(session, round_, day) for day in looked_at]
    raised = [
        _values(round_, clock, unit, day, one)
        for day, (by_unit, _silent) in zip(looked_at, found, strict=True)
        for unit, those in sorted(by_unit.items())
        for one in those
    ]
    with store.transaction() as session:
        new = sum(oversight.add_alarm(session, values) for values in raised)
        if new:
            told = {"new": new, "days": [str(day) for day in looked_at]}
            audit.record(
                session, at=clock.now(), actor=actor, action="alarms raised", subject=code, details=told
            )
    return Raised(looked_at, new, tuple(sorted({word for _found, silent in found for word in silent})))


def alarms_for(*, store: Store, account: Account, code: str, status: str, page: int = 1) -> AlarmPage:
    """List the alarms of one status of a round within an account's units.

    Raises:
        NoSuchRound: it is elsewhere or nowhere; a judged unit sees no round.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        counts = oversight.alarm_counts(session, round_.id)
        pages = max(-(-counts.get(status, 0) // PAGE), 1)
        page = min(max(page, 1), pages)
        rows = oversight.alarms_of(session, round_.id, status, start=(page - 1) * PAGE, most=PAGE)
        stands = oversight.stands_of(session, {row.device for row in rows if len(row.device) == 32})
        alarms = tuple(
            Alarm(
                row,
                scope_of(row),
                stands.get(row.device, ""),
                oversight.count_in(session, round_.id, scope_of(row)),
            )
            for row in rows
        )
    return AlarmPage(alarms, counts, page, pages)


def review_alarm(
    *, store: Store, clock: Clock, account: Account, code: str, alarm_id: int, justified: bool, note: str
) -> AlarmRow:
    """Say that an alarm is right, or explain it away; either with a note. Nothing else is changed by it.

    Raises:
        NoSuchRound, NoSuchAlarm: it is elsewhere or nowhere.
        AlarmReviewed: somebody was first.
        NoteNeeded: blank, or longer than 300 characters.
    """
    round_ = round_for(store=store, account=account, code=code)
    note = note.strip()
    if not 0 < len(note) <= LONGEST_NOTE:
        raise NoteNeeded(str(alarm_id))
    with store.transaction() as session:
        row = oversight.alarm_in_round(session, round_.id, alarm_id)
        if row is None:
            raise NoSuchAlarm(str(alarm_id))
        if row.status != "waiting":
            raise AlarmReviewed(str(alarm_id))
        row.status = "justified" if justified else "dismissed"
        row.reviewed_by, row.reviewed_at, row.note = account.login, clock.now(), note
        told = {"alarm": row.id, "unit": row.unit_id, "day": str(row.day), "kind": row.kind}
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action=f"alarm {row.status}",
            subject=code,
            details=told,
        )
    return row


def scope_of(row: AlarmRow) -> Scope:
    """Say which responses an alarm is about."""
    last = _end_of_month(row.day) if row.kind == _OF_A_MONTH else row.day
    return Scope(row.unit_id, row.day, last, row.device)


def _looked(
    session: Session, round_: RoundRow, day: date
) -> tuple[Mapping[str, tuple[Finding, ...]], tuple[str, ...]]:
    """Give the findings of each unit on a day, and the words of what was lacking."""
    questionnaire = questionnaire_of(round_)
    of_day = _by_unit(oversight.same_answers(session, round_.id, day, day))
    of_month = _by_unit(oversight.same_answers(session, round_.id, day.replace(day=1), day))
    transactions = oversight.transactions_on(session, day)
    minutes = _minutes(session, round_, day)
    units = sorted({*of_day, *minutes})
    found = {
        unit: findings(
            _unit_day(
                questionnaire, of_day[unit], of_month[unit], transactions.get(unit), minutes.get(unit, {})
            ),
            thresholds(),
            is_open=opening_hours().is_open,
        )
        for unit in units
    }
    silent = []
    if any(unit not in transactions for unit in of_day):
        silent.append("no_transactions")
    if of_day and not minutes:
        silent.append("no_minutes")
    return found, tuple(silent)


def _unit_day(
    questionnaire: Questionnaire,
    of_day: Sequence[SameAnswers],
    of_month: Sequence[SameAnswers],
    transactions: int | None,
    minutes: Mapping[str, Sequence[tuple[datetime, int]]],
) -> UnitDay:
    today = {one.device for one in of_day if one.device}
    # Not the open address: anybody could make a kiosk look far from the others.
    phones = [one for one in of_month if one.channel == "phone" and one.evidence != "C"]
    return UnitDay(
        at_counters=_forms(questionnaire, [one for one in of_day if one.evidence != "C"]),
        opened=_forms(questionnaire, [one for one in of_day if one.evidence == "C"]),
        transactions=transactions,
        minutes=minutes,
        devices={
            device: _top_box(questionnaire, [one for one in of_month if one.device == device])
            for device in today
        },
        others=_top_box(questionnaire, phones),
    )


def _forms(questionnaire: Questionnaire, same: Sequence[SameAnswers]) -> Forms:
    """Count each set of answers without what was written freely, and say how long a form is."""
    free = {item.id for item in questionnaire.items if item.kind == "text"}
    counted, lengths = Counter[str](), list[int]()
    for one in same:
        closed = {item: given for item, given in json.loads(one.answers).items() if item not in free}
        counted[json.dumps(closed, sort_keys=True)] += one.count
        lengths += [len(closed)] * one.count
    return Forms(len(lengths), counted, int(median(lengths)) if lengths else 0)


def _top_box(questionnaire: Questionnaire, same: Sequence[SameAnswers]) -> TopBox:
    scales = _counted_scales(questionnaire)
    forms, sum_of_best = 0, 0.0
    for one in same:
        given: dict[str, Any] = json.loads(one.answers)
        shares = [
            values[given[item]] == max(values.values())
            for item, values in scales.items()
            if given.get(item) in values
        ]
        if shares:
            forms += one.count
            sum_of_best += one.count * sum(shares) / len(shares)
    return TopBox(forms, sum_of_best)


def _counted_scales(questionnaire: Questionnaire) -> Mapping[str, Mapping[str, int]]:
    """Give the values of each item that the questionnaire's own formula counts, by option."""
    counted = leaf_items(questionnaire.formula(None).root)
    scales = {item: questionnaire.item(item).scale for item in counted}
    return {item: scale.values for item, scale in scales.items() if scale is not None}


def _minutes(
    session: Session, round_: RoundRow, day: date
) -> Mapping[str, Mapping[str, list[tuple[datetime, int]]]]:
    """Give by unit and device the minutes of a day in which anything came."""
    begin = datetime.combine(day, time(), VIETNAM)
    end = begin + timedelta(days=1)
    kiosks = oversight.kiosks_of(session, round_.id)
    found: dict[str, dict[str, list[tuple[datetime, int]]]] = defaultdict(lambda: defaultdict(list))
    opened = f"{OPEN_ADDRESS}:{round_.code}:"
    for prefix in ("device:", opened):
        for key, minute, count in rates.counts_like(session, prefix, begin):
            name = key.removeprefix(prefix)
            unit = name if prefix == opened else kiosks.get(name)
            if unit is not None and minute < end:
                found[unit][OPEN_ADDRESS if prefix == opened else name].append((minute, count))
    return found


def _by_unit(same: Iterable[SameAnswers]) -> defaultdict[str, list[SameAnswers]]:
    found: defaultdict[str, list[SameAnswers]] = defaultdict(list)
    for one in same:
        found[one.unit_id].append(one)
    return found


def _values(round_: RoundRow, clock: Clock, unit: str, day: date, one: Finding) -> Mapping[str, Any]:
    return {
        "round_id": round_.id,
        "unit_id": unit,
        "day": day.replace(day=1) if one.kind == _OF_A_MONTH else day,
        "kind": one.kind,
        "device": one.device,
        "facts": dict(one.facts),
        "raised_at": clock.now(),
    }


def _end_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
