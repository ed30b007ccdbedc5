"""Officials' and analysts' accounts: made by a command, signed in by password, ended at once.

There is no default account. What each role may see is decided in `permissions.py`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.services.clock import Clock
from survey.services.errors import (
    BadLogin,
    BadName,
    LoginTaken,
    NoSuchAccount,
    SignInRefused,
    TooManyAttempts,
    WeakPassword,
)
from survey.storage import accounts, audit
from survey.storage.models import AccountRow, LoginSessionRow, SignInFailureRow
from survey.storage.store import Store

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
_FAILURES_ALLOWED = 5
_FAILURE_WINDOW = timedelta(minutes=15)
_LONGEST_NAME = 200
_LOGIN = re.compile(r"[a-z0-9][a-z0-9.\-]{2,39}")
_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Account:
    """A signed-in person: who they are, what they may do, and the unit that bounds what they see."""

    login: str
    full_name: str
    role: str
    unit_id: str


def add_account(
    *, store: Store, clock: Clock, login: str, full_name: str, role: str, unit_id: str, password: str
) -> Account:
    """Make an account.

    Raises:
        BadLogin, BadName, WeakPassword, LoginTaken: with nothing written.
    """
    if not _LOGIN.fullmatch(login):
        raise BadLogin(login)
    if not full_name.strip() or len(full_name) > _LONGEST_NAME:
        raise BadName(login)
    _require_strong(login, password)
    row = AccountRow(
        login=login,
        full_name=full_name,
        role=role,
        unit_id=unit_id,
        password_hash=_hasher.hash(password),
        created_at=clock.now(),
    )
    with store.transaction() as session:
        if accounts.account_by_login(session, login) is not None:
            raise LoginTaken(login, login=login)
        session.add(row)
        audit.record(session, at=clock.now(), actor="survey user add", action="account added", subject=login)
        session.flush()
    return _account(row)


def set_active(*, store: Store, clock: Clock, login: str, active: bool) -> None:
    """Let an account in again, or shut it out; its sessions end at once.

    Raises:
        NoSuchAccount: there is none of that login.
    """
    with store.transaction() as session:
        row = accounts.account_by_login(session, login)
        if row is None:
            raise NoSuchAccount(login, login=login)
        row.active = active
        accounts.end_sessions_of(session, row.id)
        word = "account enabled" if active else "account disabled"
        audit.record(session, at=clock.now(), actor="survey user", action=word, subject=login)


def set_password(*, store: Store, clock: Clock, login: str, password: str) -> None:
    """Give an account a new password; its sessions end at once.

    Raises:
        NoSuchAccount, WeakPassword: nothing is changed.
    """
    _require_strong(login, password)
    with store.transaction() as session:
        row = accounts.account_by_login(session, login)
        if row is None:
            raise NoSuchAccount(login, login=login)
        row.password_hash = _hasher.hash(password)
        accounts.end_sessions_of(session, row.id)
        audit.record(session, at=clock.now(), actor="survey user", action="password changed", subject=login)


def list_accounts(*, store: Store) -> tuple[tuple[Account, bool], ...]:
    """List every account and whether it is active."""
    with store.reading() as session:
        return tuple((_account(row), row.active) for row in accounts.all_accounts(session))


def sign_in(*, store: Store, clock: Clock, login: str, password: str) -> str:
    """Check a password and start a session; give its secret, which only the cookie holds.

    Raises:
        TooManyAttempts: five failures within 15 minutes, counted by login.
        SignInRefused: wrong login or password, or a disabled account: all look the same.
    """
    login, now = login.strip().lower()[:80], clock.now()
    with store.reading() as session:
        if accounts.failures_since(session, login, now - _FAILURE_WINDOW) >= _FAILURES_ALLOWED:
            raise TooManyAttempts(login)
        row = accounts.account_by_login(session, login)
    right = _verify(row.password_hash if row else None, password) and row is not None and row.active
    with store.transaction() as session:
        if not right or row is None:
            session.add(SignInFailureRow(login=login, at=now))
            audit.record(session, at=now, actor=login, action="sign-in refused", subject=login)
        else:
            accounts.forget_failures(session, login)
            secret = secrets.token_urlsafe(32)
            session.add(
                LoginSessionRow(
                    secret_hash=_hash(secret), account_id=row.id, started_at=now, last_seen_at=now
                )
            )
            audit.record(session, at=now, actor=login, action="signed in", subject=login)
            return secret
    raise SignInRefused(login)


def account_of_session(*, store: Store, clock: Clock, secret: str) -> Account | None:
    """Give the account of a live session, or None; using it keeps it alive for 15 more minutes."""
    now = clock.now()
    with store.reading() as session:
        row = accounts.login_session(session, _hash(secret))
    if row is None or now - row.last_seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    if now - row.last_seen_at > timedelta(minutes=1):
        with store.transaction() as session:
            accounts.touch_session(session, row.secret_hash, now)
    return _account(row.account)


def is_signed_in(*, store: Store, secret: str) -> bool:
    """Say whether a secret is of a session that nobody ended, idle or not; it is not kept alive by this."""
    with store.reading() as session:
        return accounts.login_session(session, _hash(secret)) is not None


def sign_out(*, store: Store, clock: Clock, secret: str) -> None:
    """End a session: its cookie is worth nothing from now on."""
    with store.transaction() as session:
        row = accounts.login_session(session, _hash(secret))
        if row is not None:
            audit.record(
                session,
                at=clock.now(),
                actor=row.account.login,
                action="signed out",
                subject=row.account.login,
            )
        accounts.end_session(session, _hash(secret))


def _verify(password_hash: str | None, password: str) -> bool:
    # An unknown login costs the same time as a known one.
    try:
        return _hasher.verify(password_hash or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _require_strong(login: str, password: str) -> None:
    if not 12 <= len(password) <= 128 or login in password.lower():
        raise WeakPassword(login)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _account(row: AccountRow) -> Account:
    return Account(row.login, row.full_name, row.role, row.unit_id)
