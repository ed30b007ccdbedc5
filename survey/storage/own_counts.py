"""What a judged unit's own view asks: how many responses came on each day, by way and answers.

Rows are counted as they were received, so that no later deed changes a past day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, and_, func, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session, joinedload

from survey.storage.models import ResponseRow, RoundRow, RoundUnitRow


@dataclass(frozen=True, slots=True)
class DayCount:
    """Complete responses with the same answers that came on one day by one way."""

    day: date
    channel: str
    answers: Mapping[str, Any]
    count: int


def rounds_judging(session: Session, unit_id: str) -> Sequence[RoundRow]:
    """List the rounds at counters and by open address that judge a unit, the newest first."""
    return session.scalars(
        select(RoundRow)
        .join(RoundUnitRow, RoundUnitRow.round_id == RoundRow.id)
        .where(RoundUnitRow.unit_id == unit_id, RoundRow.entry != "personal", RoundRow.status != "draft")
        .options(joinedload(RoundRow.questionnaire))
        .order_by(RoundRow.year.desc(), RoundRow.id.desc())
    ).all()


def day_counts(session: Session, round_id: int, unit_id: str, *, until: date) -> list[DayCount]:
    """Count what came by enrolled kiosks (grade B) and by slips (grade A by phone), up to a day."""
    keys = (ResponseRow.day_received, ResponseRow.channel)
    rows = session.execute(
        select(*keys, func.min(as_type(ResponseRow.answers, String)), func.count())
        .where(
            ResponseRow.round_id == round_id,
            ResponseRow.unit_id == unit_id,
            ResponseRow.day_received <= until,
            ResponseRow.status == "complete",
            ResponseRow.supersedes.is_(None),
            or_(
                and_(ResponseRow.channel == "kiosk", ResponseRow.evidence == "B"),
                and_(ResponseRow.channel == "phone", ResponseRow.evidence == "A"),
            ),
        )
        .group_by(*keys, ResponseRow.payload_sha256)
    )
    return [DayCount(day, channel, json.loads(answers), count) for day, channel, answers, count in rows]
