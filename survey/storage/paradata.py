"""What is asked of paradata: added with its response, counted by device and by who collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from survey.storage.models import ParadataRow

# To the table, not through the mapper: it is written with every counter response.
_ADD = insert(cast(Table, ParadataRow.__table__))


def add_paradata(session: Session, round_id: int, response_id: UUID, columns: Mapping[str, Any]) -> None:
    """Add the circumstances of a response in the transaction that adds the response."""
    session.execute(_ADD, {"round_id": round_id, "response_id": response_id, **columns})
