"""Publication by two persons: a frozen document with its hash, which can be computed again at any time.

A published number changes by a new publication alone, which says why. Not how results come about
(results.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.scoring import NodeScore, Rank, Score
from survey.services.accounts import Account
from survey.services.assessments.effective import Effective
from survey.services.assessments.errors import (
    ChangedMeanwhile,
    IncompleteResults,
    NoSuchCriteriaSet,
    NoSuchPublication,
)
from survey.services.assessments.leaf_inputs import input_document
from survey.services.assessments.requests import ask
from survey.services.assessments.results import BlockResult, Results, UnitResult, results_of
from survey.services.assessments.scope import assessment_for, require_stage
from survey.services.assessments.trail import note
from survey.services.clock import Clock
from survey.storage import assessment_entries
from survey.storage.models import AssessmentPublicationRow, AssessmentRequestRow, AssessmentRow
from survey.storage.store import Store

#: `published`: to correct what was published, with the reason.
STAGES = ("council", "published")


@dataclass(frozen=True, slots=True)
class Publication:
    """Results as they were published."""

    number: int
    asked_by: str
    granted_by: str
    published_at: str
    reason: str
    simulated: bool
    document: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a publication is what it was: its bytes, and its numbers computed again from the entries."""

    number: int
    bytes_hold: bool
    numbers_hold: bool


def ask_publication(
    *, store: Store, clock: Clock, account: Account, code: str, reason: str, incomplete: bool = False
) -> int:
    """Ask for publication; nothing is published before another person grants it. Give the request's number.

    Args:
        reason: of a first publication the decision it follows; of a later one what was wrong.
        incomplete: publish although leaves have no points; the document lists them.

    Raises:
        NotAllowed, NoSuchAssessment, WrongStage, TextNeeded, AlreadyWaiting.
        IncompleteResults: leaves have no points, the first with its path.
    """
    with store.transaction() as session:
        assessment = assessment_for(session, account, code, "publish", lock="update")
        require_stage(assessment, *STAGES)
        results = results_of(session, assessment)
        missing = [
            f"{unit} {leaf}"
            for block in results.blocks
            for unit, leaves in block.scores.missing_leaves().items()
            for leaf in leaves
        ]
        if missing and not incomplete:
            raise IncompleteResults(", ".join(missing), count=len(missing), first=missing[0])
        details = {"results_sha256": _sha256(results_document(results)), "missing": len(missing)}
        return ask(session, clock, account, assessment, "publish", details, reason)


def grant_publication(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    request: AssessmentRequestRow,
) -> None:
    """Publish what a second person granted, in the transaction that grants it.

    Raises:
        WrongStage.
        ChangedMeanwhile: the results are not those that were asked for.
    """
    require_stage(assessment, *STAGES)
    results = results_document(results_of(session, assessment))
    if _sha256(results) != request.details["results_sha256"]:
        raise ChangedMeanwhile(assessment.code)
    before = assessment_entries.publications_of(session, assessment.id)
    number = len(before) + 1
    document = {
        "publication": number,
        "replaces": before[-1].sha256 if before else None,
        "title": {"vi": assessment.title_vi, "en": assessment.title_en},
        "reason": request.reason,
        "results": results,
    }
    raw = _canonical(document)
    row = AssessmentPublicationRow(
        assessment_id=assessment.id,
        number=number,
        request_id=request.id,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        granted_by=account.login,
        published_at=clock.now(),
        document=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        simulated=results["simulated"],
    )
    session.add(row)
    session.flush()
    assessment.stage = "published"
    note(session, clock, account, assessment, "results published", publication=number, sha256=row.sha256)


def publications_for(*, store: Store, account: Account, code: str) -> tuple[Publication, ...]:
    """List what was published, the first one first.

    Raises:
        NotAllowed, NoSuchAssessment.
    """
    with store.reading() as session:
        assessment = assessment_for(session, account, code, "assess", "appraise", "assess_self")
        return tuple(_read(row) for row in assessment_entries.publications_of(session, assessment.id))


def verify_publication(*, store: Store, account: Account, code: str, number: int) -> Verified:
    """Check a publication's bytes against its hash, and its numbers against the entries that it counted.

    Raises:
        NotAllowed, NoSuchAssessment, NoSuchPublication.
    """
    with store.reading(consistent=True) as session:
        assessment = assessment_for(session, account, code, "assess")
        found = assessment_entries.publications_of(session, assessment.id)
        if number not in range(1, len(found) + 1):
            raise NoSuchPublication(str(number), number=number)
        row = found[number - 1]
        bytes_hold = hashlib.sha256(row.document).hexdigest() == row.sha256
        try:
            kept = json.loads(row.document)["results"]
            numbers_hold = _again(session, assessment, kept) == _without_names(kept)
        except (ValueError, KeyError, TypeError):
            numbers_hold = False
        return Verified(number, bytes_hold, numbers_hold)


def results_document(results: Results) -> dict[str, Any]:
    """Write results as plain data: what is published, and what `verify_publication` computes again."""
    return {
        "code": results.code,
        "year": results.year,
        "simulated": results.simulated,
        "entries_through": results.through,
        "blocks": [_block(block) for block in results.blocks],
    }


def _again(session: Session, assessment: AssessmentRow, kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """Compute what was published again; None where a set of it is gone."""
    sets = {block["block"]: block["criteria_set"]["sha256"] for block in kept["blocks"]}
    units = {block["block"]: [unit["unit"] for unit in block["units"]] for block in kept["blocks"]}
    try:
        results = results_of(session, assessment, through=kept["entries_through"], sets=sets, units=units)
    except NoSuchCriteriaSet:
        return None
    return _without_names(json.loads(_canonical(results_document(results))))


def _without_names(results: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out names, and the order that follows them: units are renamed later, numbers stay."""
    blocks = {
        block["block"]: {
            "set": block["criteria_set"]["sha256"],
            "ranking": block["ranking"],
            "units": {
                unit["unit"]: {key: value for key, value in unit.items() if key != "name"}
                for unit in block["units"]
            },
        }
        for block in results["blocks"]
    }
    return {**results, "blocks": blocks}


def _block(block: BlockResult) -> dict[str, Any]:
    used = block.criteria_set
    return {
        "block": block.block,
        "name": dict(block.name),
        "criteria_set": {
            "id": used.id,
            "version": used.version,
            "sha256": used.sha256,
            "title": dict(used.title),
            "illustration": used.is_illustration,
        },
        "ranking": {
            "by": "percent",
            "tie": used.ranking.tie,
            "places": used.ranking.places,
            "tie_break": list(used.ranking.tie_break),
        },
        "units": [_unit(unit) for unit in block.units],
    }


def _unit(unit: UnitResult) -> dict[str, Any]:
    return {
        "unit": unit.unit_id,
        "name": unit.name,
        "region": unit.region,
        "rank": None if unit.rank is None else _rank(unit.rank),
        "score": _score(unit.score),
        "claimed": {"points": _figure(unit.claimed.points), "percent": _figure(unit.claimed.percent)},
        "leaves": {leaf: _leaf(one) for leaf, one in sorted(unit.provenance.items())},
    }


def _rank(rank: Rank) -> dict[str, int]:
    return {"place": rank.place, "last": rank.last, "tied": rank.tied, "of": rank.of}


def _score(scored: Score) -> dict[str, Any]:
    return {
        "points": _figure(scored.points),
        "rescaled": _figure(scored.rescaled),
        "percent": _figure(scored.percent),
        "percent_se": _figure(scored.percent_se),
        "percent_ci": [_figure(bound) for bound in scored.percent_ci] if scored.percent_ci else None,
        "level": scored.level,
        "band": {"id": scored.band.id, "name": dict(scored.band.name)} if scored.band else None,
        "missing": list(scored.missing),
        "exempt": dict(scored.exempt),
        "nodes": {node.id: _node(node) for node in scored.nodes.values()},
    }


def _node(node: NodeScore) -> dict[str, Any]:
    return {
        "leaf": node.is_leaf,
        "maximum": node.maximum,
        "points": _figure(node.points),
        "se": _figure(node.se),
    }


def _leaf(one: Effective) -> dict[str, Any]:
    return {
        "input": input_document(one.input),
        "step": one.provenance.step,
        "entry": one.provenance.entry,
        "number": one.provenance.number,
        "criteria_set_sha256": one.provenance.criteria_set_sha256,
    }


def _read(row: AssessmentPublicationRow) -> Publication:
    document = json.loads(row.document)
    return Publication(
        row.number,
        row.asked_by,
        row.granted_by,
        row.published_at.isoformat(),
        document["reason"],
        row.simulated,
        document,
        row.sha256,
    )


def _sha256(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(document)).hexdigest()


def _canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _figure(figure: float | None) -> float | None:
    """Keep ten significant digits: more than is ever printed, fewer than differ between machines."""
    return None if figure is None else float(f"{figure:.10g}")
