"""The log of what officials did: rows are only added, in the transaction of the deed itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
