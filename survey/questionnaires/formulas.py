"""Index formulas as declarative trees: how item values become factors, indices, one figure.

A tree says which items count and with what weight; it holds no answers and no sampling weights.
The estimates themselves are computed by `aggregation`, from the flat terms made here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from survey.questionnaires.errors import CannotCombine, UnknownPart
from survey.questionnaires.texts import Text

Measure = Literal["top_share", "mean"]
Combine = Literal["mean", "weighted", "items", "pooled"]


@dataclass(frozen=True, slots=True)
class FormulaNode:
    """Say how one index is put together.

    `combine` is "mean" (of children and items), "weighted" (by `weights`, children first, then
    items), "items" (mean of all items below, flat) or "pooled" (share of all answers below).
    """

    id: str
    title: Text
    combine: Combine
    children: tuple[FormulaNode, ...] = ()
    items: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """Weigh one group of items; several items are pooled, one stands for itself."""

    weight: float
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """Define one index formula.

    `measure` is what an item is worth: "top_share", the share of counted answers at one of
    `levels` (0 to 1), or "mean", the mean option value. `scale_range` is the lowest and the
    highest figure an item can reach, so that (mean − low) / (high − low) is a share.
    """

    id: str
    title: Text
    measure: Measure
    levels: tuple[int, ...]
    status: Text
    root: FormulaNode
    scale_range: tuple[float, float] = (0.0, 1.0)

    def nodes(self) -> tuple[FormulaNode, ...]:
        """List the nodes in tree order, the root first."""
        return tuple(_walk(self.root))

    def node(self, id: str) -> FormulaNode:
        """Find a node; UnknownPart when there is none."""
        for node in _walk(self.root):
            if node.id == id:
                return node
        raise UnknownPart(name=id)


def _walk(node: FormulaNode) -> Iterator[FormulaNode]:
    yield node
    for child in node.children:
        yield from _walk(child)


def leaf_items(node: FormulaNode) -> tuple[str, ...]:
    """List the items that count below a node, in tree order."""
    return tuple(item for part in _walk(node) for item in part.items)


def flatten(node: FormulaNode) -> tuple[Term, ...]:
    """Multiply the weights down the tree: one term a leaf, weights summing to 1."""
    if node.combine == "pooled":
        return (Term(1.0, leaf_items(node)),)
    if node.combine == "items":
        items = leaf_items(node)
        return tuple(Term(1 / len(items), (item,)) for item in items)
    shares = _shares(node)
    below = [
        Term(share * term.weight, term.items)
        for child, share in zip(node.children, shares, strict=False)
        for term in flatten(child)
    ]
    own = [Term(share, (item,)) for item, share in zip(node.items, shares[len(node.children) :], strict=True)]
    return (*below, *own)


def _shares(node: FormulaNode) -> tuple[float, ...]:
    if node.weights:
        return node.weights
    parts = len(node.children) + len(node.items)
    return (1 / parts,) * parts


def combine_values(node: FormulaNode, values: Mapping[str, float]) -> float:
    """Apply a node to given values of its own children and items.

    For checking published arithmetic. An "items" node weighs a child by the items below it.

    Raises:
        CannotCombine: a value is missing, or the node is pooled, which needs denominators.
    """
    names = (*(child.id for child in node.children), *node.items)
    if node.combine == "pooled" or any(name not in values for name in names):
        raise CannotCombine(node=node.id)
    shares = _item_shares(node) if node.combine == "items" else _shares(node)
    return sum(share * values[name] for share, name in zip(shares, names, strict=True))


def _item_shares(node: FormulaNode) -> tuple[float, ...]:
    counts = [*(len(leaf_items(child)) for child in node.children), *(1 for _ in node.items)]
    return tuple(count / sum(counts) for count in counts)
