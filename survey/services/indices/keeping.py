"""Indices computed again and kept, with their hash, beside the snapshot that they are of.

Not the computing itself (computing.py) nor reading what was kept (kept.py).
"""

from __future__ import annotations

from survey import __version__
from survey.services.clock import Clock
from survey.services.indices.computing import compute_indices
from survey.services.indices.files import write_lines
from survey.services.indices.result import Indices
from survey.services.settings import Settings
from survey.services.snapshot_sample import folder_of
from survey.services.snapshots import open_snapshot
from survey.storage import audit, results
from survey.storage.models import ResultRow
from survey.storage.snapshots import read_snapshot
from survey.storage.store import Store, open_store


def recompute(
    *, store: Store, clock: Clock, snapshot_code: str, actor: str, formula_id: str | None = None
) -> Indices:
    """Compute a snapshot's indices and keep them with their hash.

    A folder that the database does not know is computed all the same, and nothing is kept.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable, UnknownPart.
    """
    computed = compute_indices(
        open_snapshot(store=store, code_or_folder=snapshot_code), formula_id=formula_id
    )
    with store.reading() as session:
        row = results.snapshot_by_code(session, computed.snapshot)
    if row is None or row.data_sha256 != computed.data_sha256:
        return computed
    figures_sha256 = write_lines(store, computed)
    with store.transaction() as session:
        results.keep_result(
            session,
            ResultRow(
                snapshot_id=row.id,
                formula=computed.formula.id,
                result_sha256=computed.result_sha256,
                figures_sha256=figures_sha256,
                code_version=__version__,
                computed_at=clock.now(),
            ),
        )
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="indices computed",
            subject=computed.snapshot,
            details={"formula": computed.formula.id, "result_sha256": computed.result_sha256},
        )
    return computed


def recompute_anywhere(
    *, settings: Settings, clock: Clock, snapshot_code: str, actor: str, formula_id: str | None = None
) -> Indices:
    """Compute a snapshot given by code, or by its folder on a machine that has no database.

    Raises:
        NoSuchSnapshot, SnapshotChanged, SnapshotUnreadable, UnknownPart; Unavailable for a code
            when the database is not there.
    """
    folder = folder_of(snapshot_code)
    if folder is not None:
        return compute_indices(read_snapshot(folder), formula_id=formula_id)
    store = open_store(settings.database_url, settings.instance)
    try:
        return recompute(
            store=store, clock=clock, snapshot_code=snapshot_code, actor=actor, formula_id=formula_id
        )
    finally:
        store.engine.dispose()
