"""A criteria set back as the JSON document it could be read from.

Not a workbook (the reports room), nor the bytes that were imported: those are kept as they came,
and their SHA-256 is not that of what is written here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from survey.scoring.bands import Band, BandScale, shipped_scales
from survey.scoring.criteria import CriteriaSet, Criterion, Cut, Part
from survey.scoring.rules import Rule
from survey.scoring.rules_counted import (
    BonusPenalty,
    Choice,
    Linear,
    Normalised,
    PerCount,
    Steps,
    ThresholdLinear,
)
from survey.scoring.rules_measured import ExternalIndex, SurveyMean
from survey.scoring.set_settings import Block, ExemptionGround, SurveySheet
from survey.scoring.spans import Span

Json = dict[str, Any]


def dump(criteria_set: CriteriaSet) -> bytes:
    """Write a criteria set as the bytes of a JSON file that `load` reads as the same set."""
    return json.dumps(document_of(criteria_set), ensure_ascii=False, indent=2).encode() + b"\n"


def document_of(criteria_set: CriteriaSet) -> Json:
    """Write a criteria set as a JSON document; what is at its default is left out."""
    kept = criteria_set
    return {
        "schema_version": 1,
        "id": kept.id,
        "version": kept.version,
        "title": text(kept.title),
        "status": kept.status,
        "unit_type": kept.unit_type,
        "years": list(kept.years),
        "valid_from": kept.valid_from.isoformat(),
        "valid_to": None if kept.valid_to is None else kept.valid_to.isoformat(),
        **decision(kept),
        **settings(kept),
        "base": plain(kept.base),
        **filled(bounded=None if kept.bounded else False),
        "bands": scale(kept.bands),
        "sources": [filled(id=one.id, title=one.title, url=one.url) for one in kept.sources.values()],
        **filled(notes=[text(note) for note in kept.notes]),
        "tree": [node(one) for one in kept.tree],
        **filled(cuts=[cut(one) for one in kept.cuts]),
    }


def filled(**values: Any) -> Json:
    """Keep the values that say something: neither None nor empty."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def text(sides: Mapping[str, str]) -> dict[str, str]:
    """Write a text Vietnamese first, then English, then any other language by its code."""
    order = sorted(sides, key=lambda language: (language != "vi", language != "en", language))
    return {language: sides[language] for language in order}


def plain(figure: float | None) -> float | int | None:
    """Write 10 rather than 10.0, as a person would."""
    return int(figure) if figure is not None and float(figure).is_integer() else figure


def decision(kept: CriteriaSet) -> Json:
    if kept.decision is None:
        return {}
    issued = kept.decision
    return {"decision": {"number": issued.number, "date": issued.date.isoformat(), "issuer": issued.issuer}}


def settings(kept: CriteriaSet) -> Json:
    replaced, frame, limits = kept.replaces, kept.framework, kept.bonus_limits
    rounds, ranks = kept.rounding, kept.ranking
    return filled(
        replaces=replaced and {"id": replaced.id, "version": replaced.version},
        framework=frame and {"id": frame.id, "version": frame.version, "sha256": frame.sha256},
        bonus_limits=limits and {"lowest": plain(limits.lowest), "highest": plain(limits.highest)},
        ranking=changed(tie=(ranks.tie, "competition"), places=(ranks.places, 2))
        | filled(tie_break=list(ranks.tie_break)),
        rounding=changed(points=(rounds.points, 2), percent=(rounds.percent, 2)),
        blocks=[block(one) for one in kept.blocks],
        surveys=[survey_sheet(one) for one in kept.surveys.values()],
        exemptions=[ground(one) for one in kept.exemptions],
    )


def changed(**values: tuple[Any, Any]) -> Json:
    """Keep the values that differ from their default, given beside them."""
    return {key: value for key, (value, default) in values.items() if value != default}


def block(one: Block) -> Json:
    return {
        "id": one.id,
        "name": text(one.name),
        **filled(kinds=list(one.kinds), units=list(one.units)),
        **changed(ranked=(one.ranked, True)),
    }


def survey_sheet(one: SurveySheet) -> Json:
    return {
        "id": one.id,
        "name": text(one.name),
        **weighting(one.pooled, one.groups, one.group_names),
        **filled(items=[{"id": item, "name": text(name)} for item, name in one.items.items()]),
    }


def weighting(
    pooled: bool, weights: Mapping[str, float | None], names: Mapping[str, Mapping[str, str]]
) -> Json:
    groups = [
        {"id": name, "name": text(names[name]), **filled(weight=plain(weight))}
        for name, weight in weights.items()
    ]
    return {"weighting": "pooled" if pooled else "weights", "groups": groups}


def ground(one: ExemptionGround) -> Json:
    return {
        "id": one.id,
        "name": text(one.name),
        "scope": "all" if one.for_all else "unit",
        "nodes": list(one.nodes),
        **filled(sources=list(one.sources)),
    }


def scale(kept: BandScale) -> str | Json:
    """Name a shipped scale; write any other one out."""
    if shipped_scales().get(kept.id) == kept:
        return kept.id
    return {
        "id": kept.id,
        "name": text(kept.name),
        **changed(places=(kept.places, 2)),
        "bands": [band(one) for one in kept.bands],
    }


def band(one: Band) -> Json:
    ends = {} if one.span is None else {**span(one.span), "includes": one.span.includes}
    note = filled(note=one.note and text(one.note))
    return {"id": one.id, "name": text(one.name), **ends, "confidence": one.confidence, **note}


def span(one: Span) -> Json:
    return {"from": plain(one.low), "to": plain(one.high)}


def stated(one: Criterion | Part) -> Json:
    """Write what a node and a part have in common."""
    return {
        "id": one.id,
        "name": text(one.name),
        "maximum": plain(one.maximum),
        "confidence": one.confidence,
        **filled(note=one.note and text(one.note), sources=list(one.sources)),
    }


def node(one: Criterion) -> Json:
    return {
        **stated(one),
        **filled(
            method=one.method,
            rule=None if one.rule is None else rule(one.rule),
            parts=list(one.parts),
            exemptible=one.exemptible or None,
            outside_base=one.outside_base or None,
            children=[node(child) for child in one.children],
        ),
    }


def cut(one: Cut) -> Json:
    parts = [stated(part) for part in one.parts]
    return {"id": one.id, "name": text(one.name), "complete": one.is_complete, "parts": parts}


def rule(one: Rule) -> Json:
    return {"kind": one.kind, **parameters(one)}


def parameters(one: Rule) -> Json:
    """Write the parameters of a rule; `direct` has none."""
    if isinstance(one, Choice):
        options = one.options.items()
        return {
            "options": [
                {"id": name, "name": text(one.names[name]), "points": plain(points)}
                for name, points in options
            ]
        }
    if isinstance(one, Steps):
        return steps(one)
    if isinstance(one, SurveyMean):
        return survey(one)
    return {key: value for key, value in simple(one).items() if value is not None}


def simple(one: Rule) -> Json:
    match one:
        case Linear():
            return changed(full_at=(plain(one.full_at), 100))
        case ThresholdLinear():
            return {"threshold": plain(one.threshold), **changed(full_at=(plain(one.full_at), 100))}
        case PerCount():
            return {"each": plain(one.each)}
        case Normalised():
            to, better = "best" if one.is_to_best else "target", "higher" if one.higher_is_better else "lower"
            return {"to": to, "better": better, "target": plain(one.target)}
        case ExternalIndex():
            return {"index": one.index, **changed(scale=(plain(one.scale), 100))}
        case BonusPenalty():
            return {"each": plain(one.each), "lowest": plain(one.lowest), "highest": plain(one.highest)}
        case _:
            return {}


def steps(one: Steps) -> Json:
    """Write steps with the end that most of them include as the boundary, the others saying theirs."""
    ends = [part.includes for part, _ in one.steps]
    boundary = max(("lower", "upper"), key=ends.count)
    written: Sequence[Json] = [
        {**span(part), **changed(includes=(part.includes, boundary)), "points": plain(points)}
        for part, points in one.steps
    ]
    return {"of": one.of, "boundary": boundary, "steps": list(written)}


def survey(one: SurveyMean) -> Json:
    """Write a survey rule; groups of the survey that it names are not written again."""
    if one.survey:
        return {"survey": one.survey, **filled(items=list(one.items))}
    return weighting(one.pooled, one.groups, one.names)
