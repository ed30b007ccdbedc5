"""Which agency appraises which area of each block.

Not the appraising (appraisal.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.criteria import set_of_block
from survey.services.assessments.errors import NoSuchNode
from survey.services.assessments.membership import agency_in, require_standing
from survey.services.assessments.scope import assessment_for, require_stage
from survey.services.assessments.timing import UNDER_WAY
from survey.services.assessments.trail import note
from survey.services.clock import Clock
from survey.storage import assessments
from survey.storage.models import AssessmentAreaRow, AssessmentRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Area:
    """Which agency appraises one top node of a block's set."""

    block: str
    node: str
    unit_id: str


def set_areas(*, store: Store, clock: Clock, account: Account, code: str, areas: Sequence[Area]) -> None:
    """Say which agency appraises which area; what was said of an area before is replaced, and logged.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, NoSuchBlock.
        NoSuchNode: the block's set has no such top node.
        UnitNotStanding, NoSuchAssessedUnit: the agency does not stand, or is not of the province.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, *UNDER_WAY)
        before: dict[str, str | None] = {}
        for number, new in enumerate(areas):
            criteria_set = set_of_block(session, assessment.id, new.block)
            if new.node not in {top.id for top in criteria_set.tree}:
                raise NoSuchNode(new.node, leaf=new.node)
            agency = agency_in(assessment, new.unit_id)
            require_standing(clock, assessment, agency, f"areas[{number}]")
            before[f"{new.block} {new.node}"] = _set_area(session, assessment, new)
        after = {f"{new.block} {new.node}": new.unit_id for new in areas}
        note(session, clock, account, assessment, "areas set", before=before, after=after)


def _set_area(session: Session, assessment: AssessmentRow, new: Area) -> str | None:
    """Write an area and give the agency that it had before."""
    row = assessments.area_of(session, assessment.id, new.block, new.node)
    if row is None:
        session.add(
            AssessmentAreaRow(
                assessment_id=assessment.id, block=new.block, node=new.node, unit_id=new.unit_id
            )
        )
        session.flush()
        return None
    before, row.unit_id = row.unit_id, new.unit_id
    return before
