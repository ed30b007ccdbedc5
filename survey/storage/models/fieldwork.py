"""Fieldwork: assignments of enumerators, slips with one-time codes, imports of files."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, UtcDateTime, one_of


class AssignmentRow(Base):
    """So many interviews at one place in the design, for one enumerator. It names no respondent."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(one_of("status", ("open", "done", "withdrawn")), name="status"),
        CheckConstraint("wanted > 0", name="wanted"),
        CheckConstraint("base_weight > 0", name="base_weight"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    #: Where to go, in words: a village, a counter.
    place: Mapped[str] = mapped_column(String(200))
    stratum: Mapped[str] = mapped_column(String(80))
    psu: Mapped[str] = mapped_column(String(80))
    base_weight: Mapped[float]
    wanted: Mapped[int]
    due_on: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(String(10), default="open")


class SlipBatchRow(Base):
    """A sheet of receipt slips for one unit, procedure group and month (K13)."""

    __tablename__ = "slip_batch"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    procedure_group: Mapped[str] = mapped_column(String(120))
    #: First day of the month.
    month: Mapped[date]
    size: Mapped[int]
    expires_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))


class SlipCodeRow(Base):
    """One code, by its slow hash. That it was used is told by the response whose id follows from it."""

    __tablename__ = "slip_code"
    __table_args__ = (CheckConstraint("length(code_hash) = 64", name="code_hash"),)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("slip_batch.id"), index=True)


class ImportRow(Base):
    """A file of responses that was taken in whole; the same file again changes nothing."""

    __tablename__ = "import_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "file_sha256"),
        CheckConstraint("length(file_sha256) = 64", name="file_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[str] = mapped_column(String(80))
