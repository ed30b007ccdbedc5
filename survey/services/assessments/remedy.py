"""The remedy plan (khắc phục) for points that a unit lost: cause, measure, who answers for it, by when.

Not the computing of what was lost (publication.py froze it).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.errors import (
    BadRemedy,
    EnteredMeanwhile,
    NoSuchAssessedUnit,
    NothingLost,
)
from survey.services.assessments.scope import JUDGED_ROLES, assessment_for, require_stage, unit_for
from survey.services.assessments.trail import note
from survey.services.clock import VIETNAM, Clock
from survey.storage import assessment_entries
from survey.storage.models import AssessmentRemedyRow, AssessmentRow
from survey.storage.models.assessment_entries import REMEDY_STATUSES
from survey.storage.store import Store

_LONGEST = {"cause": 2000, "measure": 2000, "owner": 200}


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a unit will do about one leaf; `number` counts its changes from 1."""

    cause: str
    measure: str
    owner: str
    due_on: date
    status: str = "planned"


@dataclass(frozen=True, slots=True)
class KeptRemedy:
    """A remedy as it stands, with what was lost."""

    unit_id: str
    leaf: str
    number: int
    lost: float
    remedy: Remedy


def keep_remedy(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    unit_id: str,
    leaf: str,
    remedy: Remedy,
    seen: int,
) -> int:
    """Keep a remedy, or a change of one, under the next number of its leaf; what was before stays.

    Args:
        seen: number of the leaf's last remedy that the caller saw, 0 for none.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, WrongStage, EnteredMeanwhile.
        BadRemedy: naming every field that is wrong.
        NothingLost: the unit lost no points on the leaf in what was published.
    """
    _require_sound(remedy)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess_self", "assess", lock="share")
        require_stage(assessment, "published")
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        if leaf not in _lost(session, assessment).get(unit_id, {}):
            raise NothingLost(leaf, leaf=leaf)
        rows = assessment_entries.remedies_of(session, assessment.id, units=(unit.unit_id,))
        before = [row for row in rows if row.leaf == leaf]
        if len(before) != seen:
            raise _meanwhile(leaf, before)
        row = AssessmentRemedyRow(
            assessment_id=assessment.id,
            unit_id=unit_id,
            leaf=leaf,
            number=seen + 1,
            cause=remedy.cause.strip(),
            measure=remedy.measure.strip(),
            owner=remedy.owner.strip(),
            due_on=remedy.due_on,
            status=remedy.status,
            made_at=clock.now(),
            made_by=account.login,
        )
        session.add(row)
        session.flush()
        told = {"number": row.number, "status": row.status, "due_on": row.due_on.isoformat()}
        note(session, clock, account, assessment, "remedy kept", unit_id, leaf, **told)
        return row.number


def remedies_for(*, store: Store, account: Account, code: str) -> tuple[KeptRemedy, ...]:
    """List the remedies as they stand: a unit's own, or all of them for officials.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess_self", "assess")
        units = (account.unit_id,) if account.role in JUDGED_ROLES else None
        rows = assessment_entries.remedies_of(session, assessment.id, units=units)
        lost = _lost(session, assessment)
    last = {(row.unit_id, row.leaf): row for row in rows}
    return tuple(_kept(row, lost) for row in last.values())


def lost_points(*, store: Store, account: Account, code: str, unit_id: str) -> Mapping[str, float]:
    """Give the points that a unit lost by leaf, in what was published last, in the order of the set.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess_self", "assess")
        unit_for(session, account, assessment, unit_id)
        lost = _lost(session, assessment)
    if unit_id not in lost:
        raise NoSuchAssessedUnit(unit_id)
    return lost[unit_id]


def _lost(session: Session, assessment: AssessmentRow) -> dict[str, dict[str, float]]:
    """Give what each unit lost by leaf in the last publication; nothing before the first."""
    published = assessment_entries.publications_of(session, assessment.id)
    if not published:
        return {}
    document = json.loads(published[-1].document)["results"]
    return {
        unit["unit"]: {
            name: node["maximum"] - node["points"]
            for name, node in unit["score"]["nodes"].items()
            if node["leaf"] and _is_below(node)
        }
        for block in document["blocks"]
        for unit in block["units"]
    }


def _is_below(node: Mapping[str, Any]) -> bool:
    known = node["points"] is not None and node["maximum"] is not None
    return bool(known and node["points"] < node["maximum"] - 1e-9)


def _kept(row: AssessmentRemedyRow, lost: Mapping[str, Mapping[str, float]]) -> KeptRemedy:
    remedy = Remedy(row.cause, row.measure, row.owner, row.due_on, row.status)
    return KeptRemedy(row.unit_id, row.leaf, row.number, lost.get(row.unit_id, {}).get(row.leaf, 0.0), remedy)


def _require_sound(remedy: Remedy) -> None:
    wrong = [name for name, most in _LONGEST.items() if not 0 < len(getattr(remedy, name).strip()) <= most]
    wrong += [] if remedy.status in REMEDY_STATUSES else ["status"]
    if wrong:
        raise BadRemedy(", ".join(wrong), fields=", ".join(wrong))


def _meanwhile(leaf: str, before: list[AssessmentRemedyRow]) -> EnteredMeanwhile:
    last = before[-1] if before else None
    when = last.made_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if last else "?"
    return EnteredMeanwhile(leaf, leaf=leaf, who=last.made_by if last else "?", when=when)
