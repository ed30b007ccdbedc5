"""How a response came about: paradata. Never for a personal link, and never joined to a person.

Pages reached are counted without any person's id.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Document, one_of
from survey.storage.models.devices import OPTION_ORDERS

ASSISTANTS = ("family", "enumerator", "official")


class ParadataRow(Base):
    """One row a response that has any; no time finer than the response's day."""

    __tablename__ = "response_paradata"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "response_id"], ["response.round_id", "response.response_id"]),
        CheckConstraint(one_of("option_order", OPTION_ORDERS), name="option_order"),
        CheckConstraint(one_of("assisted_by", ASSISTANTS), name="assisted_by"),
        CheckConstraint("duration_s IS NULL OR duration_s >= 0", name="duration_s"),
        Index("ix_response_paradata_device", "device_id"),
        Index("ix_response_paradata_assignment", "assignment_id"),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), default=None)
    #: Login of the enumerator who asked, or of the clerk who keyed.
    collected_by: Mapped[str | None] = mapped_column(String(80), default=None)
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"), default=None)
    option_order: Mapped[str | None] = mapped_column(String(10), default=None)
    #: BCP-47 tag that the questions were shown in.
    language: Mapped[str | None] = mapped_column(String(35), default=None)
    assisted_by: Mapped[str | None] = mapped_column(String(10), default=None)
    #: Seconds from the first page to the sending, by the client's monotonic clock.
    duration_s: Mapped[int | None] = mapped_column(default=None)
    #: Client's clock minus the server's, in seconds, when it was told (O6).
    clock_offset_s: Mapped[int | None] = mapped_column(default=None)
    #: True for one completed before the round closed and received after (O5).
    late: Mapped[bool] = mapped_column(default=False)
    #: Procedure group and month of a slip's code; nothing finer (K13).
    procedure_group: Mapped[str | None] = mapped_column(String(120), default=None)
    procedure_month: Mapped[date | None] = mapped_column(default=None)
    #: Words such as "soon_after_another", "speeding", "clock_wrong", "staff_network".
    flags: Mapped[list[str]] = mapped_column(Document, default_factory=list)


class PageCountRow(Base):
    """How often a page of a round was opened and completed on a day (K25); no person's id."""

    __tablename__ = "page_count"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    page: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opened: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)


class QuarantinedRow(Base):
    """A record that could not be kept as a response: raw, with why, until a person decides (O4)."""

    __tablename__ = "quarantined_record"
    __table_args__ = (
        CheckConstraint(one_of("status", ("waiting", "released", "kept_out")), name="status"),
        CheckConstraint("length(raw_sha256) = 64", name="raw_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    received_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(60))
    raw: Mapped[bytes]
    raw_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), default=None)
    round_code: Mapped[str | None] = mapped_column(String(60), default=None)
    response_id: Mapped[str | None] = mapped_column(String(64), default=None)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_on: Mapped[date | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(String(300), default=None)
