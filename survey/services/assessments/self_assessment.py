"""A unit judges itself: one person enters, another approves, then it is submitted and locked.

Not the files (evidence.py), and not what others make of it (appraisal.py).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.scoring import LeafInput
from survey.services.accounts import Account
from survey.services.assessments.effective import CLAIMED, Provenance
from survey.services.assessments.entering import Given, enter, scored_with
from survey.services.assessments.errors import (
    ExplanationNeeded,
    Locked,
    NotApproved,
    SecondPersonNeeded,
    StageIncomplete,
)
from survey.services.assessments.locking import lapse, require_time, require_writable
from survey.services.assessments.nodes import entered_leaves, entered_place
from survey.services.assessments.scope import assessment_for, require_stage, unit_for
from survey.services.assessments.trail import LONGEST_REASON, note, perhaps_written, written
from survey.services.assessments.work import Work, work_of
from survey.services.clock import Clock
from survey.storage.models import AssessmentRow, AssessmentUnitRow
from survey.storage.store import Store


def save_entry(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    leaf: str,
    given: LeafInput | None,
    explanation: str,
    seen: int,
) -> Provenance:
    """Keep what a unit gives for a leaf as the next entry; an approval before it lapses.

    Args:
        given: what the leaf is scored on; None to claim nothing, which needs an explanation.
        explanation: needed where points are claimed without evidence.
        seen: number of the unit's last entry on the leaf that the caller saw, 0 for none.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchNode, SurveyedLeaf, WrongStage, Locked, EnteredMeanwhile.
        RefusedInputs: the rule of the leaf does not take it, such as points above the maximum.
        ExplanationNeeded, TextNeeded.
    """
    explanation = perhaps_written(explanation, "explanation")
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "assess_self")
        work = work_of(session, unit)
        entered_place(work.set, leaf)
        require_writable(clock, assessment, work, leaf)
        _require_explained(work, leaf, given, explanation)
        had = lapse(unit)
        made = Given(leaf, "self", seen, given, explanation)
        provenance = enter(session, clock, account, assessment, work, made)
        if had:
            note(session, clock, account, assessment, "approval lapsed", unit.unit_id)
        return provenance


def approve(*, store: Store, clock: Clock, account: Account, code: str) -> None:
    """Approve what the unit has entered; who entered any of it since the last approval cannot.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage.
        SecondPersonNeeded: the account entered some of it.
    """
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "submit_self")
        if unit.submitted_at is None:
            require_time(clock, assessment, unit)
        else:
            require_stage(assessment, "self_assessment", "appraisal", "reply")
        covered = unit.approved_through or 0
        fresh = [one for one in work_of(session, unit).claimed.values() if one.id > covered]
        if any(one.made_by == account.login for one in fresh):
            raise SecondPersonNeeded(account.login)
        unit.approved_at, unit.approved_by = clock.now(), account.login
        unit.approved_through = max((one.id for one in fresh), default=covered)
        told = {"through": unit.approved_through}
        note(session, clock, account, assessment, "self-assessment approved", unit.unit_id, **told)


def submit(*, store: Store, clock: Clock, account: Account, code: str) -> None:
    """Submit what was approved: from now on the unit changes only what is returned to it.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, NotApproved, Locked.
        StageIncomplete: leaves without an entry, the first with its path.
        ExplanationNeeded: points with neither evidence nor explanation.
    """
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "submit_self")
        if unit.submitted_at is not None:
            raise Locked(unit.unit_id)
        require_time(clock, assessment, unit)
        work = work_of(session, unit)
        if unit.approved_at is None:
            raise NotApproved(unit.unit_id, path=unit.unit_id)
        _require_whole(work)
        unit.submitted_at, unit.submitted_by = clock.now(), account.login
        told = {"through": unit.approved_through, "set": work.set.sha256}
        note(session, clock, account, assessment, "self-assessment submitted", unit.unit_id, **told)


def return_to_unit(
    *, store: Store, clock: Clock, account: Account, code: str, unit_id: str, reason: str
) -> None:
    """Give a whole self-assessment back to its unit; what was decided on stays decided.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, WrongStage, TextNeeded.
        NotApproved: there is nothing to give back.
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        require_stage(assessment, "self_assessment", "appraisal")
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        if unit.submitted_at is None:
            raise NotApproved(unit_id, path=unit_id)
        unit.submitted_at, unit.submitted_by = None, None
        unit.approved_at, unit.approved_by, unit.approved_through = None, None, None
        unit.returned_at, unit.returned_by, unit.returned_for = clock.now(), account.login, reason
        note(session, clock, account, assessment, "self-assessment returned", unit_id, reason=reason)


def own_unit(
    session: Session, account: Account, code: str, right: str
) -> tuple[AssessmentRow, AssessmentUnitRow]:
    """Give the assessment and the account's own unit in it, held until the transaction ends.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit.
    """
    assessment = assessment_for(session, account, code, right, lock="share")
    return assessment, unit_for(session, account, assessment, account.unit_id, lock="update")


def missing_leaves(work: Work) -> tuple[str, ...]:
    """List the leaves that the unit has said nothing of, in the order of the set."""
    exempt = {node for node, one in work.claimed.items() if one.input is not None}
    return tuple(
        leaf.id
        for leaf in entered_leaves(work.set)
        if leaf.id not in work.claimed and not exempt.intersection(work.above[leaf.id])
    )


def _require_explained(work: Work, leaf: str, given: LeafInput | None, explanation: str) -> None:
    """Refuse what the rule does not take, and points that stand on nothing."""
    scored = scored_with(work, work.inputs(CLAIMED), leaf, given)
    claims = given is None or (scored.nodes[leaf].points or 0) > 0
    is_based = bool(explanation) or (given is not None and work.has_evidence(leaf))
    if claims and not is_based:
        raise ExplanationNeeded(leaf, path=leaf)


def _require_whole(work: Work) -> None:
    missing = missing_leaves(work)
    if missing:
        raise StageIncomplete(", ".join(missing), count=len(missing), first=missing[0])
    bare = work.unexplained()
    if bare:
        raise ExplanationNeeded(", ".join(bare), path=bare[0])
