"""What is asked of responses, drafts and conflicts: kept once, streamed, counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Date, Table, Text, bindparam, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage import rates
from survey.storage.models import DraftRow, ResponseConflictRow, ResponseRow, RoundRow

_RESPONSE, _CONFLICT, _DRAFT, _ROUND = (
    cast(Table, row.__table__) for row in (ResponseRow, ResponseConflictRow, DraftRow, RoundRow)
)
#: Ways by which somebody who is not signed in can send, and how many conflicts of one id are kept of them.
ANYBODYS_CHANNELS, MOST_CONFLICTS = ("phone", "personal", "kiosk"), 5
#: What a response is added with; the other columns have their defaults.
_OF_A_FORM = (
    "round_id",
    "response_id",
    "questionnaire_sha256",
    "unit_id",
    "channel",
    "evidence",
    "stratum",
    "psu",
    "base_weight",
    "answers",
    "payload_sha256",
    "day_received",
    "supersedes",
    "status",
)
#: Both databases know ON CONFLICT; SQLAlchemy has one way to say it for each.
_MAKERS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _draft_saved(maker: Any) -> Any:
    statement = maker(_DRAFT)
    return statement.on_conflict_do_update(
        index_elements=[_DRAFT.c.round_id, _DRAFT.c.response_id],
        set_={name: statement.excluded[name] for name in ("answers", "day_saved")},
    )


def _added_while_open(dialect: str, maker: Any) -> Any:
    values = [bindparam(name, type_=_RESPONSE.c[name].type) for name in _OF_A_FORM[:-1]]
    values.append(bindparam("status", "complete", type_=_RESPONSE.c.status.type))
    day = bindparam("day_received", type_=_RESPONSE.c.day_received.type)
    takes_answers = (
        select(*values)
        .select_from(_ROUND)
        .where(
            _ROUND.c.id == bindparam("round_id"),
            _ROUND.c.status == "open",
            _ROUND.c.opens_on <= day,
            _ROUND.c.closes_on >= day,
            *_turn_taken(dialect),
        )
    )
    statement = maker(_RESPONSE).from_select(list(_OF_A_FORM), takes_answers)
    return statement.on_conflict_do_nothing().returning(_RESPONSE.c.round_id)


def _added_late(dialect: str, maker: Any) -> Any:
    values = [bindparam(name, type_=_RESPONSE.c[name].type) for name in _OF_A_FORM]
    completed, since = (bindparam(name, type_=Date()) for name in ("completed_on", "ended_since"))
    end = func.coalesce(_ROUND.c.closed_on, _ROUND.c.closes_on)
    completed_while_open = (
        select(*values)
        .select_from(_ROUND)
        .where(
            _ROUND.c.id == bindparam("round_id"),
            _ROUND.c.status != "draft",
            _ROUND.c.sealed_on.is_(None),
            _ROUND.c.opens_on <= completed,
            _ROUND.c.closes_on >= completed,
            end >= completed,
            end >= since,
            *_turn_taken(dialect),
        )
    )
    statement = maker(_RESPONSE).from_select(list(_OF_A_FORM), completed_while_open)
    return statement.on_conflict_do_nothing().returning(_RESPONSE.c.round_id)


def _turn_taken(dialect: str) -> tuple[Any, ...]:
    """Wait for the turn of a key until the transaction ends; without a key there is nothing to wait for.

    It costs no statement of its own, and what is read after it was committed by whoever had the turn before.
    """
    if dialect == "sqlite":  # there the whole transaction has the turn
        return ()
    key = bindparam("turn", type_=Text())
    lock = func.pg_advisory_xact_lock(func.hashtextextended(key, 0))
    return (or_(key.is_(None), lock.is_not(None)),)


# Statements of every form sent or saved, made once: making one costs as much as running it.
_ADD = {name: _added_while_open(name, maker) for name, maker in _MAKERS.items()}
_ADD_LATE = {name: _added_late(name, maker) for name, maker in _MAKERS.items()}
_KEEP_CONFLICT = {name: maker(_CONFLICT).on_conflict_do_nothing() for name, maker in _MAKERS.items()}
_SAVE_DRAFT = {name: _draft_saved(maker) for name, maker in _MAKERS.items()}
_BEGIN_DRAFT = {name: maker(_DRAFT).on_conflict_do_nothing() for name, maker in _MAKERS.items()}
_DROP_DRAFT = delete(_DRAFT).where(
    _DRAFT.c.round_id == bindparam("in_round"), _DRAFT.c.response_id == bindparam("form")
)


@dataclass(frozen=True, slots=True)
class BoardCell:
    """How many responses one unit has by one channel, grade and status."""

    unit_id: str
    channel: str
    evidence: str
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A kiosk's visit that was begun and not sent."""

    round_code: str
    response_id: UUID
    unit_id: str
    device_id: UUID


def add_response(session: Session, values: Mapping[str, Any], *, turn: str | None = None) -> bool:
    """Add a response unless its id is taken or its round is not open that day; say whether it was added.

    The statement decides, not a look before: two copies at once give one row, and a round that was
    closed a moment ago takes nothing.

    Args:
        turn: the next one with this key waits until this transaction ends.
    """
    told = {"supersedes": None, "turn": turn, **values}
    return session.execute(_ADD[_dialect(session)], told).first() is not None


def add_late_response(
    session: Session,
    values: Mapping[str, Any],
    *,
    completed_on: date,
    ended_since: date,
    turn: str | None = None,
) -> bool:
    """Add a response that was completed while its round was open and comes after; say whether it was (O5).

    Args:
        completed_on: the day it was completed, by the client's corrected clock.
        ended_since: a round that ended before this day takes nothing more.
        turn: the next one with this key waits until this transaction ends.
    """
    days = {"completed_on": completed_on, "ended_since": ended_since}
    told = {"status": "complete", "supersedes": None, "turn": turn, **values, **days}
    return session.execute(_ADD_LATE[_dialect(session)], told).first() is not None


def add_responses(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many new responses in one statement; an id already taken fails them all."""
    session.execute(insert(ResponseRow), [dict(row) for row in rows])


def keep_conflict(session: Session, values: Mapping[str, Any]) -> None:
    """Keep other answers that came under a taken id, once each, for a person to see.

    Of what anybody can send, no more than MOST_CONFLICTS for one id; further ones are counted by the day.
    """
    round_id, response_id = values["round_id"], values["response_id"]
    if values["channel"] in ANYBODYS_CHANNELS:
        one = ResponseRow.round_id == round_id, ResponseRow.response_id == response_id
        session.execute(select(ResponseRow.response_id).where(*one).with_for_update())
        kept = session.scalars(
            select(ResponseConflictRow.payload_sha256).where(
                ResponseConflictRow.round_id == round_id, ResponseConflictRow.response_id == response_id
            )
        ).all()
        if values["payload_sha256"] in kept:
            return
        if len(kept) >= MOST_CONFLICTS:
            day = datetime.combine(values["day_received"], time(), UTC)
            rates.count(session, _unkept(round_id), day)
            return
    session.execute(_KEEP_CONFLICT[_dialect(session)], values)


def conflicts_of(
    session: Session,
    round_id: int,
    *,
    without: Collection[int] = (),
    start: int = 0,
    most: int | None = None,
) -> Sequence[ResponseConflictRow]:
    """List the conflicts of a round in the order they came.

    Args:
        without: numbers of conflicts to leave out.
        start, most: how many of the others to skip, and to give at most.
    """
    asked = _conflicts(select(ResponseConflictRow), round_id, without).order_by(ResponseConflictRow.id)
    return session.scalars(asked.offset(start).limit(most)).all()


def count_conflicts(session: Session, round_id: int, *, without: Collection[int] = ()) -> int:
    """Count the conflicts of a round, but for some."""
    return session.scalar(_conflicts(select(func.count(ResponseConflictRow.id)), round_id, without)) or 0


def conflict_of(session: Session, round_id: int, conflict_id: int) -> ResponseConflictRow | None:
    """Find a conflict of a round."""
    row = session.get(ResponseConflictRow, conflict_id)
    return row if row is not None and row.round_id == round_id else None


def unkept_conflicts(session: Session, round_id: int) -> int:
    """Count the other answers of a round that were not kept, because enough of their id were."""
    return rates.total_of(session, _unkept(round_id))


def _conflicts(asked: Any, round_id: int, without: Collection[int]) -> Any:
    return asked.where(
        ResponseConflictRow.round_id == round_id, ResponseConflictRow.id.not_in(sorted(without))
    )


def _unkept(round_id: int) -> str:
    return f"{rates.LASTING}conflicts:{round_id}"


def begin_draft(session: Session, values: Mapping[str, Any]) -> None:
    """Write a draft unless there is one; on PostgreSQL, wait for whoever is writing it now."""
    session.execute(_BEGIN_DRAFT[_dialect(session)], values)


def save_draft(session: Session, values: Mapping[str, Any]) -> None:
    """Write a draft over the one of the same id."""
    session.execute(_SAVE_DRAFT[_dialect(session)], values)


def drop_draft(session: Session, round_id: int, response_id: UUID) -> None:
    session.execute(_DROP_DRAFT, {"in_round": round_id, "form": response_id})


def unfinished_answers(session: Session, round_id: int, response_id: UUID) -> Mapping[str, Any] | None:
    """Give the answers of a response that was kept as partial; None where there is no such."""
    kept = session.get(ResponseRow, (round_id, response_id))
    return kept.answers if kept is not None and kept.status == "partial" else None


def visits_left(
    session: Session, *, device_id: UUID | None = None, before: date | None = None
) -> list[Visit]:
    """List visits of kiosks that nobody sent: of one kiosk, or last touched before a day."""
    asked = select(_ROUND.c.code, _DRAFT.c.response_id, _DRAFT.c.unit_id, _DRAFT.c.device_id).join(
        _ROUND, _ROUND.c.id == _DRAFT.c.round_id
    )
    asked = asked.where(_DRAFT.c.device_id == device_id if device_id else _DRAFT.c.device_id.is_not(None))
    if before is not None:
        asked = asked.where(_DRAFT.c.day_saved < before)
    return [Visit(*row) for row in session.execute(asked)]


def drop_drafts_before(session: Session, day: date) -> int:
    """Delete drafts not touched since a day; give how many."""
    return len(
        session.scalars(delete(DraftRow).where(DraftRow.day_saved < day).returning(DraftRow.round_id)).all()
    )


def board_of(session: Session, round_id: int) -> tuple[BoardCell, ...]:
    """Count the responses of a round by unit, channel, grade and status; superseded rows are left out."""
    keys = (ResponseRow.unit_id, ResponseRow.channel, ResponseRow.evidence, ResponseRow.status)
    rows = session.execute(
        select(*keys, func.count()).where(ResponseRow.round_id == round_id, ~_superseded()).group_by(*keys)
    )
    return tuple(BoardCell(*row) for row in rows)


def count_of(session: Session, round_id: int) -> int:
    """Count the rows of a round, whatever their status."""
    return session.scalar(select(func.count()).where(ResponseRow.round_id == round_id)) or 0


def any_of(session: Session, round_id: int) -> bool:
    """Say whether a round has a response or a draft."""
    return any(
        session.scalar(select(table.round_id).where(table.round_id == round_id).limit(1)) is not None
        for table in (ResponseRow, DraftRow)
    )


def current_count_of(session: Session, round_id: int) -> int:
    """Count the rows of a round that no later row supersedes."""
    current = select(func.count()).select_from(ResponseRow).where(ResponseRow.round_id == round_id)
    return session.scalar(current.where(~_superseded())) or 0


def stream_of(session: Session, round_id: int, *, batch: int = 2_000) -> Iterator[ResponseRow]:
    """Give the current responses of a round in the order of their random ids, in bounded memory.

    That order tells nothing of arrival.
    """
    current = (
        select(ResponseRow)
        .where(ResponseRow.round_id == round_id, ~_superseded())
        .order_by(ResponseRow.response_id)
        .execution_options(yield_per=batch)
    )
    # Closed also when the reader stops early: PostgreSQL keeps a cursor open behind it.
    with session.scalars(current) as rows:
        yield from rows


def payload_hashes_of(session: Session, round_id: int) -> Iterator[str]:
    """Give the payload hash of every row of a round, sorted."""
    yield from session.scalars(
        select(ResponseRow.payload_sha256)
        .where(ResponseRow.round_id == round_id)
        .order_by(ResponseRow.payload_sha256)
        .execution_options(yield_per=10_000)
    )


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _superseded() -> Any:
    later = ResponseRow.__table__.alias("later")
    return (
        select(1)
        .where(later.c.round_id == ResponseRow.round_id, later.c.supersedes == ResponseRow.response_id)
        .exists()
    )
