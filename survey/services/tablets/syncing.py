"""Keeping what a tablet collected without a network: each record for itself, once, never dropped (O1-O11).

A record that cannot be kept as a response goes to quarantine, raw. Not the shape of a record
(tablets/records.py), and not who may send (tablets/sign_in.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from survey.questionnaires import Questionnaire, on_path, read_answers
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock
from survey.services.errors import UnknownVersion
from survey.services.keeping import Receipt, Respondent, WholeForm, acknowledged, form_there, keep
from survey.services.review.quarantine import RECORD_LIMIT, Fate, RawRecord, kept_or_quarantined
from survey.services.tablets.errors import (
    BadRecord,
    HashDiffers,
    NoSuchAssignment,
    NotTheirAssignment,
    RecordTooLarge,
)
from survey.services.tablets.records import CLOCK_WRONG, Clocks, SyncRecord, raw_of, read_record
from survey.storage import assignments
from survey.storage.assignments import AssignmentLine
from survey.storage.store import Store

OVER_COUNT, WITHDRAWN = "over_count", "assignment_withdrawn"
#: Marks a response that came in by a queue file; nothing but the file itself says who made it.
FROM_FILE = "from_file"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the tablet, and the enumerator who is signed in on it (O13).

    Attributes:
        from_file: a file says so; neither tablet nor enumerator proved it, so nothing it brings is grade A.
    """

    device_id: UUID
    login: str
    from_file: bool = False


def sync(
    *, store: Store, clock: Clock, sender: Sender, records: Sequence[object], clocks: Clocks
) -> tuple[Fate, ...]:
    """Keep each record in a transaction of its own and say what became of each; none stops the others."""
    return tuple(_fate(store, clock, sender, told, clocks) for told in records)


def keep_record(*, store: Store, clock: Clock, sender: Sender, record: SyncRecord, clocks: Clocks) -> Receipt:
    """Keep one interview as a response, exactly once.

    What is off the path of its answers is left out; the server decides that again (platforms.md §5 row 5).

    Raises:
        NoSuchAssignment, NotTheirAssignment, UnknownVersion, BadRecord, InvalidAnswers, HashDiffers,
        EmptyForm, NotThisUnit, NoSuchRound, RoundClosed: nothing is written.
        OtherAnswersKept: the id was used before with other answers; both are kept.
    """
    with store.reading() as session:
        assignment = assignments.assignment_of(session, record.assignment_id)
        if assignment is None or assignment.round_code != record.round_code:
            raise NoSuchAssignment(record.assignment_id.hex)
        if assignment.login != sender.login:
            raise NotTheirAssignment(sender.login)
        respondent = _respondent(record, assignment, sender)
        form = form_there(session, respondent)
        if form.round.questionnaire_sha256 != record.questionnaire_sha256:
            raise UnknownVersion(record.questionnaire_sha256)
        questionnaire = questionnaire_asked(session, record.questionnaire_sha256)
    opens_on = form.round.opens_on
    circumstances = _circumstances(record, assignment, sender, clocks, clocks.is_wrong(record, opens_on))
    whole = WholeForm(
        questionnaire,
        _respondent(record, assignment, sender, circumstances),
        read_answers(questionnaire, on_path(questionnaire, _known(questionnaire, record))),
        completed_on=clocks.completed_on(record, opens_on),
    )
    if whole.payload_sha256() != record.sha256:
        raise HashDiffers(record.sha256)
    with store.transaction() as session:
        receipt = keep(session, clock, form, whole)
    return acknowledged(receipt, respondent)


def _fate(store: Store, clock: Clock, sender: Sender, told: object, clocks: Clocks) -> Fate:
    raw, said = raw_of(told), told if isinstance(told, dict) else {}
    name = said.get("response_id")
    response_id = name[:64] if isinstance(name, str) else None
    if len(raw) > RECORD_LIMIT:
        return Fate(response_id, RecordTooLarge.status, error=RecordTooLarge())
    return kept_or_quarantined(
        store=store,
        clock=clock,
        device_id=sender.device_id,
        response_id=response_id,
        keep=lambda: keep_record(
            store=store, clock=clock, sender=sender, record=read_record(told), clocks=clocks
        ),
        raw=lambda: RawRecord(raw, said.get("round"), said.get("response_id")),
    )


def _respondent(
    record: SyncRecord,
    assignment: AssignmentLine,
    sender: Sender,
    circumstances: Circumstances | None = None,
) -> Respondent:
    """Place an interview in the design: grade A, but C from a file or where an official helped (A5)."""
    proven = not sender.from_file and record.assisted_by != "official"
    return Respondent(
        round_code=record.round_code,
        response_id=record.response_id,
        unit_id=assignment.unit_id,
        channel="tablet",
        evidence="A" if proven else "C",
        stratum=assignment.stratum,
        psu=assignment.psu,
        base_weight=assignment.base_weight,
        circumstances=circumstances,
    )


def _circumstances(
    record: SyncRecord, assignment: AssignmentLine, sender: Sender, clocks: Clocks, clock_wrong: bool
) -> Circumstances:
    labels = {
        CLOCK_WRONG: clock_wrong,
        OVER_COUNT: assignment.done >= assignment.wanted,
        WITHDRAWN: assignment.status == "withdrawn",
        FROM_FILE: sender.from_file,
    }
    return Circumstances(
        device_id=sender.device_id,
        collected_by=sender.login,
        assignment_id=assignment.id,
        language=record.language,
        assisted_by=record.assisted_by,
        duration_s=record.duration_s,
        clock_offset_s=clocks.offset_s,
        flags=tuple(label for label, holds in labels.items() if holds),
    )


def _known(questionnaire: Questionnaire, record: SyncRecord) -> dict[str, str | list[str]]:
    """Refuse answers to items that were never asked; `on_path` would drop them in silence."""
    unknown = [name for name in record.answers if name not in questionnaire]
    if unknown:
        raise BadRecord(where=ascii(f"answers: {', '.join(unknown)}")[:200])
    return dict(record.answers)
