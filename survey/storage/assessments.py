"""What is asked of a year's assessing: its row, blocks, units, areas and criteria sets, within a scope.

Not entries, evidence and publications (assessment_entries.py). Scope is part of every question about an
assessment: one of another province, or of another unit, is as good as absent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from survey.storage.models import (
    AssessmentAreaRow,
    AssessmentBlockRow,
    AssessmentRequestRow,
    AssessmentRow,
    AssessmentUnitRow,
    CriteriaSetRow,
    UnitRow,
)

#: `share`: nobody moves the assessment on meanwhile; `update`: nobody writes in it either.
Lock = Literal["none", "share", "update"]
Row = TypeVar("Row")


def of_officials(units: Collection[str]) -> ColumnElement[bool]:
    """Give the condition that an assessment judges units below one of an official's."""
    return AssessmentRow.unit_id.in_(units)


def of_judged(unit_id: str) -> ColumnElement[bool]:
    """Give the condition that an assessment judges a unit."""
    return AssessmentRow.id.in_(
        select(AssessmentUnitRow.assessment_id).where(AssessmentUnitRow.unit_id == unit_id)
    )


def of_agency(unit_id: str) -> ColumnElement[bool]:
    """Give the condition that an agency appraises an area of an assessment."""
    return AssessmentRow.id.in_(
        select(AssessmentAreaRow.assessment_id).where(AssessmentAreaRow.unit_id == unit_id)
    )


def assessment_where(
    session: Session, code: str, scope: ColumnElement[bool], lock: Lock = "none"
) -> AssessmentRow | None:
    """Find an assessment by its code within a scope."""
    return session.scalar(_locked(select(AssessmentRow).where(AssessmentRow.code == code, scope), lock))


def assessments_where(session: Session, scope: ColumnElement[bool]) -> Sequence[AssessmentRow]:
    """List the assessments within a scope, the newest year first."""
    return session.scalars(
        select(AssessmentRow).where(scope).order_by(AssessmentRow.year.desc(), AssessmentRow.id)
    ).all()


def is_code_taken(session: Session, code: str) -> bool:
    return session.scalar(select(AssessmentRow.id).where(AssessmentRow.code == code)) is not None


def blocks_of(session: Session, assessment_id: int) -> Sequence[AssessmentBlockRow]:
    """List the blocks of an assessment in their order."""
    return session.scalars(
        select(AssessmentBlockRow)
        .where(AssessmentBlockRow.assessment_id == assessment_id)
        .order_by(AssessmentBlockRow.place)
    ).all()


def block_of(
    session: Session, assessment_id: int, block: str, lock: Lock = "none"
) -> AssessmentBlockRow | None:
    asked = select(AssessmentBlockRow).where(
        AssessmentBlockRow.assessment_id == assessment_id, AssessmentBlockRow.block == block
    )
    return session.scalar(_locked(asked, lock))


def units_of(session: Session, assessment_id: int) -> Sequence[tuple[AssessmentUnitRow, UnitRow]]:
    """List the judged units, block by block, in Vietnamese alphabetical order."""
    found = session.execute(
        select(AssessmentUnitRow, UnitRow)
        .join(UnitRow, UnitRow.id == AssessmentUnitRow.unit_id)
        .join(
            AssessmentBlockRow,
            (AssessmentBlockRow.assessment_id == AssessmentUnitRow.assessment_id)
            & (AssessmentBlockRow.block == AssessmentUnitRow.block),
        )
        .where(AssessmentUnitRow.assessment_id == assessment_id)
        .order_by(AssessmentBlockRow.place, UnitRow.sort_key)
    )
    return [(row[0], row[1]) for row in found]


def judged_unit(
    session: Session, assessment_id: int, unit_id: str, lock: Lock = "none"
) -> AssessmentUnitRow | None:
    asked = select(AssessmentUnitRow).where(
        AssessmentUnitRow.assessment_id == assessment_id, AssessmentUnitRow.unit_id == unit_id
    )
    return session.scalar(_locked(asked, lock))


def areas_of(
    session: Session, assessment_id: int, *, agency: str | None = None
) -> Sequence[AssessmentAreaRow]:
    """List which agency appraises which area, or only the areas of one agency."""
    asked = select(AssessmentAreaRow).where(AssessmentAreaRow.assessment_id == assessment_id)
    if agency is not None:
        asked = asked.where(AssessmentAreaRow.unit_id == agency)
    return session.scalars(asked.order_by(AssessmentAreaRow.block, AssessmentAreaRow.node)).all()


def area_of(session: Session, assessment_id: int, block: str, node: str) -> AssessmentAreaRow | None:
    return session.get(AssessmentAreaRow, (assessment_id, block, node))


def criteria_set_of(session: Session, sha256: str) -> CriteriaSetRow | None:
    return session.get(CriteriaSetRow, sha256)


def criteria_sets(session: Session) -> Sequence[CriteriaSetRow]:
    """List the criteria sets that were published, by id, the newest first."""
    return session.scalars(
        select(CriteriaSetRow).order_by(CriteriaSetRow.set_id, CriteriaSetRow.published_at.desc())
    ).all()


def request_of(session: Session, assessment_id: int, request_id: int) -> AssessmentRequestRow | None:
    """Find a request of an assessment and keep others from deciding it until the transaction ends."""
    return session.scalar(
        select(AssessmentRequestRow)
        .where(AssessmentRequestRow.assessment_id == assessment_id, AssessmentRequestRow.id == request_id)
        .with_for_update()
    )


def requests_of(session: Session, assessment_id: int) -> Sequence[AssessmentRequestRow]:
    """List what was asked for, what waits first, then the newest first."""
    waits_first = AssessmentRequestRow.decision != "waiting"
    return session.scalars(
        select(AssessmentRequestRow)
        .where(AssessmentRequestRow.assessment_id == assessment_id)
        .order_by(waits_first, AssessmentRequestRow.id.desc())
    ).all()


def _locked(asked: Select[Row], lock: Lock) -> Select[Row]:
    return asked if lock == "none" else asked.with_for_update(read=lock == "share")
