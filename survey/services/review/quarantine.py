"""Taking in what cannot be kept as a response: raw, with the reason, never dropped (O4, O5).

Tablets and kiosks send through here. What a person then does with it is the review's (quarantine_review.py).
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey.errors import SurveyError, TooMany, Unavailable
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import OtherAnswersKept
from survey.services.keeping import Receipt
from survey.services.tablets.errors import TooManyRawRecords
from survey.storage import quarantine as kept
from survey.storage import rates
from survey.storage.errors import DatabaseBusy
from survey.storage.store import Store

log = logging.getLogger("survey")

#: A record is a form's answers: no more than a form may hold.
RECORD_LIMIT = 64 * 1024
#: New records that one device may send raw within an hour.
RAW_AN_HOUR = 200
_HOUR = timedelta(hours=1)
KEPT, QUARANTINED = 201, 202


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as it would lie in quarantine.

    Attributes:
        round_code, response_id: what it says of itself, whatever that is.
    """

    raw: bytes
    round_code: object = None
    response_id: object = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one record.

    Attributes:
        response_id: as the client wrote it; None where it wrote none.
        status: 201 kept; 202 in quarantine; 409 other answers were kept first and these aside;
            413 too large to take at all; 429 or 503 try again.
        error: why it was not kept as a response.
    """

    response_id: str | None
    status: int
    receipt: Receipt | None = None
    error: SurveyError | None = None

    @property
    def is_held(self) -> bool:
        """True when the server has the record, whether as a response or for a person to see."""
        return self.status in (KEPT, QUARANTINED, OtherAnswersKept.status)


def kept_or_quarantined(
    *,
    store: Store,
    clock: Clock,
    device_id: UUID,
    response_id: str | None,
    keep: Callable[[], Receipt],
    raw: Callable[[], RawRecord],
    limited: bool = False,
) -> Fate:
    """Keep one record that a device sent; what is refused for good goes to quarantine with the reason.

    What only has to come again later, or was kept aside, is neither. None stops the others (O11).

    Args:
        keep: keeps it as a response, or raises.
        raw: gives what is put into quarantine.
        limited: see `quarantine`.
    """
    try:
        return Fate(response_id, KEPT, keep())
    except OperationalError as error:
        return Fate(response_id, DatabaseBusy.status, error=DatabaseBusy(str(error.orig)))
    except (OtherAnswersKept, Unavailable, TooMany) as error:
        return Fate(response_id, error.status, error=error)
    except SurveyError as error:
        refused, record = error, raw()
    except Exception as error:  # the client keeps it
        log.exception("a device's record failed", exc_info=error)
        return Fate(response_id, SurveyError.status, error=SurveyError(type(error).__name__))
    try:
        quarantine(
            store=store,
            clock=clock,
            raw=record.raw,
            reason=refused.code,
            device_id=device_id,
            round_code=_name(record.round_code),
            response_id=_name(record.response_id),
            limited=limited,
        )
    except TooManyRawRecords as error:
        return Fate(response_id, error.status, error=error)
    return Fate(response_id, QUARANTINED, error=refused)


def _name(told: object) -> str | None:
    """Give a name that any database can hold; what is none stands in the raw record alone."""
    return told if isinstance(told, str) and told.isprintable() else None


def quarantine(
    *,
    store: Store,
    clock: Clock,
    raw: bytes,
    reason: str,
    device_id: UUID | None = None,
    round_code: str | None = None,
    response_id: str | None = None,
    limited: bool = False,
) -> str:
    """Keep a raw record for a person to see and give its SHA-256; the same bytes are kept once.

    Args:
        reason: the code of the error that kept it from being a response, or a word.
        limited: the device chose to send it raw, so what is new is counted.

    Raises:
        TooManyRawRecords: the device sent `RAW_AN_HOUR` of them within an hour; nothing is written.
    """
    digest = hashlib.sha256(raw).hexdigest()
    with store.transaction() as session:
        is_new = kept.keep_raw(
            session,
            {
                "received_on": day_in_vietnam(clock.now()),
                "reason": reason[:60],
                "raw": raw,
                "raw_sha256": digest,
                "device_id": device_id,
                "round_code": round_code[:60] if round_code else None,
                "response_id": response_id[:64] if response_id else None,
            },
        )
        if limited and is_new and device_id is not None:
            _count_one(session, device_id, clock.now())
    return digest


def _count_one(session: Session, device_id: UUID, now: datetime) -> None:
    # Counted before it is asked: on PostgreSQL the row then holds up a second one until this is done.
    key = f"raw:{device_id.hex}"
    rates.count(session, key, now)
    if rates.counted_since(session, key, now - _HOUR) > RAW_AN_HOUR:
        raise TooManyRawRecords(device_id.hex)
