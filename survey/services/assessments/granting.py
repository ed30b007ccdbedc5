"""Granting or refusing what another person asked for; a granted deed is done in the same transaction.

Not asking (requests.py), nor what each deed does (publication.py, criteria.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.criteria import grant_change_set
from survey.services.assessments.errors import NoSuchRequest
from survey.services.assessments.publication import grant_publication
from survey.services.assessments.scope import assessment_for
from survey.services.assessments.trail import note
from survey.services.clock import Clock
from survey.services.errors import AlreadyDecided, SamePerson
from survey.storage import assessments
from survey.storage.models import AssessmentRequestRow, AssessmentRow
from survey.storage.store import Store

Effect = Callable[[Session, Clock, Account, AssessmentRow, AssessmentRequestRow], None]
EFFECTS: Mapping[str, Effect] = {"publish": grant_publication, "change_set": grant_change_set}
#: Which right it takes to grant or refuse each deed.
RIGHTS = {"publish": "publish", "change_set": "assess"}


def decide_request(
    *, store: Store, clock: Clock, account: Account, code: str, request_id: int, grant: bool
) -> None:
    """Grant or refuse a request of another person.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchRequest.
        SamePerson: who asked cannot decide.
        AlreadyDecided: somebody was first.
        WrongStage, ChangedMeanwhile: it cannot be done any more; it may be refused.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, *sorted(set(RIGHTS.values())), lock="update")
        row = assessments.request_of(session, assessment.id, request_id)
        if row is None:
            raise NoSuchRequest(str(request_id))
        assessment_for(session, account, code, RIGHTS[row.action])
        if row.decision != "waiting":
            raise AlreadyDecided(str(request_id))
        if row.asked_by == account.login:
            raise SamePerson(account.login)
        row.decision = "granted" if grant else "refused"
        row.decided_by, row.decided_at = account.login, clock.now()
        session.flush()
        if grant:
            EFFECTS[row.action](session, clock, account, assessment, row)
        note(session, clock, account, assessment, f"{row.decision}: {row.action}", request=row.id)
