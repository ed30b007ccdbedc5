"""Taking in what cannot be kept as a response: raw, with the reason, never dropped (O4, O5).

What a person then does with it is the review's.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from survey.services.clock import Clock, day_in_vietnam
from survey.services.tablets.errors import TooManyRawRecords
from survey.storage import quarantine as kept
from survey.storage import rates
from survey.storage.store import Store

#: A record is a form's answers: no more than a form may hold.
RECORD_LIMIT = 64 * 1024
#: New records that one device may send raw within an hour.
RAW_AN_HOUR = 200
_HOUR = timedelta(hours=1)


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
