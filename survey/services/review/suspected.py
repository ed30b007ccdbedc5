"""Which responses of a snapshot are suspected, and which units are too disturbed to be ranked (K11, K12).

Being suspected leaves nothing out: the official index holds every counted response. Not the exclusion of
responses, which two persons decide (review/exclusions.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from survey.services.review.alarms import scope_of
from survey.services.review.plausibility import is_disturbed, thresholds
from survey.storage import freezing, oversight
from survey.storage.freezing import RoundIds
from survey.storage.known_responses import COUNTED, EXCLUDED, KnownResponses
from survey.storage.models import RoundRow
from survey.storage.snapshot_making import SnapshotInMaking
from survey.storage.snapshots import Snapshot

#: Bits of a row's mark: its circumstances carry a flag; it is under an alarm nobody explained away.
FLAG, ALARM = 1, 2
#: Flags that tell of the network, the clock or the plan, and nothing of whether a person answered.
INNOCENT = frozenset({"queued", "clock_wrong", "over_count", "from_quarantine"})


def mark_suspected(
    making: SnapshotInMaking, session: Session, round_: RoundRow, known: KnownResponses, ids: RoundIds
) -> Mapping[str, Any]:
    """Mark the suspected rows of a snapshot in a file beside its data, and give what its manifest says.

    A round by personal link has neither flags nor alarms.
    """
    alarmed = {
        one
        for alarm in oversight.standing_alarms(session, round_.id)
        for one in oversight.ids_in(session, round_.id, scope_of(alarm))
    }
    flagged = oversight.ids_with_flags(session, round_.id, besides=INNOCENT)
    marks = FLAG * _among(known, flagged) + ALARM * _among(known, alarmed)
    rows = marks[known.batch > 0].astype(np.uint8)
    told: dict[str, Any] = {
        "suspected": int(np.count_nonzero(rows)),
        "under_alarm": int(np.count_nonzero(rows & ALARM)),
        "disturbed_share": thresholds().disturbed_share,
        "disturbed": _disturbed(known, marks),
    }
    return {**told, "marks": making.write_marks(rows)} if told["suspected"] else told


def suspected_rows(snapshot: Snapshot) -> NDArray[np.bool_]:
    """Say which rows (rows,) of a snapshot are suspected.

    Raises:
        SnapshotUnreadable, SnapshotChanged.
    """
    return snapshot.marks() > 0


def disturbed_units(snapshot: Snapshot) -> frozenset[str]:
    """List the units that have no rank because too many of their responses are excluded or under alarm."""
    return frozenset(snapshot.manifest.get("integrity", {}).get("disturbed", ()))


def _among(known: KnownResponses, ids: Iterable[UUID]) -> NDArray[np.uint8]:
    found: NDArray[np.bool_] = pc.is_in(known.ids, value_set=freezing.ids_of_uuids(ids)).to_numpy()
    return found.astype(np.uint8)


def _disturbed(known: KnownResponses, marks: NDArray[np.uint8]) -> list[str]:
    counted, excluded = known.has_standing(COUNTED), known.has_standing(EXCLUDED)
    units = known.table.column("unit").cast(pa.string())
    received = _by_unit(units, counted | excluded)
    bad = _by_unit(units, excluded | (counted & ((marks & ALARM) > 0)))
    return sorted(unit for unit in received if is_disturbed(bad[unit], received[unit], thresholds()))


def _by_unit(units: pa.ChunkedArray, those: NDArray[np.bool_]) -> Counter[str]:
    return Counter(units.filter(pa.array(those)).to_pylist())
