"""How fast a kiosk takes answers: a pause between two people, and how many an hour are believable (K8, K9).

Counted by device, never by address: sixty citizens behind one connection are sixty citizens. Not how
fast one person reads (pace.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.services.devices.errors import DeviceTooBusy, SoonAfterAnother
from survey.services.devices.registry import SOON, rate_key
from survey.storage import audit, rates
from survey.storage.rates import Pace
from survey.storage.store import Store

#: Nobody can touch, read and answer again within this (a double tap can).
COOL_DOWN = timedelta(seconds=5)
_HOUR = timedelta(hours=1)
#: Answers an hour above which a kiosk's are marked, and above which they are refused.
BUSY, TOO_BUSY = 40, 200

SOON_FLAG, BUSY_FLAG = "soon_after_another", "busy_device"


@dataclass(frozen=True, slots=True)
class Moment:
    """When an answer was completed, and how long it waited in the device's queue since."""

    completed: datetime
    waited: timedelta


def pace_of(session: Session, device_id: UUID, completed: datetime) -> Pace:
    """Give what a device took in the hour up to a moment."""
    return rates.pace_of(session, rate_key(device_id), completed - _HOUR, completed)


def require_pace(pace: Pace, moment: Moment) -> None:
    """Refuse an answer that comes too soon or is one too many; a refused one is not lost but sent again.

    One that waited in the queue is not refused for coming soon after another: it would for ever.

    Raises:
        SoonAfterAnother: within five seconds of the one before.
        DeviceTooBusy: the device took 200 within the hour.
    """
    if pace.count >= TOO_BUSY:
        raise DeviceTooBusy(f"{pace.count} within an hour")
    if pace.last_at is None or moment.waited >= COOL_DOWN:
        return
    if timedelta(0) <= moment.completed - pace.last_at < COOL_DOWN:
        raise SoonAfterAnother()


def flags_of(pace: Pace, moment: Moment) -> tuple[str, ...]:
    """Give the words that mark an answer for review; none of them leaves it out."""
    flags = []
    if pace.last_at is not None and abs(moment.completed - pace.last_at) < SOON:
        flags.append(SOON_FLAG)
    if pace.count >= BUSY:
        flags.append(BUSY_FLAG)
    return tuple(flags)


def judging(device_id: UUID, moment: Moment) -> Callable[[Session], tuple[str, ...]]:
    """Make what judges a device's pace in the transaction that keeps its answer (keeping.Tally).

    It gives the words that mark the answer, or raises what `require_pace` raises.
    """

    def judged(session: Session) -> tuple[str, ...]:
        found = pace_of(session, device_id, moment.completed)
        require_pace(found, moment)
        return flags_of(found, moment)

    return judged


@contextmanager
def noting_too_busy(*, store: Store, clock: Clock, device_id: UUID) -> Iterator[None]:
    """Write into the log what is refused within, once its own transaction is over."""
    try:
        yield
    except DeviceTooBusy:
        _note_too_busy(store, clock, device_id)
        raise


def _note_too_busy(store: Store, clock: Clock, device_id: UUID) -> None:
    """Write into the log that a device was refused, once an hour and not once a request."""
    now, key = clock.now(), f"refused:{device_id.hex}"
    with store.transaction() as session:
        if rates.counted_since(session, key, now - _HOUR) == 0:
            audit.record(
                session,
                at=now,
                actor="device",
                action="device refused: too many answers",
                subject=device_id.hex,
                details={"within_an_hour": TOO_BUSY},
            )
        rates.count(session, key, now)
