"""The tree of a criteria set as the workflow needs it: a node's area, and what changed between two sets.

Not the rules nor the scoring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from survey.scoring import CriteriaSet, Criterion
from survey.services.assessments.errors import NoSuchNode, SurveyedLeaf

#: Methods of leaves whose points come from a survey, never from a person.
SURVEYED = frozenset({"leaders_survey", "delegates_survey", "leaders_and_delegates_survey", "sipas"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: itself last, the area it belongs to first."""

    line: tuple[Criterion, ...]

    @property
    def node(self) -> Criterion:
        return self.line[-1]

    @property
    def area(self) -> str:
        return self.line[0].id

    @property
    def above(self) -> tuple[str, ...]:
        """Ids of the nodes above it."""
        return tuple(node.id for node in self.line[:-1])


@lru_cache(maxsize=32)
def _places(criteria_set: _Keyed) -> Mapping[str, Place]:
    return dict(_walk(criteria_set.set.tree, ()))


@dataclass(frozen=True, slots=True, eq=False)
class _Keyed:
    set: CriteriaSet

    def __hash__(self) -> int:
        return hash(self.set.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.set.sha256 == self.set.sha256


def places_of(criteria_set: CriteriaSet) -> Mapping[str, Place]:
    """Give every node of a set with where it stands, by id."""
    return _places(_Keyed(criteria_set))


def place_of(criteria_set: CriteriaSet, node: str) -> Place:
    """Give where a node stands.

    Raises:
        NoSuchNode: the set has none of that id.
    """
    found = places_of(criteria_set).get(node)
    if found is None:
        raise NoSuchNode(node, leaf=node)
    return found


def entered_place(criteria_set: CriteriaSet, node: str) -> Place:
    """Give where a node stands that people enter something for.

    Raises:
        NoSuchNode.
        SurveyedLeaf: its points come from a survey alone.
    """
    found = place_of(criteria_set, node)
    if found.node.method in SURVEYED:
        raise SurveyedLeaf(node, leaf=node)
    return found


def entered_leaves(criteria_set: CriteriaSet) -> tuple[Criterion, ...]:
    """List the leaves that people enter something for, in the order of the file."""
    return tuple(leaf for leaf in criteria_set.leaves() if leaf.method not in SURVEYED)


def appraised_areas(criteria_set: CriteriaSet) -> tuple[Criterion, ...]:
    """List the top nodes that need an appraiser: those with a leaf that people enter something for."""
    return tuple(
        top for top in criteria_set.tree if any(leaf.method not in SURVEYED for leaf in top.leaves())
    )


def carries(old: CriteriaSet, new: CriteriaSet, node: str) -> bool:
    """Say whether what was entered for a node under one set still says the same under another."""
    before, after = places_of(old).get(node), places_of(new).get(node)
    if before is None or after is None:
        return False
    return _said(before.node) == _said(after.node)


def _said(node: Criterion) -> tuple[object, ...]:
    leaves = tuple((leaf.id, leaf.maximum, leaf.rule, leaf.method) for leaf in node.leaves())
    return node.maximum, node.exemptible, node.outside_base, leaves


def _walk(nodes: tuple[Criterion, ...], above: tuple[Criterion, ...]) -> Iterator[tuple[str, Place]]:
    for node in nodes:
        line = (*above, node)
        yield node.id, Place(line)
        yield from _walk(node.children, line)
