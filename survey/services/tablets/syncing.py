"""Keeping what a tablet collected without a network: each record for itself, once, never dropped (O1-O11).

A record that cannot be kept as a response goes to quarantine, raw. Not the shape of a record
(tablets/records.py), and not who may send (tablets/sign_in.py).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import OperationalError

from survey.errors import SurveyError, Unavailable
from survey.questionnaires import Questionnaire, on_path, read_answers
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock
from survey.services.errors import OtherAnswersKept, UnknownVersion
from survey.services.keeping import Receipt, Respondent, WholeForm, acknowledged, form_there, keep
from survey.services.review.quarantine import RECORD_LIMIT, quarantine
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
from survey.storage.errors import DatabaseBusy
from survey.storage.store import Store

log = logging.getLogger("survey")

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


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one record.

    Attributes:
        response_id: as the client wrote it; None where it wrote none.
        status: 201 kept; 202 in quarantine; 409 other answers were kept first and these aside;
            413 too large to take at all; 503 try again.
        error: why it was not kept as a response.
    """

    response_id: str | None
    status: int
    receipt: Receipt | None = None
    error: SurveyError | None = None

    @property
    def is_held(self) -> bool:
        """True when the server has the record, whether as a response or for a person to see."""
        return self.status in (201, 202, 409)


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
    raw = raw_of(told)
    name = told.get("response_id") if isinstance(told, dict) else None
    response_id = name[:64] if isinstance(name, str) else None
    if len(raw) > RECORD_LIMIT:
        return Fate(response_id, RecordTooLarge.status, error=RecordTooLarge())
    try:
        record = read_record(told)
        receipt = keep_record(store=store, clock=clock, sender=sender, record=record, clocks=clocks)
        return Fate(response_id, 201, receipt)
    except OperationalError as error:
        return Fate(response_id, DatabaseBusy.status, error=DatabaseBusy(str(error.orig)))
    except (OtherAnswersKept, Unavailable) as error:
        return Fate(response_id, error.status, error=error)
    except SurveyError as error:
        _to_quarantine(store, clock, sender, told, raw, error)
        return Fate(response_id, 202, error=error)
    except Exception as error:  # one bad record must not hold up the others (O11); the client keeps it
        log.exception("a tablet's record failed", exc_info=error)
        return Fate(response_id, SurveyError.status, error=SurveyError(type(error).__name__))


def _to_quarantine(
    store: Store, clock: Clock, sender: Sender, told: object, raw: bytes, error: SurveyError
) -> None:
    said = told if isinstance(told, dict) else {}
    names = {name: said.get(name) for name in ("round", "response_id")}
    texts = {name: value if isinstance(value, str) else None for name, value in names.items()}
    quarantine(
        store=store,
        clock=clock,
        raw=raw,
        reason=error.code,
        device_id=sender.device_id,
        round_code=texts["round"],
        response_id=texts["response_id"],
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
