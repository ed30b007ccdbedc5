"""How a browser becomes a kiosk or a tablet: a one-time code, typed once within ten minutes (K10).

Not what a device is afterwards (devices/registry.py).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from survey.services.clock import Clock
from survey.services.code_tries import CodeTries
from survey.services.devices.errors import EnrolmentBusy, TooManyCodes, WrongEnrolmentCode
from survey.services.devices.registry import (
    Device,
    device_of_id,
    forget_known,
    hash_secret,
    log_deed,
    usable_row,
)
from survey.services.site_keys import site_key
from survey.storage import devices
from survey.storage.models import EnrolmentCodeRow
from survey.storage.store import Store

#: How long an enrolment code holds (ASVS 6.5.5).
CODE_HOLDS = timedelta(minutes=10)
#: Wrong codes of one browser within ten minutes; no sum over all of them, which one outsider could fill.
ENROLMENT_TRIES = CodeTries("enrol", 5, timedelta(minutes=10), TooManyCodes, EnrolmentBusy)
#: Crockford's letters: no I, L, O or U, so that none is mistaken when typed.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
#: 60 bits, so the hash is a slow one (ASVS 6.5.2).
_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code to type on the device, shown once: only its slow hash is kept."""

    code: str
    expires_at: datetime

    @property
    def written(self) -> str:
        """The code in groups of four."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A browser that has become a device: its secret is for the cookie alone."""

    secret: str
    device: Device


def enrolment_code(*, store: Store, clock: Clock, actor: str, device_id: UUID) -> EnrolmentCode:
    """Make the code that enrols one browser as a device, once, within ten minutes; older codes end.

    Raises:
        NoSuchDevice, DeviceRevoked: nothing is written.
    """
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    hashed = _slow_hash(store, code)
    expires = clock.now() + CODE_HOLDS
    with store.transaction() as session:
        row = usable_row(session, device_id)
        devices.drop_codes_before(session, clock.now())
        devices.drop_codes_of(session, row.id)
        session.add(EnrolmentCodeRow(code_hash=hashed, device_id=row.id, expires_at=expires))
        log_deed(session, clock, actor, "enrolment code made", row.id)
    return EnrolmentCode(code, expires)


def enrol(*, store: Store, clock: Clock, code: str, browser: str) -> Enrolled:
    """Make this browser the device of a code; a browser that was it before no longer is.

    Args:
        browser: names the browser that tries, and nobody.

    Raises:
        TooManyCodes: five wrong codes of this browser within ten minutes.
        EnrolmentBusy: too many codes are being looked up at this moment.
        WrongEnrolmentCode: wrong, used or ended: all look the same.
    """
    with ENROLMENT_TRIES.turn(store, clock, browser):
        typed = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
        hashed = _slow_hash(store, typed[: 2 * _CODE_LENGTH])
        made = _enrolled(store, clock, hashed)
        if made is None:
            ENROLMENT_TRIES.count_wrong(store, clock, browser)
            raise WrongEnrolmentCode()
    forget_known()
    return made


def _enrolled(store: Store, clock: Clock, hashed: str) -> Enrolled | None:
    now, secret = clock.now(), secrets.token_urlsafe(32)
    with store.transaction() as session:
        device_id = devices.use_code(session, hashed, now)
        row = devices.locked_device(session, device_id) if device_id else None
        if row is None or row.status == "revoked":
            return None
        row.secret_hash, row.enrolled_at, row.last_seen_at = hash_secret(secret), now, now
        row.status = "active" if row.status == "waiting" else row.status
        log_deed(session, clock, "device", "device enrolled", row.id)
        session.flush()
        return Enrolled(secret, device_of_id(session, row.id))


def _slow_hash(store: Store, code: str) -> str:
    """Hash a code with scrypt and a salt of this site, so that a stolen table of codes is of no use."""
    salt = site_key(store.keys, "enrolment.salt", lambda: secrets.token_bytes(16))
    return hashlib.scrypt(code.encode("utf-8", "replace"), salt=salt, n=2**14, r=8, p=1, dklen=32).hex()
