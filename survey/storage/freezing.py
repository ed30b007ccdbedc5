"""What a freeze asks of responses: which there are, by ids alone, and some of them whole.

Not responses as they come in (responses.py). Ids are random: their order tells nothing of arrival, and
none of these asks for the order of arrival.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.storage import exclusions
from survey.storage.known_responses import ID, ids_of_hex
from survey.storage.models import ResponseRow

_IDS_AT_ONCE = 20_000
#: Ids named in one statement.
_NAMED = 500


@dataclass(frozen=True, slots=True)
class RoundIds:
    """The ids of a round's responses at one moment.

    Attributes:
        every: all of them, in order, sixteen bytes each.
        current: those that no later response supersedes.
        excluded: those that two persons keep out now.
    """

    every: pa.Array
    current: pa.Array
    excluded: pa.Array

    @property
    def sha256(self) -> str:
        """Return one hash of all ids: responses are never changed, so it stands for all that was received."""
        return _sha256(self.every)

    @property
    def excluded_sha256(self) -> str | None:
        """Return one hash of the ids that are kept out; None where there is none."""
        return _sha256(self.excluded) if len(self.excluded) else None


def ids_of(session: Session, round_id: int) -> RoundIds:
    """Read the ids of a round from the indices alone, without its answers."""
    every = _ids(session, round_id, ResponseRow.response_id)
    superseded = _ids(session, round_id, ResponseRow.supersedes, ResponseRow.supersedes.is_not(None))
    current = every.filter(pc.invert(pc.is_in(every, value_set=superseded))) if len(superseded) else every
    return RoundIds(every, current, ids_of_uuids(exclusions.excluded_ids(session, round_id)))


def responses_of(session: Session, round_id: int, ids: pa.Array) -> Iterator[ResponseRow]:
    """Give some responses of a round in the order of their ids, in bounded memory."""
    for start in range(0, len(ids), _NAMED):
        named = [UUID(bytes=one) for one in ids.slice(start, _NAMED).to_pylist()]
        found = (
            select(ResponseRow)
            .where(ResponseRow.round_id == round_id, ResponseRow.response_id.in_(named))
            .order_by(ResponseRow.response_id)
        )
        yield from session.scalars(found)


def ids_of_uuids(ids: Iterable[UUID]) -> pa.Array:
    """Write ids as sixteen bytes each, in order."""
    return ids_of_hex("".join(sorted(one.hex for one in ids)))


def _sha256(ids: pa.Array) -> str:
    raw = ids.buffers()[1] if len(ids) else b""
    return hashlib.sha256(memoryview(raw)[: ID.byte_width * len(ids)]).hexdigest()


def _ids(
    session: Session,
    round_id: int,
    column: InstrumentedAttribute[Any],
    *conditions: ColumnElement[bool],
) -> pa.Array:
    # As text without hyphens on both databases: a million UUID objects would cost more than the query.
    digits = func.replace(cast(column, String), "-", "")
    asked = select(digits).where(ResponseRow.round_id == round_id, *conditions).order_by(column)
    # Asked of the connection, not of the session, which takes twice as long over plain columns.
    with session.connection().execute(asked, execution_options={"yield_per": _IDS_AT_ONCE}) as found:
        return pa.concat_arrays(
            [_NONE, *(ids_of_hex("".join(some)) for some in found.scalars().partitions())]
        )


_NONE = pa.array([], ID)
