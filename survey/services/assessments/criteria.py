"""Criteria sets as they are published, and the set of each block: changed mid-year without carrying silently.

Not the format of a set (scoring), nor scoring a unit (results.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from survey.scoring import CriteriaSet, load
from survey.services.accounts import Account
from survey.services.assessments.errors import BadAssessment, NoSuchBlock, NoSuchCriteriaSet, SetInUse
from survey.services.assessments.nodes import carries, places_of
from survey.services.assessments.requests import ask
from survey.services.assessments.scope import assessment_for, require_right, require_stage
from survey.services.assessments.trail import LONGEST_REASON, note, written
from survey.services.clock import Clock
from survey.storage import assessment_entries, assessments, audit
from survey.storage.models import (
    AssessmentBlockRow,
    AssessmentEntryRow,
    AssessmentRequestRow,
    AssessmentRow,
    CriteriaSetRow,
)
from survey.storage.store import Store

#: While a set may still be changed.
CHANGEABLE = ("preparing", "self_assessment", "appraisal", "reply", "council")


@dataclass(frozen=True, slots=True)
class Remade:
    """An entry that does not hold under the block's set of today and must be made anew."""

    unit_id: str
    leaf: str
    step: str
    #: `no_such_leaf` or `rule_changed`.
    why: str


def publish_criteria_set(*, store: Store, clock: Clock, account: Account, raw: bytes) -> CriteriaSet:
    """Check a criteria set and keep its bytes under their hash; the same bytes are kept once.

    Raises:
        NotAllowed.
        CorruptCriteriaSet: with every problem of the file and its path.
        BadAssessment: an id or the version is longer than can be kept.
    """
    require_right(account, "assess")
    read = load(raw)
    _require_short(read)
    with store.transaction() as session:
        if assessments.criteria_set_of(session, read.sha256) is None:
            session.add(
                CriteriaSetRow(
                    sha256=read.sha256,
                    set_id=read.id,
                    version=read.version,
                    document=raw,
                    published_at=clock.now(),
                    published_by=account.login,
                )
            )
            audit.record(
                session,
                at=clock.now(),
                actor=account.login,
                action="criteria set published",
                subject=f"{read.id} {read.version}",
                details={"sha256": read.sha256},
            )
    return read


def kept_set(session: Session, sha256: str) -> CriteriaSet:
    """Give a published set by its hash.

    Raises:
        NoSuchCriteriaSet.
    """
    row = assessments.criteria_set_of(session, sha256)
    if row is None:
        raise NoSuchCriteriaSet(sha256, sha256=sha256)
    return _loaded(row.document)


def set_of_block(session: Session, assessment_id: int, block: str) -> CriteriaSet:
    """Give the set that a block is judged by today.

    Raises:
        NoSuchBlock.
    """
    return kept_set(session, the_block(session, assessment_id, block).criteria_set_sha256)


def change_set(
    *, store: Store, clock: Clock, account: Account, code: str, block: str, sha256: str, reason: str
) -> tuple[Remade, ...]:
    """Judge a block by another set, while no unit of it has submitted; give what must be made anew.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchBlock, NoSuchCriteriaSet, WrongStage, TextNeeded.
        SetInUse: a unit has submitted, so two persons are needed (`ask_change_set`).
    """
    reason = written(reason, "reason", most=LONGEST_REASON)
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, *CHANGEABLE)
        the_block(session, assessment.id, block)
        units = assessments.units_of(session, assessment.id)
        if any(unit.block == block and unit.submitted_at for unit, _ in units):
            raise SetInUse(block, block=block)
        return _change(session, clock, account, assessment, block, sha256, reason)


def ask_change_set(
    *, store: Store, clock: Clock, account: Account, code: str, block: str, sha256: str, reason: str
) -> int:
    """Ask that a block be judged by another set though units have submitted; another person grants it.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchBlock, NoSuchCriteriaSet, WrongStage, TextNeeded, AlreadyWaiting.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="update")
        require_stage(assessment, *CHANGEABLE)
        the_block(session, assessment.id, block)
        kept_set(session, sha256)
        details = {"block": block, "sha256": sha256}
        return ask(session, clock, account, assessment, "change_set", details, reason)


def grant_change_set(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    request: AssessmentRequestRow,
) -> None:
    """Do what a second person granted, in the transaction that grants it."""
    require_stage(assessment, *CHANGEABLE)
    block, sha256 = request.details["block"], request.details["sha256"]
    _change(session, clock, account, assessment, block, sha256, request.reason)


def to_remake(*, store: Store, account: Account, code: str) -> tuple[Remade, ...]:
    """List every entry that must be made anew because its set was replaced.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess")
        blocks = assessments.blocks_of(session, assessment.id)
        return tuple(one for row in blocks for one in _to_remake(session, assessment, row))


def fits(session: Session, current: CriteriaSet, sha256: str, node: str) -> bool:
    """Say whether what was entered for a node under a set holds under the block's set of today."""
    return sha256 == current.sha256 or carries(kept_set(session, sha256), current, node)


def the_block(session: Session, assessment_id: int, block: str) -> AssessmentBlockRow:
    """Give a block of an assessment.

    Raises:
        NoSuchBlock.
    """
    found = assessments.block_of(session, assessment_id, block)
    if found is None:
        raise NoSuchBlock(block, block=block)
    return found


def _change(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    block: str,
    sha256: str,
    reason: str,
) -> tuple[Remade, ...]:
    new = kept_set(session, sha256)
    row = the_block(session, assessment.id, block)
    before, row.criteria_set_sha256 = row.criteria_set_sha256, new.sha256
    session.flush()
    anew = _to_remake(session, assessment, row)
    details = {
        "before": before,
        "after": sha256,
        "reason": reason,
        "to_remake": [f"{one.unit_id} {one.leaf} {one.step}: {one.why}" for one in anew],
    }
    note(session, clock, account, assessment, "criteria set changed", block, **details)
    return anew


def _to_remake(session: Session, assessment: AssessmentRow, block: AssessmentBlockRow) -> tuple[Remade, ...]:
    current = kept_set(session, block.criteria_set_sha256)
    units = [unit.unit_id for unit, _ in assessments.units_of(session, assessment.id)
             if unit.block == block.block]  # fmt: skip
    entries = newest(assessment_entries.entries_of(session, assessment.id, units=units))
    return tuple(
        Remade(one.unit_id, one.leaf, one.step,
               "rule_changed" if one.leaf in places_of(current) else "no_such_leaf")
        for one in entries
        if one.step != "reply" and not fits(session, current, one.criteria_set_sha256, one.leaf)
    )  # fmt: skip


def newest(entries: Iterable[AssessmentEntryRow]) -> tuple[AssessmentEntryRow, ...]:
    """Keep the newest entry of each unit, leaf and step."""
    last = {(one.unit_id, one.leaf, one.step): one for one in sorted(entries, key=lambda one: one.number)}
    return tuple(sorted(last.values(), key=lambda one: one.id))


def _require_short(read: CriteriaSet) -> None:
    lengths = {"id": (len(read.id), 80), "version": (len(read.version), 40)}
    lengths |= {node: (len(node), 80) for node in places_of(read)}
    wrong = ", ".join(name[:80] for name, (length, most) in lengths.items() if length > most)
    if wrong:
        raise BadAssessment(wrong, fields=wrong)


@lru_cache(maxsize=32)
def _loaded(raw: bytes) -> CriteriaSet:
    return load(raw)
