"""What is asked of invitations; nothing here touches a response (docs/architecture.md, "The split")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.models import InvitationRow


def invitation_by_token_hash(session: Session, token_hash: str) -> InvitationRow | None:
    return session.scalar(select(InvitationRow).where(InvitationRow.token_hash == token_hash))


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


def cells_of(session: Session, round_id: int) -> Counter[tuple[str, str, str, float]]:
    """Count the standing invitations of a round by unit, stratum, PSU and weight."""
    cell = (
        InvitationRow.judges,
        InvitationRow.group,
        InvitationRow.cluster,
        InvitationRow.design_weight,
    )
    rows = session.execute(
        select(*cell, func.count())
        .where(InvitationRow.invited_to == round_id, InvitationRow.revoked_on.is_(None))
        .group_by(*cell)
    )
    return Counter({(row[0], row[1], row[2], row[3]): row[4] for row in rows})


def add_invitations(session: Session, rows: Sequence[InvitationRow]) -> None:
    session.add_all(rows)
    session.flush()
