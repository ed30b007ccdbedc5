"""Freezing a round: which responses count, and why the others do not.

Not which of them are read again (refreshing.py), nor what is computed from the snapshot (indices/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlalchemy.orm import Session

from survey import __version__
from survey.questionnaires import Questionnaire, on_path
from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.collection import questionnaire_of
from survey.services.errors import EmptySnapshot, FreezeInProgress, NoSuchSnapshot
from survey.services.permissions import round_for
from survey.services.refreshing import Base, WholeBecause, base_of, carry_over, known_folder
from survey.services.review.suspected import mark_suspected
from survey.services.rounds import round_named
from survey.storage import audit, freezing, oversight, responses, results
from survey.storage.freezing import RoundIds
from survey.storage.known_responses import COUNTED, EXCLUDED, KnownResponses, Noting, keep_known
from survey.storage.models import ResponseRow, ResultRow, RoundRow, SnapshotRow
from survey.storage.snapshot_making import SnapshotInMaking, making_snapshot
from survey.storage.snapshots import Snapshot, read_snapshot
from survey.storage.store import Store
from survey.units import load_units

#: Why a response does not enter the index, in the manifest's words.
PARTIAL = "partial"
NOT_COUNTED_GRADE = "evidence_grade_not_counted"
#: Whoever helped works for the office that is judged (A5).
HELPED_BY_OFFICIAL = "assisted_by_official"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot just made.

    Attributes:
        fresh: responses read from the database.
        reused: responses in batches of the last snapshot, shared as they are.
        rewritten: responses in batches of the last snapshot, written again without what went away.
        whole_because: why every response was read; None when only the new ones were.
    """

    code: str
    folder: Path
    rows: int
    exclusions: Mapping[str, int]
    data_sha256: str
    fresh: int
    reused: int
    rewritten: int
    whole_because: WholeBecause | None


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot of a round, with what was computed from it, the newest first."""

    row: SnapshotRow
    results: tuple[ResultRow, ...]


def freeze_snapshot(*, store: Store, clock: Clock, round_code: str, actor: str, full: bool = False) -> Frozen:
    """Freeze a round's responses as they are now; earlier snapshots stay as they were.

    Only responses that came since the last snapshot are read from the database; `full` reads them all.

    Raises:
        NoSuchRound: there is no round of that code.
        EmptySnapshot: no response counts yet.
        FreezeInProgress: somebody else froze the round just now.
    """
    with store.reading(consistent=True) as session:
        round_ = round_named(session, round_code)
        number, code = _next(store, session, round_)
        try:
            frozen, known = _made(store, clock, session, round_, code, full=full)
        except FileExistsError as error:
            raise FreezeInProgress(code, round=round_code) from error
    _record(store, clock, round_, number, frozen, actor)
    if round_.entry != "personal":
        keep_known(known_folder(store), round_code, code, known)
    return frozen


def _made(
    store: Store, clock: Clock, session: Session, round_: RoundRow, code: str, *, full: bool
) -> tuple[Frozen, KnownResponses]:
    questionnaire, ids = questionnaire_of(round_), freezing.ids_of(session, round_.id)
    base = base_of(store, round_, questionnaire, ids, full=full)
    with making_snapshot(store.snapshots, code=code, questionnaire=questionnaire) as making:
        if isinstance(base, Base):
            carried = carry_over(making, base)
            reused, rewritten = carried.reused, carried.rewritten
            known = carried.known.followed_by(_written(making, session, round_, ids, base.fresh))
        else:
            reused = rewritten = 0
            known = _written(making, session, round_, ids, None)
        if not making.rows:
            raise EmptySnapshot(round_.code, round=round_.code)
        exclusions = {why: count for why, count in known.by_standing().items() if why != COUNTED}
        integrity = mark_suspected(making, session, round_, known, ids)
        manifest = making.finish({**_about(round_, clock, known, exclusions, ids), "integrity": integrity})
    frozen = Frozen(
        code,
        store.snapshots / code,
        making.rows,
        exclusions,
        manifest["data"]["sha256"],
        making.rows - reused - rewritten,
        reused,
        rewritten,
        None if isinstance(base, Base) else base,
    )
    return frozen, known


def _written(
    making: SnapshotInMaking, session: Session, round_: RoundRow, ids: RoundIds, fresh: pa.Array | None
) -> KnownResponses:
    """Write responses as new batches: some by their ids, or with None all there are."""
    noting, before = Noting(), len(making.batches)
    standing = _Standing(
        round_.counted_grades,
        frozenset(UUID(bytes=one) for one in ids.excluded.to_pylist()),
        frozenset(oversight.ids_helped_by_officials(session, round_.id)),
    )
    read = _read(session, round_.id, fresh)
    with closing(_counted(read, standing, making.questionnaire, noting)) as counted:
        making.write(counted)
    return noting.known([one.rows for one in making.batches[before:]], first=before + 1)


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
    told = open_snapshot(store=store, code_or_folder=code).manifest["responses"]
    with store.reading(consistent=True) as session:
        row = results.snapshot_by_code(session, code)
        return row is not None and told == _responses_now(session, row.round_id, told)


def _responses_now(session: Session, round_id: int, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say what is in the round now, in the words of a manifest."""
    if "ids_sha256" in told:
        return _received(freezing.ids_of(session, round_id))
    digest = hashlib.sha256()
    for payload in responses.payload_hashes_of(session, round_id):
        digest.update(payload.encode())
    return {"rows": responses.count_of(session, round_id), "sha256": digest.hexdigest()}


def _received(ids: RoundIds) -> Mapping[str, Any]:
    told = {"rows": len(ids.every), "ids_sha256": ids.sha256}
    return told | ({"excluded_sha256": ids.excluded_sha256} if ids.excluded_sha256 else {})


def _next(store: Store, session: Session, round_: RoundRow) -> tuple[int, str]:
    """Number the next snapshot, past any folder that a crash left without its row."""
    number = results.next_number(session, round_.id)
    while (store.snapshots / f"{round_.code}-{number:04d}").exists():
        number += 1
    return number, f"{round_.code}-{number:04d}"


def _read(session: Session, round_id: int, ids: pa.Array | None) -> Iterator[ResponseRow]:
    if ids is None:
        return responses.stream_of(session, round_id)
    return freezing.responses_of(session, round_id, ids)


def _counted(
    read: Iterable[ResponseRow], standing_of: _Standing, questionnaire: Questionnaire, noting: Noting
) -> Generator[Mapping[str, Any]]:
    for row in read:
        standing = standing_of(row)
        noting.note(row.response_id, row.unit_id, standing)
        if standing == COUNTED:
            yield _columns(row, questionnaire)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Says whether a response counts, and if not, why."""

    counted_grades: str
    excluded: frozenset[UUID]
    helped: frozenset[UUID]

    def __call__(self, row: ResponseRow) -> str:
        for holds, why in (
            (row.evidence not in self.counted_grades, NOT_COUNTED_GRADE),
            (row.status == "partial", PARTIAL),
            (row.response_id in self.helped, HELPED_BY_OFFICIAL),
            # Last, since only this one may change: refreshing.py reads such a response anew.
            (row.response_id in self.excluded, EXCLUDED),
        ):
            if holds:
                return why
        return COUNTED


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
    round_: RoundRow, clock: Clock, known: KnownResponses, exclusions: Mapping[str, int], ids: RoundIds
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
        "responses": _received(ids),
        "received": known.by_unit(without=NOT_COUNTED_GRADE),
        "design": {"strata": "stratum", "psu": "psu", "weights": "base_weight", "population": None},
        "code_version": __version__,
        "made_at": clock.now().isoformat(),
    }
