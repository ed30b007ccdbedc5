"""A year's assessing: its criteria sets, blocks, units, and which agency appraises which area.

Not what was entered, decided and published in it (assessment_entries.py). These rows hold the present
state only; the history is in the entries and in the audit log.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.models.base import Base, Document, UtcDateTime, one_of
from survey.storage.models.oversight import DECISIONS

ASSESSMENT_KINDS = ("internal", "national")
STAGES = ("preparing", "self_assessment", "appraisal", "reply", "council", "published")


class CriteriaSetRow(Base):
    """A criteria set exactly as it was published, found again by the SHA-256 of its bytes."""

    __tablename__ = "criteria_set"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    set_id: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(40))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(80))


class AssessmentRow(Base):
    """One year's assessing of the units below one unit, or of a province as the ministry judges it."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(one_of("kind", ASSESSMENT_KINDS), name="kind"),
        CheckConstraint(one_of("stage", STAGES), name="stage"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    year: Mapped[int]
    #: Whose units are judged; also the scope of the officials who run it.
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    #: `national`: the province itself is judged, and appraisals are typed from the ministry's decision.
    kind: Mapped[str] = mapped_column(String(10))
    title_vi: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(20), default="preparing")
    simulated: Mapped[bool] = mapped_column(default=False)
    self_assessment_due: Mapped[date | None] = mapped_column(default=None)
    appraisal_due: Mapped[date | None] = mapped_column(default=None)
    reply_due: Mapped[date | None] = mapped_column(default=None)
    council_due: Mapped[date | None] = mapped_column(default=None)
    publication_due: Mapped[date | None] = mapped_column(default=None)

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_vi


class AssessmentBlockRow(Base):
    """Units that share a criteria set and are ranked apart from the others, such as sở or xã."""

    __tablename__ = "assessment_block"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    block: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    criteria_set_sha256: Mapped[str] = mapped_column(ForeignKey("criteria_set.sha256"))
    #: Where it stands among the blocks, from 1.
    place: Mapped[int]


class AssessmentUnitRow(Base):
    """A judged unit and how far its self-assessment has come."""

    __tablename__ = "assessment_unit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["assessment_id", "block"], ["assessment_block.assessment_id", "assessment_block.block"]
        ),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitted"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved"),
        CheckConstraint("(approved_at IS NULL) = (approved_through IS NULL)", name="approved_through"),
        CheckConstraint("submitted_at IS NULL OR approved_at IS NOT NULL", name="submitted_approved"),
        Index("ix_assessment_unit_unit", "unit_id"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    block: Mapped[str] = mapped_column(String(40))
    region: Mapped[str | None] = mapped_column(String(100), default=None)
    #: E-mail of the unit's contact, whom reminders go to.
    contact: Mapped[str | None] = mapped_column(String(254), default=None)
    #: A longer time than the assessment's, for this unit alone.
    extended_to: Mapped[date | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    approved_by: Mapped[str | None] = mapped_column(String(80), default=None)
    #: Id of the last entry of the unit that the approval covers; 0 where there was none.
    approved_through: Mapped[int | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    submitted_by: Mapped[str | None] = mapped_column(String(80), default=None)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    returned_by: Mapped[str | None] = mapped_column(String(80), default=None)
    returned_for: Mapped[str | None] = mapped_column(String(1000), default=None)


class AssessmentAreaRow(Base):
    """Which agency appraises one area (a top node of the set) in one block."""

    __tablename__ = "assessment_area"
    __table_args__ = (
        ForeignKeyConstraint(
            ["assessment_id", "block"], ["assessment_block.assessment_id", "assessment_block.block"]
        ),
        Index("ix_assessment_area_unit", "unit_id"),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    block: Mapped[str] = mapped_column(String(40), primary_key=True)
    node: Mapped[str] = mapped_column(String(80), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))


class AssessmentRequestRow(Base):
    """A deed on an assessment that one person asks for and another grants, as `approval` is on a round."""

    __tablename__ = "assessment_request"
    __table_args__ = (
        CheckConstraint(one_of("decision", DECISIONS), name="decision"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
        CheckConstraint("(decision = 'waiting') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint(one_of("action", ("publish", "change_set")), name="action"),
        Index("ix_assessment_request_assessment", "assessment_id", "decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    action: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(String(1000))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(10), default="waiting")
    decided_by: Mapped[str | None] = mapped_column(String(80), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
