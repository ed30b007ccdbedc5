"""What is asked of entries, evidence, minutes, publications and remedies of a year's assessing.

Not the assessment itself nor its scope (assessments.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.models import (
    AssessmentEntryRow,
    AssessmentEvidenceRow,
    AssessmentMinutesRow,
    AssessmentPublicationRow,
    AssessmentRemedyRow,
)


def entries_of(
    session: Session,
    assessment_id: int,
    *,
    units: Collection[str] | None = None,
    through: int | None = None,
) -> Sequence[AssessmentEntryRow]:
    """List entries in the order they were made.

    Args:
        units: of these units only.
        through: up to this id only, so that a publication can be computed again.
    """
    asked = select(AssessmentEntryRow).where(AssessmentEntryRow.assessment_id == assessment_id)
    if units is not None:
        asked = asked.where(AssessmentEntryRow.unit_id.in_(units))
    if through is not None:
        asked = asked.where(AssessmentEntryRow.id <= through)
    return session.scalars(asked.order_by(AssessmentEntryRow.id)).all()


def last_entry_id(session: Session, assessment_id: int, unit_id: str | None = None) -> int:
    """Give the id of the last entry of an assessment or of one unit in it; 0 where there is none."""
    asked = select(func.max(AssessmentEntryRow.id)).where(AssessmentEntryRow.assessment_id == assessment_id)
    if unit_id is not None:
        asked = asked.where(AssessmentEntryRow.unit_id == unit_id)
    return session.scalar(asked) or 0


def evidence_of(
    session: Session, assessment_id: int, *, units: Collection[str] | None = None, leaf: str | None = None
) -> Sequence[AssessmentEvidenceRow]:
    """List evidence, withdrawn and refused files included, in the order it was added."""
    asked = select(AssessmentEvidenceRow).where(AssessmentEvidenceRow.assessment_id == assessment_id)
    if units is not None:
        asked = asked.where(AssessmentEvidenceRow.unit_id.in_(units))
    if leaf is not None:
        asked = asked.where(AssessmentEvidenceRow.leaf == leaf)
    return session.scalars(asked.order_by(AssessmentEvidenceRow.id)).all()


def evidence_by_id(
    session: Session, assessment_id: int, evidence_id: int, *, lock: bool = False
) -> AssessmentEvidenceRow | None:
    asked = select(AssessmentEvidenceRow).where(
        AssessmentEvidenceRow.assessment_id == assessment_id, AssessmentEvidenceRow.id == evidence_id
    )
    return session.scalar(asked.with_for_update() if lock else asked)


def unscanned_evidence(session: Session, assessment_id: int) -> Sequence[AssessmentEvidenceRow]:
    """List the files that no scanner has judged."""
    return session.scalars(
        select(AssessmentEvidenceRow)
        .where(
            AssessmentEvidenceRow.assessment_id == assessment_id, AssessmentEvidenceRow.checked == "waiting"
        )
        .order_by(AssessmentEvidenceRow.id)
    ).all()


def minutes_of(session: Session, assessment_id: int) -> Sequence[AssessmentMinutesRow]:
    return session.scalars(
        select(AssessmentMinutesRow)
        .where(AssessmentMinutesRow.assessment_id == assessment_id)
        .order_by(AssessmentMinutesRow.number)
    ).all()


def publications_of(session: Session, assessment_id: int) -> Sequence[AssessmentPublicationRow]:
    """List the publications of an assessment, the first one first."""
    return session.scalars(
        select(AssessmentPublicationRow)
        .where(AssessmentPublicationRow.assessment_id == assessment_id)
        .order_by(AssessmentPublicationRow.number)
    ).all()


def remedies_of(
    session: Session, assessment_id: int, *, units: Collection[str] | None = None
) -> Sequence[AssessmentRemedyRow]:
    """List remedies with what they were before, by unit and leaf, the first number first."""
    asked = select(AssessmentRemedyRow).where(AssessmentRemedyRow.assessment_id == assessment_id)
    if units is not None:
        asked = asked.where(AssessmentRemedyRow.unit_id.in_(units))
    return session.scalars(
        asked.order_by(AssessmentRemedyRow.unit_id, AssessmentRemedyRow.leaf, AssessmentRemedyRow.number)
    ).all()
