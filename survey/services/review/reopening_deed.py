"""What is done when a second person grants that a closed round takes answers again.

Called by review/approvals.py in the transaction that grants; who may ask stands in review/reopening.py.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.services.clock import Clock
from survey.services.errors import NotClosed
from survey.services.links.errors import AlreadySealed
from survey.storage import audit, rounds
from survey.storage.models import ApprovalRow, RoundRow

#: The action's word (review/approval_effects.py).
REOPEN = "reopen_round"


def require_reopenable(round_: RoundRow) -> None:
    """Refuse a round that nobody closed, and one whose key was destroyed: its links open nothing any more.

    Raises:
        AlreadySealed, NotClosed.
    """
    if round_.sealed_on is not None:
        raise AlreadySealed(round_.code)
    if round_.status != "closed":
        raise NotClosed(round_.code)


def reopen(session: Session, clock: Clock, row: ApprovalRow) -> None:
    """Open a closed round again; the log keeps the day on which it had been closed.

    Raises:
        AlreadySealed, NotClosed: nothing is changed.
    """
    round_ = rounds.round_of(session, row.round_id)
    session.refresh(round_, ["status", "closed_on", "sealed_on"], with_for_update=True)
    require_reopenable(round_)
    was = round_.closed_on
    round_.status, round_.closed_on = "open", None
    audit.record(
        session,
        at=clock.now(),
        actor=row.decided_by or "",
        action="round reopened",
        subject=round_.code,
        details={"approval": row.id, "closed_on": was.isoformat() if was else None},
    )
