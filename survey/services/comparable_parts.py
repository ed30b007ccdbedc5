"""Which items and indices are the same in two rounds, so that a difference is a change.

Not the changes themselves (round_changes.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from survey.aggregation import BadRequest
from survey.questionnaires import FormulaNode, Item, flatten
from survey.services.snapshot_sample import SnapshotSample


@dataclass(frozen=True, slots=True)
class ComparableParts:
    """What two rounds have in common, in the later one's order.

    Attributes:
        items: asked in both, on scales of the same options and values.
        nodes: indices of the same items with the same weights.
        left_out: items and indices (by id) of the later formula that are not the same before.
        reworded: items of `items` whose words differ.
    """

    items: tuple[str, ...]
    nodes: tuple[FormulaNode, ...]
    left_out: tuple[str, ...]
    reworded: tuple[str, ...]


def comparable_parts(earlier: SnapshotSample, later: SnapshotSample) -> ComparableParts:
    """Find what two rounds have in common on formulas of one id.

    Raises:
        BadRequest: the formulas count answers differently, or nothing is the same.
    """
    one, other = earlier.formula, later.formula
    if (one.measure, one.levels, one.scale_range) != (other.measure, other.levels, other.scale_range):
        problem = f"công thức {other.id} tính khác nhau ở hai đợt / the rounds count {other.id} differently"
        raise BadRequest(problem=problem)
    items = tuple(item for item in later.answers.items if _same_item(earlier, later, item))
    before = {node.id: node for node in one.nodes()}
    nodes = tuple(node for node in other.nodes() if _same_node(before.get(node.id), node, set(items)))
    if not items:
        raise BadRequest(problem="hai đợt không có tiêu chí chung / the rounds have no item in common")
    kept = {*items, *(node.id for node in nodes)}
    every = (*(node.id for node in other.nodes()), *later.answers.items)
    return ComparableParts(
        items=items,
        nodes=nodes,
        left_out=tuple(name for name in every if name not in kept),
        reworded=tuple(
            item for item in items if earlier.questionnaire.item(item).text != _asked(later, item).text
        ),
    )


def _asked(sample: SnapshotSample, item: str) -> Item:
    return sample.questionnaire.item(item)


def _same_item(earlier: SnapshotSample, later: SnapshotSample, item: str) -> bool:
    if item not in earlier.answers.items:
        return False
    scales = _asked(earlier, item).scale, _asked(later, item).scale
    return None not in scales and dict(scales[0].values) == dict(scales[1].values)  # type: ignore[union-attr]  # neither is None


def _same_node(before: FormulaNode | None, now: FormulaNode, items: set[str]) -> bool:
    if before is None or flatten(before) != flatten(now):
        return False
    return all(item in items for term in flatten(now) for item in term.items)
