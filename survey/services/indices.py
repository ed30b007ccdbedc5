"""Indices from a snapshot: by unit and for the whole, with intervals, the same every time.

Not the formulas themselves (questionnaires say them, aggregation computes them) nor how they are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from survey import __version__
from survey.aggregation import (
    Analysis,
    Estimate,
    IndexDefinition,
    IndexTerm,
    ItemBlock,
    Measure,
    SampleDesign,
    analyse,
    fingerprint,
)
from survey.questionnaires import Formula, Questionnaire, flatten, leaf_items, load
from survey.services.clock import Clock
from survey.services.collection import questionnaire_of
from survey.services.errors import NotYetComputed
from survey.services.settings import Settings
from survey.services.snapshots import open_snapshot
from survey.storage import audit, results, rounds
from survey.storage.errors import ResultChanged, SnapshotChanged
from survey.storage.models import ResultRow, SnapshotRow
from survey.storage.result_files import read_figures, write_figures
from survey.storage.snapshots import MANIFEST, Snapshot, read_snapshot
from survey.storage.store import Store, open_store

LEVEL = 0.95
#: A stratum with one PSU takes the distance from the mean of all PSUs: conservative, and named in
#: every estimate's method. docs/decisions/0004 says why it is not "fail" here.
LONELY: Literal["adjust"] = "adjust"
WHOLE = ""
Kind = Literal["index", "share", "mean"]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One figure: a statistic of one unit ("" is the whole)."""

    unit: str
    kind: Kind
    statistic: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Indices:
    """All figures of one snapshot by one formula.

    Attributes:
        lines: every item (share or mean, and mean) and every index, for the whole and each unit.
        result_sha256: the same for the same responses, formula and code, on any machine and whichever
            batches hold them.
    """

    snapshot: str
    data_sha256: str
    simulated: bool
    formula: Formula
    questionnaire: Questionnaire
    rows: int
    lines: tuple[ResultLine, ...]
    result_sha256: str

    def line(self, kind: Kind, statistic: str, unit: str = WHOLE) -> Estimate:
        """Give one figure; KeyError when it is not among them."""
        for one in self.lines:
            if (one.kind, one.statistic, one.unit) == (kind, statistic, unit):
                return one.estimate
        raise KeyError((kind, statistic, unit))

    def by_unit(self, kind: Kind, statistic: str) -> dict[str, Estimate]:
        """Give one statistic for each unit, the whole left out."""
        return {
            one.unit: one.estimate
            for one in self.lines
            if one.kind == kind and one.statistic == statistic and one.unit
        }

    @property
    def overall(self) -> Estimate:
        """Give the root of the formula for the whole."""
        return self.line("index", self.formula.root.id)

    def as_share(self, estimate: Estimate) -> Estimate:
        """Bring an index to a share of the best that the formula can reach, 0 to 1."""
        low, high = self.formula.scale_range
        moved = [
            None if figure is None else (figure - low) / (high - low)
            for figure in (estimate.value, estimate.ci_low, estimate.ci_high)
        ]
        se = None if estimate.se is None else estimate.se / (high - low)
        return replace(estimate, value=moved[0], ci_low=moved[1], ci_high=moved[2], se=se, unit="share")


def compute_indices(snapshot: Snapshot, *, formula_id: str | None = None) -> Indices:
    """Compute every item and index of a snapshot; it needs no database.

    Raises:
        UnknownPart: the questionnaire has no formula of that id.
    """
    questionnaire = load(snapshot.questionnaire_raw)
    formula = questionnaire.formula(formula_id)
    unit_codes, unit_ids = snapshot.codes("unit")
    strata, stratum_names = snapshot.codes("stratum")
    design = SampleDesign.build(
        weights=snapshot.weights(),
        strata=[stratum_names[code] for code in strata],
        psu=snapshot.table.column("psu").to_pylist(),
        lonely=LONELY,
    )
    items = tuple(dict.fromkeys(leaf_items(formula.root)))
    answers = ItemBlock(items, tuple(snapshot.scale_values(item) for item in items))
    domains = [unit_ids[code] for code in unit_codes]
    main = analyse(
        design,
        answers,
        domains=domains,
        measure=Measure(formula.measure, formula.levels),
        indices=_definitions(formula),
        level=LEVEL,
    )
    means = (
        analyse(design, answers, domains=domains, measure=Measure("mean"), level=LEVEL)
        if formula.measure != "mean"
        else None
    )
    item_kind: Kind = "mean" if formula.measure == "mean" else "share"
    lines = [*_lines(main, set(items), item_kind)]
    if means is not None:
        lines += _lines(means, set(items), "mean")
    return Indices(
        snapshot=snapshot.code,
        data_sha256=snapshot.manifest["data"]["sha256"],
        simulated=bool(snapshot.manifest["simulated"]),
        formula=formula,
        questionnaire=questionnaire,
        rows=snapshot.rows,
        lines=tuple(lines),
        result_sha256=_hash(snapshot, formula, [main] if means is None else [main, means]),
    )


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
    path = _file(store, computed.snapshot, computed.formula.id, computed.result_sha256)
    figures_sha256 = write_figures(path, _rows(computed))
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
    folder = Path(snapshot_code)
    if (folder / MANIFEST).is_file():
        return compute_indices(read_snapshot(folder), formula_id=formula_id)
    store = open_store(settings.database_url, settings.instance)
    try:
        return recompute(
            store=store, clock=clock, snapshot_code=snapshot_code, actor=actor, formula_id=formula_id
        )
    finally:
        store.engine.dispose()


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
    path = _file(store, code, kept.formula, kept.result_sha256)
    return read_figures(path, kept.figures_sha256) is not None


def _read(store: Store, row: SnapshotRow, kept: ResultRow) -> Indices:
    snapshot = open_snapshot(store=store, code_or_folder=row.code)
    if snapshot.manifest["data"]["sha256"] != row.data_sha256:
        raise SnapshotChanged("the manifest is not the one frozen", snapshot=row.code, file=MANIFEST)
    figures = read_figures(_file(store, row.code, kept.formula, kept.result_sha256), kept.figures_sha256)
    if figures is None:
        raise ResultChanged(f"{row.code} {kept.formula}", snapshot=row.code)
    questionnaire = load(snapshot.questionnaire_raw)
    return Indices(
        snapshot=row.code,
        data_sha256=row.data_sha256,
        simulated=bool(snapshot.manifest["simulated"]),
        formula=questionnaire.formula(kept.formula),
        questionnaire=questionnaire,
        rows=snapshot.rows,
        lines=tuple(_line(figure) for figure in figures),
        result_sha256=kept.result_sha256,
    )


def _definitions(formula: Formula) -> tuple[IndexDefinition, ...]:
    return tuple(
        IndexDefinition(f"index:{node.id}", tuple(IndexTerm(t.weight, t.items) for t in flatten(node)))
        for node in formula.nodes()
    )


def _lines(analysis: Analysis, items: set[str], item_kind: Kind) -> Iterator[ResultLine]:
    for domain, statistic, estimate in analysis.rows():
        if statistic in items:
            yield ResultLine(domain.value, item_kind, statistic, estimate)
        else:
            yield ResultLine(domain.value, "index", statistic.removeprefix("index:"), estimate)


def _hash(snapshot: Snapshot, formula: Formula, analyses: Iterable[Analysis]) -> str:
    told = {
        "data": snapshot.contents_sha256,
        "questionnaire": snapshot.manifest["questionnaire"]["sha256"],
        "formula": formula.id,
        "level": LEVEL,
        "analyses": [fingerprint(analysis) for analysis in analyses],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _file(store: Store, code: str, formula: str, sha256: str) -> Path:
    return store.folder / "results" / f"{code}-{formula}-{sha256[:16]}.parquet"


def _rows(computed: Indices) -> list[dict[str, object]]:
    rows = []
    for line in computed.lines:
        figures = asdict(line.estimate)
        rows.append(
            {
                "unit": line.unit,
                "kind": line.kind,
                "statistic": line.statistic,
                "estimate_unit": figures.pop("unit"),
                **figures,
                "flags": list(line.estimate.flags),
            }
        )
    return rows


def _line(row: dict[str, object]) -> ResultLine:
    figures = dict(row)
    unit, kind, statistic = figures.pop("unit"), figures.pop("kind"), figures.pop("statistic")
    figures["unit"] = figures.pop("estimate_unit")
    figures["flags"] = tuple(figures["flags"])  # type: ignore[arg-type]  # the schema says a list of texts
    return ResultLine(str(unit), kind, str(statistic), Estimate(**figures))  # type: ignore[arg-type]  # the schema fixes the types
