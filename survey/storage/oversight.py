"""What is asked of alarms, of corrections, and of numbers of transactions.

Nothing here deletes. Not what is kept out of the index (exclusions.py), the rules
(services/review/plausibility.py) nor who may decide (services/).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, String, Table, and_, exists, func, insert, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import (
    AlarmRow,
    DeviceRow,
    ParadataRow,
    ResponseRow,
    TransactionCountRow,
)

#: Channels of people who came to a counter, or got a slip or an address there.
AT_COUNTERS = ("kiosk", "phone")
#: Alarms that nobody explained away.
STANDING = ("waiting", "justified")
#: The scope's word for the open address.
OPEN_ADDRESS = "open"

_ALARM, _COUNT = cast(Table, AlarmRow.__table__), cast(Table, TransactionCountRow.__table__)
_MAKERS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which responses of a round are meant: about one unit, received on some days, by whom or what.

    Attributes:
        device: hex id of a device; "open" for the open address (grade C); "" for all else at counters and by
            phone.
        collected_by: login of who asked or keyed, in the place of a device.
    """

    unit_id: str
    first: date
    last: date
    device: str = ""
    collected_by: str = ""


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """Complete responses with the same answers that came to one unit by one way.

    Attributes:
        device: hex id of the device, "" where there is none.
        answers: the document as JSON text.
    """

    unit_id: str
    channel: str
    evidence: str
    device: str
    answers: str
    count: int


def same_answers(session: Session, round_id: int, first: date, last: date) -> list[SameAnswers]:
    """Count what came to counters and by phone on some days, by unit, way and answers; corrections aside."""
    keys = (ResponseRow.unit_id, ResponseRow.channel, ResponseRow.evidence, ParadataRow.device_id)
    rows = session.execute(
        select(*keys, func.min(as_type(ResponseRow.answers, String)), func.count())
        .outerjoin(ParadataRow, _OF_RESPONSE)
        .where(
            ResponseRow.round_id == round_id,
            ResponseRow.day_received.between(first, last),
            ResponseRow.channel.in_(AT_COUNTERS),
            ResponseRow.status == "complete",
            ResponseRow.supersedes.is_(None),
        )
        .group_by(*keys, ResponseRow.payload_sha256)
    )
    return [
        SameAnswers(unit, channel, evidence, device.hex if device else "", answers, count)
        for unit, channel, evidence, device, answers, count in rows
    ]


def kiosks_of(session: Session, round_id: int) -> dict[str, str]:
    """Give the unit of each kiosk that asks a round, by the device's hex id."""
    found = session.execute(
        select(DeviceRow.id, DeviceRow.unit_id).where(
            DeviceRow.round_id == round_id, DeviceRow.kind == "kiosk"
        )
    )
    return {device.hex: unit for device, unit in found}


def stands_of(session: Session, devices: Collection[str]) -> dict[str, str]:
    """Say where some devices stand, by hex id."""
    ids = [UUID(hex=one) for one in devices]
    found = session.execute(select(DeviceRow.id, DeviceRow.stand).where(DeviceRow.id.in_(ids)))
    return {device.hex: stand for device, stand in found}


def add_alarm(session: Session, values: Mapping[str, Any]) -> bool:
    """Raise an alarm unless it was raised before; say whether it is new."""
    maker = _MAKERS[session.get_bind().dialect.name](_ALARM)
    added = maker.values(status="waiting", **values).on_conflict_do_nothing().returning(_ALARM.c.id)
    return session.execute(added).first() is not None


def alarm_in_round(session: Session, round_id: int, alarm_id: int) -> AlarmRow | None:
    """Find an alarm of a round and keep others from reviewing it until the transaction ends."""
    return session.scalar(
        select(AlarmRow).where(AlarmRow.round_id == round_id, AlarmRow.id == alarm_id).with_for_update()
    )


def alarms_of(session: Session, round_id: int, status: str, *, start: int, most: int) -> Sequence[AlarmRow]:
    """List alarms of one status, the newest day first."""
    return session.scalars(
        select(AlarmRow)
        .where(AlarmRow.round_id == round_id, AlarmRow.status == status)
        .order_by(AlarmRow.day.desc(), AlarmRow.unit_id, AlarmRow.id)
        .offset(start)
        .limit(most)
    ).all()


def alarm_counts(session: Session, round_id: int) -> dict[str, int]:
    """Count the alarms of a round by status."""
    rows = session.execute(
        select(AlarmRow.status, func.count()).where(AlarmRow.round_id == round_id).group_by(AlarmRow.status)
    )
    return {status: count for status, count in rows}


def standing_alarms(session: Session, round_id: int) -> Sequence[AlarmRow]:
    """List the alarms of a round that wait or were found right."""
    return session.scalars(
        select(AlarmRow).where(AlarmRow.round_id == round_id, AlarmRow.status.in_(STANDING))
    ).all()


def ids_in(session: Session, round_id: int, scope: Scope) -> set[UUID]:
    """Give the ids of the responses that a scope means."""
    asked = select(ResponseRow.response_id).where(ResponseRow.round_id == round_id, *_within(scope))
    return set(session.scalars(asked))


def count_in(session: Session, round_id: int, scope: Scope) -> int:
    """Count the responses that a scope means."""
    asked = select(func.count()).select_from(ResponseRow)
    return session.scalar(asked.where(ResponseRow.round_id == round_id, *_within(scope))) or 0


def ids_there(session: Session, round_id: int, ids: Collection[UUID]) -> set[UUID]:
    """Give those of some ids that are responses of a round."""
    asked = select(ResponseRow.response_id).where(
        ResponseRow.round_id == round_id, ResponseRow.response_id.in_(ids)
    )
    return set(session.scalars(asked))


def ids_with_flags(session: Session, round_id: int, *, besides: Collection[str] = ()) -> set[UUID]:
    """Give the ids of responses whose circumstances carry any flag besides some."""
    written = as_type(ParadataRow.flags, String)
    asked = select(ParadataRow.response_id, ParadataRow.flags)
    rows = session.execute(asked.where(ParadataRow.round_id == round_id, written != "[]"))
    return {response_id for response_id, flags in rows if not set(flags) <= set(besides)}


def ids_helped_by_officials(session: Session, round_id: int) -> set[UUID]:
    """Give the ids of responses that an official of the office helped to answer (A5)."""
    asked = select(ParadataRow.response_id).where(
        ParadataRow.round_id == round_id, ParadataRow.assisted_by == "official"
    )
    return set(session.scalars(asked))


def standing_response(session: Session, round_id: int, response_id: UUID) -> ResponseRow:
    """Give a response, or the last of those that supersede it one after another."""
    found = session.get_one(ResponseRow, (round_id, response_id))
    while True:
        later = session.scalar(
            select(ResponseRow).where(
                ResponseRow.round_id == round_id, ResponseRow.supersedes == found.response_id
            )
        )
        if later is None:
            return found
        found = later


def add_correction(
    session: Session, wrong: ResponseRow, response_id: UUID, changed: Mapping[str, Any]
) -> UUID:
    """Add a row that supersedes another, alike but for what is changed, with the same circumstances."""
    alike = {name: getattr(wrong, name) for name in ResponseRow.__table__.c.keys()}  # noqa: SIM118  # a collection of columns, not a dict
    own = {"response_id": response_id, "supersedes": wrong.response_id}
    session.execute(insert(ResponseRow), [{**alike, **changed, **own}])
    circumstances = session.get(ParadataRow, (wrong.round_id, wrong.response_id))
    if circumstances is not None:
        told = {name: getattr(circumstances, name) for name in ParadataRow.__table__.c.keys()}  # noqa: SIM118  # as above
        session.execute(insert(ParadataRow), [{**told, "response_id": response_id}])
    return response_id


def record_transactions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write numbers of transactions over those told before."""
    statement = _MAKERS[session.get_bind().dialect.name](_COUNT)
    told = {name: statement.excluded[name] for name in ("transactions", "recorded_by")}
    over = statement.on_conflict_do_update(index_elements=[_COUNT.c.unit_id, _COUNT.c.day], set_=told)
    session.execute(over, [dict(row) for row in rows])


def transactions_on(session: Session, day: date) -> dict[str, int]:
    """Give the number of transactions of each unit that told one for a day."""
    rows = session.execute(
        select(TransactionCountRow.unit_id, TransactionCountRow.transactions).where(
            TransactionCountRow.day == day
        )
    )
    return {unit: count for unit, count in rows}


_OF_RESPONSE = and_(
    ParadataRow.round_id == ResponseRow.round_id, ParadataRow.response_id == ResponseRow.response_id
)


def _within(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    days = ResponseRow.day_received.between(scope.first, scope.last)
    return ResponseRow.unit_id == scope.unit_id, days, _by(scope)


def _by(scope: Scope) -> ColumnElement[bool]:
    at_counters = ResponseRow.channel.in_(AT_COUNTERS)
    if scope.collected_by:
        return exists().where(_OF_RESPONSE, ParadataRow.collected_by == scope.collected_by)
    if scope.device == OPEN_ADDRESS:
        return and_(at_counters, ResponseRow.evidence == "C")
    if scope.device:
        return exists().where(_OF_RESPONSE, ParadataRow.device_id == UUID(hex=scope.device))
    return and_(at_counters, ResponseRow.evidence != "C")
