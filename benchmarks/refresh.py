"""How much cheaper a refresh is than doing everything again: new responses on a large round.

Not a test: it prints what it measured. From the database: freeze and compute a round of 100,000 responses,
add a hundredth, and do both ways. From Parquet alone: the same with a million responses and kept cells.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow.parquet as pq

from benchmarks.estimation import cpu
from benchmarks.figures import Bound, Figure
from benchmarks.populations import SETS, TOP, index_of, simulate, table_of
from survey.aggregation.engines import (
    CellTable,
    CollapseRequest,
    analyse_cells,
    collapse_batches,
    collapse_files,
    selection_of,
)
from survey.questionnaires import Questionnaire, load_shipped, on_path
from survey.services.clock import SystemClock
from survey.services.indices import compute_indices
from survey.services.reference import prepare_database
from survey.services.snapshots import freeze_snapshot, open_snapshot
from survey.storage import responses, rounds
from survey.storage.store import Store
from tests.rounds import COMMUNES, make_round

ROWS, NEW = 100_000, 1_000
PARQUET_ROWS, PARQUET_NEW = 1_000_000, 10_000


def from_the_database(folder: Path) -> Figure:
    """Freeze and compute a round again in full, and as a refresh."""
    store, _ = prepare_database(url=f"sqlite:///{folder / 'x.sqlite3'}", folder=folder)
    questionnaire = load_shipped("sipas-households-2024")
    code = make_round(
        store, SystemClock(), code="sipas", questionnaire=questionnaire, entry="open", counted_grades="A"
    )
    draw = random.Random(5)
    pool = [answers_of(questionnaire, draw) for _ in range(200)]
    add(store, code, pool, draw, ROWS)
    freeze_and_compute(store, code, full=False)
    add(store, code, pool, draw, NEW)
    refreshed = cpu(lambda: freeze_and_compute(store, code, full=False))
    full = cpu(lambda: freeze_and_compute(store, code, full=True))
    what = f"{NEW:,} responses more on {ROWS:,}: freeze and compute, as a refresh"
    note = f"{refreshed / full:.1%} of doing all again (bound 10 %)"
    return Figure(what, refreshed, "CPU s", Bound(full / 10), (full, "all again"), note)


def answers_of(questionnaire: Questionnaire, draw: random.Random) -> dict[str, Any]:
    """Draw one person's answers."""
    given = {
        item.id: draw.choice(item.scale.options).id
        for item in questionnaire.items
        if item.kind == "single" and item.scale and (item.required or draw.random() < 0.8)
    }
    return dict(on_path(questionnaire, given))


def add(store: Store, code: str, pool: list[dict[str, Any]], draw: random.Random, count: int) -> None:
    """Put responses into the database, past the forms."""
    with store.reading() as session:
        round_ = rounds.round_by_code(session, code)
        if round_ is None:
            raise LookupError(code)
        round_id, sha256 = round_.id, round_.questionnaire_sha256
    for start in range(0, count, 20_000):
        with store.transaction() as session:
            responses.add_responses(
                session,
                [
                    {
                        "round_id": round_id,
                        "response_id": UUID(int=draw.getrandbits(128)),
                        "questionnaire_sha256": sha256,
                        "unit_id": (unit := draw.choice(COMMUNES)),
                        "channel": "tablet",
                        "evidence": "A",
                        "stratum": unit,
                        "psu": f"cum-{draw.randrange(3000)}",
                        "base_weight": 1 + draw.random(),
                        "answers": draw.choice(pool),
                        "payload_sha256": f"{draw.getrandbits(256):064x}",
                        "day_received": date(2026, 3, 2),
                    }
                    for _ in range(min(20_000, count - start))
                ],
            )


def freeze_and_compute(store: Store, code: str, *, full: bool) -> None:
    """Do what an analyst does: freeze, read the snapshot with its proofs, compute all indices."""
    frozen = freeze_snapshot(store=store, clock=SystemClock(), round_code=code, actor="bench", full=full)
    compute_indices(open_snapshot(store=store, code_or_folder=frozen.code))


def from_parquet(folder: Path) -> Figure:
    """Collapse and estimate nine sets of domains from files, all again and with kept cells."""
    base, new = folder / "base.parquet", folder / "new.parquet"
    pq.write_table(table_of(simulate(PARQUET_ROWS, 20, 3_000)), base, row_group_size=250_000)
    pq.write_table(table_of(simulate(PARQUET_NEW, 20, 3_000, seed=5)), new)
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (base, new)]
    collapse_batches(request_of(base), hashes[:1], folder / "cells")
    both = request_of(base, new)
    refresh = partial(collapse_batches, both, hashes, folder / "cells")
    refreshed = cpu(lambda: estimates(refresh(), both))
    full = cpu(lambda: estimates(collapse_files(both), both))
    np.testing.assert_allclose(estimates(refresh(), both), estimates(collapse_files(both), both), rtol=1e-11)
    return Figure(
        f"{PARQUET_NEW:,} responses more on {PARQUET_ROWS:,}: Parquet to nine sets of estimates, cells kept",
        refreshed,
        "CPU s",
        peer=(full, "all again"),
        note="the estimates themselves, which both make, are the most of it",
    )


def request_of(*files: Path) -> CollapseRequest:
    """Ask for every item and an index in the nine sets."""
    items = tuple(name for name in pq.read_schema(files[0]).names if name.startswith("b"))
    return CollapseRequest(files, items, TOP, "weight", "stratum", "psu", SETS, (index_of(items),))


def estimates(tables: tuple[CellTable, ...], request: CollapseRequest) -> np.ndarray[Any, Any]:
    """Estimate from cells."""
    return analyse_cells(tables, request, selection_of(tables[0]), deff=False).value


def run() -> list[Figure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        return [from_the_database(Path(one)), from_parquet(Path(other))]
