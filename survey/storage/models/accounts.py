"""Officials' and analysts' accounts, their sessions, and the log of what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.models.base import Base, Document, UtcDateTime, one_of

ROLES = ("official", "analyst", "administrator", "enumerator", "unit", "unit_head", "appraiser")


class AccountRow(Base):
    """A person who may sign in, bound to a unit: they see what lies at or below it."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(one_of("role", ROLES), name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    password_hash: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(default=True)


class LoginSessionRow(Base):
    """One signed-in browser; deleting the row ends it at the next request."""

    __tablename__ = "login_session"

    #: SHA-256 of the cookie's secret.
    secret_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[AccountRow] = relationship(init=False, lazy="raise")


class SignInFailureRow(Base):
    """A failed sign-in, counted by login so that guessing is slowed on every process."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    login: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEventRow(Base):
    """Who did what; rows are only added."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(Document)
