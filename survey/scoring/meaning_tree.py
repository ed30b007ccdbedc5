"""What a tree must mean: unique ids, rules on leaves, maxima that add up, unknowns that say so.

Not the rules themselves (meaning_rules.py) nor the rest of the file (meaning_set.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.scoring.places import Document, Place
from survey.scoring.problems import Problem, problem

DEEPEST = 5
TOLERANCE = 1e-9
#: What a confidence that goes with no maximum is told where one is given.
UNKNOWN = {"not_found": "given_but_not_found", "delegated": "given_but_delegated"}


def tree_problems(document: Document) -> Iterator[Problem]:
    """Find everything in the tree that has the right shape and cannot be meant."""
    yield from duplicate_ids(document)
    yield from base_problems(document)
    for place in document.walk():
        yield from node_problems(place)
        yield from outside_problems(place)
        yield from confidence_problems(place.path, place.node)
        if not place.is_leaf:
            yield from sum_problems(place, document.children(place))
        yield from frame_problems(place, document.children(place) or [])


def duplicate_ids(document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for place in document.walk():
        if place.node["id"] in seen:
            yield problem(f"{place.path}/id", "duplicate_id", id=place.node["id"])
        seen.add(place.node["id"])


def node_problems(place: Place) -> Iterator[Problem]:
    """Judge what makes a node a leaf or a parent."""
    if place.depth > DEEPEST:
        yield problem(place.path, "too_deep", limit=DEEPEST)
    has_own = "rule" in place.node or "method" in place.node
    if not place.is_leaf:
        if has_own:
            yield problem(place.path, "parent_with_rule")
        return
    if "rule" not in place.node:
        yield problem(f"{place.path}/rule", "leaf_without_rule")
    if "method" not in place.node:
        yield problem(f"{place.path}/method", "leaf_without_method")


def outside_problems(place: Place) -> Iterator[Problem]:
    """Judge what stands outside the base: only bonus and penalty, only at the top."""
    is_outside = place.node.get("outside_base", False)
    kind = place.node.get("rule", {}).get("kind")
    if is_outside and (place.depth > 1 or not place.is_leaf):
        yield problem(f"{place.path}/outside_base", "outside_base_below_top")
    if is_outside and kind not in (None, "bonus_penalty"):
        yield problem(f"{place.path}/rule", "outside_base_rule")
    if not is_outside and kind == "bonus_penalty":
        yield problem(f"{place.path}/rule", "bonus_inside_base")


def confidence_problems(path: str, node: dict[str, object]) -> Iterator[Problem]:
    """Judge whether an unknown maximum says so, and a known one does not."""
    is_unknown, confidence = node["maximum"] is None, node["confidence"]
    if is_unknown and "note" not in node and confidence != "delegated":
        yield problem(f"{path}/note", "unknown_without_note")
    if is_unknown and confidence not in UNKNOWN:
        yield problem(f"{path}/confidence", "unknown_but_confident")
    if not is_unknown and confidence in UNKNOWN:
        yield problem(f"{path}/confidence", UNKNOWN[str(confidence)])
    if is_unknown and node.get("exemptible", False):
        yield problem(f"{path}/exemptible", "unknown_maximum_exempt")


def frame_problems(place: Place, children: Sequence[Place]) -> Iterator[Problem]:
    """Judge whether what is left to a lower authority lies within a maximum that is fixed."""
    delegated = [child for child in children if child.node["confidence"] == "delegated"]
    if place.depth == 1 and place.node["confidence"] == "delegated":
        delegated.append(place)
    for one in delegated:
        is_framed = one is not place and place.node["maximum"] is not None
        if not is_framed:
            yield problem(f"{one.path}/confidence", "delegated_without_frame")


def base_problems(document: Document) -> Iterator[Problem]:
    """Judge whether the maxima at the top add up to the base."""
    base, top = document.get("base"), document.top()
    if base is None or top is None:
        return
    inside = [place for place in top if not place.node.get("outside_base", False)]
    yield from sums_to("/base", base, maxima(inside))


def sum_problems(place: Place, children: Sequence[Place] | None) -> Iterator[Problem]:
    if children is not None:
        yield from sums_to(f"{place.path}/maximum", place.node["maximum"], maxima(children))


def maxima(places: Sequence[Place]) -> list[float | None]:
    return [place.node["maximum"] for place in places]


def sums_to(path: str, expected: float | None, parts: Sequence[float | None]) -> Iterator[Problem]:
    """Judge a whole against its parts, either of which may be unknown."""
    known = float(sum(part for part in parts if part is not None))
    if None in parts:
        if expected is not None and known > expected + TOLERANCE:
            yield problem(path, "maxima_exceed", got=known, expected=float(expected))
    elif expected is None:
        yield problem(path, "maximum_is_known", got=known)
    elif abs(known - expected) > TOLERANCE:
        yield problem(path, "maxima_do_not_add_up", got=known, expected=float(expected))
