"""Appraisal by area: accept what a unit gave, adjust it, or return it, the latter two with a reason.

Not the unit's reply (reply.py) nor the council's decision (council.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.scoring import LeafInput
from survey.services.accounts import Account
from survey.services.assessments.effective import STANDING, Provenance
from survey.services.assessments.entering import Given, enter, scored_with
from survey.services.assessments.errors import (
    AlreadyAppraised,
    InputMissing,
    NoSuchNode,
    NotApproved,
    NothingToAccept,
    NotSubmitted,
    OwnUnitAppraised,
    WrongStage,
)
from survey.services.assessments.leaf_inputs import input_of
from survey.services.assessments.locking import DECIDED
from survey.services.assessments.nodes import entered_leaves, entered_place
from survey.services.assessments.scope import (
    APPRAISER,
    STAGE_NAMES,
    assessment_for,
    reaches_area,
    unit_for,
)
from survey.services.assessments.timing import is_extended
from survey.services.assessments.trail import perhaps_written, written
from survey.services.assessments.work import Work, work_of
from survey.services.clock import Clock
from survey.storage import assessments
from survey.storage.models import AssessmentRow, AssessmentUnitRow
from survey.storage.store import Store

Decision = Literal["accepted", "adjusted", "returned"]


@dataclass(frozen=True, slots=True)
class ToAppraise:
    """One leaf that waits for an appraiser.

    Attributes:
        seen: number of the last appraisal, which the next one must send back.
        why: `new`, or `entered_again` after it was returned.
    """

    unit_id: str
    block: str
    area: str
    leaf: str
    seen: int
    why: str


def appraise(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    unit_id: str,
    leaf: str,
    decision: Decision,
    seen: int,
    given: LeafInput | None = None,
    reason: str = "",
) -> Provenance:
    """Decide on one leaf of a unit that has submitted.

    Args:
        given: the adjusted input; left out when accepting or returning, and to lift an exemption of a
            node above leaves, which are then appraised one by one.
        seen: number of the last appraisal of the leaf that the caller saw, 0 for none.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchAssessedUnit, SurveyedLeaf, WrongStage.
        NoSuchNode: the set has none of that id, or it is in another agency's area.
        OwnUnitAppraised: the agency would judge itself.
        NotSubmitted, NotApproved: the unit has not finished.
        NothingToAccept, AlreadyAppraised, InputMissing, TextNeeded.
        EnteredMeanwhile: somebody else was first; the message has their name and time.
        RefusedInputs: the rule of the leaf does not take the adjusted input.
    """
    reason = perhaps_written(reason, "reason") if decision == "accepted" else written(reason, "reason")
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "appraise", lock="share")
        unit = unit_for(session, account, assessment, unit_id, lock="update")
        _require_time(clock, assessment, unit)
        work = work_of(session, unit)
        place = entered_place(work.set, leaf)
        if not reaches_area(session, account, unit, place.area):
            raise NoSuchNode(leaf, leaf=leaf)
        if account.role == APPRAISER and account.unit_id == unit_id:
            raise OwnUnitAppraised(unit_id)
        _require_finished(work, leaf)
        counted = _decided_input(work, leaf, decision, given)
        if counted is not None:
            scored_with(work, work.inputs(STANDING), leaf, counted)
        made = Given(leaf, "appraisal", seen, counted, reason, decision)
        return enter(session, clock, account, assessment, work, made)


def to_appraise(*, store: Store, account: Account, code: str) -> tuple[ToAppraise, ...]:
    """List what waits for the account to appraise: of units that have submitted, in its areas.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "appraise")
        agency = account.unit_id if account.role == APPRAISER else None
        areas = {(one.block, one.node) for one in assessments.areas_of(session, assessment.id, agency=agency)}
        found: list[ToAppraise] = []
        for unit, _ in assessments.units_of(session, assessment.id):
            if unit.submitted_at is None or unit.unit_id == agency:
                continue
            waiting = waiting_leaves(work_of(session, unit))
            found += [one for one in waiting if agency is None or (one.block, one.area) in areas]
        return tuple(found)


def waiting_leaves(work: Work) -> tuple[ToAppraise, ...]:
    """List what a unit entered that nobody has decided on, or entered again after it was returned."""
    found = []
    for leaf, entry in sorted(work.claimed.items(), key=lambda one: one[1].id):
        judged = work.latest("appraisal", leaf)
        if judged is None or (judged.decision == "returned" and entry.id > judged.id):
            why = "entered_again" if judged else "new"
            seen = work.number("appraisal", leaf)
            found.append(ToAppraise(work.unit.unit_id, work.unit.block, work.area(leaf), leaf, seen, why))
    return tuple(found)


def undecided_leaves(work: Work) -> tuple[str, ...]:
    """List the leaves that no appraisal or council has given points, in the order of the set."""
    inputs: Mapping[str, LeafInput] = work.inputs(STANDING)
    return tuple(
        leaf.id
        for leaf in entered_leaves(work.set)
        if leaf.id not in inputs and not inputs.keys() & set(work.above[leaf.id])
    )


def _require_time(clock: Clock, assessment: AssessmentRow, unit: AssessmentUnitRow) -> None:
    late = assessment.stage == "reply" and is_extended(clock, unit)
    if assessment.stage != "appraisal" and not late:
        names = STAGE_NAMES[assessment.stage]
        raise WrongStage(assessment.stage, stage_vi=names["vi"], stage_en=names["en"])


def _require_finished(work: Work, leaf: str) -> None:
    """Refuse what the unit has not submitted, or entered again without its second person."""
    if work.unit.submitted_at is None:
        raise NotSubmitted(work.unit.unit_id)
    entered = work.latest("self", leaf)
    if entered is not None and entered.id > (work.unit.approved_through or 0):
        path = f"{work.unit.unit_id} {leaf}"
        raise NotApproved(path, path=path)


def _decided_input(work: Work, leaf: str, decision: Decision, given: LeafInput | None) -> LeafInput | None:
    """Give the input that a decision makes count; None where it makes none count."""
    judged = work.latest("appraisal", leaf)
    if decision == "returned":
        if judged is not None and judged.decision in DECIDED:
            raise AlreadyAppraised(leaf, leaf=leaf)
        return None
    if decision == "accepted":
        entered = work.latest("self", leaf)
        if entered is None or entered.input is None:
            raise NothingToAccept(leaf, leaf=leaf)
        return input_of(entered.input)
    if given is None and work.is_leaf(leaf):
        raise InputMissing(leaf, leaf=leaf)
    return given
