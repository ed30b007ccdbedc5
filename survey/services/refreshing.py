"""A refresh: which batches of the last snapshot stay, which are written again, which responses are new.

Not what stands in a row (snapshots.py) nor the files themselves (survey.storage). Only ids are asked of
the database, until a response is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from survey import __version__
from survey.questionnaires import Questionnaire
from survey.storage.batches import MOST_ROWS
from survey.storage.errors import SnapshotChanged, SnapshotUnreadable
from survey.storage.freezing import RoundIds
from survey.storage.known_responses import COUNTED, EXCLUDED, KnownResponses, read_known
from survey.storage.models import RoundRow
from survey.storage.snapshot_making import SnapshotInMaking
from survey.storage.snapshots import Snapshot, read_snapshot
from survey.storage.store import Store

#: More batches than these that are not full are poured together.
MOST_SMALL = 32
#: Why a freeze reads every response again.
WholeBecause = Literal["asked", "personal", "nothing_before", "damaged", "other_terms", "other_database"]


@dataclass(frozen=True, slots=True)
class Base:
    """The last snapshot, as far as it can be built on.

    Attributes:
        known: the responses it took account of.
        stays: (known,) those that are still there, superseded by none, and neither excluded nor
            taken in again since.
        fresh: ids of the responses that came since, or stand otherwise now, in order.
    """

    snapshot: Snapshot
    known: KnownResponses
    stays: NDArray[np.bool_]
    fresh: pa.Array


@dataclass(frozen=True, slots=True)
class Carried:
    """What a new snapshot took from the last one.

    Attributes:
        known: its responses, by their new batches.
        reused, rewritten: rows in batches shared, and in batches written again.
    """

    known: KnownResponses
    reused: int
    rewritten: int


def known_folder(store: Store) -> Path:
    """Say where known responses are kept: beside the snapshots, never in them."""
    return store.folder / "known"


def base_of(
    store: Store, round_: RoundRow, questionnaire: Questionnaire, ids: RoundIds, *, full: bool
) -> Base | WholeBecause:
    """Find what can be built on, or say why everything is read again."""
    if full:
        return "asked"
    if round_.entry == "personal":
        # A batch of their own would tell which few came between two freezes (docs/decisions/0008).
        return "personal"
    kept = read_known(known_folder(store), round_.code)
    if kept is None:
        return "nothing_before"
    code, known = kept
    try:
        snapshot = read_snapshot(store.snapshots / code)
    except (SnapshotChanged, SnapshotUnreadable):
        return "damaged"
    if not _same_terms(snapshot, round_, questionnaire):
        return "other_terms"
    if known.rows_by_batch() != [one.rows for one in snapshot.batches]:
        return "damaged"
    return _compared(snapshot, known, ids)


def carry_over(making: SnapshotInMaking, base: Base) -> Carried:
    """Share the batches that nothing happened to, and write the others again without what went away."""
    number, stays = base.known.batch, base.stays
    masks = [stays[number == place] for place in range(1, len(base.snapshot.batches) + 1)]
    new_numbers = np.zeros(len(masks) + 1, dtype=np.int32)
    reused = 0
    for group in _groups([int(mask.sum()) for mask in masks]):
        parts = [(base.snapshot.batches[at], masks[at]) for at in group]
        if len(parts) == 1 and parts[0][1].all():
            making.share(base.snapshot, parts[0][0])
            reused += parts[0][0].rows
        else:
            making.rewrite(base.snapshot, parts)
        new_numbers[[at + 1 for at in group]] = len(making.batches)
    return Carried(base.known.kept(stays, new_numbers), reused, making.rows - reused)


def _same_terms(snapshot: Snapshot, round_: RoundRow, questionnaire: Questionnaire) -> bool:
    """Say whether a row of the last snapshot would be written the same today."""
    manifest: Mapping[str, Any] = snapshot.manifest
    told = (
        manifest["questionnaire"]["sha256"],
        manifest["round"]["counted_grades"],
        manifest["code_version"],
    )
    return told == (questionnaire.sha256, round_.counted_grades, __version__)


def _compared(snapshot: Snapshot, known: KnownResponses, ids: RoundIds) -> Base | WholeBecause:
    stays = pc.is_in(known.ids, value_set=ids.current).to_numpy()
    gone = known.ids.filter(pa.array(~stays))
    if not pc.all(pc.is_in(gone, value_set=ids.every), min_count=0).as_py():
        return "other_database"
    stays &= ~_moved(known, ids)
    is_known = pc.is_in(ids.current, value_set=known.ids.filter(pa.array(stays)))
    return Base(snapshot, known, stays, ids.current.filter(pc.invert(is_known)))


def _moved(known: KnownResponses, ids: RoundIds) -> NDArray[np.bool_]:
    """Say which known responses were excluded since, or taken in again; they are read anew."""
    excluded: NDArray[np.bool_] = pc.is_in(known.ids, value_set=ids.excluded).to_numpy()
    return (known.has_standing(COUNTED) & excluded) | (known.has_standing(EXCLUDED) & ~excluded)


def _groups(rows: Sequence[int]) -> Iterator[list[int]]:
    """Put batches together: each alone, but small ones poured up to a full one when they are many.

    Batches of which nothing stays are in no group.
    """
    left = [at for at, count in enumerate(rows) if count]
    small = {at for at in left if rows[at] < MOST_ROWS // 2}
    pours = len(small) >= MOST_SMALL
    group: list[int] = []
    for at in left:
        if not pours or at not in small:
            yield [at]
        elif group and sum(rows[one] for one in group) + rows[at] > MOST_ROWS:
            yield group
            group = [at]
        else:
            group.append(at)
    if group:
        yield group
