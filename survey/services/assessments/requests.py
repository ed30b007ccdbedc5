"""Deeds of two persons on an assessment: one asks with a reason, another grants or refuses.

What a granted deed does stands in granting.py; it is done in the transaction that grants it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.scope import assessment_for
from survey.services.assessments.trail import LONGEST_REASON, note, written
from survey.services.clock import Clock
from survey.services.errors import AlreadyWaiting
from survey.storage import assessments
from survey.storage.models import AssessmentRequestRow, AssessmentRow
from survey.storage.store import Store


def ask(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    action: str,
    details: Mapping[str, Any],
    reason: str,
) -> int:
    """Ask for a deed within a transaction that holds the assessment; give the request's number.

    Raises:
        TextNeeded: no reason.
        AlreadyWaiting: the same deed waits already.
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    for one in assessments.requests_of(session, assessment.id):
        if one.decision == "waiting" and one.action == action:
            raise AlreadyWaiting(action)
    row = AssessmentRequestRow(
        assessment_id=assessment.id,
        action=action,
        details=dict(details),
        reason=reason,
        asked_by=account.login,
        asked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    note(session, clock, account, assessment, f"asked: {action}", request=row.id, reason=reason, **details)
    return row.id


def requests_for(*, store: Store, account: Account, code: str) -> tuple[AssessmentRequestRow, ...]:
    """List what was asked about an assessment, what waits first.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess")
        return tuple(assessments.requests_of(session, assessment.id))
