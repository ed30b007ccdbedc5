"""What is asked of accounts, their sessions and failed sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from survey.storage.models import AccountRow, LoginSessionRow, SignInFailureRow


def account_by_login(session: Session, login: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.login == login))


def all_accounts(session: Session) -> Sequence[AccountRow]:
    return session.scalars(select(AccountRow).order_by(AccountRow.login)).all()


def login_session(session: Session, secret_hash: str) -> LoginSessionRow | None:
    """Find a signed-in session whose account is still active, with its account."""
    return session.scalar(
        select(LoginSessionRow)
        .join(LoginSessionRow.account)
        .where(LoginSessionRow.secret_hash == secret_hash, AccountRow.active)
        .options(joinedload(LoginSessionRow.account))
    )


def touch_session(session: Session, secret_hash: str, now: datetime) -> None:
    """Note that a session was used; one ended meanwhile stays ended."""
    session.execute(
        update(LoginSessionRow).where(LoginSessionRow.secret_hash == secret_hash).values(last_seen_at=now)
    )


def end_session(session: Session, secret_hash: str) -> None:
    session.execute(delete(LoginSessionRow).where(LoginSessionRow.secret_hash == secret_hash))


def end_sessions_of(session: Session, account_id: int) -> None:
    session.execute(delete(LoginSessionRow).where(LoginSessionRow.account_id == account_id))


def drop_sessions_before(session: Session, *, started: datetime, seen: datetime) -> int:
    """Delete sessions started or last used before a moment; give how many."""
    old = delete(LoginSessionRow).where(
        or_(LoginSessionRow.started_at < started, LoginSessionRow.last_seen_at < seen)
    )
    return len(session.scalars(old.returning(LoginSessionRow.secret_hash)).all())


def drop_failures_before(session: Session, moment: datetime) -> int:
    """Delete failed sign-ins before a moment; give how many."""
    old = delete(SignInFailureRow).where(SignInFailureRow.at < moment)
    return len(session.scalars(old.returning(SignInFailureRow.id)).all())


def failures_since(session: Session, login: str, since: datetime) -> int:
    return (
        session.scalar(
            select(func.count()).where(SignInFailureRow.login == login, SignInFailureRow.at >= since)
        )
        or 0
    )


def forget_failures(session: Session, login: str) -> None:
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.login == login))
