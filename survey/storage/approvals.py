"""What is asked of approvals: what waits for a second person, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.models import ApprovalRow


def approval_in_round(session: Session, round_id: int, approval_id: int) -> ApprovalRow | None:
    """Find an approval of a round and keep others from deciding it until the transaction ends."""
    return session.scalar(
        select(ApprovalRow)
        .where(ApprovalRow.round_id == round_id, ApprovalRow.id == approval_id)
        .with_for_update()
    )


def approvals_of(session: Session, round_id: int) -> Sequence[ApprovalRow]:
    """List the approvals of a round, those that wait first, then the newest first."""
    waits_first = ApprovalRow.decision != "waiting"
    return session.scalars(
        select(ApprovalRow)
        .where(ApprovalRow.round_id == round_id)
        .order_by(waits_first, ApprovalRow.id.desc())
    ).all()


def waiting_alike(session: Session, round_id: int, action: str) -> Sequence[ApprovalRow]:
    """List what waits in a round for one action."""
    return session.scalars(
        select(ApprovalRow).where(
            ApprovalRow.round_id == round_id, ApprovalRow.action == action, ApprovalRow.decision == "waiting"
        )
    ).all()


def waiting_count(session: Session, round_id: int) -> int:
    """Count what waits in a round for a second person."""
    asked = select(func.count()).select_from(ApprovalRow)
    waits = asked.where(ApprovalRow.round_id == round_id, ApprovalRow.decision == "waiting")
    return session.scalar(waits) or 0
