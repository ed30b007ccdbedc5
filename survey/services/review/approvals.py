"""Deeds of two persons: one asks with a reason, another grants or refuses (ASVS 2.3.5).

What a granted deed does stands in `review/approval_effects.py`; it is done in the transaction that grants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.errors import AlreadyDecided, AlreadyWaiting, NoSuchApproval, ReasonNeeded, SamePerson
from survey.services.permissions import round_for
from survey.services.review.approval_effects import EFFECTS
from survey.storage import approvals, audit
from survey.storage.models import ApprovalRow
from survey.storage.store import Store

_LONGEST_REASON = 300


def ask(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    action: str,
    details: Mapping[str, Any],
    reason: str,
) -> int:
    """Ask for a deed on a round; nothing is done until another person grants it. Give its number.

    Raises:
        NoSuchRound: the round is elsewhere or nowhere.
        ReasonNeeded: blank, or longer than 300 characters.
        AlreadyWaiting: the same deed waits already.
    """
    round_ = round_for(store=store, account=account, code=code)
    reason = reason.strip()
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise ReasonNeeded(action)
    if action not in EFFECTS:
        raise KeyError(action)
    with store.transaction() as session:
        if any(one.details == dict(details) for one in approvals.waiting_alike(session, round_.id, action)):
            raise AlreadyWaiting(action)
        row = ApprovalRow(
            round_id=round_.id,
            action=action,
            details=dict(details),
            reason=reason,
            asked_by=account.login,
            asked_at=clock.now(),
        )
        session.add(row)
        session.flush()
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action=f"asked: {action}",
            subject=code,
            details={"approval": row.id},
        )
        return row.id


def decide(
    *, store: Store, clock: Clock, account: Account, code: str, approval_id: int, grant: bool
) -> ApprovalRow:
    """Grant or refuse what another person asked for; a granted deed is done now or not at all.

    Raises:
        NoSuchRound, NoSuchApproval: it is elsewhere or nowhere.
        SamePerson: who asked cannot decide.
        AlreadyDecided: somebody was first.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.transaction() as session:
        row = approvals.approval_in_round(session, round_.id, approval_id)
        if row is None:
            raise NoSuchApproval(str(approval_id))
        if row.decision != "waiting":
            raise AlreadyDecided(str(approval_id))
        if row.asked_by == account.login:
            raise SamePerson(account.login)
        row.decision = "granted" if grant else "refused"
        row.decided_by, row.decided_at = account.login, clock.now()
        if grant:
            EFFECTS[row.action](session, clock, row)
        audit.record(
            session,
            at=clock.now(),
            actor=account.login,
            action=f"{row.decision}: {row.action}",
            subject=code,
            details={"approval": row.id},
        )
    return row


def approvals_for(*, store: Store, account: Account, code: str) -> tuple[ApprovalRow, ...]:
    """List what was asked about a round within an account's units, what waits first."""
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        return tuple(approvals.approvals_of(session, round_.id))
