"""What is asked of devices: found by secret or by place, their codes, their signs of life."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from survey.storage.models import DeviceRow, EnrolmentCodeRow, HeartbeatRow, RoundRow, UnitRow


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device as a request needs it: its row's first columns, and the code of its round."""

    id: UUID
    kind: str
    unit_id: str
    stand: str
    option_order: str
    status: str
    enrolled_at: datetime | None
    round_code: str | None


_DEVICE, _ROUND = (cast(Table, row.__table__).c for row in (DeviceRow, RoundRow))
_LINE = (
    select(
        _DEVICE.id,
        _DEVICE.kind,
        _DEVICE.unit_id,
        _DEVICE.stand,
        _DEVICE.option_order,
        _DEVICE.status,
        _DEVICE.enrolled_at,
        _ROUND.code,
    )
    .select_from(DeviceRow.__table__)
    .outerjoin(RoundRow.__table__, _ROUND.id == _DEVICE.round_id)
)
_BY_SECRET = _LINE.where(_DEVICE.secret_hash == bindparam("secret_hash"))


def device_by_secret(session: Session, secret_hash: str) -> DeviceLine | None:
    """Find the device that holds a secret, whatever its status."""
    row = session.execute(_BY_SECRET, {"secret_hash": secret_hash}).first()
    return DeviceLine(*row) if row else None


def device_by_id(session: Session, device_id: UUID) -> DeviceLine | None:
    row = session.execute(_LINE.where(_DEVICE.id == device_id)).first()
    return DeviceLine(*row) if row else None


def locked_device(session: Session, device_id: UUID) -> DeviceRow | None:
    """Give a device's row and keep others from changing it until the transaction ends."""
    return session.scalar(select(DeviceRow).where(DeviceRow.id == device_id).with_for_update())


def devices_in(
    session: Session, units: Collection[str] | None
) -> Sequence[tuple[DeviceRow, str, str | None]]:
    """List devices at some units (None: all) with their unit's name and their round's code."""
    asked: Any = (
        select(DeviceRow, UnitRow.name, RoundRow.code)
        .join(UnitRow, UnitRow.id == DeviceRow.unit_id)
        .outerjoin(RoundRow, RoundRow.id == DeviceRow.round_id)
        .order_by(UnitRow.sort_key, DeviceRow.stand, DeviceRow.made_at)
    )
    if units is not None:
        asked = asked.where(DeviceRow.unit_id.in_(units))
    return [(row[0], row[1], row[2]) for row in session.execute(asked)]


def orders_at(session: Session, unit_id: str) -> dict[str, int]:
    """Count the kiosks of a unit by the order of their options; revoked ones no longer stand there."""
    rows = session.execute(
        select(DeviceRow.option_order, func.count())
        .where(DeviceRow.unit_id == unit_id, DeviceRow.kind == "kiosk", DeviceRow.status != "revoked")
        .group_by(DeviceRow.option_order)
    )
    return {order: number for order, number in rows}


def orders_everywhere(session: Session) -> dict[str, int]:
    """Count all kiosks by the order of their options; revoked ones no longer stand anywhere."""
    rows = session.execute(
        select(DeviceRow.option_order, func.count())
        .where(DeviceRow.kind == "kiosk", DeviceRow.status != "revoked")
        .group_by(DeviceRow.option_order)
    )
    return {order: number for order, number in rows}


def drop_codes_of(session: Session, device_id: UUID) -> None:
    session.execute(delete(EnrolmentCodeRow).where(EnrolmentCodeRow.device_id == device_id))


def drop_codes_before(session: Session, moment: datetime) -> None:
    """Delete codes that ended before a moment."""
    session.execute(delete(EnrolmentCodeRow).where(EnrolmentCodeRow.expires_at < moment))


def use_code(session: Session, code_hash: str, now: datetime) -> UUID | None:
    """Take a code that still holds, so that nobody else can; give its device."""
    taken = delete(EnrolmentCodeRow).where(
        EnrolmentCodeRow.code_hash == code_hash, EnrolmentCodeRow.expires_at > now
    )
    return session.scalar(taken.returning(EnrolmentCodeRow.device_id))


def note_seen(session: Session, device_id: UUID, values: dict[str, Any]) -> None:
    """Write a device's last sign of life over the one before."""
    session.execute(update(DeviceRow).where(DeviceRow.id == device_id).values(**values))


def signs_of(session: Session, device_id: UUID, since: datetime, until: datetime) -> Sequence[datetime]:
    """List when a device gave a sign of life within a span, the earliest first."""
    return session.scalars(
        select(HeartbeatRow.at)
        .where(HeartbeatRow.device_id == device_id, HeartbeatRow.at >= since, HeartbeatRow.at < until)
        .order_by(HeartbeatRow.at)
    ).all()


def drop_signs_before(session: Session, moment: datetime) -> int:
    """Delete signs of life before a moment; give how many."""
    old = delete(HeartbeatRow).where(HeartbeatRow.at < moment)
    return len(session.scalars(old.returning(HeartbeatRow.id)).all())
