"""What a person decides about a quarantined record: tried again with what can be mended, or kept out (O4).

The raw bytes stay either way. Not how a record comes into quarantine (review/quarantine.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.errors import SurveyError
from survey.questionnaires import Answers, Questionnaire, on_path, read_answers
from survey.services.accounts import Account
from survey.services.asked import questionnaire_asked, questionnaire_of
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.devices.kiosk_records import OTHER_DEVICE, visit_answers
from survey.services.devices.visits import psu_of
from survey.services.keeping import Respondent, WholeForm, form_there, keep
from survey.services.permissions import round_for, units_of
from survey.services.review.errors import NoSuchRecord, NoteNeeded, RecordDecided, StillWrong
from survey.services.review.quarantine_records import ToldRecord, told_record
from survey.storage import assignments, audit, devices, quarantine
from survey.storage.assignments import AssignmentLine
from survey.storage.devices import DeviceLine
from survey.storage.models import QuarantinedRow, RoundRow
from survey.storage.store import Store

#: Records on a page.
PAGE = 10
#: Marks a response that came out of quarantine.
FROM_QUARANTINE = "from_quarantine"
#: As much of a raw record as a page shows.
_SHOWN = 4_000
_LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A quarantined record as a person sees it.

    Attributes:
        text: what was in it as text, cut where it is long; what is no text is told as its bytes.
        unit_id: the unit that its assignment or its kiosk is about, if it has one.
        status: "partial" for a kiosk's visit that nobody finished: released, it never counts.
        unknown: items that the round's questionnaire does not know; they are left out if it is tried again.
    """

    row: QuarantinedRow
    text: str
    is_cut: bool
    unit_id: str | None
    is_visit: bool
    status: str
    unknown: tuple[str, ...]
    other_version: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some waiting records, and how many wait in all."""

    records: tuple[WaitingRecord, ...]
    waiting: int
    page: int
    pages: int


def quarantined_for(*, store: Store, account: Account, code: str, page: int = 1) -> RecordPage:
    """List what waits in quarantine for a round, and what names no round but came from the account's devices.

    Raises:
        NoSuchRound: the round is elsewhere or nowhere.
    """
    round_, units = round_for(store=store, account=account, code=code), units_of(account)
    asked = questionnaire_of(round_)
    with store.reading() as session:
        waiting = quarantine.waiting_count(session, code, units)
        pages = max(-(-waiting // PAGE), 1)
        page = min(max(page, 1), pages)
        rows = quarantine.waiting_records(session, code, units, start=(page - 1) * PAGE, most=PAGE)
        records = tuple(_seen(session, row, store.keys, round_, asked) for row in rows)
    return RecordPage(records, waiting, page, pages)


def release(
    *, store: Store, clock: Clock, account: Account, code: str, record_id: int, unit_id: str, note: str
) -> None:
    """Try to keep a record as a response to the round as it is now; if that fails it stays where it is.

    Items that the round's questionnaire does not know and answers off the path are left out. Where the
    record has an assignment it takes its place in the design; a kiosk's visit is about the kiosk's unit; else
    it is about the unit chosen. It is grade C either way: the raw bytes alone name assignment or kiosk. A
    visit that nobody finished stays unfinished. An id that is taken by other answers becomes a conflict.

    Raises:
        NoSuchRound, NoSuchRecord: it is elsewhere or nowhere.
        NoteNeeded, RecordDecided; StillWrong: with why; nothing is written.
    """
    round_ = round_for(store=store, account=account, code=code)
    note = _noted(note)
    with store.transaction() as session:
        row = _record(session, account, code, record_id)
        told = told_record(row, store.keys)
        assignment = _assignment(session, told, round_)
        unit = _unit(session, told, assignment) or unit_id
        asked = questionnaire_asked(session, round_.questionnaire_sha256)
        try:
            who = _respondent(told, round_, unit, assignment, _kiosk(session, told))
            whole = WholeForm(
                asked,
                who,
                _answers(asked, told),
                status=told.status,
                completed_on=told.completed_on(round_.opens_on),
                received_on=row.received_on,
            )
            keep(session, clock, form_there(session, who), whole)
        except SurveyError as error:
            raise StillWrong(error.code, problem=error.text("vi")) from error
        _decided(session, clock, account, code, row, "released", note)


def keep_out(*, store: Store, clock: Clock, account: Account, code: str, record_id: int, note: str) -> None:
    """Decide that a record is no response, with a note; its bytes stay.

    Raises:
        NoSuchRound, NoSuchRecord, NoteNeeded, RecordDecided.
    """
    round_for(store=store, account=account, code=code)
    note = _noted(note)
    with store.transaction() as session:
        row = _record(session, account, code, record_id)
        _decided(session, clock, account, code, row, "kept_out", note)


def _seen(
    session: Session, row: QuarantinedRow, keys: Path, round_: RoundRow, asked: Questionnaire
) -> WaitingRecord:
    told = told_record(row, keys)
    version = told.questionnaire_sha256
    return WaitingRecord(
        row,
        told.text[:_SHOWN],
        len(told.text) > _SHOWN,
        _unit(session, told, _assignment(session, told, round_)),
        told.is_visit,
        told.status,
        tuple(str(name)[:80] for name in told.answers if name not in asked)[:20],
        version is not None and version != round_.questionnaire_sha256,
    )


def _record(session: Session, account: Account, code: str, record_id: int) -> QuarantinedRow:
    row = quarantine.record_for(session, record_id, code, units_of(account))
    if row is None:
        raise NoSuchRecord(str(record_id))
    if row.status != "waiting":
        raise RecordDecided(str(record_id))
    return row


def _noted(note: str) -> str:
    note = note.strip()
    if not 0 < len(note) <= _LONGEST_NOTE:
        raise NoteNeeded()
    return note


def _decided(
    session: Session, clock: Clock, account: Account, code: str, row: QuarantinedRow, status: str, note: str
) -> None:
    row.status, row.decided_by, row.note = status, account.login, note
    row.decided_on = day_in_vietnam(clock.now())
    audit.record(
        session,
        at=clock.now(),
        actor=account.login,
        action=f"quarantined record {status.replace('_', ' ')}",
        subject=code,
        details={"record": row.id, "raw_sha256": row.raw_sha256},
    )


def _assignment(session: Session, told: ToldRecord, round_: RoundRow) -> AssignmentLine | None:
    found = assignments.assignment_of(session, told.assignment_id) if told.assignment_id else None
    return found if found is not None and found.round_code == round_.code else None


def _unit(session: Session, told: ToldRecord, assignment: AssignmentLine | None) -> str | None:
    """Give the unit that a record is about by itself: its assignment's, or its kiosk's."""
    if assignment is not None:
        return assignment.unit_id
    kiosk = _kiosk(session, told)
    return kiosk.unit_id if kiosk is not None else None


def _kiosk(session: Session, told: ToldRecord) -> DeviceLine | None:
    """Give the kiosk where a visit says that it was given; None where there is no such."""
    found = devices.device_by_id(session, told.device_id) if told.device_id else None
    return found if found is not None and found.kind == "kiosk" else None


def _answers(asked: Questionnaire, told: ToldRecord) -> Answers:
    known = {name: value for name, value in told.answers.items() if name in asked}
    if told.status == "partial":
        return visit_answers(asked, told.status, known)
    return read_answers(asked, on_path(asked, known))


def _respondent(
    told: ToldRecord,
    round_: RoundRow,
    unit_id: str,
    assignment: AssignmentLine | None,
    kiosk: DeviceLine | None,
) -> Respondent:
    helped = told.said.get("assisted_by") == "official"
    is_elsewhere = told.device_id not in (None, told.row.device_id)
    day = told.completed_on(round_.opens_on) if told.is_visit else told.row.received_on
    return Respondent(
        round_code=round_.code,
        response_id=told.response_id,
        unit_id=unit_id,
        channel="kiosk" if told.is_visit else "tablet",
        evidence="C",
        stratum=assignment.stratum if assignment else unit_id,
        psu=assignment.psu if assignment else psu_of(unit_id, day),
        base_weight=assignment.base_weight if assignment else 1.0,
        circumstances=Circumstances(
            device_id=kiosk.id if kiosk else told.row.device_id,
            collected_by=assignment.login if assignment else None,
            assignment_id=assignment.id if assignment else None,
            option_order=told.option_order,
            language=told.language if told.is_visit else None,
            assisted_by="official" if helped else None,
            flags=(FROM_QUARANTINE, OTHER_DEVICE) if is_elsewhere else (FROM_QUARANTINE,),
        ),
    )
