"""What the browser of a slip holds while its form is filled: a sealed word, so that no page looks a code up.

Neither the code nor its hash stands in it. Not what a code opens (slips/batches.py).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from datetime import date
from uuid import UUID

from survey.services.slips.batches import Slip
from survey.services.slips.codes import SlipKey
from survey.storage.store import Store


def pass_of(slip: Slip, store: Store) -> str:
    """Write a slip as a word for its browser: only this site can make one, and no code stands in it."""
    told = [
        slip.round_code,
        slip.unit_id,
        slip.procedure_group,
        slip.month.isoformat(),
        slip.response_id.hex,
        slip.receipt_key.hex(),
    ]
    body = base64.urlsafe_b64encode(json.dumps(told, ensure_ascii=False).encode()).decode()
    return f"{body}.{_seal(store, body)}"


def slip_of_pass(word: str, store: Store) -> Slip | None:
    """Read a slip from its browser's word; None for one that this site did not make."""
    body, _, seal = word.rpartition(".")
    if not hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(store, body).encode()):
        return None
    try:
        round_code, unit_id, group, month, response_id, receipt_key = json.loads(
            base64.urlsafe_b64decode(body)
        )
    except (binascii.Error, ValueError):  # sealed by another version of this program
        return None
    return Slip(
        round_code,
        unit_id,
        group,
        date.fromisoformat(month),
        UUID(hex=response_id),
        bytes.fromhex(receipt_key),
    )


def _seal(store: Store, body: str) -> str:
    return hmac.digest(SlipKey.of(store).derived("pass"), body.encode("utf-8", "replace"), "sha256").hex()[
        :32
    ]
