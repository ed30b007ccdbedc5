"""A criteria set made ready for many units: its nodes in rows, and what each node sums.

Not the points of a leaf (points.py), nor the sums (roll_up.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from survey.scoring.batch.columns import BoolArray, FloatArray, IntArray
from survey.scoring.criteria import CriteriaSet, Criterion, Part
from survey.scoring.roll_up import summed
from survey.scoring.rules_counted import BonusPenalty

#: The parent of a node at the top, the leaf of a node that has children, the node of a part.
NOWHERE = -1
#: Under which the total inside the base stands among the branches.
TOTAL = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its place among the nodes (parents first), among the leaves (-1: none), its parent's."""

    criterion: Criterion
    row: int
    leaf: int
    parent: int

    @property
    def maximum(self) -> float:
        return unknown_as_nan(self.criterion.maximum)


@dataclass(frozen=True, slots=True)
class Branch:
    """What is summed: a node, a part of another cut, or the total inside the base.

    Attributes:
        leaves: rows of the leaves below.
        node: row of the node; -1 for a part and for the total.
        covered: the leaves make up the whole maximum.
        lowest: below 0 only for a penalty.
        has_percent: False for bonus and penalty, which are no part of the base.
    """

    id: str
    leaves: IntArray
    maximum: float
    node: int = NOWHERE
    covered: bool = True
    lowest: float = 0.0
    has_percent: bool = True


@dataclass(frozen=True, slots=True)
class Tree:
    """A criteria set in rows.

    Attributes:
        branches: every node in the order of the file, every part, and the total.
        top: rows of the nodes at the top inside the base; `outside` of those outside it.
    """

    criteria_set: CriteriaSet
    nodes: tuple[Node, ...]
    leaves: tuple[Criterion, ...]
    branches: tuple[Branch, ...]
    top: tuple[int, ...]
    outside: tuple[int, ...]

    @classmethod
    def of(cls, criteria_set: CriteriaSet) -> Tree:
        """Put a criteria set in rows."""
        nodes = tuple(numbered(criteria_set.tree))
        leaves = criteria_set.leaves()
        tops = [node for node in nodes if node.parent == NOWHERE]
        row_of = {leaf.id: row for row, leaf in enumerate(leaves)}
        inside = [row_of[leaf.id] for node in tops for leaf in inside_leaves(node.criterion)]
        branches = (
            *(node_branch(node, row_of) for node in nodes),
            *(part_branch(part, leaves) for cut in criteria_set.cuts for part in cut.parts),
            Branch(TOTAL, rows(inside), criteria_set.base),
        )
        return cls(
            criteria_set,
            nodes,
            leaves,
            branches,
            tuple(node.row for node in tops if not node.criterion.outside_base),
            tuple(node.row for node in tops if node.criterion.outside_base),
        )

    @property
    def leaf_nodes(self) -> IntArray:
        """Give the row among the nodes of each leaf."""
        return rows([node.row for node in self.nodes if node.leaf != NOWHERE])

    def maxima(self) -> FloatArray:
        """Give the maximum of each leaf, NaN where it is not known."""
        return np.array([unknown_as_nan(leaf.maximum) for leaf in self.leaves])

    def below(self, marked: BoolArray) -> BoolArray:
        """Say (nodes, units) which nodes are marked themselves or lie below one that is."""
        reached = marked.copy()
        for node in self.nodes:
            if node.parent != NOWHERE:
                reached[node.row] |= reached[node.parent]
        return reached

    def whole(self, marked: BoolArray) -> BoolArray:
        """Say (nodes, units) which nodes are marked themselves or in all of their parts."""
        every = np.ones_like(marked)
        for node in reversed(self.nodes):
            every[node.row] = marked[node.row] | (every[node.row] & (node.leaf == NOWHERE))
            if node.parent != NOWHERE:
                every[node.parent] &= every[node.row]
        return every


def numbered(tree: Sequence[Criterion]) -> Iterator[Node]:
    """Number the nodes, parents first, and the leaves among them."""
    stack = [(node, NOWHERE) for node in reversed(tree)]
    row = leaf = 0
    while stack:
        criterion, parent = stack.pop()
        yield Node(criterion, row, leaf if criterion.is_leaf else NOWHERE, parent)
        stack += [(child, row) for child in reversed(criterion.children)]
        row, leaf = row + 1, leaf + criterion.is_leaf


def node_branch(node: Node, row_of: dict[str, int]) -> Branch:
    criterion = node.criterion
    lowest = criterion.rule.lowest if isinstance(criterion.rule, BonusPenalty) else 0.0
    below = rows([row_of[leaf.id] for leaf in criterion.leaves()])
    return Branch(
        criterion.id, below, node.maximum, node.row, lowest=lowest, has_percent=not criterion.outside_base
    )


def part_branch(part: Part, leaves: Sequence[Criterion]) -> Branch:
    tagged = [row for row, leaf in enumerate(leaves) if part.id in leaf.parts]
    held = summed([leaves[row].maximum for row in tagged])
    covered = part.maximum is not None and held is not None and math.isclose(held, part.maximum)
    return Branch(part.id, rows(tagged), unknown_as_nan(part.maximum), covered=covered)


def inside_leaves(top: Criterion) -> Iterator[Criterion]:
    return iter(()) if top.outside_base else top.leaves()


def rows(numbers: Sequence[int]) -> IntArray:
    return np.array(numbers, dtype=np.intp)


def unknown_as_nan(figure: float | None) -> float:
    return math.nan if figure is None else figure
