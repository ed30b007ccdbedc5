"""Small criteria sets and inputs that the tests of scoring share.

Not golden values: those stand beside the test that names their source.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from survey.scoring import (
    ChosenOption,
    Count,
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    Points,
    Rate,
    Rule,
    load,
)
from survey.scoring.criteria import Criterion

#: The five provinces of Tây Nguyên until 30/06/2025 (reference data of the units room).
TAY_NGUYEN = dict.fromkeys(["Kon Tum", "Gia Lai", "Đắk Lắk", "Đắk Nông", "Lâm Đồng"], "Tây Nguyên")


def text(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


def leaf(name: str, maximum: float | None, rule: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": text(name),
        "maximum": maximum,
        "confidence": "illustration",
        "method": "appraisal",
        "rule": rule or {"kind": "direct"},
    } | more


def node(name: str, maximum: float | None, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": text(name),
        "maximum": maximum,
        "confidence": "illustration",
        "children": list(children),
    } | more


def document(*tree: dict[str, Any], base: float = 100, **more: Any) -> dict[str, Any]:
    """Make a valid document around a tree."""
    made = {
        "schema_version": 1,
        "id": "sample",
        "version": "1",
        "title": {"vi": "Bộ thử, minh họa", "en": "Sample, illustration"},
        "status": "illustration",
        "unit_type": "department",
        "years": [2025],
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "base": base,
        "bands": "abc",
        "sources": [{"id": "s1", "title": "a source"}],
        "tree": list(tree),
    }
    return copy.deepcopy(made | more)


def raw(made: Any) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def built(*tree: dict[str, Any], base: float = 100, **more: Any) -> CriteriaSet:
    return load(raw(document(*tree, base=base, **more)))


def groups(*names: str, **weights: float) -> list[dict[str, Any]]:
    listed = [{"id": name, "name": text(name)} for name in names]
    return [group | ({"weight": weights[group["id"]]} if group["id"] in weights else {}) for group in listed]


def given(leaf: Criterion, level: float) -> LeafInput:
    """Make an input for any leaf, 0 for the worst to 1 for the best that its rule can be given."""
    rule = leaf.rule
    assert rule is not None
    made = measured(rule, level) or counted(rule, level)
    if made is not None:
        return made
    match rule.kind:
        case "direct":
            return Points((leaf.maximum or 0) * level)
        case "choice":
            order = sorted(rule.options, key=rule.options.__getitem__)
            return ChosenOption(order[min(int(level * len(order)), len(order) - 1)])
        case "bonus_penalty":
            return Points(rule.lowest + level * (rule.highest - rule.lowest))
        case _:
            return Rate(level * 100, 100)


def measured(rule: Rule, level: float) -> LeafInput | None:
    if rule.kind == "external_index":
        return Measured(level * rule.scale, se=0.8, df=40, n=400, survey="citizens")
    if rule.kind != "survey":
        return None
    return MeasuredGroups(
        {
            name: Measured(level, se=0.02, df=60, n=100 * number, survey=name)
            for number, name in enumerate(rule.groups, 1)
        }
    )


def counted(rule: Rule, level: float) -> LeafInput | None:
    if rule.kind == "steps":
        return Rate(level * 100, 100) if rule.of == "percent" else Count(10 * (1 - level))
    if rule.kind == "count":
        return Count(level * 10)
    if rule.kind == "normalised":
        better = level if rule.higher_is_better else 1 - level
        return Count(better * (rule.target or 50))
    return None


def all_given(criteria_set: CriteriaSet, level: float) -> dict[str, LeafInput]:
    return {leaf.id: given(leaf, level) for leaf in criteria_set.leaves()}
