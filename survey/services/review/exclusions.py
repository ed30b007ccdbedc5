"""Keeping responses out of the index, taking them in again, correcting one: always two persons (ASVS 2.3.5).

One asks here, another grants (review/approvals.py) and review/exclusion_deeds.py does it. Nothing is deleted,
and the next snapshot says how many are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.permissions import round_for
from survey.services.review.alarms import scope_of
from survey.services.review.approvals import ask
from survey.services.review.errors import NoSuchAlarm, NoSuchConflict, NotFoundRight, NothingMeant
from survey.services.review.exclusion_deeds import (
    EXCLUDE,
    KEEP_FIRST,
    RESTORE,
    SUPERSEDE,
    scope_told,
    standing_exclusions,
)
from survey.storage import approvals, oversight, responses
from survey.storage.models import ApprovalRow, ResponseConflictRow, ResponseRow
from survey.storage.oversight import Scope
from survey.storage.store import Store

#: Length of a device's id as text.
_HEX = 32


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A granted exclusion, and how many responses it still keeps out, by itself or beside others."""

    approval: ApprovalRow
    still_out: int


@dataclass(frozen=True, slots=True)
class Meant:
    """What a waiting exclusion would leave out: how many responses, and where their device stands."""

    responses: int
    stand: str


@dataclass(frozen=True, slots=True)
class ConflictPair:
    """Two sets of answers that came under one id: the first is counted, the second is kept aside.

    Attributes:
        first, second: answers by item; nothing of who gave them.
        asked: the deed that waits for a second person; None when none does.
    """

    id: int
    unit_id: str
    channels: tuple[str, str]
    days: tuple[date, date]
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    asked: str | None


@dataclass(frozen=True, slots=True)
class ConflictCounts:
    """How many conflicts of a round nobody decided, about how many of them nothing was asked.

    Attributes:
        unkept: other answers that came by an open way and were only counted, as enough of their id were kept.
    """

    undecided: int
    unasked: int
    unkept: int


def ask_exclusion_by_alarm(
    *, store: Store, clock: Clock, account: Account, code: str, alarm_id: int, reason: str
) -> int:
    """Ask that the responses under an alarm be left out; give the number of the request.

    Raises:
        NoSuchRound, NoSuchAlarm: it is elsewhere or nowhere.
        NotFoundRight: the alarm waits, or was explained away.
        ReasonNeeded, AlreadyWaiting.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        alarm = oversight.alarm_in_round(session, round_.id, alarm_id)
    if alarm is None:
        raise NoSuchAlarm(str(alarm_id))
    if alarm.status != "justified":
        raise NotFoundRight(str(alarm_id))
    scope = scope_of(alarm)
    return ask_exclusion(store=store, clock=clock, account=account, code=code, scope=scope, reason=reason)


def ask_exclusion(
    *, store: Store, clock: Clock, account: Account, code: str, scope: Scope, reason: str
) -> int:
    """Ask that the responses of a unit, some days and a device or a collector be left out.

    Raises:
        NoSuchRound; NothingMeant: there is no such response now; ReasonNeeded, AlreadyWaiting.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        if not oversight.count_in(session, round_.id, scope):
            raise NothingMeant(code)
    details = _told(scope)
    return ask(
        store=store, clock=clock, account=account, code=code, action=EXCLUDE, details=details, reason=reason
    )


def ask_exclusion_of(
    *, store: Store, clock: Clock, account: Account, code: str, ids: Sequence[UUID], reason: str
) -> int:
    """Ask that some responses be left out, by their ids.

    Raises:
        NoSuchRound; NothingMeant: none is named, or one is not of the round; ReasonNeeded, AlreadyWaiting.
    """
    round_ = round_for(store=store, account=account, code=code)
    wanted = set(ids)
    with store.reading() as session:
        if not wanted or oversight.ids_there(session, round_.id, wanted) != wanted:
            raise NothingMeant(code)
    details = {"responses": sorted(one.hex for one in wanted)}
    return ask(
        store=store, clock=clock, account=account, code=code, action=EXCLUDE, details=details, reason=reason
    )


def ask_restoration(
    *, store: Store, clock: Clock, account: Account, code: str, approval_id: int, reason: str
) -> int:
    """Ask that what one exclusion left out be taken in again.

    Raises:
        NoSuchRound; NothingMeant: there is no such exclusion, or nothing of it is out any more;
            ReasonNeeded, AlreadyWaiting.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        standing = standing_exclusions(session, round_.id)
        if not any(approval_id in those for those in standing.values()):
            raise NothingMeant(str(approval_id))
    details = {"exclusion": approval_id}
    return ask(
        store=store, clock=clock, account=account, code=code, action=RESTORE, details=details, reason=reason
    )


def exclusions_for(*, store: Store, account: Account, code: str) -> tuple[Exclusion, ...]:
    """List the granted exclusions of a round within an account's units, the newest first.

    Raises:
        NoSuchRound.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        held = Counter(one for those in standing_exclusions(session, round_.id).values() for one in those)
        return tuple(
            Exclusion(one, held[one.id])
            for one in approvals.approvals_of(session, round_.id)
            if one.action == EXCLUDE and one.decision == "granted"
        )


def meant_now(*, store: Store, account: Account, code: str) -> Mapping[int, Meant]:
    """Say how many responses each waiting exclusion of a round would leave out now, by its number.

    Raises:
        NoSuchRound.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        waiting = approvals.waiting_alike(session, round_.id, EXCLUDE)
        return {one.id: _meant(session, round_.id, one) for one in waiting}


def conflicts_for(
    *, store: Store, account: Account, code: str, start: int = 0, most: int | None = None
) -> tuple[ConflictPair, ...]:
    """List the conflicts of a round that nobody decided; none of a round by personal link, which is sealed.

    Args:
        start, most: how many to skip, and to give at most.

    Raises:
        NoSuchRound.
    """
    round_ = round_for(store=store, account=account, code=code)
    if round_.entry == "personal":
        return ()
    with store.reading() as session:
        decided, waiting = _decisions(session, round_.id)
        rows = responses.conflicts_of(session, round_.id, without=decided, start=start, most=most)
        return tuple(_pair(session, row, waiting.get(row.id)) for row in rows)


def conflict_counts(*, store: Store, account: Account, code: str) -> ConflictCounts:
    """Count the conflicts of a round that nobody decided, those nothing was asked about, those not kept.

    Raises:
        NoSuchRound.
    """
    round_ = round_for(store=store, account=account, code=code)
    if round_.entry == "personal":
        return ConflictCounts(0, 0, 0)
    with store.reading() as session:
        decided, waiting = _decisions(session, round_.id)
        return ConflictCounts(
            undecided=responses.count_conflicts(session, round_.id, without=decided),
            unasked=responses.count_conflicts(session, round_.id, without=decided | set(waiting)),
            unkept=responses.unkept_conflicts(session, round_.id),
        )


def ask_about_conflict(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    conflict_id: int,
    take_second: bool,
    reason: str,
) -> int:
    """Ask that the second answers of a conflict take the place of the first, or that the first stand.

    Raises:
        NoSuchRound; NoSuchConflict: it is elsewhere, nowhere or decided; ReasonNeeded, AlreadyWaiting.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        decided, _waiting = _decisions(session, round_.id)
        known = responses.conflict_of(session, round_.id, conflict_id)
    if known is None or conflict_id in decided or round_.entry == "personal":
        raise NoSuchConflict(str(conflict_id))
    return ask(
        store=store,
        clock=clock,
        account=account,
        code=code,
        action=SUPERSEDE if take_second else KEEP_FIRST,
        details={"conflict": conflict_id},
        reason=reason,
    )


def _told(scope: Scope) -> Mapping[str, Any]:
    return {
        "unit": scope.unit_id,
        "first": scope.first.isoformat(),
        "last": scope.last.isoformat(),
        "device": scope.device,
        "collected_by": scope.collected_by,
    }


def _meant(session: Session, round_id: int, row: ApprovalRow) -> Meant:
    scope = scope_told(row.details)
    if scope is None:
        return Meant(len(row.details["responses"]), "")
    stands = oversight.stands_of(session, [scope.device]) if len(scope.device) == _HEX else {}
    return Meant(oversight.count_in(session, round_id, scope), stands.get(scope.device, ""))


def _decisions(session: Session, round_id: int) -> tuple[set[int], dict[int, ApprovalRow]]:
    """Give the conflicts that two persons decided, and what waits about others, by their number."""
    asked = [one for one in approvals.approvals_of(session, round_id) if "conflict" in one.details]
    decided = {int(one.details["conflict"]) for one in asked if one.decision == "granted"}
    waiting = {int(one.details["conflict"]): one for one in asked if one.decision == "waiting"}
    return decided, waiting


def _pair(session: Session, row: ResponseConflictRow, asked: ApprovalRow | None) -> ConflictPair:
    kept = session.get_one(ResponseRow, (row.round_id, row.response_id))
    return ConflictPair(
        row.id,
        kept.unit_id,
        (kept.channel, row.channel),
        (kept.day_received, row.day_received),
        kept.answers,
        row.answers,
        asked.action if asked is not None else None,
    )
