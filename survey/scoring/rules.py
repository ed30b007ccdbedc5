"""Every kind of rule, and the reading of one from its JSON object.

Not what a rule does (rules_counted.py, rules_measured.py) nor whether it makes sense
(meaning_rules.py): what is read here has passed the checker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from survey.scoring.rules_counted import (
    BonusPenalty,
    Choice,
    Direct,
    Linear,
    Normalised,
    PerCount,
    Steps,
    ThresholdLinear,
)
from survey.scoring.rules_measured import ExternalIndex, SurveyMean
from survey.scoring.spans import Span

Rule: TypeAlias = (
    Direct
    | Choice
    | Steps
    | Linear
    | ThresholdLinear
    | PerCount
    | Normalised
    | ExternalIndex
    | SurveyMean
    | BonusPenalty
)
Document: TypeAlias = Mapping[str, Any]


def read_rule(document: Document) -> Rule:
    """Read a rule that the checker has passed."""
    return READERS[document["kind"]](document)


def read_choice(document: Document) -> Choice:
    options = document["options"]
    return Choice(
        {option["id"]: float(option["points"]) for option in options},
        {option["id"]: option["name"] for option in options},
    )


def read_span(document: Document, boundary: str) -> Span:
    """Read a span; `boundary` is the end that belongs to it unless it says otherwise."""
    return Span(document["from"], document["to"], document.get("includes", boundary))


def read_steps(document: Document) -> Steps:
    boundary = document["boundary"]
    steps = tuple((read_span(step, boundary), float(step["points"])) for step in document["steps"])
    return Steps(document["of"], steps)


def read_survey(document: Document) -> SurveyMean:
    groups = document["groups"]
    return SurveyMean(
        {group["id"]: group.get("weight") for group in groups},
        document["weighting"] == "pooled",
        {group["id"]: group["name"] for group in groups},
        document.get("survey", ""),
        tuple(document.get("items", ())),
    )


READERS: dict[str, Callable[[Document], Rule]] = {
    "direct": lambda document: Direct(),
    "choice": read_choice,
    "steps": read_steps,
    "linear": lambda document: Linear(document.get("full_at", 100.0)),
    "threshold_linear": lambda document: ThresholdLinear(
        document["threshold"], document.get("full_at", 100.0)
    ),
    "count": lambda document: PerCount(document["each"]),
    "normalised": lambda document: Normalised(document.get("target"), document["better"] == "higher"),
    "external_index": lambda document: ExternalIndex(document["index"], document.get("scale", 100.0)),
    "survey": read_survey,
    "bonus_penalty": lambda document: BonusPenalty(document["each"], document["lowest"], document["highest"]),
}
