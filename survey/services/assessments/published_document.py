"""Results as plain data: the document that is published, its bytes and its hash.

Not publishing it (publication.py), nor computing it (results.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from survey.scoring import NodeScore, Rank, Score
from survey.services.assessments.effective import Effective
from survey.services.assessments.leaf_inputs import input_document
from survey.services.assessments.results import BlockResult, Results, UnitResult


def results_document(results: Results) -> dict[str, Any]:
    """Write results as plain data: what is published, and what `verify_publication` computes again."""
    return {
        "code": results.code,
        "year": results.year,
        "simulated": results.simulated,
        "entries_through": results.through,
        "blocks": [_block(block) for block in results.blocks],
    }


def without_names(results: Mapping[str, Any]) -> dict[str, Any]:
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


def sha256_of(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a document's bytes."""
    return hashlib.sha256(canonical(document)).hexdigest()


def canonical(document: Mapping[str, Any]) -> bytes:
    """Write a document as bytes, the same for the same data."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


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


def _figure(figure: float | None) -> float | None:
    """Keep ten significant digits: more than is ever printed, fewer than differ between machines."""
    return None if figure is None else float(f"{figure:.10g}")
