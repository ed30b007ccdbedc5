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
from survey.services.errors import BadPoints, NotYetComputed, UnfitFeed
from survey.services.indices import Indices, latest_indices
from survey.services.rounds import round_named
from survey.storage import audit, results
from survey.storage.models import LeafInputRow, ScoreRow
from survey.storage.store import Store

#: Which rounds feed the surveys of a score: group of the criteria set → round code.
Feeds = Mapping[str, str]
SIPAS = "sipas"
#: Whom a round must have asked to feed a group.
_POPULATIONS = {SIPAS: "citizens", "leaders": "leaders", "delegates": "delegates"}
_YEARS = range(2000, 2101)
_LONGEST_SOURCE = 300


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
    """Keep the appraised points of one leaf; points kept before are replaced, and the log says so.

    Raises:
        MissingCriteriaSet.
        BadPoints: the source is blank or too long, or the year is out of range.
        RefusedInputs: no such leaf, or not one scored by points, or points it cannot have.
    """
    kept = load_shipped(criteria_set)
    _require_sound(year, source)
    # Whatever the rules would refuse when the unit is scored is refused now.
    score(kept, {leaf: Points(points=points)})
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
        MissingCriteriaSet, RefusedInputs, NoSuchRound, NotYetComputed.
        UnfitFeed: a round is of another unit, year or population.
    """
    kept = load_shipped(criteria_set)
    measured = {group: _measured(store, unit_id, year, group, code) for group, code in feeds.items()}
    inputs = {**_appraised(store, unit_id, year, kept), **_surveyed(kept, measured)}
    result = UnitScore(unit_id, year, kept, score(kept, inputs), inputs, "")
    document = score_document(result)
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    with store.transaction() as session:
        latest = results.latest_score(session, unit_id, year, criteria_set)
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


def latest_score(*, store: Store, unit_id: str, year: int, criteria_set: str | None = None) -> dict[str, Any]:
    """Give the document of a unit's newest score by a criteria set.

    Without a set, by any: but an illustration stands only where there is no other.

    Raises:
        NotYetComputed: there is none.
    """
    with store.reading() as session:
        row = results.latest_score(session, unit_id, year, criteria_set)
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


def _require_sound(year: int, source: str) -> None:
    checks = {
        "year": year in _YEARS,
        "source": bool(source.strip()) and len(source) <= _LONGEST_SOURCE,
    }
    wrong = ", ".join(name for name, right in checks.items() if not right)
    if wrong:
        raise BadPoints(wrong, fields=wrong)


def _appraised(store: Store, unit_id: str, year: int, kept: CriteriaSet) -> dict[str, LeafInput]:
    with store.reading() as session:
        rows = results.leaf_inputs(session, unit_id, year, kept.sha256)
    return {
        row.leaf: Points(points=row.value["points"], source=row.source, simulated=row.simulated)
        for row in rows
    }


def _surveyed(kept: CriteriaSet, measured: Mapping[str, Measured]) -> dict[str, LeafInput]:
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


def _measured(store: Store, unit_id: str, year: int, group: str, code: str) -> Measured:
    with store.reading() as session:
        round_ = round_named(session, code)
    if (round_.unit_id, round_.year, round_.population) != (unit_id, year, _POPULATIONS.get(group)):
        told = f"{round_.unit_id} {round_.year} {round_.population}"
        raise UnfitFeed(told, round=code, group=group)
    indices = latest_indices(store=store, round_id=round_.id)
    overall = indices.as_share(indices.overall)
    if overall.value is None:
        raise NotYetComputed(code)
    factor = 100.0 if group == SIPAS else 1.0
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
