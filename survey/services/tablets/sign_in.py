"""An enumerator on a tablet: signed in online, known for seven days to this tablet alone (O10).

What the tablet holds is a signed grant, no session and no password; a changed password, an account that is
shut out, or a tablet that is revoked, ends it at once. How the tablet locks its queue is
static/js/tablet/vault.js.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from survey.services.accounts import Account, account_of_session, sign_in, sign_out
from survey.services.clock import Clock
from survey.services.permissions import RIGHTS
from survey.services.tablets.errors import NotACollector, SignInAgain
from survey.storage import accounts
from survey.storage.models import AccountRow
from survey.storage.store import Store

#: How long a sign-in holds on the tablet where it was made.
HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to collect with one tablet.

    Attributes:
        secret: what the tablet shows with everything it sends.
    """

    login: str
    full_name: str
    until: datetime
    secret: str


def sign_in_on_tablet(
    *, store: Store, clock: Clock, secret_key: str, device_id: UUID, login: str, password: str
) -> Grant:
    """Check a password and give leave to collect with this tablet for seven days.

    Raises:
        TooManyAttempts, SignInRefused: see `accounts.sign_in`.
        NotACollector: the account is not an enumerator's.
    """
    session = sign_in(store=store, clock=clock, login=login, password=password)
    account = account_of_session(store=store, clock=clock, secret=session)
    sign_out(store=store, clock=clock, secret=session)
    if account is None or "collect" not in RIGHTS.get(account.role, frozenset()):
        raise NotACollector(login)
    until = clock.now() + HOLDS
    with store.reading() as reading:
        row = accounts.account_by_login(reading, account.login)
    if row is None:
        raise NotACollector(login)
    secret = _signed(secret_key, row, device_id, until)
    return Grant(account.login, account.full_name, until, secret)


def collector_of(*, store: Store, clock: Clock, secret_key: str, device_id: UUID, secret: str) -> Account:
    """Give the enumerator whom a grant names.

    Raises:
        SignInAgain: the grant has ended, is not of this site or this tablet, or the password was changed.
        NotACollector: the account was shut out, or is no longer an enumerator's.
    """
    login, until = _read(secret)
    with store.reading() as session:
        row = accounts.account_by_login(session, login)
    if until is None or row is None or not _same(_signed(secret_key, row, device_id, until), secret):
        raise SignInAgain("the grant is not for this tablet")
    if clock.now() > until:
        raise SignInAgain("the grant has ended")
    if not row.active or "collect" not in RIGHTS.get(row.role, frozenset()):
        raise NotACollector(login)
    return Account(row.login, row.full_name, row.role, row.unit_id)


def _signed(secret_key: str, row: AccountRow, device_id: UUID, until: datetime) -> str:
    """Sign a grant together with a hash of the password's hash, which the tablet is not told."""
    written = json.dumps([row.login, int(until.timestamp())]).encode()
    told = base64.urlsafe_b64encode(written).decode().rstrip("=")
    password = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    mark = hmac.digest(secret_key.encode(), f"tablet:{device_id.hex}:{password}:{told}".encode(), "sha256")
    return f"{told}.{mark.hex()}"


def _same(expected: str, secret: str) -> bool:
    return hmac.compare_digest(expected.encode(), secret.encode("utf-8", "replace"))


def _read(secret: str) -> tuple[str, datetime | None]:
    told = secret.partition(".")[0]
    try:
        login, until = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        return str(login), datetime.fromtimestamp(int(until), tz=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return "", None
