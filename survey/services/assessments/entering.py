"""Adding an entry by the next number of its unit, leaf and step: of two at once the second is refused.

Who may enter what stands in the module of each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from survey.scoring import LeafInput, MeasuredGroups, NotApplicable, Score, score
from survey.services.accounts import Account
from survey.services.assessments.effective import Provenance, provenance_of
from survey.services.assessments.errors import EnteredMeanwhile
from survey.services.assessments.leaf_inputs import input_document
from survey.services.assessments.trail import LONGEST_REASON, note, plain, written
from survey.services.assessments.work import Work
from survey.services.clock import VIETNAM, Clock
from survey.storage import accounts
from survey.storage.models import AssessmentEntryRow, AssessmentRow


@dataclass(frozen=True, slots=True)
class Given:
    """What is entered for a leaf; `seen`: number of the step's last entry that the caller saw, 0 for none."""

    leaf: str
    step: str
    seen: int
    input: LeafInput | None
    text: str = ""
    decision: str | None = None
    minutes: int | None = None


def require_seen(session: Session, work: Work, given: Given) -> None:
    """Refuse an entry whose maker did not see the last one of its step.

    Raises:
        EnteredMeanwhile: with the name and the time of the first.
    """
    last = work.number(given.step, given.leaf)
    if last == given.seen:
        return
    first = work.entry(given.step, given.leaf, last)
    if first is None:
        raise EnteredMeanwhile(given.leaf, leaf=given.leaf, who="?", when="?")
    maker = accounts.account_by_login(session, first.made_by)
    raise EnteredMeanwhile(
        f"{given.leaf}: saw {given.seen}, is {last}",
        leaf=given.leaf,
        who=maker.full_name if maker else first.made_by,
        when=first.made_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y"),
    )


def scored_with(work: Work, inputs: Mapping[str, LeafInput], leaf: str, given: LeafInput | None) -> Score:
    """Score a unit as if a leaf were entered so; what the set's rules refuse is refused now.

    Raises:
        RefusedInputs: with one problem for every input refused, each with its path.
    """
    others = {name: one for name, one in inputs.items() if name != leaf}
    return score(work.set, others if given is None else {**others, leaf: given})


def enter(
    session: Session, clock: Clock, account: Account, assessment: AssessmentRow, work: Work, given: Given
) -> Provenance:
    """Add an entry and record it, in a transaction that holds the unit.

    Raises:
        EnteredMeanwhile.
        TextNeeded: an exemption without a reason, or a source longer than can be kept.
    """
    require_seen(session, work, given)
    require_reasoned(given.input)
    document = None if given.input is None else input_document(marked(assessment, given.input))
    row = AssessmentEntryRow(
        assessment_id=assessment.id,
        unit_id=work.unit.unit_id,
        leaf=given.leaf,
        step=given.step,
        number=given.seen + 1,
        criteria_set_sha256=work.set.sha256,
        input=document,
        made_at=clock.now(),
        made_by=account.login,
        decision=given.decision,
        text=given.text,
        minutes=given.minutes,
    )
    session.add(row)
    session.flush()
    told = {"entry": row.id, "number": row.number, "input": document, "decision": given.decision}
    about = (work.unit.unit_id, given.leaf)
    note(session, clock, account, assessment, f"entered: {given.step}", *about, **told)
    return provenance_of(row)


def require_reasoned(given: LeafInput | None) -> None:
    """Refuse an exemption without a reason, and a source that is too long.

    Raises:
        TextNeeded.
    """
    if isinstance(given, NotApplicable):
        written(given.reason, "reason", most=LONGEST_REASON)
    if given is not None and (given.source != plain(given.source) or len(given.source) > LONGEST_REASON):
        written("", "source", most=LONGEST_REASON)


def marked(assessment: AssessmentRow, given: LeafInput) -> LeafInput:
    """Mark an input as simulated where the whole assessment is."""
    if not assessment.simulated or given.simulated:
        return given
    if isinstance(given, MeasuredGroups):
        groups = {name: replace(group, simulated=True) for name, group in given.groups.items()}
        return replace(given, groups=groups, simulated=True)
    return replace(given, simulated=True)
