"""What a leaf's rule must mean: it reaches the maximum, leaves no gap, and its weights add up.

Not the tree around it (meaning_tree.py), nor what the rule computes (rules_*.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from survey.scoring.places import Document
from survey.scoring.problems import Problem, problem
from survey.scoring.shape import repeated
from survey.scoring.spans import Span, faults

TOLERANCE = 1e-9
#: Rules that state points themselves, so that a maximum filled later could not fit them.
STATED = ("choice", "steps", "count", "bonus_penalty")
Json = dict[str, Any]


def rule_problems(document: Document) -> Iterator[Problem]:
    """Find every rule that has the right shape and cannot be meant."""
    for place in document.walk():
        rule = place.node.get("rule")
        if rule is None:
            continue
        path = f"{place.path}/rule"
        if place.node["confidence"] == "delegated":
            yield from judge_delegated(path, rule)
        else:
            yield from judge_rule(path, rule, place.node["maximum"])
        if rule["kind"] == "survey":
            yield from survey_problems(path, rule, document)


def judge_delegated(path: str, rule: Json) -> Iterator[Problem]:
    """Judge a rule whose maximum a lower authority fills: it must scale with whatever that will be."""
    if rule["kind"] in STATED:
        yield problem(path, "delegated_rule", rule=rule["kind"])
    elif rule["kind"] in ("threshold_linear", "normalised", "survey"):
        yield from JUDGES[rule["kind"]](path, rule, 0.0)


def survey_problems(path: str, rule: Json, document: Document) -> Iterator[Problem]:
    """Judge what a survey rule refers to: a survey of the set, and items of that survey."""
    name, items = rule.get("survey"), rule.get("items", [])
    if name is None:
        if items:
            yield problem(f"{path}/items", "items_without_survey")
        return
    if "groups" in rule or "weighting" in rule:
        key = "groups" if "groups" in rule else "weighting"
        yield problem(f"{path}/{key}", "groups_twice", id=name)
    listed = document.json.get("surveys")
    sheet = next((one for one in inside(listed) if isinstance(one, dict) and one.get("id") == name), None)
    if sheet is None:
        yield problem(f"{path}/survey", "unknown_survey", id=name)
        return
    known = {one.get("id") for one in inside(sheet.get("items")) if isinstance(one, dict)}
    for index, item in enumerate(items):
        if item not in known:
            yield problem(f"{path}/items/{index}", "unknown_survey_item", id=item, survey=name)


def inside(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def judge_rule(path: str, rule: Json, maximum: float | None) -> Iterator[Problem]:
    if maximum is None:
        if rule["kind"] != "direct":
            yield problem(path, "unknown_maximum_rule")
        return
    yield from JUDGES.get(rule["kind"], judge_nothing)(path, rule, maximum)


def judge_nothing(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    return iter(())


def judge_choice(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    yield from duplicates(f"{path}/options", rule["options"])
    best = max(option["points"] for option in rule["options"])
    if abs(best - maximum) > TOLERANCE:
        yield problem(f"{path}/options", "choice_maximum", got=float(best), expected=float(maximum))


def judge_steps(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    yield from span_problems(f"{path}/steps", rule["steps"], rule["boundary"])
    best = max(step["points"] for step in rule["steps"])
    if abs(best - maximum) > TOLERANCE:
        yield problem(f"{path}/steps", "steps_maximum", got=float(best), expected=float(maximum))


def span_problems(path: str, items: list[Json], boundary: str = "") -> Iterator[Problem]:
    """Judge whether steps or bands cover the whole scale exactly once."""
    spans = [Span(item["from"], item["to"], item.get("includes", boundary)) for item in items]
    for fault in faults(spans):
        yield problem(f"{path}/{fault.index}", fault.code, at=fault.at)


def judge_threshold(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    full = rule.get("full_at", 100)
    if rule["threshold"] > full:
        yield problem(
            f"{path}/threshold", "threshold_above_full", got=float(rule["threshold"]), expected=float(full)
        )


def judge_normalised(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    if rule["to"] == "target" and "target" not in rule:
        yield problem(f"{path}/target", "target_missing")
    if rule["to"] == "best" and "target" in rule:
        yield problem(f"{path}/target", "target_unused")


def judge_survey(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    if "groups" in rule and "weighting" in rule:
        yield from weighting_problems(path, rule)


def weighting_problems(path: str, rule: Json) -> Iterator[Problem]:
    """Judge the groups of a rule or of a survey: weights that add up to 1, or none when pooled."""
    yield from duplicates(f"{path}/groups", rule["groups"])
    if rule["weighting"] == "pooled":
        yield from group_problems(path, rule, "weight_unused", weighted=True)
        return
    unweighted = list(group_problems(path, rule, "weight_missing", weighted=False))
    total = float(sum(group.get("weight", 0) for group in rule["groups"]))
    yield from unweighted
    if not unweighted and abs(total - 1) > TOLERANCE:
        yield problem(f"{path}/groups", "weights_do_not_add_up", got=total)


def group_problems(path: str, rule: Json, code: str, *, weighted: bool) -> Iterator[Problem]:
    for index, group in enumerate(rule["groups"]):
        if ("weight" in group) == weighted:
            yield problem(f"{path}/groups/{index}/weight", code, id=group["id"])


def judge_bonus(path: str, rule: Json, maximum: float) -> Iterator[Problem]:
    if abs(rule["highest"] - maximum) > TOLERANCE:
        yield problem(f"{path}/highest", "bonus_maximum", got=float(maximum), expected=float(rule["highest"]))
    if rule["lowest"] == rule["highest"]:
        yield problem(
            f"{path}/lowest", "bonus_range", got=float(rule["lowest"]), expected=float(rule["highest"])
        )


def duplicates(path: str, items: list[Json]) -> Iterator[Problem]:
    """Find ids that stand twice in one list."""
    for word in repeated([item["id"] for item in items]):
        yield problem(path, "duplicate_id", id=word)


JUDGES: dict[str, Callable[[str, Json, float], Iterator[Problem]]] = {
    "choice": judge_choice,
    "steps": judge_steps,
    "threshold_linear": judge_threshold,
    "normalised": judge_normalised,
    "survey": judge_survey,
    "bonus_penalty": judge_bonus,
}
