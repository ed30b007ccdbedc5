"""Proof that what was frozen and published is what it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.services.errors import NoSuchSnapshot
from survey.services.indices import compute_indices, has_kept_figures
from survey.services.snapshots import open_snapshot
from survey.storage import results
from survey.storage.errors import SnapshotChanged, SnapshotUnreadable
from survey.storage.snapshots import Snapshot
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, in both languages, and whether it holds."""

    what: Mapping[str, str]
    holds: bool


def verify_snapshot(*, store: Store, code: str) -> tuple[Check, ...]:
    """Check a snapshot's files against the database, and every kept result against a new computation.

    Raises:
        NoSuchSnapshot: the database has none of that code.
    """
    with store.reading() as session:
        row = results.snapshot_by_code(session, code)
        kept = results.results_of(session, row.id) if row else ()
    if row is None:
        raise NoSuchSnapshot(code, snapshot=code)
    try:
        snapshot = open_snapshot(store=store, code_or_folder=code)
    except (SnapshotChanged, SnapshotUnreadable, NoSuchSnapshot) as error:
        return (Check({"vi": error.text("vi"), "en": error.text("en")}, holds=False),)
    told = (snapshot.manifest["data"]["sha256"], snapshot.rows)
    same = told == (row.data_sha256, row.rows) and snapshot.has_the_rows_told()
    checks = [
        Check(
            {
                "vi": f"Tệp số liệu {code} đúng như khi chốt ({row.rows} phiếu)",
                "en": f"The files of {code} are as they were frozen ({row.rows} responses)",
            },
            same,
        )
    ]
    if "marks" in snapshot.manifest.get("integrity", {}):
        checks.append(
            Check(
                {
                    "vi": f"Dấu phiếu bị nghi vấn của {code} đúng như khi chốt",
                    "en": f"The marks of suspected responses of {code} are as they were frozen",
                },
                _has_marks(snapshot),
            )
        )
    for result in kept:
        again = compute_indices(snapshot, formula_id=result.formula).result_sha256
        short = result.result_sha256[:12]
        checks.append(
            Check(
                {
                    "vi": f"Chỉ số {result.formula}: tính lại ra đúng {short}",
                    "en": f"Indices {result.formula}: computed again as {short}",
                },
                again == result.result_sha256,
            )
        )
        checks.append(
            Check(
                {
                    "vi": f"Chỉ số {result.formula}: tệp kết quả {short} còn nguyên",
                    "en": f"Indices {result.formula}: the result file {short} is as it was written",
                },
                has_kept_figures(store, code, result),
            )
        )
    return tuple(checks)


def _has_marks(snapshot: Snapshot) -> bool:
    try:
        snapshot.marks()
    except (SnapshotChanged, SnapshotUnreadable):
        return False
    return True
