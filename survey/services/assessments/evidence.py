"""Evidence: files of a unit for a leaf, streamed to disk, recognised, scanned, given as attachments only.

Not where files lie (storage.evidence_files), nor which kinds are taken (file_types.py).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.errors import (
    EmptyEvidence,
    EvidenceTooLarge,
    InfectedEvidence,
    NoSuchAssessedUnit,
    NoSuchEvidence,
)
from survey.services.assessments.file_types import FileType, type_of
from survey.services.assessments.locking import lapse, require_writable
from survey.services.assessments.nodes import entered_place
from survey.services.assessments.scanning import Scan, Verdict, not_scanned
from survey.services.assessments.scope import APPRAISER, assessment_for, reaches_area, unit_for
from survey.services.assessments.self_assessment import own_unit
from survey.services.assessments.trail import note, plain, written
from survey.services.assessments.work import Work, work_of
from survey.services.clock import Clock
from survey.storage import assessment_entries, evidence_files
from survey.storage.evidence_files import Received, Stream, TooManyBytes
from survey.storage.models import AssessmentEvidenceRow, AssessmentRow
from survey.storage.store import Store

MB = 1024 * 1024
MOST_BYTES = 20 * MB
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class OpenedEvidence:
    """A file to hand out as an attachment, never inline.

    Attributes:
        name: what the sender called it, for the page; its ending may lie.
        suffix: the ending of its real kind.
        scanned: whether a scanner found it clean; else the page warns.
    """

    path: Path
    name: str
    suffix: str
    media_type: str
    size: int
    scanned: bool


def add_evidence(
    *,
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    leaf: str,
    name: str,
    stream: Stream,
    most_bytes: int = MOST_BYTES,
    scan: Scan = not_scanned,
) -> int:
    """Take a file for a leaf of the account's unit; give its number. A file that is refused leaves nothing.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchNode, SurveyedLeaf, WrongStage, Locked, TextNeeded.
        EvidenceTooLarge, EmptyEvidence.
        ForbiddenType: judged by its content, not by its name.
        InfectedEvidence: the scanner refused it.
    """
    name = written(_plain(name), "name", most=_LONGEST_NAME)
    with store.reading() as session:
        _require_taken(session, clock, account, code, leaf)
    try:
        with evidence_files.receive(store.folder, stream, most_bytes=most_bytes) as received:
            if not received.size:
                raise EmptyEvidence(name)
            kind = type_of(received.path)
            verdict = scan(received.path)
            if verdict == "refused":
                raise InfectedEvidence(received.sha256)
            return _keep(store, clock, account, code, leaf, name, received, kind, verdict)
    except TooManyBytes as error:
        raise EvidenceTooLarge(name, most=f"{most_bytes / MB:g}") from error


def withdraw_evidence(*, store: Store, clock: Clock, account: Account, code: str, evidence_id: int) -> None:
    """Take a file of the account's unit out of its evidence; its row and its bytes stay.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchEvidence, WrongStage, Locked.
    """
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "assess_self")
        row = assessment_entries.evidence_by_id(session, assessment.id, evidence_id, lock=True)
        if row is None or row.unit_id != unit.unit_id or row.withdrawn_at is not None:
            raise NoSuchEvidence(str(evidence_id))
        require_writable(clock, assessment, work_of(session, unit), row.leaf)
        row.withdrawn_at, row.withdrawn_by = clock.now(), account.login
        lapse(unit)
        told = {"evidence": row.id, "sha256": row.sha256}
        note(session, clock, account, assessment, "evidence withdrawn", unit.unit_id, row.leaf, **told)


def open_evidence(*, store: Store, account: Account, code: str, evidence_id: int) -> OpenedEvidence:
    """Give a file to hand out, to the unit itself, to the agency of its area, or to officials.

    Raises:
        NotAllowed, NoSuchAssessment.
        NoSuchEvidence: it is out of reach, was refused by a scanner, or its bytes are not those kept.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess", "appraise", "assess_self")
        row = assessment_entries.evidence_by_id(session, assessment.id, evidence_id)
        if row is None or row.checked == "refused" or not reaches(session, account, assessment, row):
            raise NoSuchEvidence(str(evidence_id))
    if not evidence_files.is_whole(store.folder, row.sha256):
        raise NoSuchEvidence(f"{row.sha256} is missing or was edited")
    path = evidence_files.file_of(store.folder, row.sha256)
    kind = type_of(path)
    return OpenedEvidence(path, row.name, kind.suffix, row.media_type, row.size, row.checked == "clean")


def scan_waiting(*, store: Store, clock: Clock, account: Account, code: str, scan: Scan) -> dict[str, int]:
    """Scan the files that no scanner has judged; a refused one is handed out no more. Give counts by verdict.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess")
        waiting = assessment_entries.unscanned_evidence(session, assessment.id)
    counts = {"clean": 0, "refused": 0, "waiting": 0}
    for one in waiting:
        verdict = scan(evidence_files.file_of(store.folder, one.sha256))
        counts[verdict] += 1
        if verdict != "waiting":
            _judge(store, clock, account, code, one.id, verdict)
    return counts


def reaches(
    session: Session, account: Account, assessment: AssessmentRow, row: AssessmentEvidenceRow
) -> bool:
    """Say whether an account reaches a file."""
    try:
        unit = unit_for(session, account, assessment, row.unit_id)
    except NoSuchAssessedUnit:
        return False
    if account.role == APPRAISER and unit.submitted_at is None:
        return False
    place = work_of(session, unit).area_or_none(row.leaf)
    return place is not None and reaches_area(session, account, unit, place)


def _require_taken(session: Session, clock: Clock, account: Account, code: str, leaf: str) -> None:
    """Refuse before a byte is read what would be refused after the last."""
    assessment = assessment_for(session, account, code, "assess_self")
    unit = unit_for(session, account, assessment, account.unit_id)
    _require_open(clock, assessment, work_of(session, unit), leaf)


def _require_open(clock: Clock, assessment: AssessmentRow, work: Work, leaf: str) -> None:
    entered_place(work.set, leaf)
    judged = work.latest("appraisal", leaf)
    is_reply = assessment.stage == "reply" and judged is not None and judged.decision == "adjusted"
    if not is_reply:
        require_writable(clock, assessment, work, leaf)


def _keep(
    store: Store,
    clock: Clock,
    account: Account,
    code: str,
    leaf: str,
    name: str,
    received: Received,
    kind: FileType,
    verdict: Verdict,
) -> int:
    with store.transaction() as session:
        assessment, unit = own_unit(session, account, code, "assess_self")
        _require_open(clock, assessment, work_of(session, unit), leaf)
        row = AssessmentEvidenceRow(
            assessment_id=assessment.id,
            unit_id=unit.unit_id,
            leaf=leaf,
            sha256=received.sha256,
            name=name,
            media_type=kind.media_type,
            size=received.size,
            checked=verdict,
            added_at=clock.now(),
            added_by=account.login,
        )
        session.add(row)
        session.flush()
        lapse(unit)
        told = {"evidence": row.id, "sha256": received.sha256, "size": received.size, "checked": verdict}
        note(session, clock, account, assessment, "evidence added", unit.unit_id, leaf, **told)
        # Before the commit: a row without its file must not be, a file without a row does no harm.
        evidence_files.keep(store.folder, received)
    return row.id


def _judge(
    store: Store, clock: Clock, account: Account, code: str, evidence_id: int, verdict: Verdict
) -> None:
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "assess", lock="share")
        row = assessment_entries.evidence_by_id(session, assessment.id, evidence_id, lock=True)
        if row is None or row.checked != "waiting":
            return
        row.checked = verdict
        told = {"evidence": row.id, "sha256": row.sha256, "checked": verdict}
        note(session, clock, account, assessment, "evidence scanned", row.unit_id, row.leaf, **told)


def _plain(name: str) -> str:
    """Keep the last part of a name, without control characters; it is shown, never used as a path."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in plain(last) if unicodedata.category(char)[0] != "C")
