"""Which grade of evidence an imported form has: C, unless two persons granted its file A (decision 0015)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.storage import approvals
from survey.storage.models import ApprovalRow

#: The deed's word in the list of what two persons decide.
COUNT_IMPORT = "count import"
UNPROVED, GRANTED = "C", "A"


def grade_of(session: Session, round_id: int, file_sha256: str) -> str:
    """Give the grade that the forms of a file get in a round."""
    asked = request_for(session, round_id, file_sha256)
    return GRANTED if asked is not None and asked.decision == "granted" else UNPROVED


def request_for(session: Session, round_id: int, file_sha256: str) -> ApprovalRow | None:
    """Find what was asked about a file: the granted request, or else the newest."""
    asked = [
        row
        for row in approvals.approvals_of(session, round_id)
        if row.action == COUNT_IMPORT and row.details.get("sha256") == file_sha256
    ]
    granted = [row for row in asked if row.decision == "granted"]
    return next(iter(granted or asked), None)


def _granted(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Do nothing more: the grant itself is looked up when the file is taken."""


#: For `approval_effects.EFFECTS`.
DEEDS = {COUNT_IMPORT: _granted}
