"""Taking in what cannot be kept as a response: raw, with the reason, never dropped (O4, O5).

What a person then does with it is the review's.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from survey.services.clock import Clock, day_in_vietnam
from survey.storage import quarantine as kept
from survey.storage.store import Store

#: A record is a form's answers: no more than a form may hold.
RECORD_LIMIT = 64 * 1024


def quarantine(
    *,
    store: Store,
    clock: Clock,
    raw: bytes,
    reason: str,
    device_id: UUID | None = None,
    round_code: str | None = None,
    response_id: str | None = None,
) -> str:
    """Keep a raw record for a person to see and give its SHA-256; the same bytes are kept once.

    Args:
        reason: the code of the error that kept it from being a response, or a word.
    """
    digest = hashlib.sha256(raw).hexdigest()
    with store.transaction() as session:
        kept.keep_raw(
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
    return digest
