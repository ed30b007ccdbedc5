"""When a unit may still write: until it submits, then only what was returned or fell to a change of the set.

Not who may write (scope.py).
"""

from __future__ import annotations

from survey.services.assessments.errors import Locked, WrongStage
from survey.services.assessments.scope import STAGE_NAMES
from survey.services.assessments.timing import is_extended
from survey.services.assessments.work import Work
from survey.services.clock import Clock
from survey.storage.models import AssessmentRow, AssessmentUnitRow

DECIDED = ("accepted", "adjusted")
_MENDING = ("self_assessment", "appraisal", "reply")


def require_writable(clock: Clock, assessment: AssessmentRow, work: Work, leaf: str) -> None:
    """Refuse a unit's writing on a leaf that is closed to it.

    Raises:
        WrongStage: the unit's time is over or has not begun.
        Locked: the unit has submitted, or the leaf has been decided on.
    """
    judged = work.latest("appraisal", leaf)
    if judged is not None and judged.decision in DECIDED:
        raise Locked(leaf)
    if work.unit.submitted_at is None:
        require_time(clock, assessment, work.unit)
    elif not (work.is_returned(leaf) or work.must_remake(leaf)):
        raise Locked(leaf)
    elif assessment.stage not in _MENDING:
        raise _wrong(assessment)


def require_time(clock: Clock, assessment: AssessmentRow, unit: AssessmentUnitRow) -> None:
    """Refuse when units do not assess themselves now, unless this one was given a longer time.

    Raises:
        WrongStage.
    """
    late = assessment.stage == "appraisal" and is_extended(clock, unit)
    if assessment.stage != "self_assessment" and not late:
        raise _wrong(assessment)


def lapse(unit: AssessmentUnitRow) -> bool:
    """Undo an approval that does not cover what was just changed; say whether there was one."""
    if unit.submitted_at is not None or unit.approved_at is None:
        return False
    unit.approved_at, unit.approved_by, unit.approved_through = None, None, None
    return True


def _wrong(assessment: AssessmentRow) -> WrongStage:
    names = STAGE_NAMES[assessment.stage]
    return WrongStage(assessment.stage, stage_vi=names["vi"], stage_en=names["en"])
