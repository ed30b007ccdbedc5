"""Asking that a closed round takes answers again, and what was opened and closed before: always two persons.

One asks here, another grants (review/approvals.py) and review/reopening_deed.py does it.
"""

from __future__ import annotations

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.permissions import round_for
from survey.services.review.approvals import ask
from survey.services.review.reopening_deed import REOPEN, require_reopenable
from survey.storage import approvals, audit
from survey.storage.models import ApprovalRow, AuditEventRow, RoundRow
from survey.storage.store import Store

#: What the log calls a round's openings and closings.
TURNS = ("round made", "round open", "round closed", "round reopened")


def ask_reopening(*, store: Store, clock: Clock, account: Account, code: str, reason: str) -> int:
    """Ask that a closed round takes answers again; give the number of the request.

    Raises:
        NoSuchRound; AlreadySealed, NotClosed: it cannot be; ReasonNeeded, AlreadyWaiting.
    """
    require_reopenable(round_for(store=store, account=account, code=code))
    return ask(store=store, clock=clock, account=account, code=code, action=REOPEN, details={}, reason=reason)


def waiting_reopening(*, store: Store, round_: RoundRow) -> ApprovalRow | None:
    """Give the request that waits for a second person, or None."""
    with store.reading() as session:
        return next(iter(approvals.waiting_alike(session, round_.id, REOPEN)), None)


def turns_of(*, store: Store, round_: RoundRow) -> tuple[AuditEventRow, ...]:
    """List when a round was made, opened, closed and opened again, and by whom, the latest first."""
    with store.reading() as session:
        return tuple(audit.events_about(session, round_.code, TURNS))
