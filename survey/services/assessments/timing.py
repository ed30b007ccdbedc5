"""The days of an assessment: a deadline for each step, and a longer time for one unit.

Not who is late (deadlines.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from survey.services.accounts import Account
from survey.services.assessments.errors import BadAssessment
from survey.services.assessments.scope import assessment_for, require_stage, unit_for
from survey.services.assessments.trail import LONGEST_REASON, note, written
from survey.services.clock import Clock, day_in_vietnam
from survey.storage.models import AssessmentRow, AssessmentUnitRow
from survey.storage.store import Store

#: Steps that have a deadline, in their order.
TIMED = ("self_assessment", "appraisal", "reply", "council", "publication")
#: Stages in which an assessment may still be arranged.
UNDER_WAY = ("preparing", "self_assessment", "appraisal", "reply", "council")


def set_deadlines(
    *, store: Store, clock: Clock, account: Account, code: str, deadlines: Mapping[str, date | None]
) -> None:
    """Set deadlines by step; steps left out keep theirs.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage.
        BadAssessment: an unknown step, or a step due before the one before it.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, *UNDER_WAY)
        before = deadlines_of(assessment)
        after = {**before, **deadlines}
        wrong = wrong_deadlines(after)
        if wrong:
            raise BadAssessment(wrong, fields=wrong)
        for step, day in deadlines.items():
            setattr(assessment, f"{step}_due", day)
        changed = {step: [_told(before[step]), _told(day)] for step, day in deadlines.items()}
        note(session, clock, account, assessment, "deadlines set", deadlines=changed)


def extend(
    *, store: Store, clock: Clock, account: Account, code: str, unit_id: str, to: date, reason: str
) -> None:
    """Give one unit a longer time: to submit while others are appraised, to be appraised while others reply.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, WrongStage, TextNeeded.
        BadAssessment: the day is past.
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    if to < day_in_vietnam(clock.now()):
        raise BadAssessment(to.isoformat(), fields="to")
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        require_stage(assessment, *UNDER_WAY)
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        before, unit.extended_to = unit.extended_to, to
        told = {"before": _told(before), "after": _told(to), "reason": reason}
        note(session, clock, account, assessment, "time extended", unit_id, **told)


def deadlines_of(assessment: AssessmentRow) -> dict[str, date | None]:
    """Give the deadline of each step that has one, in their order."""
    return {step: getattr(assessment, f"{step}_due") for step in TIMED}


def is_extended(clock: Clock, unit: AssessmentUnitRow) -> bool:
    """Say whether a unit has been given time that is not over."""
    return unit.extended_to is not None and day_in_vietnam(clock.now()) <= unit.extended_to


def wrong_deadlines(deadlines: Mapping[str, date | None]) -> str:
    """Name the steps that are unknown or due before the one before them; blank where all is right."""
    unknown = [step for step in deadlines if step not in TIMED]
    known = [(step, day) for step in TIMED if (day := deadlines.get(step))]
    early = [later[0] for earlier, later in zip(known, known[1:], strict=False) if later[1] < earlier[1]]
    return ", ".join([*unknown, *early])


def _told(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
