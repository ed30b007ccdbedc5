"""What is asked of slips: batches with their codes' hashes, a code's batch, which responses came by slip."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from survey.storage.models import ResponseRow, RoundRow, SlipBatchRow, SlipCodeRow

_ADD_CODE = insert(cast(Table, SlipCodeRow.__table__))
#: Parameters of one statement, far below what either database takes.
_AT_ONCE = 500


def add_batch(session: Session, row: SlipBatchRow, hashes: Sequence[str]) -> int:
    """Add a batch with the hashes of its codes; give its number."""
    session.add(row)
    session.flush()
    session.execute(_ADD_CODE, [{"code_hash": one, "batch_id": row.id} for one in hashes])
    return row.id


def taken(session: Session, hashes: Sequence[str]) -> set[str]:
    """Give those hashes that are kept already."""
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        found.update(session.scalars(select(SlipCodeRow.code_hash).where(SlipCodeRow.code_hash.in_(some))))
    return found


def batch_of_code(session: Session, code_hash: str) -> tuple[SlipBatchRow, RoundRow] | None:
    """Find the batch and the round of a code."""
    row = session.execute(
        select(SlipBatchRow, RoundRow)
        .join(SlipCodeRow, SlipCodeRow.batch_id == SlipBatchRow.id)
        .join(RoundRow, RoundRow.id == SlipBatchRow.round_id)
        .where(SlipCodeRow.code_hash == code_hash)
    ).first()
    return (row[0], row[1]) if row else None


def batches_of(session: Session, round_id: int) -> Sequence[SlipBatchRow]:
    """List the batches of a round, the newest first."""
    return session.scalars(
        select(SlipBatchRow).where(SlipBatchRow.round_id == round_id).order_by(SlipBatchRow.id.desc())
    ).all()


def codes_of(session: Session, round_id: int) -> Iterable[tuple[int, str]]:
    """Give (batch, hash) of every code of a round."""
    rows = session.execute(
        select(SlipCodeRow.batch_id, SlipCodeRow.code_hash)
        .join(SlipBatchRow, SlipBatchRow.id == SlipCodeRow.batch_id)
        .where(SlipBatchRow.round_id == round_id)
        .execution_options(yield_per=5_000)
    )
    return ((batch, code_hash) for batch, code_hash in rows)


def answered_by_phone(session: Session, round_id: int, evidence: str) -> Collection[UUID]:
    """Give the ids of a round's responses that came by phone under a grade of evidence."""
    return set(
        session.scalars(
            select(ResponseRow.response_id).where(
                ResponseRow.round_id == round_id,
                ResponseRow.channel == "phone",
                ResponseRow.evidence == evidence,
            )
        )
    )
