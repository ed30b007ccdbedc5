"""Which figures each handed-out summary withheld: a small file a snapshot, beside the kept results.

Only names of cells, never a figure: what was printed is recomputed from the snapshot.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from survey.services.shown.cells import CellId
from survey.services.shown.rules import SUMMARY
from survey.storage import results
from survey.storage.errors import ResultChanged
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A summary that was handed out: of which snapshot, with its hash, and what it withheld."""

    snapshot: str
    data_sha256: str
    withheld: frozenset[CellId]


def shown_records(store: Store, round_id: int) -> tuple[ShownRecord, ...]:
    """Read what was handed out of a round, the oldest snapshot first.

    Raises:
        ResultChanged: a record cannot be read, or is of other data.
    """
    with store.reading() as session:
        rows = [(row.code, row.data_sha256) for row in results.snapshots_of(session, round_id)]
    found = [_read(store, code, data) for code, data in reversed(rows) if _file(store, code).exists()]
    return tuple(found)


def keep_record(store: Store, snapshot: str, data_sha256: str, withheld: Collection[CellId]) -> None:
    """Record a summary before it is handed out; a snapshot's first record stays."""
    path = _file(store, snapshot)
    if path.exists():
        return
    told = {
        "snapshot": snapshot,
        "data_sha256": data_sha256,
        "rules": SUMMARY.name,
        "withheld": sorted(map(list, withheld)),
    }
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    making.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(making, path)


def _read(store: Store, code: str, data_sha256: str) -> ShownRecord:
    try:
        told = json.loads(_file(store, code).read_text(encoding="utf-8"))
        withheld = frozenset((str(domain), str(statistic)) for domain, statistic in told["withheld"])
        found = ShownRecord(told["snapshot"], told["data_sha256"], withheld)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultChanged(f"{code}: {error}", snapshot=code) from error
    if (found.snapshot, found.data_sha256) != (code, data_sha256):
        raise ResultChanged(f"{code}: another snapshot's record", snapshot=code)
    return found


def _file(store: Store, code: str) -> Path:
    return store.folder / "results" / f"shown-{code}.json"
