"""The appraisal council: its minutes, and what it decides on single leaves with a reason.

Not publication (publication.py), and nothing about what a survey measured: that nobody adjusts.
"""

from __future__ import annotations

import re
from datetime import date

from survey.scoring import LeafInput
from survey.services.accounts import Account
from survey.services.assessments.effective import STANDING, Provenance
from survey.services.assessments.entering import Given, enter, scored_with
from survey.services.assessments.errors import BadAssessment, InputMissing, NoSuchMinutes
from survey.services.assessments.nodes import entered_place
from survey.services.assessments.scope import assessment_for, require_stage, unit_for
from survey.services.assessments.trail import note, written
from survey.services.assessments.work import work_of
from survey.services.clock import Clock, day_in_vietnam
from survey.storage import assessment_entries
from survey.storage.models import AssessmentMinutesRow
from survey.storage.store import Store

_LONGEST_MINUTES = 20_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


def add_minutes(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    held_on: date,
    text: str,
    evidence_sha256: str | None = None,
) -> int:
    """Keep the minutes of a meeting under the next number; a correction is the minutes after.

    Args:
        evidence_sha256: of the signed paper, where one was scanned.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, TextNeeded.
        BadAssessment: the meeting is in the future, or the hash is none.
    """
    text = written(text, "minutes", most=_LONGEST_MINUTES)
    wrong = [] if held_on <= day_in_vietnam(clock.now()) else ["held_on"]
    wrong += [] if evidence_sha256 is None or _SHA256.fullmatch(evidence_sha256) else ["evidence_sha256"]
    if wrong:
        raise BadAssessment(", ".join(wrong), fields=", ".join(wrong))
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "council", lock="update")
        require_stage(assessment, "council")
        row = AssessmentMinutesRow(
            assessment_id=assessment.id,
            number=len(assessment_entries.minutes_of(session, assessment.id)) + 1,
            held_on=held_on,
            text=text,
            made_at=clock.now(),
            made_by=account.login,
            evidence_sha256=evidence_sha256,
        )
        session.add(row)
        session.flush()
        note(session, clock, account, assessment, "minutes added", minutes=row.number)
        return row.number


def decide(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    unit_id: str,
    leaf: str,
    given: LeafInput | None,
    reason: str,
    minutes: int,
    seen: int,
) -> Provenance:
    """Enter what the council decided on one leaf; it counts before every appraisal.

    Args:
        given: what the leaf is scored on; None only to lift an exemption of a node above leaves.
        minutes: number of the minutes that the decision stands in.
        seen: number of the council's last decision on the leaf that the caller saw, 0 for none.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, NoSuchNode, SurveyedLeaf, WrongStage, TextNeeded.
        NoSuchMinutes, InputMissing, EnteredMeanwhile.
        RefusedInputs: the rule of the leaf does not take the input.
    """
    reason = written(reason, "reason")
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "council", lock="share")
        require_stage(assessment, "council")
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        work = work_of(session, unit)
        entered_place(work.set, leaf)
        if given is None and work.is_leaf(leaf):
            raise InputMissing(leaf, leaf=leaf)
        held = {one.number for one in assessment_entries.minutes_of(session, assessment.id)}
        if minutes not in held:
            raise NoSuchMinutes(str(minutes), number=minutes)
        scored_with(work, work.inputs(STANDING), leaf, given)
        made = Given(leaf, "council", seen, given, reason, minutes=minutes)
        return enter(session, clock, account, assessment, work, made)
