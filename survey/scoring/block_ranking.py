"""Places of scored units, block by block, by the set's own tie rule, rounding and tie-break.

Not the placing of plain values (ranking.py), nor rank intervals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.rounding import round_half_up
from survey.scoring.criteria import CriteriaSet
from survey.scoring.ranking import Rank, rank
from survey.scoring.result import Score
from survey.scoring.set_settings import Block, RankingSettings


@dataclass(frozen=True, slots=True)
class BlockRanks:
    """The places within one block; `block` is None for units that no block names.

    A place is None while a score is not complete, and for bodies that are scored and not ranked.
    """

    block: Block | None
    ranks: Mapping[str, Rank | None]


def block_of(criteria_set: CriteriaSet, unit: str, kind: str) -> Block | None:
    """Give the block of a unit: the one that names it, else the one that names its kind."""
    named = next((block for block in criteria_set.blocks if unit in block.units), None)
    return named or next((block for block in criteria_set.blocks if kind in block.kinds), None)


def rank_in_blocks(
    criteria_set: CriteriaSet, scores: Mapping[str, Score], kinds: Mapping[str, str] | None = None
) -> tuple[BlockRanks, ...]:
    """Place the units of each block among themselves; a set without blocks places all together.

    Args:
        scores: by unit id.
        kinds: kind of each unit; needed where blocks name kinds.

    Returns:
        the blocks in the order of the file, then the units of no block, who get no place.
    """
    if not criteria_set.blocks:
        return (BlockRanks(None, placed(criteria_set.ranking, scores)),)
    homes = {unit: block_of(criteria_set, unit, (kinds or {}).get(unit, "")) for unit in scores}
    made = []
    for block in (*criteria_set.blocks, None):
        mine = {unit: one for unit, one in scores.items() if homes[unit] is block}
        if block is not None or mine:
            is_placed = block is not None and block.ranked
            ranks = placed(criteria_set.ranking, mine) if is_placed else dict.fromkeys(mine)
            made.append(BlockRanks(block, ranks))
    return tuple(made)


def placed(settings: RankingSettings, scores: Mapping[str, Score]) -> dict[str, Rank | None]:
    """Place units by percent, equal ones by their percent in each node of the tie-break in turn."""
    return placed_by(settings, {unit: sorting_key(settings, one) for unit, one in scores.items()})


def placed_by(
    settings: RankingSettings, keys: Mapping[str, tuple[float, ...] | None]
) -> dict[str, Rank | None]:
    """Place units by keys, higher first; equal keys share a place, None has none."""
    order = sorted({key for key in keys.values() if key is not None})
    heights = {key: float(height) for height, key in enumerate(order)}
    values = {unit: None if key is None else heights[key] for unit, key in keys.items()}
    return rank(values, tie=settings.tie, places=settings.places)


def sorting_key(settings: RankingSettings, score: Score) -> tuple[float, ...] | None:
    """Give what a unit is compared by; an exempted or unknown tie-break counts as below every value."""
    if score.percent is None:
        return None
    found = [score.nodes.get(name) or score.parts.get(name) for name in settings.tie_break]
    breaks = [-1.0 if one is None or one.percent is None else one.percent for one in found]
    return tuple(round_half_up(value, settings.places) for value in (score.percent, *breaks))
