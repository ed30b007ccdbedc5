"""What is asked of responses that two persons keep out of the index. Nothing here deletes.

Who may decide, and what an exclusion means, stand in services/review/exclusion_deeds.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select
from sqlalchemy.orm import Session

from survey.storage.models import ExclusionRow, ResponseRow, RoundRow


def one_at_a_time(session: Session, round_id: int) -> None:
    """Let one transaction at a time decide what a round leaves out; responses keep coming meanwhile."""
    session.execute(select(RoundRow.id).where(RoundRow.id == round_id).with_for_update(key_share=True))


def excluded_ids(session: Session, round_id: int) -> set[UUID]:
    """Give the ids of responses that two persons keep out now."""
    asked = select(ExclusionRow.response_id).where(
        ExclusionRow.id.in_(_newest(round_id)), ExclusionRow.excluded
    )
    return set(session.scalars(asked))


def excluded_by(session: Session, round_id: int) -> Mapping[UUID, set[int]]:
    """Give for each response that is out now the approvals that ever left it out."""
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    rows = session.execute(
        select(ExclusionRow.response_id, ExclusionRow.approval_id).where(
            ExclusionRow.round_id == round_id, ExclusionRow.excluded
        )
    )
    out = excluded_ids(session, round_id)
    for response_id, approval_id in rows:
        if response_id in out:
            found[response_id].add(approval_id)
    return found


def excluded_by_unit(session: Session, round_id: int) -> dict[str, int]:
    """Count the responses that two persons keep out now, by unit."""
    rows = session.execute(
        select(ResponseRow.unit_id, func.count())
        .join(
            ExclusionRow,
            and_(
                ExclusionRow.round_id == ResponseRow.round_id,
                ExclusionRow.response_id == ResponseRow.response_id,
            ),
        )
        .where(ExclusionRow.id.in_(_newest(round_id)), ExclusionRow.excluded)
        .group_by(ResponseRow.unit_id)
    )
    return {unit: count for unit, count in rows}


def add_exclusions(
    session: Session, round_id: int, ids: Iterable[UUID], *, approval_id: int, excluded: bool
) -> None:
    """Keep responses out of the index from now on, or take them in again."""
    rows = [
        {"round_id": round_id, "response_id": one, "approval_id": approval_id, "excluded": excluded}
        for one in sorted(ids)
    ]
    if rows:
        session.execute(insert(ExclusionRow), rows)


def _newest(round_id: int) -> Any:
    return (
        select(func.max(ExclusionRow.id))
        .where(ExclusionRow.round_id == round_id)
        .group_by(ExclusionRow.response_id)
    )
