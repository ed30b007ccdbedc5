"""Opening a year's assessing: its blocks with their sets, and its units.

Not who appraises what (areas.py), its days (timing.py), nor moving it from stage to stage (stages.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from survey.scoring import CriteriaSet
from survey.services.accounts import Account
from survey.services.assessments.criteria import kept_set, the_block
from survey.services.assessments.errors import (
    AssessmentTaken,
    BadAssessment,
    BlockTaken,
    NoSuchAssessment,
    UnitTaken,
)
from survey.services.assessments.membership import judged, require_standing
from survey.services.assessments.scope import assessment_for, require_right, require_stage
from survey.services.assessments.timing import wrong_deadlines
from survey.services.assessments.trail import note
from survey.services.clock import Clock
from survey.services.permissions import units_of
from survey.storage import assessments
from survey.storage.models import AssessmentBlockRow, AssessmentRow, AssessmentUnitRow
from survey.storage.models.assessments import ASSESSMENT_KINDS
from survey.storage.store import Store
from survey.units import Unit

_CODE = re.compile(r"[a-z0-9][a-z0-9\-]{2,58}[a-z0-9]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """What a year's assessing is made from; deadlines by step, the last day included."""

    code: str
    year: int
    unit_id: str
    title_vi: str
    title_en: str
    kind: str = "internal"
    simulated: bool = False
    deadlines: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block and the published set that it is judged by."""

    block: str
    name_vi: str
    name_en: str
    criteria_set_sha256: str


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be judged; its region if ranks by region are wanted, its contact for reminders."""

    unit_id: str
    block: str
    region: str | None = None
    contact: str | None = None


def open_assessment(*, store: Store, clock: Clock, account: Account, new: NewAssessment) -> None:
    """Open a year's assessing, at the stage of preparing.

    Raises:
        NotAllowed.
        NoSuchAssessment: its unit is outside the account's.
        BadAssessment: naming every field that is wrong.
        AssessmentTaken: the code is in use.
    """
    require_right(account, "assess")
    if new.unit_id not in units_of(account):
        raise NoSuchAssessment(new.unit_id)
    _require_sound(new)
    with store.transaction() as session:
        if assessments.is_code_taken(session, new.code):
            raise AssessmentTaken(new.code, code=new.code)
        row = AssessmentRow(
            code=new.code,
            year=new.year,
            unit_id=new.unit_id,
            kind=new.kind,
            title_vi=new.title_vi.strip(),
            title_en=new.title_en.strip(),
            made_at=clock.now(),
            made_by=account.login,
            simulated=new.simulated,
        )
        for step, day in new.deadlines.items():
            setattr(row, f"{step}_due", day)
        session.add(row)
        session.flush()
        note(session, clock, account, row, "assessment opened", kind=new.kind, year=new.year)


def add_blocks(
    *, store: Store, clock: Clock, account: Account, code: str, blocks: Sequence[NewBlock]
) -> None:
    """Add blocks, each with its set; all or none.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, NoSuchCriteriaSet, BlockTaken.
        BadAssessment: a set is not in force in the year, or a name is blank.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, "preparing")
        place = len(assessments.blocks_of(session, assessment.id))
        for number, new in enumerate(blocks, place + 1):
            _add_block(session, assessment, new, number)
        session.flush()
        told = {new.block: new.criteria_set_sha256 for new in blocks}
        note(session, clock, account, assessment, "blocks added", blocks=told)


def add_units(*, store: Store, clock: Clock, account: Account, code: str, units: Sequence[NewUnit]) -> None:
    """Add units to be judged; all or none.

    A unit must stand on 31 December of the year or, where that day is still to come, today.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, NoSuchBlock, UnitTaken.
        UnitNotStanding: with the path of the unit and the day.
        NoSuchAssessedUnit: it is not below the assessment's unit (national: not that unit itself).
        BadAssessment: a contact is no e-mail address, or a region is blank.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, "preparing", "self_assessment")
        for number, new in enumerate(units):
            the_block(session, assessment.id, new.block)
            if assessments.judged_unit(session, assessment.id, new.unit_id) is not None:
                raise UnitTaken(new.unit_id, unit=new.unit_id)
            found = judged(assessment, new.unit_id)
            require_standing(clock, assessment, found, f"units[{number}]")
            _require_reachable(new, f"units[{number}]")
            session.add(_unit_row(assessment, new, found))
            session.flush()
        told = {new.unit_id: new.block for new in units}
        note(session, clock, account, assessment, "units added", units=told)


def _require_sound(new: NewAssessment) -> None:
    checks = {
        "code": bool(_CODE.fullmatch(new.code)),
        "year": new.year in range(2000, 2101),
        "kind": new.kind in ASSESSMENT_KINDS,
        "title_vi": 0 < len(new.title_vi.strip()) <= _LONGEST_TITLE,
        "title_en": 0 < len(new.title_en.strip()) <= _LONGEST_TITLE,
    }
    wrong = [name for name, right in checks.items() if not right]
    wrong += filter(None, [wrong_deadlines(new.deadlines)])
    if wrong:
        raise BadAssessment(", ".join(wrong), fields=", ".join(wrong))


def _add_block(session: Session, assessment: AssessmentRow, new: NewBlock, place: int) -> None:
    if assessments.block_of(session, assessment.id, new.block) is not None:
        raise BlockTaken(new.block, block=new.block)
    used = kept_set(session, new.criteria_set_sha256)
    checks = {
        "block": bool(_CODE.fullmatch(new.block)) and len(new.block) <= 40,
        "name_vi": 0 < len(new.name_vi.strip()) <= 200,
        "name_en": 0 < len(new.name_en.strip()) <= 200,
        "criteria_set": _in_force(used, assessment.year),
    }
    wrong = ", ".join(f"{new.block}.{name}" for name, right in checks.items() if not right)
    if wrong:
        raise BadAssessment(wrong, fields=wrong)
    session.add(
        AssessmentBlockRow(
            assessment_id=assessment.id,
            block=new.block,
            name_vi=new.name_vi.strip(),
            name_en=new.name_en.strip(),
            criteria_set_sha256=used.sha256,
            place=place,
        )
    )
    session.flush()


def _in_force(used: CriteriaSet, year: int) -> bool:
    """Say whether a set is in force on some day of a year."""
    return used.valid_from <= date(year, 12, 31) and (used.valid_to or date.max) >= date(year, 1, 1)


def _require_reachable(new: NewUnit, path: str) -> None:
    checks = {
        "contact": new.contact is None or (len(new.contact) <= 254 and bool(_EMAIL.fullmatch(new.contact))),
        "region": new.region is None or 0 < len(new.region.strip()) <= 100,
    }
    wrong = ", ".join(f"{path}.{name}" for name, right in checks.items() if not right)
    if wrong:
        raise BadAssessment(wrong, fields=wrong)


def _unit_row(assessment: AssessmentRow, new: NewUnit, unit: Unit) -> AssessmentUnitRow:
    return AssessmentUnitRow(
        assessment_id=assessment.id,
        unit_id=new.unit_id,
        block=new.block,
        region=new.region or unit.region,
        contact=new.contact,
    )
