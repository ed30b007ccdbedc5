"""The settings of a criteria set from its JSON document, and a rule with the survey it draws on.

Not the tree (loading.py), nor the judging: what is read here has passed the checker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.scoring.set_settings import (
    Block,
    BonusLimits,
    Edition,
    ExemptionGround,
    Framework,
    RankingSettings,
    Rounding,
    SurveySheet,
)

Json = Mapping[str, Any]


def read_settings(document: Json) -> dict[str, Any]:
    """Give the attributes of a CriteriaSet that a document may leave out."""
    surveys = [read_survey_sheet(one) for one in document.get("surveys", ())]
    ranking = document.get("ranking", {})
    return {
        "replaces": Edition(**document["replaces"]) if "replaces" in document else None,
        "framework": Framework(**document["framework"]) if "framework" in document else None,
        "bonus_limits": read_limits(document.get("bonus_limits")),
        "ranking": RankingSettings(**{**ranking, "tie_break": tuple(ranking.get("tie_break", ()))}),
        "rounding": Rounding(**document.get("rounding", {})),
        "blocks": tuple(read_block(one) for one in document.get("blocks", ())),
        "surveys": {one.id: one for one in surveys},
        "exemptions": tuple(read_ground(one) for one in document.get("exemptions", ())),
    }


def read_limits(document: Json | None) -> BonusLimits | None:
    return None if document is None else BonusLimits(float(document["lowest"]), float(document["highest"]))


def read_block(document: Json) -> Block:
    kinds, units = tuple(document.get("kinds", ())), tuple(document.get("units", ()))
    return Block(document["id"], document["name"], kinds, units, document.get("ranked", True))


def read_survey_sheet(document: Json) -> SurveySheet:
    groups = document["groups"]
    return SurveySheet(
        id=document["id"],
        name=document["name"],
        pooled=document["weighting"] == "pooled",
        groups={group["id"]: group.get("weight") for group in groups},
        group_names={group["id"]: group["name"] for group in groups},
        items={item["id"]: item["name"] for item in document.get("items", ())},
    )


def read_ground(document: Json) -> ExemptionGround:
    nodes, sources = tuple(document["nodes"]), tuple(document.get("sources", ()))
    return ExemptionGround(document["id"], document["name"], document["scope"] == "all", nodes, sources)


def with_survey(rule: Json, surveys: Sequence[Json]) -> Json:
    """Give a survey rule its groups and weighting from the survey that it names, if it has none itself."""
    named = next((one for one in surveys if one.get("id") == rule.get("survey")), None)
    if rule.get("kind") != "survey" or named is None or "groups" in rule:
        return rule
    return {**rule, "weighting": named["weighting"], "groups": named["groups"]}
