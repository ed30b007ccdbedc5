"""What is asked of assignments: by round, by enumerator, one by its id, each with how many forms it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from survey.storage.models import AccountRow, AssignmentRow, ParadataRow, RoundRow, UnitRow


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment with what stands beside it.

    Attributes:
        wanted: how many interviews were asked for.
        done: how many forms came; more than wanted is possible, and shown.
    """

    id: UUID
    round_id: int
    round_code: str
    login: str
    full_name: str
    unit_id: str
    unit_name: str
    place: str
    stratum: str
    psu: str
    base_weight: float
    wanted: int
    due_on: date | None
    status: str
    done: int

    @property
    def is_over(self) -> bool:
        """True when more forms came than were asked for."""
        return self.done > self.wanted


_ASSIGNMENT, _ROUND, _ACCOUNT, _UNIT, _PARADATA = (
    cast(Table, row.__table__).c for row in (AssignmentRow, RoundRow, AccountRow, UnitRow, ParadataRow)
)
_DONE = (
    select(func.count())
    .select_from(ParadataRow.__table__)
    .where(_PARADATA.assignment_id == _ASSIGNMENT.id)
    .scalar_subquery()
)
_LINE: Any = (
    select(
        _ASSIGNMENT.id,
        _ASSIGNMENT.round_id,
        _ROUND.code,
        _ACCOUNT.login,
        _ACCOUNT.full_name,
        _ASSIGNMENT.unit_id,
        _UNIT.name,
        _ASSIGNMENT.place,
        _ASSIGNMENT.stratum,
        _ASSIGNMENT.psu,
        _ASSIGNMENT.base_weight,
        _ASSIGNMENT.wanted,
        _ASSIGNMENT.due_on,
        _ASSIGNMENT.status,
        _DONE,
    )
    .select_from(AssignmentRow.__table__)
    .join(RoundRow.__table__, _ROUND.id == _ASSIGNMENT.round_id)
    .join(AccountRow.__table__, _ACCOUNT.id == _ASSIGNMENT.account_id)
    .join(UnitRow.__table__, _UNIT.id == _ASSIGNMENT.unit_id)
)
# Made once: it is asked with every form that a tablet sends.
_BY_ID = _LINE.where(_ASSIGNMENT.id == bindparam("assignment"))
_IN_ORDER = (_ACCOUNT.login, _UNIT.sort_key, _ASSIGNMENT.place, _ASSIGNMENT.id)


def assignment_of(session: Session, assignment_id: UUID) -> AssignmentLine | None:
    """Find one assignment."""
    row = session.execute(_BY_ID, {"assignment": assignment_id}).first()
    return AssignmentLine(*row) if row else None


def assignments_in(session: Session, round_id: int) -> tuple[AssignmentLine, ...]:
    """List the assignments of a round, enumerator by enumerator."""
    rows = session.execute(_LINE.where(_ASSIGNMENT.round_id == round_id).order_by(*_IN_ORDER))
    return tuple(AssignmentLine(*row) for row in rows)


def assignments_for(session: Session, login: str) -> tuple[AssignmentLine, ...]:
    """List an enumerator's assignments in rounds that are not drafts, withdrawn ones left out."""
    asked = _LINE.where(_ACCOUNT.login == login, _ASSIGNMENT.status != "withdrawn", _ROUND.status != "draft")
    return tuple(AssignmentLine(*row) for row in session.execute(asked.order_by(*_IN_ORDER)))


def enumerators(session: Session) -> Sequence[AccountRow]:
    """List the active accounts that may collect, by login."""
    asked = select(AccountRow).where(AccountRow.role == "enumerator", AccountRow.active)
    return session.scalars(asked.order_by(AccountRow.login)).all()


def locked_assignment(session: Session, assignment_id: UUID) -> AssignmentRow | None:
    """Give an assignment's row and keep others from changing it until the transaction ends."""
    return session.scalar(select(AssignmentRow).where(AssignmentRow.id == assignment_id).with_for_update())
