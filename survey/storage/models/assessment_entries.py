"""What was entered, decided, minuted, published and promised in a year's assessing; and the evidence.

All but the evidence are only ever added: a change is a new row with the next number. Not the state of
the assessment and its units (assessments.py).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, UtcDateTime, one_of

STEPS = ("self", "appraisal", "reply", "council", "survey")
APPRAISALS = ("accepted", "adjusted", "returned")
CHECKED = ("waiting", "clean", "refused")
REMEDY_STATUSES = ("planned", "under_way", "done", "dropped")
#: A document, or nothing at all: never JSON's own null.
OptionalDocument = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
_OF_UNIT = (
    ["assessment_id", "unit_id"],
    ["assessment_unit.assessment_id", "assessment_unit.unit_id"],
)


class AssessmentEntryRow(Base):
    """What one step said of one leaf of one unit; the newest of its step holds."""

    __tablename__ = "assessment_entry"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_UNIT),
        ForeignKeyConstraint(
            ["assessment_id", "minutes"], ["assessment_minutes.assessment_id", "assessment_minutes.number"]
        ),
        UniqueConstraint("assessment_id", "unit_id", "leaf", "step", "number"),
        CheckConstraint(one_of("step", STEPS), name="step"),
        CheckConstraint(
            f"decision IS NULL OR {one_of('decision', APPRAISALS)}",
            name="decision",
        ),
        CheckConstraint("(step = 'appraisal') = (decision IS NOT NULL)", name="decided"),
        CheckConstraint("(step = 'council') = (minutes IS NOT NULL)", name="minuted"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    assessment_id: Mapped[int]
    unit_id: Mapped[str] = mapped_column(String(40))
    #: A leaf, or a node above leaves that is exempted as a whole.
    leaf: Mapped[str] = mapped_column(String(80))
    step: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    criteria_set_sha256: Mapped[str] = mapped_column(ForeignKey("criteria_set.sha256"))
    input: Mapped[dict[str, Any] | None] = mapped_column(OptionalDocument)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    decision: Mapped[str | None] = mapped_column(String(10), default=None)
    #: Explanation, reason or reply.
    text: Mapped[str] = mapped_column(String(4000), default="")
    #: Number of the minutes that the council's decision stands in.
    minutes: Mapped[int | None] = mapped_column(default=None)


class AssessmentEvidenceRow(Base):
    """A file that a unit gives for a leaf; the file lies under its SHA-256, withdrawing keeps the row."""

    __tablename__ = "assessment_evidence"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_UNIT),
        CheckConstraint(one_of("checked", CHECKED), name="checked"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index("ix_assessment_evidence_leaf", "assessment_id", "unit_id", "leaf"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    assessment_id: Mapped[int]
    unit_id: Mapped[str] = mapped_column(String(40))
    leaf: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    #: What the sender called it; shown, never used as a path.
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    checked: Mapped[str] = mapped_column(String(10))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(80), default=None)


class AssessmentMinutesRow(Base):
    """The minutes of one meeting of the appraisal council."""

    __tablename__ = "assessment_minutes"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("evidence_sha256 IS NULL OR length(evidence_sha256) = 64", name="evidence_sha256"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(20_000))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    #: SHA-256 of the signed paper, where one was scanned.
    evidence_sha256: Mapped[str | None] = mapped_column(String(64), default=None)


class AssessmentPublicationRow(Base):
    """The results as published, by two persons; a correction is the next number."""

    __tablename__ = "assessment_publication"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("granted_by <> asked_by", name="two_persons"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("assessment_request.id"), unique=True)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: JSON as bytes, since a database's own JSON gives back other bytes and so another hash.
    document: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    simulated: Mapped[bool]


class AssessmentRemedyRow(Base):
    """What a unit will do about points it lost on a leaf; the newest number of the leaf holds."""

    __tablename__ = "assessment_remedy"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_UNIT),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(one_of("status", REMEDY_STATUSES), name="status"),
    )

    assessment_id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    leaf: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(2000))
    measure: Mapped[str] = mapped_column(String(2000))
    #: Who answers for it: a department or a person of the unit.
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
