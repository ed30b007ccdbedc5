"""Indices from a snapshot: by unit and for the whole, with intervals, the same every time.

Not what is kept of them (keeping.py): this needs no database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from survey.aggregation import Analysis, fingerprint
from survey.questionnaires import Formula
from survey.services.index_definitions import node_of
from survey.services.indices.result import Indices, Kind, ResultLine
from survey.services.snapshot_sample import LEVEL, read_sample
from survey.storage.snapshots import Snapshot


def compute_indices(snapshot: Snapshot, *, formula_id: str | None = None) -> Indices:
    """Compute every item and index of a snapshot; it needs no database.

    Raises:
        UnknownPart: the questionnaire has no formula of that id.
    """
    sample = read_sample(snapshot, formula_id=formula_id)
    formula, items = sample.formula, set(sample.answers.items)
    main = sample.analysis()
    means = None if formula.measure == "mean" else sample.means()
    lines = [*_lines(main, items, "mean" if means is None else "share")]
    if means is not None:
        lines += _lines(means, items, "mean")
    return Indices(
        snapshot=snapshot.code,
        data_sha256=snapshot.manifest["data"]["sha256"],
        simulated=bool(snapshot.manifest["simulated"]),
        formula=formula,
        questionnaire=sample.questionnaire,
        rows=snapshot.rows,
        lines=tuple(lines),
        result_sha256=_hash(snapshot, formula, [main] if means is None else [main, means]),
    )


def _lines(analysis: Analysis, items: set[str], item_kind: Kind) -> Iterator[ResultLine]:
    for domain, statistic, estimate in analysis.rows():
        if statistic in items:
            yield ResultLine(domain.value, item_kind, statistic, estimate)
        else:
            yield ResultLine(domain.value, "index", node_of(statistic), estimate)


def _hash(snapshot: Snapshot, formula: Formula, analyses: Iterable[Analysis]) -> str:
    told = {
        "data": snapshot.contents_sha256,
        "questionnaire": snapshot.manifest["questionnaire"]["sha256"],
        "formula": formula.id,
        "level": LEVEL,
        "analyses": [fingerprint(analysis) for analysis in analyses],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
