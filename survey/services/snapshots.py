"""Freezing a round: which responses count, and why the others do not.

Not what is computed from the snapshot (indices.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from survey import __version__
from survey.questionnaires import Questionnaire, on_path
from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.collection import questionnaire_of
from survey.services.errors import EmptySnapshot, FreezeInProgress, NoSuchRound, NoSuchSnapshot
from survey.services.permissions import round_for
from survey.storage import audit, responses, results, rounds
from survey.storage.models import ResponseRow, ResultRow, RoundRow, SnapshotRow
from survey.storage.snapshots import Snapshot, read_snapshot, write_snapshot
from survey.storage.store import Store
from survey.units import load_units

#: Why a response does not enter the index, in the manifest's words.
PARTIAL = "partial"
NOT_COUNTED_GRADE = "evidence_grade_not_counted"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot just made."""

    code: str
    folder: Path
    rows: int
    exclusions: Mapping[str, int]
    data_sha256: str


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot of a round, with what was computed from it, the newest first."""

    row: SnapshotRow
    results: tuple[ResultRow, ...]


def freeze_snapshot(*, store: Store, clock: Clock, round_code: str, actor: str) -> Frozen:
    """Freeze a round's responses as they are now; earlier snapshots stay as they were.

    Raises:
        NoSuchRound: there is no round of that code.
        EmptySnapshot: no response counts yet.
    """
    with store.reading(consistent=True) as session, ExitStack() as reading:
        round_ = rounds.round_by_code(session, round_code)
        if round_ is None:
            raise NoSuchRound(round_code)
        number, code = _next(store, session, round_)
        questionnaire, exclusions, received = questionnaire_of(round_), Counter[str](), Counter[str]()
        counted = _counted(session, round_, questionnaire, exclusions, received)
        reading.enter_context(closing(counted))
        first = next(counted, None)
        if first is None:
            raise EmptySnapshot(round_code, round=round_code)
        try:
            folder, manifest = write_snapshot(
                store.snapshots,
                code=code,
                questionnaire=questionnaire,
                rows=chain([first], counted),
                describe=lambda: {**_about(session, round_, clock, exclusions), "received": dict(received)},
            )
        except FileExistsError as error:
            raise FreezeInProgress(code, round=round_code) from error
    frozen = Frozen(code, folder, manifest["rows"], dict(exclusions), manifest["data"]["sha256"])
    _record(store, clock, round_, number, frozen, actor)
    return frozen


def open_snapshot(*, store: Store, code_or_folder: str) -> Snapshot:
    """Read a snapshot by its code, or by its folder with no database at all.

    Raises:
        NoSuchSnapshot: neither is there.
        SnapshotChanged, SnapshotUnreadable: its files are not what was frozen.
    """
    for folder in (store.snapshots / code_or_folder, Path(code_or_folder)):
        if "\0" not in code_or_folder and folder.is_dir():
            return read_snapshot(folder)
    raise NoSuchSnapshot(code_or_folder, snapshot=code_or_folder)


def snapshots_for(*, store: Store, account: Account, code: str) -> tuple[KeptSnapshot, ...]:
    """List the snapshots of a round within an account's units, the newest first.

    Raises:
        NoSuchRound: it is elsewhere or nowhere.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        return tuple(
            KeptSnapshot(row, tuple(results.results_of(session, row.id)))
            for row in results.snapshots_of(session, round_.id)
        )


def is_current(*, store: Store, code: str) -> bool:
    """Say whether a snapshot holds every response there is now.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable.
    """
    manifest = open_snapshot(store=store, code_or_folder=code).manifest
    with store.reading() as session:
        row = results.snapshot_by_code(session, code)
        now = _responses_now(session, row.round_id) if row else None
    return bool(now == manifest["responses"])


def _responses_now(session: Session, round_id: int) -> dict[str, Any]:
    digest = hashlib.sha256()
    for payload in responses.payload_hashes_of(session, round_id):
        digest.update(payload.encode())
    return {"rows": responses.count_of(session, round_id), "sha256": digest.hexdigest()}


def _next(store: Store, session: Session, round_: RoundRow) -> tuple[int, str]:
    """Number the next snapshot, past any folder that a crash left without its row."""
    number = results.next_number(session, round_.id)
    while (store.snapshots / f"{round_.code}-{number:04d}").exists():
        number += 1
    return number, f"{round_.code}-{number:04d}"


def _counted(
    session: Session,
    round_: RoundRow,
    questionnaire: Questionnaire,
    exclusions: Counter[str],
    received: Counter[str],
) -> Generator[Mapping[str, Any]]:
    for row in responses.stream_of(session, round_.id):
        if row.evidence not in round_.counted_grades:
            exclusions[NOT_COUNTED_GRADE] += 1
            continue
        received[row.unit_id] += 1
        if row.status == "partial":
            exclusions[PARTIAL] += 1
        else:
            yield _columns(row, questionnaire)


def _columns(row: ResponseRow, questionnaire: Questionnaire) -> Mapping[str, Any]:
    return {
        "unit": row.unit_id,
        "stratum": row.stratum,
        "psu": row.psu,
        "base_weight": row.base_weight,
        "channel": row.channel,
        "evidence": row.evidence,
        "day": row.day_received,
        "answers": on_path(questionnaire, row.answers),
    }


def _record(store: Store, clock: Clock, round_: RoundRow, number: int, frozen: Frozen, actor: str) -> None:
    row = SnapshotRow(
        round_id=round_.id,
        number=number,
        code=frozen.code,
        rows=frozen.rows,
        data_sha256=frozen.data_sha256,
        simulated=round_.simulated,
        made_at=clock.now(),
        made_by=actor,
    )
    told = {"rows": row.rows, "data_sha256": row.data_sha256, "exclusions": dict(frozen.exclusions)}
    with store.transaction() as session:
        session.add(row)
        audit.record(
            session, at=row.made_at, actor=actor, action="snapshot frozen", subject=row.code, details=told
        )


def _about(
    session: Session, round_: RoundRow, clock: Clock, exclusions: Mapping[str, int]
) -> Mapping[str, Any]:
    return {
        "round": {
            "code": round_.code,
            "title": {"vi": round_.title_vi, "en": round_.title_en},
            "population": round_.population,
            "unit": round_.unit_id,
            "year": round_.year,
            "counted_grades": round_.counted_grades,
        },
        "simulated": round_.simulated,
        "exclusions": [{"reason": why, "count": count} for why, count in sorted(exclusions.items())],
        "units_version": load_units().version,
        "responses": _responses_now(session, round_.id),
        "design": {"strata": "stratum", "psu": "psu", "weights": "base_weight", "population": None},
        "code_version": __version__,
        "made_at": clock.now().isoformat(),
    }
