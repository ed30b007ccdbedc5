"""Paper: the ledger of forms, what was keyed twice, who decided between the two, and the re-check."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Document, UtcDateTime, one_of

PAPER_STATUSES = ("printed", "issued", "returned", "valid", "rejected", "lost")
RECHECK_STATUSES = ("waiting", "reached", "not_reached", "refused")


class PaperFormRow(Base):
    """One numbered form: printed, issued, returned, and then valid or rejected with its reason."""

    __tablename__ = "paper_form"
    __table_args__ = (
        CheckConstraint(one_of("status", PAPER_STATUSES), name="status"),
        CheckConstraint("base_weight > 0", name="base_weight"),
        CheckConstraint("(status = 'rejected') = (rejected_for IS NOT NULL)", name="rejected_for"),
    )

    #: With its check character; printed on every page of the form.
    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    stratum: Mapped[str] = mapped_column(String(80))
    psu: Mapped[str] = mapped_column(String(80))
    base_weight: Mapped[float]
    #: Forms printed together.
    batch: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default="printed")
    issued_on: Mapped[date | None] = mapped_column(default=None)
    #: Login of the enumerator, or the name of the office that took it.
    issued_to: Mapped[str | None] = mapped_column(String(120), default=None)
    returned_on: Mapped[date | None] = mapped_column(default=None)
    rejected_for: Mapped[str | None] = mapped_column(String(200), default=None)


class PaperKeyingRow(Base):
    """One of the two keyings of a form, by two persons."""

    __tablename__ = "paper_keying"
    __table_args__ = (
        CheckConstraint("pass_number IN (1, 2)", name="pass_number"),
        UniqueConstraint("number", "keyed_by"),
    )

    number: Mapped[str] = mapped_column(ForeignKey("paper_form.number"), primary_key=True)
    pass_number: Mapped[int] = mapped_column(primary_key=True)
    keyed_by: Mapped[str] = mapped_column(String(80))
    keyed_on: Mapped[date]
    answers: Mapped[dict[str, Any]] = mapped_column(Document)


class AdjudicationRow(Base):
    """What a third person read on the form where the two keyings differ."""

    __tablename__ = "paper_adjudication"

    number: Mapped[str] = mapped_column(ForeignKey("paper_form.number"), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: {"value": …}; null where the form is blank.
    answer: Mapped[dict[str, Any]] = mapped_column(Document)
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_on: Mapped[date]


class RecheckSampleRow(Base):
    """A sample of responses to ask again (phúc tra), drawn by the server with its seed kept."""

    __tablename__ = "recheck_sample"
    __table_args__ = (CheckConstraint("share > 0 AND share <= 1", name="share"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    share: Mapped[float]
    frame_size: Mapped[int]
    #: [response id, who collected it] of every response drawn from, so that the draw can be made again.
    frame: Mapped[list[Any]] = mapped_column(Document, deferred=True)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by: Mapped[str] = mapped_column(String(80))


class RecheckRow(Base):
    """One response to ask again; who asks does not see the first answers."""

    __tablename__ = "recheck"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "response_id"], ["response.round_id", "response.response_id"]),
        CheckConstraint(one_of("status", RECHECK_STATUSES), name="status"),
        UniqueConstraint("sample_id", "response_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("recheck_sample.id"))
    round_id: Mapped[int]
    response_id: Mapped[UUID] = mapped_column(Uuid)
    #: The enumerator or clerk whose work is checked.
    collected_by: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    asked_by: Mapped[str | None] = mapped_column(String(80), default=None)
    asked_on: Mapped[date | None] = mapped_column(default=None)
    answers: Mapped[dict[str, Any] | None] = mapped_column(Document, default=None)
