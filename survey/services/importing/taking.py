"""Taking a checked file into its round: every form of it or none, once.

The commit is the promise: whoever is told a number of forms finds them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.importing.checking import CheckedFile, check_file, is_same, round_taking_files
from survey.services.importing.errors import NothingToTake, RoundMoved, WrongFile
from survey.services.importing.rows import FileForm
from survey.services.review.import_grades import grade_of
from survey.storage import audit, imports, responses
from survey.storage.models import ImportRow, RoundRow
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Attributes:
        rows: forms that were added.
        already: forms that the round held with the same content.
        replayed: True when the file had been taken before, so that nothing was added now.
    """

    rows: int
    already: int
    grade: str
    file_sha256: str
    replayed: bool = False


def take_file(*, store: Store, clock: Clock, code: str, raw: bytes, name: str, actor: str) -> Taken:
    """Check a file and add all its new forms in one transaction; the same file again adds nothing.

    Raises:
        WrongFile: with every problem; nothing is written.
        NothingToTake: every form of it is in the round already, from elsewhere.
        RoundMoved: somebody else added one of its forms meanwhile; nothing is written.
        NoSuchRound, NotByFile, TooLateToTake, FileTooLarge, UnreadableFile, ReaderBusy.
    """
    checked = check_file(store=store, clock=clock, code=code, raw=raw, name=name)
    if checked.problems:
        raise WrongFile(checked.problems, unlisted=checked.unlisted)
    if checked.earlier is not None and not checked.forms:
        return _replayed(checked)
    if not checked.forms:
        raise NothingToTake(code, already=checked.already)
    try:
        with store.transaction() as session:
            return _add(session, clock, code, checked, actor)
    except IntegrityError as error:
        raise RoundMoved(code) from error


def imports_of(*, store: Store, code: str) -> tuple[ImportRow, ...]:
    """List the files that a round took, the newest first."""
    with store.reading() as session:
        return tuple(imports.imports_of(session, code))


def _add(session: Session, clock: Clock, code: str, checked: CheckedFile, actor: str) -> Taken:
    today = day_in_vietnam(clock.now())
    round_ = round_taking_files(session, code, today)
    kept = imports.kept_forms(session, round_.id, [form.response_id for form in checked.forms])
    if kept and not all(is_same(form, kept[form.response_id]) for form in checked.forms
                        if form.response_id in kept):  # fmt: skip
        raise RoundMoved(code)
    new = [form for form in checked.forms if form.response_id not in kept]
    if not new:
        return _replayed(checked)
    sha256 = checked.sheets.sha256
    batch = imports.add_import(
        session,
        ImportRow(
            round_id=round_.id, file_sha256=sha256, file_name=checked.sheets.name, rows=len(new),
            imported_at=clock.now(), imported_by=actor[:80],
        ),
    )  # fmt: skip
    grade = grade_of(session, round_.id, sha256)
    responses.add_responses(session, [_columns(form, round_, grade) for form in new])
    circumstances = _circumstances(round_, today, actor, batch)
    imports.add_paradata(session, round_.id, [form.response_id for form in new], circumstances)
    told = {"import": batch, "rows": len(new), "already": checked.already, "sha256": sha256, "grade": grade}
    audit.record(
        session, at=clock.now(), actor=actor, action="responses imported", subject=code, details=told
    )
    return Taken(len(new), checked.rows - len(new), grade, sha256)


def _replayed(checked: CheckedFile) -> Taken:
    return Taken(0, checked.already, checked.grade, checked.sheets.sha256, replayed=True)


def _circumstances(round_: RoundRow, today: date, actor: str, batch: int) -> Mapping[str, Any]:
    """Say of every form of a file who took it in, by which import, and whether after the closing (O5)."""
    late = round_.status != "open" or today > round_.closes_on
    return Circumstances(collected_by=actor[:80], late=late, flags=(f"import-{batch}",)).columns()


def _columns(form: FileForm, round_: RoundRow, grade: str) -> Mapping[str, Any]:
    return {
        "round_id": round_.id,
        "response_id": form.response_id,
        "questionnaire_sha256": round_.questionnaire_sha256,
        "unit_id": form.unit_id,
        "channel": "import",
        "evidence": grade,
        "stratum": form.stratum,
        "psu": form.psu,
        "base_weight": form.base_weight,
        "answers": dict(form.answers),
        "payload_sha256": form.payload_sha256,
        "day_received": form.day,
        "simulated": round_.simulated,
    }
