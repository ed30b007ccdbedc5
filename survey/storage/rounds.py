"""What is asked of questionnaires and rounds; scope by unit is part of every question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from survey.storage.models import QuestionnaireRow, RoundRow, RoundUnitRow, UnitRow

_UNITS_JUDGED = (
    select(UnitRow)
    .join(RoundUnitRow, RoundUnitRow.unit_id == UnitRow.id)
    .join(RoundRow, RoundRow.id == RoundUnitRow.round_id)
    .where(RoundRow.code == bindparam("code"))
    .order_by(RoundUnitRow.block, UnitRow.sort_key)
)


def questionnaire_of(session: Session, sha256: str) -> QuestionnaireRow | None:
    return session.get(QuestionnaireRow, sha256)


def keep_questionnaire(session: Session, row: QuestionnaireRow) -> None:
    """Keep a questionnaire under its hash; the same bytes are kept once."""
    if session.get(QuestionnaireRow, row.sha256) is None:
        session.add(row)
        session.flush()


def round_of(session: Session, round_id: int) -> RoundRow:
    """Give the round of a key that another row refers to."""
    return session.get_one(RoundRow, round_id, options=[joinedload(RoundRow.questionnaire)])


def round_by_code(session: Session, code: str) -> RoundRow | None:
    return session.scalar(
        select(RoundRow).where(RoundRow.code == code).options(joinedload(RoundRow.questionnaire))
    )


def round_in_scope(session: Session, code: str, units: Collection[str]) -> RoundRow | None:
    """Find a round by its code among those about some units; others are as good as absent."""
    return session.scalar(
        select(RoundRow)
        .where(RoundRow.code == code, RoundRow.unit_id.in_(units))
        .options(joinedload(RoundRow.questionnaire))
    )


def rounds_in_scope(session: Session, units: Collection[str]) -> Sequence[RoundRow]:
    """List the rounds about some units, the newest first."""
    return session.scalars(
        select(RoundRow).where(RoundRow.unit_id.in_(units)).order_by(RoundRow.year.desc(), RoundRow.id)
    ).all()


def open_rounds(session: Session, day: date) -> Sequence[RoundRow]:
    """List the rounds that take answers on a day, in the order they were made."""
    return session.scalars(
        select(RoundRow)
        .where(RoundRow.status == "open", RoundRow.opens_on <= day, RoundRow.closes_on >= day)
        .order_by(RoundRow.id)
    ).all()


def all_rounds(session: Session) -> Sequence[RoundRow]:
    return session.scalars(select(RoundRow).order_by(RoundRow.id)).all()


def units_of(session: Session, round_id: int) -> Sequence[tuple[RoundUnitRow, UnitRow]]:
    """List the units a round judges, block by block, in Vietnamese alphabetical order."""
    return [
        (row[0], row[1])
        for row in session.execute(
            select(RoundUnitRow, UnitRow)
            .join(UnitRow, UnitRow.id == RoundUnitRow.unit_id)
            .where(RoundUnitRow.round_id == round_id)
            .order_by(RoundUnitRow.block, UnitRow.sort_key)
        )
    ]


def units_judged(session: Session, code: str) -> Sequence[UnitRow]:
    """List the units that the round of a code judges, in the order of `units_of`."""
    return session.scalars(_UNITS_JUDGED, {"code": code}).all()
