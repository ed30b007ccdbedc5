"""A unit's score: appraised points joined with its surveys' indices, by a criteria set.

Not the rules (scoring) nor the appraisal workflow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.scoring import (
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    Points,
    Score,
    load_shipped,
    score,
)
from survey.services.clock import Clock
from survey.services.errors import NoSuchRound, NotYetComputed
from survey.services.indices import Indices, latest_indices
from survey.storage import audit, results, rounds
from survey.storage.models import LeafInputRow, ScoreRow
from survey.storage.store import Store

#: Which rounds feed the surveys of a score: group of the criteria set → round code.
Feeds = Mapping[str, str]
SIPAS = "sipas"


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's score with what it stands on."""

    unit_id: str
    year: int
    criteria_set: CriteriaSet
    score: Score
    inputs: Mapping[str, LeafInput]
    sha256: str


def record_points(
    *,
    store: Store,
    clock: Clock,
    unit_id: str,
    year: int,
    criteria_set: str,
    leaf: str,
    points: float,
    source: str,
    simulated: bool,
    actor: str,
) -> None:
    """Keep the appraised points of one leaf; points kept before are replaced, and the log says so."""
    kept = load_shipped(criteria_set)
    with store.transaction() as session:
        row = next(
            (one for one in results.leaf_inputs(session, unit_id, year, kept.sha256) if one.leaf == leaf),
            None,
        )
        before = row.value if row else None
        if row is None:
            row = LeafInputRow(
                unit_id=unit_id,
                year=year,
                criteria_set=criteria_set,
                criteria_set_sha256=kept.sha256,
                leaf=leaf,
                value={},
                source=source,
                simulated=simulated,
                recorded_at=clock.now(),
                recorded_by=actor,
            )
            session.add(row)
        row.value, row.source, row.simulated = {"points": points}, source, simulated
        row.recorded_at, row.recorded_by = clock.now(), actor
        audit.record(
            session,
            at=clock.now(),
            actor=actor,
            action="points recorded",
            subject=f"{unit_id} {year} {criteria_set} {leaf}",
            details={"before": before, "after": row.value},
        )


def score_unit(
    *, store: Store, clock: Clock, unit_id: str, year: int, criteria_set: str, feeds: Feeds, actor: str
) -> UnitScore:
    """Score a unit from its appraised points and the newest indices of the rounds that feed it.

    What is not known stays unknown: the score then says which leaves are missing.

    Raises:
        MissingCriteriaSet, RefusedInputs, NoSuchRound.
    """
    kept = load_shipped(criteria_set)
    inputs = {**_appraised(store, unit_id, year, kept), **_surveyed(store, kept, feeds)}
    result = UnitScore(unit_id, year, kept, score(kept, inputs), inputs, "")
    document = score_document(result)
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    with store.transaction() as session:
        latest = results.latest_score(session, unit_id, year)
        if latest is None or latest.score_sha256 != digest:
            session.add(
                ScoreRow(
                    unit_id=unit_id,
                    year=year,
                    criteria_set=criteria_set,
                    score_sha256=digest,
                    document=document,
                    simulated=result.score.simulated,
                    computed_at=clock.now(),
                )
            )
            audit.record(
                session,
                at=clock.now(),
                actor=actor,
                action="score computed",
                subject=f"{unit_id} {year}",
                details={"sha256": digest},
            )
    return UnitScore(unit_id, year, kept, result.score, inputs, digest)


def latest_score(*, store: Store, unit_id: str, year: int) -> dict[str, Any]:
    """Give the document of a unit's newest score.

    Raises:
        NotYetComputed: there is none.
    """
    with store.reading() as session:
        row = results.latest_score(session, unit_id, year)
    if row is None:
        raise NotYetComputed(f"{unit_id} {year}")
    return {**row.document, "sha256": row.score_sha256}


def score_document(result: UnitScore) -> dict[str, Any]:
    """Write a score as plain data: what pages, sheets and the database keep of it."""
    made, kept = result.score, result.criteria_set
    return {
        "unit": result.unit_id,
        "year": result.year,
        "criteria_set": {
            "id": kept.id,
            "version": kept.version,
            "sha256": kept.sha256,
            "title": dict(kept.title),
            "illustration": made.is_illustration,
            "notes": [dict(note) for note in kept.notes],
        },
        "simulated": made.simulated,
        "base": made.base,
        "points": _figure(made.points),
        "percent": _figure(made.percent),
        "percent_se": _figure(made.percent_se),
        "percent_ci": [_figure(bound) for bound in made.percent_ci] if made.percent_ci else None,
        "band": {"id": made.band.id, "name": dict(made.band.name)} if made.band else None,
        "missing": list(made.missing),
        "level": made.level,
        "nodes": [
            {
                "id": node.id,
                "name": dict(node.name),
                "depth": node.depth,
                "maximum": node.maximum,
                "points": _figure(node.points),
                "percent": _figure(node.percent),
                "se": _figure(node.se),
                # Appraised points carry no sampling error, so they have no interval: never "60.5 – 60.5".
                "ci": [_figure(bound) for bound in node.ci] if node.ci and node.se else None,
                "source": _source_of(result.inputs.get(node.id)),
            }
            for node in made.nodes.values()
        ],
    }


def _appraised(store: Store, unit_id: str, year: int, kept: CriteriaSet) -> dict[str, LeafInput]:
    with store.reading() as session:
        rows = results.leaf_inputs(session, unit_id, year, kept.sha256)
    return {
        row.leaf: Points(points=row.value["points"], source=row.source, simulated=row.simulated)
        for row in rows
    }


def _surveyed(store: Store, kept: CriteriaSet, feeds: Feeds) -> dict[str, LeafInput]:
    measured = {group: _measured(store, code, group == SIPAS) for group, code in feeds.items()}
    inputs: dict[str, LeafInput] = {}
    for leaf in kept.leaves():
        if leaf.method == SIPAS and SIPAS in measured:
            inputs[leaf.id] = measured[SIPAS]
        elif leaf.method is not None and leaf.method.endswith("_survey"):
            groups = {group: one for group, one in measured.items() if group != SIPAS}
            if groups:
                inputs[leaf.id] = MeasuredGroups(
                    groups=groups, simulated=any(one.simulated for one in groups.values())
                )
    return inputs


def _measured(store: Store, code: str, as_percent: bool) -> Measured:
    with store.reading() as session:
        round_ = rounds.round_by_code(session, code)
    if round_ is None:
        raise NoSuchRound(code)
    indices = latest_indices(store=store, round_id=round_.id)
    overall = indices.as_share(indices.overall)
    if overall.value is None:
        raise NotYetComputed(code)
    factor = 100.0 if as_percent else 1.0
    return Measured(
        value=overall.value * factor,
        se=None if overall.se is None else overall.se * factor,
        df=overall.df,
        n=overall.n,
        survey=code,
        source=_provenance(indices),
        simulated=indices.simulated,
    )


def _provenance(indices: Indices) -> str:
    return f"{indices.snapshot} · {indices.formula.id} · {indices.result_sha256[:12]}"


def _source_of(given: LeafInput | None) -> str:
    if isinstance(given, MeasuredGroups):
        return "; ".join(one.source for one in given.groups.values())
    return given.source if given else ""


def _figure(figure: float | None) -> float | None:
    """Keep ten significant digits: more than is ever printed, fewer than differ between machines."""
    return None if figure is None else float(f"{figure:.10g}")
