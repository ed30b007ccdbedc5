"""The board of devices, and when each was silent while counters were open (K10, R7).

Not what makes or changes a device (devices/registry.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.devices.opening_hours import OpeningHours, opening_hours
from survey.services.devices.registry import HEARTBEAT
from survey.services.permissions import units_of
from survey.storage import devices
from survey.storage.models import DeviceRow
from survey.storage.store import Store

#: Three signs of life missed: shorter gaps are a slow network.
SILENT = 3 * HEARTBEAT
#: How far back the report of gaps looks.
REPORTED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BoardDevice:
    """One device as the board shows it.

    Attributes:
        silent: enrolled and not paused, counters are open, and no sign of life for fifteen minutes.
        queue_oldest_h: age in hours of the oldest record that waits on the device.
    """

    id: UUID
    kind: str
    unit_id: str
    unit_name: str
    stand: str
    round_code: str | None
    status: str
    option_order: str
    enrolled_at: datetime | None
    last_seen_at: datetime | None
    silent: bool
    app_version: str | None
    queue_length: int | None
    queue_oldest_h: int | None
    battery: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A span of opening hours without a sign of life."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return round((self.ends - self.begins).total_seconds() / 60)


def devices_for(*, store: Store, clock: Clock, account: Account | None) -> tuple[BoardDevice, ...]:
    """List the devices within an account's units, unit by unit; all of them for a command (None)."""
    units = units_of(account) if account else None
    now = clock.now()
    with store.reading() as session:
        found = devices.devices_in(session, units)
    return tuple(_line(row, name, code, now) for row, name, code in found)


def gaps_for(*, store: Store, clock: Clock, device_id: UUID) -> tuple[Gap, ...]:
    """List when a device was silent during opening hours of the last seven days, the latest first."""
    now = clock.now()
    with store.reading() as session:
        row = session.get(DeviceRow, device_id)
        if row is None or row.enrolled_at is None:
            return ()
        since = max(now - REPORTED, row.enrolled_at)
        signs = devices.signs_of(session, device_id, since, now)
    return gaps_between(signs, opening_hours(), since, now)[::-1]


def gaps_between(
    signs: Sequence[datetime], hours: OpeningHours, since: datetime, until: datetime
) -> tuple[Gap, ...]:
    """Give the gaps of fifteen minutes or more within opening hours, in order of time.

    Args:
        signs: moments of life, ascending.
    """
    gaps = []
    for begins, ends in _open_spans(hours, since, until):
        within = [begins, *(sign for sign in signs if begins < sign < ends), ends]
        gaps += [
            Gap(one, other) for one, other in zip(within, within[1:], strict=False) if other - one >= SILENT
        ]
    return tuple(gaps)


def _open_spans(hours: OpeningHours, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Give the spans in which counters are open between two moments."""
    spans = []
    day: date = since.astimezone(hours.zone).date()
    while day <= until.astimezone(hours.zone).date():
        for first, last in hours.of(day):
            begins, ends = max(_at(day, first, hours), since), min(_at(day, last, hours), until)
            if begins < ends:
                spans.append((begins, ends))
        day += timedelta(days=1)
    return spans


def _at(day: date, moment: time, hours: OpeningHours) -> datetime:
    return datetime.combine(day, moment, hours.zone)


def _line(row: DeviceRow, unit_name: str, round_code: str | None, now: datetime) -> BoardDevice:
    seen = row.last_seen_at
    silent = row.status == "active" and opening_hours().is_open(now) and (not seen or now - seen >= SILENT)
    return BoardDevice(
        id=row.id,
        kind=row.kind,
        unit_id=row.unit_id,
        unit_name=unit_name,
        stand=row.stand,
        round_code=round_code,
        status=row.status,
        option_order=row.option_order,
        enrolled_at=row.enrolled_at,
        last_seen_at=seen,
        silent=silent,
        app_version=row.app_version,
        queue_length=row.queue_length,
        queue_oldest_h=row.queue_oldest_h,
        battery=row.battery,
    )
