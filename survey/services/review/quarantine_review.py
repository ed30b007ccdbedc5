"""What a person decides about a quarantined record: tried again with what can be mended, or kept out (O4).

The raw bytes stay either way. Not how a record comes into quarantine (review/quarantine.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from survey.errors import SurveyError
from survey.questionnaires import Questionnaire, on_path, read_answers
from survey.services.accounts import Account
from survey.services.asked import questionnaire_asked, questionnaire_of
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.keeping import Respondent, WholeForm, form_there, keep
from survey.services.permissions import round_for, units_of
from survey.services.review.errors import NoSuchRecord, NoteNeeded, RecordDecided, StillWrong
from survey.storage import assignments, audit, quarantine
from survey.storage.assignments import AssignmentLine
from survey.storage.models import QuarantinedRow, RoundRow
from survey.storage.store import Store

#: Records on a page.
PAGE = 10
#: Marks a response that came out of quarantine.
FROM_QUARANTINE = "from_quarantine"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: As much of a raw record as a page shows.
_SHOWN = 4_000
_LONGEST_NOTE = 300
#: Makes the id of a record that lost its own, the same at every try.
_NAMESPACE = UUID("6f1d1a52-5d0f-4b7e-9a35-2c1f0d6a7c11")


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A quarantined record as a person sees it.

    Attributes:
        text: its raw bytes as text, cut where they are long; what is no text is told as its bytes.
        unit_id: the unit that its assignment is about, if it has one.
        unknown: items that the round's questionnaire does not know; they are left out if it is tried again.
    """

    row: QuarantinedRow
    text: str
    is_cut: bool
    unit_id: str | None
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
        records = tuple(_seen(session, row, round_, asked) for row in rows)
    return RecordPage(records, waiting, page, pages)


def release(
    *, store: Store, clock: Clock, account: Account, code: str, record_id: int, unit_id: str, note: str
) -> None:
    """Try to keep a record as a response to the round as it is now; if that fails it stays where it is.

    Items that the round's questionnaire does not know and answers off the path are left out. Where the
    record has an assignment it takes its place in the design; else it is about the unit chosen. It is
    grade C either way: the raw bytes alone name the assignment. An id that is taken by other answers becomes
    a conflict.

    Raises:
        NoSuchRound, NoSuchRecord: it is elsewhere or nowhere.
        NoteNeeded, RecordDecided; StillWrong: with why; nothing is written.
    """
    round_ = round_for(store=store, account=account, code=code)
    note = _noted(note)
    with store.transaction() as session:
        row = _record(session, account, code, record_id)
        told = _told(row)
        assignment = _assignment(session, told, round_)
        unit = assignment.unit_id if assignment else unit_id
        asked = questionnaire_asked(session, round_.questionnaire_sha256)
        try:
            who = _respondent(row, told, round_, unit, assignment)
            answers = read_answers(asked, on_path(asked, _known(told, asked)))
            whole = WholeForm(asked, who, answers, completed_on=_completed_on(told, round_, row))
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


def _seen(session: Session, row: QuarantinedRow, round_: RoundRow, asked: Questionnaire) -> WaitingRecord:
    told = _told(row)
    assignment = _assignment(session, told, round_)
    text = row.raw.decode("utf-8", "backslashreplace").replace("\0", "\\0")
    given = told.get("answers")
    names = list(given) if isinstance(given, dict) else []
    version = told.get("questionnaire_sha256")
    return WaitingRecord(
        row,
        text[:_SHOWN],
        len(text) > _SHOWN,
        assignment.unit_id if assignment else None,
        tuple(str(name)[:80] for name in names if name not in asked)[:20],
        isinstance(version, str) and version != round_.questionnaire_sha256,
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


def _told(row: QuarantinedRow) -> Mapping[str, Any]:
    """Read what can be read of a record; nothing of it is trusted."""
    try:
        told = json.loads(row.raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _assignment(session: Session, told: Mapping[str, Any], round_: RoundRow) -> AssignmentLine | None:
    try:
        found = assignments.assignment_of(session, UUID(hex=told["assignment"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return found if found is not None and found.round_code == round_.code else None


def _known(told: Mapping[str, Any], asked: Questionnaire) -> Mapping[str, Any]:
    given = told.get("answers")
    return {name: value for name, value in given.items() if name in asked} if isinstance(given, dict) else {}


def _respondent(
    row: QuarantinedRow,
    told: Mapping[str, Any],
    round_: RoundRow,
    unit_id: str,
    assignment: AssignmentLine | None,
) -> Respondent:
    helped = told.get("assisted_by") == "official"
    return Respondent(
        round_code=round_.code,
        response_id=_identifier(row, told),
        unit_id=unit_id,
        channel="tablet",
        evidence="C",
        stratum=assignment.stratum if assignment else unit_id,
        psu=assignment.psu if assignment else f"{unit_id}:{row.received_on.isoformat()}",
        base_weight=assignment.base_weight if assignment else 1.0,
        circumstances=Circumstances(
            device_id=row.device_id,
            collected_by=assignment.login if assignment else None,
            assignment_id=assignment.id if assignment else None,
            assisted_by="official" if helped else None,
            flags=(FROM_QUARANTINE,),
        ),
    )


def _identifier(row: QuarantinedRow, told: Mapping[str, Any]) -> UUID:
    """Take the record's own id, or where it has none make one that its bytes alone decide."""
    try:
        found = UUID(hex=told["response_id"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return uuid5(_NAMESPACE, row.raw_sha256)
    return found if found.int >> 64 else uuid5(_NAMESPACE, row.raw_sha256)


def _completed_on(told: Mapping[str, Any], round_: RoundRow, row: QuarantinedRow) -> date:
    """Give the day it was completed by its own clock, kept between the round's first day and its receipt."""
    at = told.get("completed_at")
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 1e14:
        return row.received_on
    day = day_in_vietnam(_EPOCH + timedelta(milliseconds=at))
    return min(max(day, round_.opens_on), row.received_on)
