"""Responses, drafts and conflicts.

A response made through a personal link shares no column, no key and no time with the invitation
that led to it (see docs/architecture.md, "The split"): this module never mentions invitations.
"""

from __future__ import annotations

from datetime import date
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

from survey.storage.models.base import Base, Document, one_of

CHANNELS = ("kiosk", "phone", "personal", "tablet", "paper", "import")
GRADES = ("A", "B", "C")


class ResponseRow(Base):
    """One person's answers, kept once. Rows are only added: a correction is a row that supersedes."""

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(one_of("channel", CHANNELS), name="channel"),
        CheckConstraint(one_of("evidence", GRADES), name="evidence"),
        CheckConstraint(one_of("status", ("complete", "partial")), name="status"),
        CheckConstraint("base_weight > 0", name="base_weight"),
        CheckConstraint("length(payload_sha256) = 64", name="payload_sha256"),
        CheckConstraint("supersedes IS NULL OR supersedes <> response_id", name="supersedes"),
        ForeignKeyConstraint(["round_id", "supersedes"], ["response.round_id", "response.response_id"]),
        ForeignKeyConstraint(["round_id", "unit_id"], ["round_unit.round_id", "round_unit.unit_id"]),
        UniqueConstraint("round_id", "supersedes"),
        Index("ix_response_board", "round_id", "unit_id", "day_received"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    #: Made by the client (128 bits): the same submission sent again finds its own row.
    response_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    questionnaire_sha256: Mapped[str] = mapped_column(ForeignKey("questionnaire.sha256"))
    #: The unit that is judged.
    unit_id: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str] = mapped_column(String(1))
    stratum: Mapped[str] = mapped_column(String(80))
    psu: Mapped[str] = mapped_column(String(80))
    base_weight: Mapped[float]
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    #: The day in Vietnam, no finer: a time would match an answer to a face.
    day_received: Mapped[date]
    status: Mapped[str] = mapped_column(String(10), default="complete")
    simulated: Mapped[bool] = mapped_column(default=False)
    supersedes: Mapped[UUID | None] = mapped_column(Uuid, default=None)


class ResponseConflictRow(Base):
    """Other answers that came under an id already taken, kept for a person to see."""

    __tablename__ = "response_conflict"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "response_id"], ["response.round_id", "response.response_id"]),
        UniqueConstraint("round_id", "response_id", "payload_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int]
    response_id: Mapped[UUID] = mapped_column(Uuid)
    channel: Mapped[str] = mapped_column(String(10))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    day_received: Mapped[date]


class DraftRow(Base):
    """Answers saved page by page until they are sent; deleted in the transaction that keeps the response."""

    __tablename__ = "draft"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    response_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    day_saved: Mapped[date] = mapped_column(index=True)
    #: The kiosk of the visit, so that a visit walked away from is kept as unfinished (K7).
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), index=True, default=None)
