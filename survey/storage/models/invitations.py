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
    """One person asked to answer one round about one unit."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="token_hash"),
        CheckConstraint("design_weight > 0", name="design_weight"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    invited_to: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    #: Who it was sent to, as the sender's list names them.
    person_ref: Mapped[str] = mapped_column(String(200))
    judges: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    group: Mapped[str] = mapped_column(String(80))
    cluster: Mapped[str] = mapped_column(String(80))
    design_weight: Mapped[float]
    #: SHA-256 of the 128-bit token; the token itself is only in the link.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_on: Mapped[date | None] = mapped_column(default=None)
    revoked_on: Mapped[date | None] = mapped_column(default=None)
