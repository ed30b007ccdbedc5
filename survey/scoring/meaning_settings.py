"""What the settings of a criteria set must mean: blocks, surveys, exemptions, ties and limits.

Not the rules that draw on a survey (meaning_rules.py), nor one set beside another (in_force.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from survey.scoring.meaning_rules import duplicates, weighting_problems
from survey.scoring.places import Document
from survey.scoring.problems import Problem, problem

Json = dict[str, Any]


def setting_problems(document: Document) -> Iterator[Problem]:
    """Find every setting that has the right shape and cannot be meant."""
    yield from edition_problems(document)
    yield from ranking_problems(document)
    yield from bonus_problems(document)
    yield from block_problems(document)
    yield from survey_sheet_problems(document)
    yield from exemption_problems(document)


def edition_problems(document: Document) -> Iterator[Problem]:
    replaced = document.get("replaces")
    if replaced and [replaced["id"], replaced["version"]] == [document.get("id"), document.get("version")]:
        yield problem("/replaces", "replaces_itself")


def ranking_problems(document: Document) -> Iterator[Problem]:
    ranking, rounding = document.get("ranking") or {}, document.get("rounding") or {}
    places, shown = ranking.get("places", 2), rounding.get("percent", 2)
    if places < shown:
        yield problem("/ranking/places", "ranked_coarser_than_shown", got=places, expected=shown)
    known = {place.node["id"] for place in document.walk()}
    known |= {part["id"] for _, cut in document.items("cuts") for part in cut["parts"]}
    yield from unknown_nodes("/ranking/tie_break", ranking.get("tie_break", []), known)


def unknown_nodes(path: str, named: Sequence[str], known: set[str]) -> Iterator[Problem]:
    for index, name in enumerate(named):
        if name not in known:
            yield problem(f"{path}/{index}", "unknown_node", id=name)


def bonus_problems(document: Document) -> Iterator[Problem]:
    has_outside = any(place.node.get("outside_base", False) for place in document.walk())
    if document.get("bonus_limits") and document.top() is not None and not has_outside:
        yield problem("/bonus_limits", "bonus_limits_unused")


def block_problems(document: Document) -> Iterator[Problem]:
    """Judge whether each unit, and each kind of unit, is in one block at most."""
    blocks = list(document.items("blocks"))
    yield from duplicates("/blocks", [block for _, block in blocks])
    seen: set[str] = set()
    for path, block in blocks:
        if not block.get("kinds") and not block.get("units"):
            yield problem(path, "block_empty")
        for key in ("kinds", "units"):
            named = block.get(key, [])
            twice = {word for word, times in Counter(named).items() if times > 1} | (seen & set(named))
            yield from (problem(f"{path}/{key}", "block_overlap", id=word) for word in sorted(twice))
            seen |= set(named)


def survey_sheet_problems(document: Document) -> Iterator[Problem]:
    sheets = list(document.items("surveys"))
    yield from duplicates("/surveys", [sheet for _, sheet in sheets])
    for path, sheet in sheets:
        yield from weighting_problems(path, sheet)
        yield from duplicates(f"{path}/items", sheet.get("items", []))


def exemption_problems(document: Document) -> Iterator[Problem]:
    grounds = list(document.items("exemptions"))
    yield from duplicates("/exemptions", [ground for _, ground in grounds])
    nodes = {place.node["id"]: place.node for place in document.walk()}
    paths = {place.node["id"]: place.path for place in document.walk()}
    sources = {source["id"] for _, source in document.items("sources")}
    for path, ground in grounds:
        yield from unknown_nodes(f"{path}/nodes", ground["nodes"], set(nodes))
        yield from ground_problems(f"{path}/nodes", ground["nodes"], nodes, paths)
        unknown = [name for name in ground.get("sources", []) if name not in sources]
        yield from (problem(f"{path}/sources", "unknown_source", id=name) for name in unknown)


def ground_problems(
    path: str, named: Sequence[str], nodes: dict[str, Json], paths: dict[str, str]
) -> Iterator[Problem]:
    """Judge the nodes of one exemption: each may be exempted, and none lies within another."""
    for index, name in enumerate(named):
        if name not in nodes:
            continue
        if not nodes[name].get("exemptible", False):
            yield problem(f"{path}/{index}", "exempted_not_exemptible", id=name)
        others = [paths[other] for other in named if other in paths and other != name]
        if any(paths[name].startswith(f"{other}/") for other in others) or named.index(name) != index:
            yield problem(f"{path}/{index}", "exemption_nested", id=name)
