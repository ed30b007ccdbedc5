"""A made-up criteria set of any size and inputs of many units for it (minh họa), to measure on.

Not the measuring (scoring.py), and no official set: maxima, rules and inputs are drawn by a seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from survey.scoring import (
    ChosenOption,
    Count,
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
    load,
)

Json = dict[str, Any]
Dice = np.random.Generator

RULES: tuple[Json, ...] = (
    {"kind": "direct"},
    {"kind": "choice", "options": [("on-time", 1.0), ("late", 0.5), ("none", 0.0)]},
    {"kind": "steps", "of": "percent", "boundary": "lower"},
    {"kind": "linear"},
    {"kind": "threshold_linear", "threshold": 60},
    {"kind": "count", "each": 0.25},
    {"kind": "normalised", "to": "best", "better": "higher"},
    {"kind": "survey", "weighting": "weights"},
)


def text(words: str) -> Json:
    return {"vi": words, "en": words}


def rule_of(kind: Json, maximum: float) -> Json:
    """Complete one of the rules for a leaf of some points."""
    if kind["kind"] == "choice":
        options = [
            {"id": name, "name": text(name), "points": part * maximum} for name, part in kind["options"]
        ]
        return {"kind": "choice", "options": options}
    if kind["kind"] == "steps":
        steps = [
            {"from": None, "to": 50, "points": 0},
            {"from": 50, "to": 80, "points": maximum / 2},
            {"from": 80, "to": None, "points": maximum},
        ]
        return {**kind, "steps": steps}
    if kind["kind"] == "survey":
        groups = [
            {"id": "leaders", "name": text("leaders"), "weight": 0.7},
            {"id": "delegates", "name": text("delegates"), "weight": 0.3},
        ]
        return {**kind, "groups": groups}
    return kind


def leaf(name: str, maximum: float, place: int) -> Json:
    return {
        "id": name,
        "name": text(name),
        "maximum": maximum,
        "confidence": "illustration",
        "method": "appraisal",
        "exemptible": place % 10 == 0,
        "parts": [f"block-{place % 3}"],
        "rule": rule_of(RULES[place % len(RULES)], maximum),
    }


def criteria_set(leaves: int) -> CriteriaSet:
    """Make a set of eight areas with criteria of three leaves each, and three blocks across them."""
    areas: list[Json] = []
    for area, places in enumerate(np.array_split(np.arange(leaves), 8)):
        nodes = []
        for number, mine in enumerate(np.array_split(places, max(1, places.size // 3))):
            children = [leaf(f"{area}.{number}.{place}", 0.5, int(place)) for place in mine]
            nodes.append(parent(f"{area}.{number}", children))
        areas.append(parent(f"{area}", nodes))
    tagged = [node["parts"][0] for node in all_leaves(areas)]
    blocks = [
        {
            "id": name,
            "name": text(name),
            "maximum": 0.5 * tagged.count(name),
            "confidence": "illustration",
        }
        for name in sorted(set(tagged))
    ]
    document = {
        "schema_version": 1,
        "id": "bench",
        "version": "1",
        "title": {"vi": "Bộ đo tốc độ, minh họa", "en": "For measuring speed, illustration"},
        "status": "illustration",
        "unit_type": "commune",
        "years": [2025],
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "base": 0.5 * leaves,
        "bands": "abc",
        "sources": [{"id": "s1", "title": "minh họa"}],
        "tree": areas,
        "cuts": [{"id": "blocks", "name": text("blocks"), "complete": True, "parts": blocks}],
    }
    return load(json.dumps(document).encode())


def parent(name: str, children: list[Json]) -> Json:
    maximum = sum(child["maximum"] for child in children)
    return {
        "id": name,
        "name": text(name),
        "maximum": maximum,
        "confidence": "illustration",
        "children": children,
    }


def all_leaves(nodes: list[Json]) -> Iterator[Json]:
    for node in nodes:
        if "children" in node:
            yield from all_leaves(node["children"])
        else:
            yield node


def direct(dice: Dice, maximum: float) -> LeafInput:
    return Points(maximum * dice.random())


def chosen(dice: Dice, maximum: float) -> LeafInput:
    return ChosenOption(("on-time", "late", "none")[int(dice.integers(3))])


def rate(dice: Dice, maximum: float) -> LeafInput:
    return Rate(float(dice.integers(0, 100)), 100.0)


def counted(dice: Dice, maximum: float) -> LeafInput:
    return Count(float(dice.integers(0, 5)))


def surveyed(dice: Dice, maximum: float) -> LeafInput:
    return MeasuredGroups(
        {
            name: Measured(0.6 + 0.3 * dice.random(), se=0.02, df=60, n=120, survey=f"r-{name}")
            for name in ("leaders", "delegates")
        }
    )


GIVEN: dict[str, Callable[[Dice, float], LeafInput]] = {
    "direct": direct,
    "choice": chosen,
    "count": counted,
    "survey": surveyed,
}


def inputs(kept: CriteriaSet, units: int, seed: int = 1) -> dict[str, dict[str, LeafInput]]:
    """Draw what every unit gives; one in a hundred is exempted from a leaf that it can be exempted from."""
    dice = np.random.default_rng(seed)
    return {f"xã {number:04d}": of_unit(kept, dice) for number in range(units)}


def of_unit(kept: CriteriaSet, dice: Dice) -> dict[str, LeafInput]:
    given: dict[str, LeafInput] = {}
    for node in kept.leaves():
        assert node.rule is not None
        assert node.maximum is not None
        if node.exemptible and dice.random() < 0.01:
            given[node.id] = NotApplicable("minh họa")
        else:
            given[node.id] = GIVEN.get(node.rule.kind, rate)(dice, node.maximum)
    return given
