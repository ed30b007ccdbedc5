"""Assignments of enumerators: so many interviews at one place in the design. They name no respondent.

Made by a form or a list (assignment_lists.py), withdrawn, counted. More interviews than were asked for are
kept and shown, never dropped (platforms.md §5 row 19).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.services.rounds import round_named
from survey.services.tablets.errors import BadAssignments, NoSuchAssignment
from survey.storage import assignments, audit, rounds
from survey.storage.assignments import AssignmentLine
from survey.storage.models import AccountRow, AssignmentRow, RoundRow
from survey.storage.store import Store

_LONGEST_PLACE, _LONGEST_LABEL = 200, 80
_MOST_WANTED = 10_000


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What an assignment is made from.

    Attributes:
        login: the enumerator's.
        unit_id: the unit that the interviews judge.
        place: where to go, in words: a village, a neighbourhood.
        stratum, psu, base_weight: the place in the design; the unit and the place where they are blank.
    """

    login: str
    unit_id: str
    place: str
    wanted: int
    stratum: str = ""
    psu: str = ""
    base_weight: float = 1.0
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Enumerator:
    """Somebody who may be given an assignment."""

    login: str
    full_name: str


def make_assignments(
    *, store: Store, clock: Clock, actor: str, round_code: str, new: Sequence[NewAssignment]
) -> tuple[UUID, ...]:
    """Make assignments, all or none.

    Raises:
        NoSuchRound: there is no round of that code.
        BadAssignments: naming each that is wrong by its number, from 1; nothing is written.
    """
    with store.transaction() as session:
        round_ = round_named(session, round_code)
        people = {row.login: row for row in assignments.enumerators(session)}
        judged = {unit.id for unit in rounds.units_judged(session, round_code)}
        problems = [
            f"{number}: {problem}"
            for number, one in enumerate(new, start=1)
            if (problem := _problem(one, round_, people, judged))
        ]
        if problems or not new:
            raise BadAssignments(problems="; ".join(problems) or "–")
        rows = [_row(one, round_, people[one.login]) for one in new]
        session.add_all(rows)
        details = {"assignments": len(rows), "interviews": sum(row.wanted for row in rows)}
        _log(session, clock, actor, "assignments made", round_code, details)
        return tuple(row.id for row in rows)


def withdraw(*, store: Store, clock: Clock, actor: str, round_code: str, assignment_id: UUID) -> None:
    """Take an assignment back: tablets no longer show it. What was collected before is still taken in.

    Raises:
        NoSuchAssignment: there is none of that id in the round.
    """
    with store.transaction() as session:
        row = assignments.locked_assignment(session, assignment_id)
        round_ = rounds.round_by_code(session, round_code)
        if row is None or round_ is None or row.round_id != round_.id:
            raise NoSuchAssignment(assignment_id.hex)
        row.status = "withdrawn"
        details = {"assignment": assignment_id.hex}
        _log(session, clock, actor, "assignment withdrawn", round_code, details)


def assignments_of_round(*, store: Store, round_: RoundRow) -> tuple[AssignmentLine, ...]:
    """List the assignments of a round with how many forms each has."""
    with store.reading() as session:
        return assignments.assignments_in(session, round_.id)


def assignments_of(*, store: Store, login: str) -> tuple[AssignmentLine, ...]:
    """List what an enumerator is asked to do."""
    with store.reading() as session:
        return assignments.assignments_for(session, login)


def enumerators(*, store: Store) -> tuple[Enumerator, ...]:
    """List who may be given an assignment."""
    with store.reading() as session:
        return tuple(Enumerator(row.login, row.full_name) for row in assignments.enumerators(session))


def _problem(
    one: NewAssignment, round_: RoundRow, people: dict[str, AccountRow], judged: set[str]
) -> str | None:
    checks = {
        f"login {one.login}": one.login in people,
        f"unit {one.unit_id}": one.unit_id in judged,
        "place": 0 < len(one.place.strip()) <= _LONGEST_PLACE and one.place.isprintable(),
        "wanted": 0 < one.wanted <= _MOST_WANTED,
        "stratum": len(one.stratum) <= _LONGEST_LABEL and one.stratum.isprintable(),
        "psu": len(one.psu) <= _LONGEST_LABEL and one.psu.isprintable(),
        "weight": 0 < one.base_weight < math.inf,
        "due": one.due_on is None or round_.opens_on <= one.due_on <= round_.closes_on,
    }
    return ", ".join(name for name, holds in checks.items() if not holds) or None


def _row(one: NewAssignment, round_: RoundRow, account: AccountRow) -> AssignmentRow:
    place = one.place.strip()
    return AssignmentRow(
        id=uuid4(),
        round_id=round_.id,
        account_id=account.id,
        unit_id=one.unit_id,
        place=place,
        stratum=one.stratum.strip() or one.unit_id,
        psu=one.psu.strip() or f"{one.unit_id}:{place}"[:_LONGEST_LABEL],
        base_weight=one.base_weight,
        wanted=one.wanted,
        due_on=one.due_on,
    )


def _log(
    session: Session, clock: Clock, actor: str, action: str, subject: str, details: Mapping[str, object]
) -> None:
    audit.record(session, at=clock.now(), actor=actor, action=action, subject=subject, details=details)
