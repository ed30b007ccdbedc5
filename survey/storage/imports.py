"""What is asked of imports: which files a round took, and which of a file's forms it holds already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from survey.storage.models import ImportRow, ParadataRow, ResponseRow, RoundRow

_PARADATA = insert(cast(Table, ParadataRow.__table__))
#: Both databases bound how many values one statement carries.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What tells whether a form is the same as one that is kept."""

    payload_sha256: str
    unit_id: str
    stratum: str
    psu: str
    base_weight: float


def kept_forms(session: Session, round_id: int, ids: Sequence[UUID]) -> dict[UUID, KeptForm]:
    """Find those of some forms that a round holds, whatever the channel they came by."""
    found: dict[UUID, KeptForm] = {}
    columns = (
        ResponseRow.payload_sha256,
        ResponseRow.unit_id,
        ResponseRow.stratum,
        ResponseRow.psu,
        ResponseRow.base_weight,
    )
    for start in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(ResponseRow.response_id, *columns).where(
                ResponseRow.round_id == round_id, ResponseRow.response_id.in_(ids[start : start + _AT_ONCE])
            )
        )
        found.update((row[0], KeptForm(*row[1:])) for row in rows)
    return found


def import_of(session: Session, round_id: int, file_sha256: str) -> ImportRow | None:
    """Find the import of a file, by its bytes."""
    return session.scalar(
        select(ImportRow).where(ImportRow.round_id == round_id, ImportRow.file_sha256 == file_sha256)
    )


def imports_of(session: Session, code: str) -> Sequence[ImportRow]:
    """List the files that a round took, the newest first."""
    return session.scalars(
        select(ImportRow)
        .join(RoundRow, RoundRow.id == ImportRow.round_id)
        .where(RoundRow.code == code)
        .order_by(ImportRow.id.desc())
    ).all()


def add_import(session: Session, row: ImportRow) -> int:
    """Add a file to those that a round took; give its number."""
    session.add(row)
    session.flush()
    return row.id


def add_paradata(session: Session, round_id: int, ids: Sequence[UUID], columns: Mapping[str, Any]) -> None:
    """Add the same circumstances to many responses in the transaction that adds them."""
    session.execute(_PARADATA, [{"round_id": round_id, "response_id": one, **columns} for one in ids])
