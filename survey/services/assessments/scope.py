"""Who reaches which assessment, unit and leaf: the right first, then the scope, within the query itself.

Officials reach what lies at or below their unit; a judged unit itself alone; an appraiser the areas of
their agency. Elsewhere and nowhere give the same answer.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.errors import (
    NoSuchAssessedUnit,
    NoSuchAssessment,
    NotAllowed,
    WrongStage,
)
from survey.services.permissions import may, units_of
from survey.storage import assessments
from survey.storage.assessments import Lock
from survey.storage.models import AssessmentRow, AssessmentUnitRow
from survey.storage.store import Store

JUDGED_ROLES = frozenset({"unit", "unit_head"})
APPRAISER = "appraiser"
#: Stages as pages say them.
STAGE_NAMES = {
    "preparing": {"vi": "chuẩn bị", "en": "preparing"},
    "self_assessment": {"vi": "tự chấm", "en": "self-assessment"},
    "appraisal": {"vi": "thẩm định", "en": "appraisal"},
    "reply": {"vi": "giải trình", "en": "reply"},
    "council": {"vi": "hội đồng quyết định", "en": "council"},
    "published": {"vi": "đã công bố", "en": "published"},
}


def require_right(account: Account, *rights: str) -> None:
    """Refuse an account whose role has none of some rights.

    Raises:
        NotAllowed.
    """
    if not any(may(account, right) for right in rights):
        raise NotAllowed(f"{account.login} {rights}")


def assessment_for(
    session: Session, account: Account, code: str, *rights: str, lock: Lock = "none"
) -> AssessmentRow:
    """Give an assessment that an account has one of some rights on.

    Raises:
        NotAllowed: the role has no such right, whatever the assessment.
        NoSuchAssessment: it is elsewhere or nowhere.
    """
    require_right(account, *rights)
    found = assessments.assessment_where(session, code, scope_of(account), lock)
    if found is None:
        raise NoSuchAssessment(code)
    return found


def unit_for(
    session: Session, account: Account, assessment: AssessmentRow, unit_id: str, *, lock: Lock = "none"
) -> AssessmentUnitRow:
    """Give a judged unit within an account's reach.

    Raises:
        NoSuchAssessedUnit: it is another's, or not judged.
    """
    if account.role in JUDGED_ROLES and unit_id != account.unit_id:
        raise NoSuchAssessedUnit(unit_id)
    found = assessments.judged_unit(session, assessment.id, unit_id, lock)
    if found is None or not _is_appraised_by(session, account, found):
        raise NoSuchAssessedUnit(unit_id)
    return found


def reaches_area(session: Session, account: Account, unit: AssessmentUnitRow, top: str) -> bool:
    """Say whether an account reaches an area of a unit: an appraiser only their agency's."""
    if account.role != APPRAISER:
        return True
    area = assessments.area_of(session, unit.assessment_id, unit.block, top)
    return area is not None and area.unit_id == account.unit_id


def require_stage(assessment: AssessmentRow, *stages: str) -> None:
    """Refuse what is not done at this stage.

    Raises:
        WrongStage.
    """
    if assessment.stage not in stages:
        names = STAGE_NAMES[assessment.stage]
        raise WrongStage(assessment.stage, stage_vi=names["vi"], stage_en=names["en"])


def assessments_for(*, store: Store, account: Account) -> tuple[AssessmentRow, ...]:
    """List the assessments that an account reaches, the newest year first.

    Raises:
        NotAllowed.
    """
    require_right(account, "assess", "assess_self", "appraise")
    with store.reading() as session:
        return tuple(assessments.assessments_where(session, scope_of(account)))


def scope_of(account: Account) -> ColumnElement[bool]:
    """Give the condition on assessments that an account reaches."""
    if account.role in JUDGED_ROLES:
        return assessments.of_judged(account.unit_id)
    if account.role == APPRAISER:
        return assessments.of_agency(account.unit_id)
    return assessments.of_officials(units_of(account))


def _is_appraised_by(session: Session, account: Account, unit: AssessmentUnitRow) -> bool:
    if account.role != APPRAISER:
        return True
    areas = assessments.areas_of(session, unit.assessment_id, agency=account.unit_id)
    return any(area.block == unit.block for area in areas)
