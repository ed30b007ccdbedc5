"""Moving a year's assessing from stage to stage, and back with a reason; what is missing is said first.

Publishing is no move of this kind: it takes two persons (publication.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.appraisal import undecided_leaves, waiting_leaves
from survey.services.assessments.criteria import kept_set
from survey.services.assessments.errors import StageIncomplete, WrongStage
from survey.services.assessments.nodes import appraised_areas
from survey.services.assessments.scope import STAGE_NAMES, assessment_for
from survey.services.assessments.trail import LONGEST_REASON, note, perhaps_written, written
from survey.services.assessments.work import work_of
from survey.services.clock import Clock
from survey.storage import assessments
from survey.storage.models import STAGES, AssessmentRow
from survey.storage.store import Store


def next_stage(*, store: Store, clock: Clock, account: Account, code: str, despite: str = "") -> str:
    """Move an assessment on by one stage and give the new one.

    Args:
        despite: a reason to move on although units or leaves are missing; it is logged with what was
            missing. Nothing excuses an assessment without blocks, units or appraisers.

    Raises:
        NotAllowed, NoSuchAssessment, TextNeeded.
        WrongStage: there is no next stage but by publication.
        StageIncomplete: something is missing, the first with its path.
    """
    despite = perhaps_written(despite, "reason", most=LONGEST_REASON)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        if assessment.stage not in MISSING:
            raise _no_way(assessment)
        missing = MISSING[assessment.stage](session, assessment)
        if missing and (not despite or assessment.stage == "preparing"):
            raise StageIncomplete("; ".join(missing), count=len(missing), first=missing[0])
        before = assessment.stage
        assessment.stage = STAGES[STAGES.index(before) + 1]
        told = {"before": before, "after": assessment.stage, "missing": missing, "despite": despite}
        note(session, clock, account, assessment, "stage changed", **told)
        return assessment.stage


def back(*, store: Store, clock: Clock, account: Account, code: str, reason: str) -> str:
    """Move an assessment back by one stage and give the new one; what was entered stays.

    From `published` it is the way to a correction; what was published stays published.

    Raises:
        NotAllowed, NoSuchAssessment, TextNeeded.
        WrongStage: it is the first stage.
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        if assessment.stage == STAGES[0]:
            raise _no_way(assessment)
        before = assessment.stage
        assessment.stage = STAGES[STAGES.index(before) - 1]
        told = {"before": before, "after": assessment.stage, "reason": reason}
        note(session, clock, account, assessment, "stage changed back", **told)
        return assessment.stage


def missing_for_next(*, store: Store, account: Account, code: str) -> tuple[str, ...]:
    """List what is missing before the next stage, each with its path.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess")
        check = MISSING.get(assessment.stage)
        return tuple(check(session, assessment)) if check else ()


def _unprepared(session: Session, assessment: AssessmentRow) -> list[str]:
    blocks = assessments.blocks_of(session, assessment.id)
    filled = {unit.block for unit, _ in assessments.units_of(session, assessment.id)}
    areas = {(area.block, area.node) for area in assessments.areas_of(session, assessment.id)}
    missing = [] if blocks else ["blocks"]
    missing += [f"{block.block}: units" for block in blocks if block.block not in filled]
    missing += [
        f"{block.block} {top.id}: appraiser"
        for block in blocks
        for top in appraised_areas(kept_set(session, block.criteria_set_sha256))
        if (block.block, top.id) not in areas
    ]
    return missing


def _unsubmitted(session: Session, assessment: AssessmentRow) -> list[str]:
    units = assessments.units_of(session, assessment.id)
    return [f"{unit.unit_id}: submission" for unit, _ in units if unit.submitted_at is None]


def _unappraised(session: Session, assessment: AssessmentRow) -> list[str]:
    return [
        f"{unit.unit_id} {one.leaf}: appraisal"
        for unit, _ in assessments.units_of(session, assessment.id)
        if unit.submitted_at is not None
        for one in waiting_leaves(work_of(session, unit))
    ]


def _undecided(session: Session, assessment: AssessmentRow) -> list[str]:
    return [
        f"{unit.unit_id} {leaf}: points"
        for unit, _ in assessments.units_of(session, assessment.id)
        for leaf in undecided_leaves(work_of(session, unit))
    ]


#: What may be missing at the end of each stage that has a next one.
MISSING: Mapping[str, Callable[[Session, AssessmentRow], list[str]]] = {
    "preparing": _unprepared,
    "self_assessment": _unsubmitted,
    "appraisal": _unappraised,
    "reply": _undecided,
}


def _no_way(assessment: AssessmentRow) -> WrongStage:
    names = STAGE_NAMES[assessment.stage]
    return WrongStage(assessment.stage, stage_vi=names["vi"], stage_en=names["en"])
