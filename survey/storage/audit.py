"""The log of what officials did: rows are only added, in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import AuditEventRow


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one event; no answer, token or password is ever among the details."""
    session.add(
        AuditEventRow(at=at, actor=actor, action=action, subject=subject, details=dict(details or {}))
    )


def events_about(session: Session, subject: str, actions: Collection[str]) -> Sequence[AuditEventRow]:
    """List the events of some kinds about one subject, the latest first."""
    return session.scalars(
        select(AuditEventRow)
        .where(AuditEventRow.subject == subject, AuditEventRow.action.in_(actions))
        .order_by(AuditEventRow.id.desc())
    ).all()
