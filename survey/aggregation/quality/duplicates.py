"""Duplicates: responses that give all, or nearly all, of the same answers as another.

Not proof of a copy: few items, few levels or like-minded people match by chance (Simmons, Mercer,
Schwarzer & Kennedy 2016), so the rules ask for enough answers that are not all alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.aggregation.labels import BoolArray, FloatArray, IntArray
from survey.aggregation.quality.columns import LevelArray, commonest, level_codes, quotient
from survey.aggregation.quality.rules import Rules
from survey.aggregation.quality.verdicts import Verdict

#: Rows of one tile of the comparison, and cells of its largest array: what bounds the memory.
TILE_ROWS = 2_048
TILE_CELLS = 4_000_000

Marks = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matches:
    """Each response's nearest other of its group.

    Attributes:
        share: (rows,) largest share of the same answers; 0 where it was compared with none.
        partner: (rows,) row that has it, the first of several; -1 where none.
        compared: (rows,) whether there was another response to compare with.
    """

    share: FloatArray
    partner: IntArray
    compared: BoolArray


def comparable(matrix: FloatArray, rules: Rules) -> BoolArray:
    """Say which responses have enough answers, not nearly all alike, to be compared with others."""
    count = (~np.isnan(matrix)).sum(axis=1)
    enough = count >= rules.duplicate_items
    return np.asarray(enough & (commonest(matrix) <= rules.uniform_share * count + 1e-9), dtype=np.bool_)


def duplicates(
    matrix: FloatArray, groupings: Mapping[str, IntArray], rules: Rules
) -> tuple[dict[str, Verdict], Matches]:
    """Find exact duplicates over all rows, and near duplicates within each group of each grouping."""
    codes, able = level_codes(matrix), comparable(matrix, rules)
    common = rules.chosen("duplicate_items", "uniform_share")
    verdicts = {"exact_duplicate": Verdict(common, able, exact_duplicates(codes, able))}
    found = no_matches(able.size)
    for grouping in groupings.values():
        found = nearest(codes, np.where(able, grouping, -1), rules.duplicate_items, found)
    if groupings:
        near = found.compared & (found.share >= rules.match_share - 1e-9)
        verdicts["near_duplicate"] = Verdict(rules.chosen("match_share") + common, found.compared, near)
    return verdicts, found


def exact_duplicates(codes: LevelArray, able: BoolArray) -> BoolArray:
    """Say which able rows give every answer as another able row does, by hashing whole rows."""
    rows = np.flatnonzero(able)
    first: dict[bytes, int] = {}
    place = np.fromiter(
        (first.setdefault(codes[row].tobytes(), len(first)) for row in rows), np.intp, rows.size
    )
    flagged = np.zeros(able.size, dtype=np.bool_)
    flagged[rows] = np.bincount(place, minlength=1)[place] > 1
    return flagged


def no_matches(rows: int) -> Matches:
    """Return the matches of nobody with anybody."""
    return Matches(np.zeros(rows), np.full(rows, -1, dtype=np.intp), np.zeros(rows, dtype=np.bool_))


def nearest(codes: LevelArray, group: IntArray, items: int, before: Matches) -> Matches:
    """Find each row's nearest other of its group, or keep the one found before if nearer.

    The share is the same answers over the items that either answered (percent match, Kuriakose &
    Robbins 2016); a missing answer matches nothing. Pairs with fewer than `items` such items do not
    count. All pairs of a group are compared, tile by tile; group -1 is compared with none.
    """
    share, partner, compared = before.share.copy(), before.partner.copy(), before.compared.copy()
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if rows.size > 1:
            best, other = nearest_in_group(codes[rows], items)
            closer = best > share[rows]
            share[rows[closer]], partner[rows[closer]] = best[closer], rows[other[closer]]
            compared[rows] = True
    return Matches(share, partner, compared)


def nearest_in_group(codes: LevelArray, items: int) -> tuple[FloatArray, IntArray]:
    """Return the largest share (rows,) of the same answers with another row, and that row's place."""
    levels, width = _repeated(codes)
    answered = codes >= 0
    step = max(1, min(TILE_ROWS, TILE_CELLS // max(width, codes.shape[1], 1)))
    tiles = [slice(start, min(start + step, len(codes))) for start in range(0, len(codes), step)]
    best, other = np.zeros(len(codes)), np.full(len(codes), -1, dtype=np.intp)
    for at, left in enumerate(tiles):
        ours = _marks(levels[left], width), answered[left].astype(np.float32)
        for right in tiles[at:]:
            theirs = (
                ours if right == left else (_marks(levels[right], width), answered[right].astype(np.float32))
            )
            shares = _shares(ours, theirs, items)
            if right == left:
                np.fill_diagonal(shares, 0.0)
            else:
                _keep(best, other, right, left, shares.T)
            _keep(best, other, left, right, shares)
    return _exact_share(codes, other), other


def _exact_share(codes: LevelArray, other: IntArray) -> FloatArray:
    """Count the share with the nearest once more, in whole numbers."""
    theirs = codes[other]
    same = ((codes == theirs) & (codes >= 0)).sum(axis=1)
    either = ((codes >= 0) | (theirs >= 0)).sum(axis=1)
    return np.where(other >= 0, np.nan_to_num(quotient(same, either)), 0.0)


def _repeated(codes: LevelArray) -> tuple[IntArray, int]:
    """Renumber the levels that two rows or more give, -1 for the others: these can match nothing."""
    levels, place, count = np.unique(codes, return_inverse=True, return_counts=True)
    kept = (count > 1) & (levels >= 0)
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
    return renumbered[place].reshape(codes.shape), int(kept.sum())


def _marks(levels: IntArray, width: int) -> Marks:
    """Mark each row's levels (rows, width) with ones, so that a product counts the same answers."""
    marks = np.zeros((len(levels), width), dtype=np.float32)
    row, item = np.nonzero(levels >= 0)
    marks[row, levels[row, item]] = 1.0
    return marks


def _shares(ours: tuple[Marks, Marks], theirs: tuple[Marks, Marks], items: int) -> Marks:
    """Return the share of the same answers (our rows, their rows); 0 below `items` compared."""
    same = ours[0] @ theirs[0].T
    compared = ours[1] @ theirs[1].T
    np.subtract(ours[1].sum(axis=1)[:, None] + theirs[1].sum(axis=1)[None, :], compared, out=compared)
    same[compared < items] = 0.0
    np.divide(same, np.maximum(compared, 1.0, out=compared), out=same)
    return same


def _keep(best: FloatArray, other: IntArray, rows: slice, columns: slice, shares: Marks) -> None:
    """Keep each row's largest share of a tile where it is larger than what it had."""
    place = shares.argmax(axis=1)
    largest = shares[np.arange(len(shares)), place].astype(np.float64)
    closer = largest > best[rows]
    best[rows] = np.where(closer, largest, best[rows])
    other[rows] = np.where(closer, place + columns.start, other[rows])
