"""What is asked of invitations; nothing here touches a response (docs/architecture.md, "The split")."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from survey.storage.models import InvitationRow, InvitedJudgementRow, RoundRow

#: People and their judgements are read in one order that tells nothing: that of random ids.
_LINK = (
    select(InvitationRow, RoundRow, InvitedJudgementRow)
    .join(RoundRow, RoundRow.id == InvitationRow.invited_to)
    .join(InvitedJudgementRow, InvitedJudgementRow.invitation_id == InvitationRow.id)
    .where(InvitationRow.token_hash == bindparam("token"))
    .order_by(InvitedJudgementRow.judges)
)

Invited = tuple[InvitationRow, tuple[InvitedJudgementRow, ...]]


def link_of(
    session: Session, token_hash: str
) -> tuple[InvitationRow, RoundRow, tuple[InvitedJudgementRow, ...]] | None:
    """Find whom a link was made for, in which round, about which units."""
    rows = session.execute(_LINK, {"token": token_hash}).all()
    if not rows:
        return None
    return rows[0][0], rows[0][1], tuple(row[2] for row in rows)


def count_invitations(session: Session, round_id: int) -> int:
    """Count the invitations of a round that stand."""
    return (
        session.scalar(
            select(func.count()).where(
                InvitationRow.invited_to == round_id, InvitationRow.revoked_on.is_(None)
            )
        )
        or 0
    )


def has_invitations(session: Session, round_id: int) -> bool:
    """Say whether anybody was ever invited to a round."""
    return (
        session.scalar(select(InvitationRow.id).where(InvitationRow.invited_to == round_id).limit(1))
        is not None
    )


def invited_to(session: Session, round_id: int, *, revoked: bool = False) -> tuple[Invited, ...]:
    """List the people invited to a round with what each judges, in the order of their random ids.

    Args:
        revoked: those too whose invitation was taken back.
    """
    wanted = [InvitationRow.invited_to == round_id]
    if not revoked:
        wanted.append(InvitationRow.revoked_on.is_(None))
    people = {row.id: row for row in session.scalars(select(InvitationRow).where(*wanted))}
    judged: dict[UUID, list[InvitedJudgementRow]] = {one: [] for one in people}
    rows = session.scalars(
        select(InvitedJudgementRow)
        .join(InvitationRow, InvitationRow.id == InvitedJudgementRow.invitation_id)
        .where(*wanted)
        .order_by(InvitedJudgementRow.judges)
    )
    for row in rows:
        judged[row.invitation_id].append(row)
    return tuple((people[one], tuple(judged[one])) for one in sorted(people))


def standing_of(session: Session, round_id: int, person_ref: str) -> Sequence[InvitationRow]:
    """List the standing invitations of a round for one name."""
    return session.scalars(
        select(InvitationRow)
        .where(
            InvitationRow.invited_to == round_id,
            InvitationRow.person_ref == person_ref,
            InvitationRow.revoked_on.is_(None),
        )
        .order_by(InvitationRow.id)
    ).all()


def add_invitations(session: Session, people: Sequence[Invited]) -> None:
    """Add people and what each judges."""
    session.add_all(person for person, _judgements in people)
    session.flush()
    add_judgements(session, [one for _person, judgements in people for one in judgements])


def add_judgements(session: Session, rows: Sequence[InvitedJudgementRow]) -> None:
    """Add units to people who are invited already."""
    session.add_all(rows)
    session.flush()


def note_reminder(session: Session, ids: Collection[UUID], *, day: date, bit: int) -> None:
    """Write that one reminder went to some people, in one statement and so in no order of theirs."""
    table = cast(Table, InvitationRow.__table__)
    session.execute(
        update(table)
        .where(table.c.id.in_(ids))
        .values(reminded_on=day, reminders=table.c.reminders.op("|")(1 << bit))
    )
