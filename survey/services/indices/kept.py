"""The kept indices of a round, as they were computed.

Not computing them again (keeping.py), nor which of them may be shown (shown/figures.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.questionnaires import load
from survey.services.collection import questionnaire_of
from survey.services.errors import NotYetComputed
from survey.services.indices.files import read_lines
from survey.services.indices.result import Indices
from survey.services.snapshots import open_snapshot
from survey.storage import results, rounds
from survey.storage.errors import ResultChanged, SnapshotChanged
from survey.storage.models import ResultRow, SnapshotRow
from survey.storage.snapshots import MANIFEST
from survey.storage.store import Store


def latest_indices(*, store: Store, round_id: int, formula_id: str | None = None) -> Indices:
    """Give the newest kept figures of a round, as they were computed.

    Without a formula it is the questionnaire's own; only where that was never computed, the one
    computed last. So a variant that an analyst tried moves no score and no sheet.

    Raises:
        NotYetComputed: no snapshot of the round has been computed by that formula.
        ResultChanged, SnapshotChanged: a file is not what it was when it was made.
    """
    return next(computed_indices(store=store, round_id=round_id, formula_id=formula_id))


def computed_indices(*, store: Store, round_id: int, formula_id: str | None = None) -> Iterator[Indices]:
    """Give the kept figures of a round that `latest_indices` chooses from, the newest first, each as read.

    Raises:
        NotYetComputed, ResultChanged, SnapshotChanged: as `latest_indices`.
    """
    with store.reading() as session:
        snapshots = results.snapshots_of(session, round_id)
        kept = [(row, one) for row in snapshots for one in results.results_of(session, row.id)]
        round_ = rounds.round_of(session, round_id)
    own = questionnaire_of(round_).default_formula
    wanted = [one for one in kept if one[1].formula == (formula_id or own)]
    if not wanted and formula_id is None:
        wanted = kept
    if not wanted:
        raise NotYetComputed()
    yield from (_read(store, *one) for one in wanted)


def has_kept_figures(store: Store, code: str, kept: ResultRow) -> bool:
    """Say whether the file of a kept result is the one that was written."""
    return read_lines(store, code, kept) is not None


def _read(store: Store, row: SnapshotRow, kept: ResultRow) -> Indices:
    snapshot = open_snapshot(store=store, code_or_folder=row.code)
    if snapshot.manifest["data"]["sha256"] != row.data_sha256:
        raise SnapshotChanged("the manifest is not the one frozen", snapshot=row.code, file=MANIFEST)
    lines = read_lines(store, row.code, kept)
    if lines is None:
        raise ResultChanged(f"{row.code} {kept.formula}", snapshot=row.code)
    questionnaire = load(snapshot.questionnaire_raw)
    return Indices(
        snapshot=row.code,
        data_sha256=row.data_sha256,
        simulated=bool(snapshot.manifest["simulated"]),
        formula=questionnaire.formula(kept.formula),
        questionnaire=questionnaire,
        rows=snapshot.rows,
        lines=lines,
        result_sha256=kept.result_sha256,
    )
