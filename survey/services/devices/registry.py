"""Kiosks and tablets as devices: made for a place, paused, resumed, moved, revoked (K10, K20).

A browser is a device by the secret in its cookie alone; the database has only the secret's hash.
Not how a browser becomes one (devices/enrolment.py), nor what a kiosk's visit does (devices/visits.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.devices.errors import (
    BadDevice,
    DeviceRevoked,
    NoSuchDevice,
)
from survey.services.permissions import units_of
from survey.storage import audit, devices, rates, rounds
from survey.storage.devices import DeviceLine
from survey.storage.models import DeviceRow, HeartbeatRow, UnitRow
from survey.storage.store import Store

#: How often a device gives a sign of life.
HEARTBEAT = timedelta(minutes=5)
#: An answer this soon after another is kept and marked for review (devices/pace.py).
SOON = timedelta(seconds=20)
_LONGEST_STAND = 120
#: Devices found a moment ago, by the hash of their secret, with the end of that moment.
_known: dict[str, tuple[float, Device]] = {}
_KNOWN_FOR, _MOST_KNOWN = 5.0, 5_000


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk or a tablet as a request knows it.

    Attributes:
        kind: "kiosk" or "tablet".
        unit_id: the unit where it stands; a kiosk's answers are about it.
        stand: the place in words.
        round_code: the round that a kiosk asks; None for a tablet.
        option_order: "written" or "reversed" (K5).
        status: "waiting" (not enrolled yet), "active", "paused" or "revoked".
        enrolled_at: when its browser became it; None for one not enrolled yet.
    """

    id: UUID
    kind: str
    unit_id: str
    stand: str
    round_code: str | None
    option_order: str
    status: str
    enrolled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sign:
    """What a device tells with a sign of life; None for what it cannot know."""

    app_version: str | None = None
    queue_length: int | None = None
    queue_oldest_h: int | None = None
    battery: int | None = None


def make_device(
    *,
    store: Store,
    clock: Clock,
    actor: str,
    kind: str,
    unit_id: str,
    stand: str,
    round_code: str | None = None,
) -> Device:
    """Make a device for a place; it answers to nobody before a browser is enrolled as it.

    Half of the kiosks show the options the other way round: within a unit they alternate, and the
    first of a unit takes the order that fewer kiosks have (K5).

    Raises:
        BadDevice: the stand, the unit or the round is not right; nothing is written.
    """
    stand = stand.strip()
    if not 0 < len(stand) <= _LONGEST_STAND:
        raise BadDevice(what="stand")
    with store.transaction() as session:
        if session.get(UnitRow, unit_id) is None:
            raise BadDevice(unit_id, what="unit")
        row = DeviceRow(
            id=uuid4(),
            kind=kind,
            unit_id=unit_id,
            stand=stand,
            option_order=_next_order(session, unit_id) if kind == "kiosk" else "written",
            made_at=clock.now(),
            made_by=actor,
            round_id=_round_id(session, kind, round_code, unit_id),
        )
        session.add(row)
        session.flush()
        told = {"kind": kind, "unit": unit_id, "stand": stand, "round": round_code}
        log_deed(session, clock, actor, "device made", row.id, told)
        return device_of_id(session, row.id)


def device_of_secret(*, store: Store, clock: Clock, secret: str) -> Device | None:
    """Give the device of a cookie's secret, or None when it is unknown or revoked.

    A paused device is given with its status: what it may still do is its audience's to say. What was
    found holds for five seconds in a process, so that a counter's answer costs one session less; a change
    made in this process holds at once, one made in another within those seconds (K20 allows 300).
    """
    hashed, now = hash_secret(secret), monotonic()
    known = _known.get(hashed)
    if known is not None and now < known[0]:
        return known[1]
    with store.reading() as session:
        line = devices.device_by_secret(session, hashed)
    if line is None or line.status not in ("active", "paused"):
        return None
    if len(_known) >= _MOST_KNOWN:
        forget_known()
    found = _device(line)
    _known[hashed] = now + _KNOWN_FOR, found
    return found


def device_for(*, store: Store, account: Account, device_id: UUID) -> Device:
    """Give a device within an account's units.

    Raises:
        NoSuchDevice: it is elsewhere or nowhere; the answer does not tell which.
    """
    with store.reading() as session:
        line = devices.device_by_id(session, device_id)
    if line is None or line.unit_id not in units_of(account):
        raise NoSuchDevice(str(device_id))
    return _device(line)


def kiosk_of_id(*, store: Store, device_id: UUID) -> Device:
    """Give a kiosk that was ever made, whatever its status.

    Raises:
        NoSuchDevice: there is no kiosk of this id.
    """
    with store.reading() as session:
        line = devices.device_by_id(session, device_id)
    if line is None or line.kind != "kiosk":
        raise NoSuchDevice(str(device_id))
    return _device(line)


def pause(*, store: Store, clock: Clock, actor: str, device_id: UUID) -> None:
    """Pause a device: its next request or sign of life tells it (K20)."""
    _set_status(store, clock, actor, device_id, "paused", "device paused")


def resume(*, store: Store, clock: Clock, actor: str, device_id: UUID) -> None:
    """Let a paused device go on; one never enrolled waits for its browser again."""
    _set_status(store, clock, actor, device_id, "active", "device resumed")


def revoke(*, store: Store, clock: Clock, actor: str, device_id: UUID) -> None:
    """Take a device out of use for good: its cookie and its codes are worth nothing from now on."""
    _set_status(store, clock, actor, device_id, "revoked", "device revoked")


def move(
    *,
    store: Store,
    clock: Clock,
    actor: str,
    device_id: UUID,
    round_code: str | None,
    stand: str,
) -> None:
    """Give a device another round or name its stand anew; its unit and its order of options stay.

    Raises:
        NoSuchDevice, DeviceRevoked, BadDevice: nothing is written.
    """
    stand = stand.strip()
    if not 0 < len(stand) <= _LONGEST_STAND:
        raise BadDevice(what="stand")
    with store.transaction() as session:
        row = usable_row(session, device_id)
        row.round_id = _round_id(session, row.kind, round_code, row.unit_id)
        row.stand = stand
        log_deed(session, clock, actor, "device moved", row.id, {"round": round_code, "stand": stand})
    forget_known()


def heartbeat(*, store: Store, clock: Clock, device: Device, sign: Sign) -> None:
    """Note a device's sign of life, and forget the exact moments of its answers (T8).

    The last seconds stay: else a sign of life between two answers would take the pause away.
    """
    now = clock.now()
    with store.transaction() as session:
        devices.note_seen(
            session,
            device.id,
            {
                "last_seen_at": now,
                "app_version": sign.app_version,
                "queue_length": sign.queue_length,
                "queue_oldest_h": sign.queue_oldest_h,
                "battery": sign.battery,
            },
        )
        session.add(
            HeartbeatRow(device_id=device.id, at=now, queue_length=sign.queue_length, battery=sign.battery)
        )
        rates.blank_moments(session, rate_key(device.id), before=now - SOON)


def rate_key(device_id: UUID) -> str:
    """Give the key under which a device's answers are counted by minute."""
    return f"device:{device_id.hex}"


def _set_status(store: Store, clock: Clock, actor: str, device_id: UUID, status: str, action: str) -> None:
    with store.transaction() as session:
        row = usable_row(session, device_id)
        row.status = "waiting" if status == "active" and row.secret_hash is None else status
        if status == "revoked":
            row.secret_hash = None
            devices.drop_codes_of(session, row.id)
        log_deed(session, clock, actor, action, row.id)
    forget_known()


def usable_row(session: Session, device_id: UUID) -> DeviceRow:
    """Find a device that was not revoked, and keep others from changing it until the transaction ends.

    Raises:
        NoSuchDevice, DeviceRevoked.
    """
    row = devices.locked_device(session, device_id)
    if row is None:
        raise NoSuchDevice(str(device_id))
    if row.status == "revoked":
        raise DeviceRevoked(str(device_id))
    return row


def device_of_id(session: Session, device_id: UUID) -> Device:
    """Give a device whose row was just written."""
    line = devices.device_by_id(session, device_id)
    assert line is not None, "the row was just written"
    return _device(line)


def forget_known() -> None:
    """Look at every device anew: one was changed."""
    _known.clear()


def _round_id(session: Session, kind: str, round_code: str | None, unit_id: str) -> int | None:
    """Find the round that a kiosk is to ask; a tablet has none of its own."""
    if kind == "tablet":
        return None
    round_ = rounds.round_by_code(session, round_code) if round_code else None
    if round_ is None or round_.entry != "counter":
        raise BadDevice(str(round_code), what="round")
    if unit_id not in {unit.id for unit in rounds.units_judged(session, round_.code)}:
        raise BadDevice(unit_id, what="unit")
    return round_.id


def _next_order(session: Session, unit_id: str) -> str:
    for orders in (devices.orders_at(session, unit_id), devices.orders_everywhere(session)):
        written, other = orders.get("written", 0), orders.get("reversed", 0)
        if written != other:
            return "reversed" if written > other else "written"
    return "written"


def _device(line: DeviceLine) -> Device:
    return Device(
        line.id,
        line.kind,
        line.unit_id,
        line.stand,
        line.round_code,
        line.option_order,
        line.status,
        line.enrolled_at,
    )


def log_deed(
    session: Session,
    clock: Clock,
    actor: str,
    action: str,
    device_id: UUID,
    details: dict[str, str | None] | None = None,
) -> None:
    """Log a deed on a device."""
    audit.record(session, at=clock.now(), actor=actor, action=action, subject=device_id.hex, details=details)


def hash_secret(secret: str) -> str:
    """Hash the secret of a device's cookie: random, so a quick hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
