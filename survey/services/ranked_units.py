"""Units in order of their index, block by block, and the index tree in order: what pages and sheets list.

Not how the figures are computed (indices/) nor how they are printed (summaries/, the office pages).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from survey.aggregation import Estimate
from survey.aggregation.disclosure import SUPPRESSED
from survey.questionnaires import FormulaNode
from survey.scoring import rank
from survey.services.indices import Indices
from survey.services.rounds import Board, BoardLine
from survey.storage.snapshots import Snapshot

#: Units with fewer respondents are shown grey and have no rank (experience.md D4).
FEW = 30


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """One unit's line of results: its forms, its figures, its place within its block.

    Attributes:
        is_disturbed: too many of its responses are excluded or under an alarm, so it has no place (K12).
        valid: None where the figures are withheld, because it would tell of their n.
    """

    line: BoardLine
    valid: int | None
    overall: Estimate
    rank: int | None
    is_disturbed: bool = False


def ranked_units(
    indices: Indices, counts: Board, valid: Mapping[str, int], disturbed: Collection[str] = ()
) -> tuple[RankedUnit, ...]:
    """Put the judged units in order of their index within each block; few respondents, no place.

    Withheld units stand last, in the order of the board, and count for nobody's place.
    """
    by_unit = indices.by_unit("index", indices.formula.root.id)
    ranked: list[RankedUnit] = []
    for block in dict.fromkeys(line.block for line in counts.lines):
        lines = [line for line in counts.lines if line.block == block and line.unit_id in by_unit]
        values = {
            line.unit_id: None
            if line.unit_id in disturbed
            else _rankable(indices.as_share(by_unit[line.unit_id]))
            for line in lines
        }
        places = rank(values)
        ranked += sorted(
            (
                RankedUnit(
                    line,
                    None if SUPPRESSED in by_unit[line.unit_id].flags else valid.get(line.unit_id, 0),
                    by_unit[line.unit_id],
                    place.place if (place := places[line.unit_id]) else None,
                    line.unit_id in disturbed,
                )
                for line in lines
            ),
            key=lambda one: (one.rank is None, one.rank or 0),
        )
    return tuple(ranked)


def valid_by_unit(snapshot: Snapshot) -> dict[str, int]:
    """Count the rows of a snapshot by unit: the forms that entered the index."""
    codes, labels = snapshot.codes("unit")
    counted = Counter(codes.tolist())
    return {label: counted[place] for place, label in enumerate(labels)}


def tree_order(node: FormulaNode, depth: int = 0) -> Iterator[tuple[FormulaNode, int]]:
    """Walk the index tree, each node with its depth from 0."""
    yield node, depth
    for child in node.children:
        yield from tree_order(child, depth + 1)


def _rankable(share: Estimate) -> float | None:
    """Give what a unit is ranked on: nothing with few respondents, or without an interval beside it."""
    if share.value is None or share.ci_low is None or share.n < FEW:
        return None
    return share.value * 100
