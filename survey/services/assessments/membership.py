"""Who can belong to an assessment: units and agencies of its province that stand on its day.

Not what they do in it.
"""

from __future__ import annotations

from datetime import date

from survey.services.assessments.errors import NoSuchAssessedUnit, UnitNotStanding
from survey.services.clock import Clock, day_in_vietnam
from survey.storage.models import AssessmentRow
from survey.units import Unit, UnknownUnitId, load_units


def judged(assessment: AssessmentRow, unit_id: str) -> Unit:
    """Give a unit that an assessment can judge: below its own, or of the national kind that one itself.

    Raises:
        NoSuchAssessedUnit.
    """
    found = _known(unit_id)
    if assessment.kind == "national":
        is_theirs = unit_id == assessment.unit_id
    else:
        is_theirs = assessment.unit_id in {above.id for above in load_units().ancestors(unit_id)}
    if not is_theirs:
        raise NoSuchAssessedUnit(unit_id)
    return found


def agency_in(assessment: AssessmentRow, unit_id: str) -> Unit:
    """Give a unit that can appraise: the assessment's own, or one below it.

    Raises:
        NoSuchAssessedUnit.
    """
    found = _known(unit_id)
    lines = {unit_id, *(above.id for above in load_units().ancestors(unit_id))}
    if assessment.unit_id not in lines:
        raise NoSuchAssessedUnit(unit_id)
    return found


def require_standing(clock: Clock, assessment: AssessmentRow, unit: Unit, path: str) -> None:
    """Refuse a unit that does not stand on 31 December of the year nor, where that is still to come, today.

    Raises:
        UnitNotStanding: with the path.
    """
    last_day, today = date(assessment.year, 12, 31), day_in_vietnam(clock.now())
    if not unit.is_valid(last_day) and not (today < last_day and unit.is_valid(today)):
        raise UnitNotStanding(unit.id, path=path, unit=unit.full_name, day=last_day.strftime("%d/%m/%Y"))


def _known(unit_id: str) -> Unit:
    try:
        return load_units().get(unit_id)
    except UnknownUnitId as error:
        raise NoSuchAssessedUnit(unit_id) from error
