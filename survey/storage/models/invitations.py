"""Invitations to answer by a personal link.

Nothing is written here when a link is opened or a response is sent, and nothing here can be
joined to a response: the split of docs/architecture.md.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base


class InvitationRow(Base):
    """One person asked to answer one round."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("length(ballot) = 64", name="ballot"),
        CheckConstraint("reminders >= 0", name="reminders"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    invited_to: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    #: Who it was sent to, as the sender's list names them.
    person_ref: Mapped[str] = mapped_column(String(200))
    #: SHA-256 of the first token: the ids of the person's responses follow from it under the round's key,
    #: so that a link made anew keeps one ballot.
    ballot: Mapped[str] = mapped_column(String(64), unique=True)
    #: SHA-256 of the 128-bit token of the link that works now; the token itself is only in the link.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), default=None)
    sent_on: Mapped[date | None] = mapped_column(default=None)
    revoked_on: Mapped[date | None] = mapped_column(default=None)
    reminded_on: Mapped[date | None] = mapped_column(default=None)
    #: Bit i is set when reminder i of the round went to this person (services/links/reminders.py says why).
    reminders: Mapped[int] = mapped_column(default=0)


class InvitedJudgementRow(Base):
    """One unit that an invited person is asked to judge, with the person's place in the design there."""

    __tablename__ = "invited_judgement"
    __table_args__ = (CheckConstraint("design_weight > 0", name="design_weight"),)

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    judges: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    group: Mapped[str] = mapped_column(String(80))
    cluster: Mapped[str] = mapped_column(String(80))
    design_weight: Mapped[float]
