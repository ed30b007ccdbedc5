"""What two persons decide, alarms that a person reviews, responses kept out of the index with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Document, UtcDateTime, one_of

DECISIONS = ("waiting", "granted", "refused")


class ApprovalRow(Base):
    """A deed that one person asks for and another grants (ASVS 2.3.5)."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(one_of("decision", DECISIONS), name="decision"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
        CheckConstraint("(decision = 'waiting') = (decided_by IS NULL)", name="decided_by"),
        Index("ix_approval_round", "round_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    action: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(300))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class AlarmRow(Base):
    """Something implausible about one unit on one day; the province reviews it, nothing is deleted (K11)."""

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint(one_of("status", ("waiting", "justified", "dismissed")), name="status"),
        UniqueConstraint("round_id", "unit_id", "day", "kind", "device"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(40))
    #: Hex id of the device, "open" for the open address, or "" where it is about the whole unit.
    device: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    reviewed_by: Mapped[str | None] = mapped_column(String(80), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    note: Mapped[str | None] = mapped_column(String(300), default=None)


class TransactionCountRow(Base):
    """How many transactions a unit had on a day, as the province's dossier system counts them (K11)."""

    __tablename__ = "transaction_count"
    __table_args__ = (CheckConstraint("transactions >= 0", name="transactions"),)

    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    transactions: Mapped[int]
    recorded_by: Mapped[str] = mapped_column(String(80))


class ExclusionRow(Base):
    """A response kept out of the index, or taken in again, by two persons; its newest row holds."""

    __tablename__ = "response_exclusion"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "response_id"], ["response.round_id", "response.response_id"]),
        Index("ix_response_exclusion_response", "round_id", "response_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int]
    response_id: Mapped[UUID] = mapped_column(Uuid)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    excluded: Mapped[bool]
