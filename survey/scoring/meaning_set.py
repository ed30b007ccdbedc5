"""What the rest of a criteria set must mean: dates, status, sources, cuts and bands.

Not the tree (meaning_tree.py) and its rules (meaning_rules.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from survey.scoring.bands import shipped_scales
from survey.scoring.meaning_rules import duplicates, span_problems
from survey.scoring.meaning_tree import confidence_problems, sums_to
from survey.scoring.places import Document
from survey.scoring.problems import Problem, problem


def set_problems(document: Document) -> Iterator[Problem]:
    """Find everything outside the tree that has the right shape and cannot be meant."""
    yield from date_problems(document)
    yield from status_problems(document)
    yield from source_problems(document)
    yield from band_problems(document)
    yield from cut_problems(document)


def date_problems(document: Document) -> Iterator[Problem]:
    decision = document.get("decision") or {}
    said = {
        "/valid_from": document.get("valid_from"),
        "/valid_to": document.get("valid_to"),
        "/decision/date": decision.get("date"),
    }
    days = {path: real_day(text) for path, text in said.items() if text is not None}
    yield from (problem(path, "not_a_date", got=said[path]) for path, day in days.items() if day is None)
    first, last = days.get("/valid_from"), days.get("/valid_to")
    if first and last and last < first:
        yield problem("/valid_to", "dates_reversed")


def real_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def status_problems(document: Document) -> Iterator[Problem]:
    """Judge whether an official set says its decision, and an illustration that it is one."""
    status, title = document.get("status"), document.get("title") or {}
    if status == "official":
        if "decision" not in document.json:
            yield problem("/decision", "decision_missing")
        for path, node in confident(document):
            if node["confidence"] == "illustration":
                yield problem(f"{path}/confidence", "illustration_in_official")
    elif status == "illustration" and title:
        says = "minh họa" in title["vi"].lower() and "illustration" in title["en"].lower()
        if not says:
            yield problem("/title", "illustration_not_said")


def confident(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every sound object that states a maximum: nodes of the tree and parts of cuts."""
    yield from ((place.path, place.node) for place in document.walk())
    for path, cut in document.items("cuts"):
        yield from ((f"{path}/parts/{index}", part) for index, part in enumerate(cut["parts"]))


def source_problems(document: Document) -> Iterator[Problem]:
    sources = [source for _, source in document.items("sources")]
    yield from duplicates("/sources", sources)
    known = {source["id"] for source in sources}
    for path, node in confident(document):
        named = node.get("sources", [])
        if node["confidence"] in ("seen", "inferred") and not named:
            yield problem(f"{path}/sources", "source_missing")
        unknown = [name for name in named if name not in known]
        yield from (problem(f"{path}/sources", "unknown_source", id=name) for name in unknown)


def band_problems(document: Document) -> Iterator[Problem]:
    bands = document.get("bands")
    if isinstance(bands, str):
        if bands not in shipped_scales():
            yield problem("/bands", "unknown_scale", id=bands)
    elif bands is not None:
        yield from scale_problems("/bands", bands)


def scale_problems(path: str, scale: dict[str, Any]) -> Iterator[Problem]:
    """Judge one scale: all thresholds or none, no gap, no overlap, no id twice."""
    yield from duplicates(f"{path}/bands", scale["bands"])
    known = ["includes" in band for band in scale["bands"]]
    if all(known):
        yield from span_problems(f"{path}/bands", scale["bands"])
    elif any(known):
        yield problem(f"{path}/bands", "half_known_scale")


def cut_problems(document: Document) -> Iterator[Problem]:
    cuts = list(document.items("cuts"))
    yield from duplicates("/cuts", [cut for _, cut in cuts])
    yield from duplicates("/cuts", [part for _, cut in cuts for part in cut["parts"]])
    known = {part["id"] for _, cut in cuts for part in cut["parts"]}
    for place in document.walk():
        unknown = [name for name in place.node.get("parts", []) if name not in known]
        yield from (problem(f"{place.path}/parts", "unknown_part", id=name) for name in unknown)
    for path, cut in cuts:
        yield from one_cut(path, cut, document)


def one_cut(path: str, cut: dict[str, Any], document: Document) -> Iterator[Problem]:
    """Judge one cut: each leaf at most once, each part against the leaves in it."""
    inside: dict[str, list[float | None]] = {part["id"]: [] for part in cut["parts"]}
    for place in document.walk():
        if not place.is_leaf or place.node.get("outside_base", False):
            continue
        mine = [name for name in place.node.get("parts", []) if name in inside]
        if len(mine) > 1:
            yield problem(f"{place.path}/parts", "part_twice", id=cut["id"])
        if cut["complete"] and not mine:
            yield problem(f"{place.path}/parts", "part_missing", id=cut["id"])
        for name in mine:
            inside[name].append(place.node["maximum"])
    for index, part in enumerate(cut["parts"]):
        yield from part_problems(f"{path}/parts/{index}", part, inside[part["id"]], cut, document)


def part_problems(
    path: str, part: dict[str, Any], leaves: list[float | None], cut: dict[str, Any], document: Document
) -> Iterator[Problem]:
    """Judge one part; in a cut that is not complete the leaves may leave a remainder."""
    yield from confidence_problems(path, part)
    if any(path.startswith("/tree") for path in document.damaged):
        return
    remainder: list[float | None] = [] if cut["complete"] else [None]
    yield from sums_to(f"{path}/maximum", part["maximum"], leaves + remainder)
