"""The places of a criteria-set document that can be judged, even when others are damaged.

Not the judging (meaning_*.py). It lets the checker report the meaning of what is sound beside
the shape of what is not, so that an official mends a file in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from survey.scoring.problems import Problem

OWNER = re.compile(r"^/(?:tree(?:/\d+/children)*/\d+|(?:cuts|sources|blocks|surveys|exemptions)/\d+|[^/]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree: its path, its depth (1 at the top) and its JSON object."""

    path: str
    depth: int
    node: dict[str, Any]

    @property
    def is_leaf(self) -> bool:
        return "children" not in self.node


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the paths that are damaged in shape."""

    json: dict[str, Any]
    damaged: frozenset[str]

    def is_sound(self, *paths: str) -> bool:
        """Say whether none of the places is damaged; a node's children are places of their own."""
        return self.damaged.isdisjoint(paths)

    def get(self, key: str) -> Any:
        """Give a top-level value, None when it is missing or damaged."""
        return self.json.get(key) if self.is_sound(f"/{key}") else None

    def walk(self) -> Iterator[Place]:
        """Give every sound node of the tree, and look below the damaged ones too."""
        return (place for place in nodes(self.json.get("tree"), "/tree", 1) if self.is_sound(place.path))

    def children(self, place: Place) -> list[Place] | None:
        """Give a node's children, None when one of them is damaged."""
        return self.siblings(place.node.get("children"), f"{place.path}/children", place.depth + 1)

    def top(self) -> list[Place] | None:
        """Give the nodes at the top, None when one of them is damaged."""
        return self.siblings(self.json.get("tree"), "/tree", 1)

    def siblings(self, items: Any, path: str, depth: int) -> list[Place] | None:
        if not isinstance(items, list):
            return None
        paths = [f"{path}/{index}" for index in range(len(items))]
        if not self.is_sound(*paths):
            return None
        return [Place(path, depth, node) for path, node in zip(paths, items, strict=True)]

    def items(self, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the sound objects of a top-level list with their paths."""
        listed = self.json.get(key)
        for index, item in enumerate(listed if isinstance(listed, list) else []):
            if self.is_sound(f"/{key}/{index}"):
                yield f"/{key}/{index}", item


def nodes(items: Any, path: str, depth: int) -> Iterator[Place]:
    for index, node in enumerate(items if isinstance(items, list) else []):
        if isinstance(node, dict):
            here = f"{path}/{index}"
            yield Place(here, depth, node)
            yield from nodes(node.get("children"), f"{here}/children", depth + 1)


def owners(problems: Iterable[Problem]) -> frozenset[str]:
    """Find the node, item or top-level key in which each shape problem lies.

    A key that is not part of the format damages nothing: what stands beside it can be judged.
    """
    found = (OWNER.match(problem.path) for problem in problems if problem.code != "unknown_key")
    return frozenset(match.group() for match in found if match)
