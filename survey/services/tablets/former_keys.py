"""The data key of a tablet given back to its enumerator, whose password was changed (O7, O8).

A tablet holds each data key twice: under the enumerator's password, and sealed to this site. After a changed
password only the second can open what waits there. Not how the tablet uses it (static/js/tablet/vault.js).
"""

from __future__ import annotations

import base64
import json
from uuid import UUID

from survey.services.clock import Clock
from survey.services.sealed_box import Unopened, unseal
from survey.services.tablets.errors import NotTheirKey
from survey.storage import audit
from survey.storage.store import Store

_LENGTH = 32


def former_key(*, store: Store, clock: Clock, device_id: UUID, login: str, sealed: bytes) -> bytes:
    """Open the data key that an enumerator has on this tablet; the log says that it was given.

    Raises:
        NotTheirKey: it was not sealed to this site, or is another person's or another tablet's.
    """
    try:
        told = json.loads(unseal(store.keys, sealed))
        key = base64.b64decode(told["key"], validate=True)
        theirs = told["login"] == login and UUID(hex=told["device"]) == device_id and len(key) == _LENGTH
    except (Unopened, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotTheirKey(str(error)[:80]) from error
    if not theirs:
        raise NotTheirKey(login)
    with store.transaction() as session:
        audit.record(
            session,
            at=clock.now(),
            actor=login,
            action="tablet key given back",
            subject=device_id.hex,
        )
    return key
