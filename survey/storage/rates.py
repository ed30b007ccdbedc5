"""How often something was done by one key in a while: one upsert a deed, in the deed's own transaction.

Keys are words such as `device:<hex id>`, never an address. Not the rules of what is too often: services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import RateCountRow

#: Begins a key that is counted by the day and stays for as long as what it is about.
LASTING = "lasting:"
_RATE = cast(Table, RateCountRow.__table__)
_MAKERS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _counted(maker: Any) -> Any:
    statement = maker(_RATE)
    return statement.on_conflict_do_update(
        index_elements=[_RATE.c.key, _RATE.c.minute],
        set_={"count": _RATE.c.count + 1, "last_at": statement.excluded.last_at},
    )


# To the table and made once: it is asked with every answer of a kiosk.
_PACE = select(func.coalesce(func.sum(_RATE.c.count), 0), func.max(_RATE.c.last_at)).where(
    _RATE.c.key == bindparam("key"),
    _RATE.c.minute > bindparam("since"),
    _RATE.c.minute <= bindparam("until"),
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many deeds a key had in a span of minutes, and the last moment among them, if it is known."""

    count: int
    last_at: datetime | None


_COUNT = {name: _counted(maker) for name, maker in _MAKERS.items()}


def minute_of(moment: datetime) -> datetime:
    """Give the minute that a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def count(session: Session, key: str, minute: datetime, *, last_at: datetime | None = None) -> None:
    """Count one more deed of a key.

    Args:
        minute: any moment of it.
        last_at: the exact moment, only where a cool-down needs it; `blank_moments` forgets it.
    """
    values = {"key": key, "minute": minute_of(minute), "count": 1, "last_at": last_at}
    session.execute(_COUNT[session.get_bind().dialect.name], values)


def counted_since(session: Session, key: str, since: datetime, until: datetime | None = None) -> int:
    """Give how many deeds of a key were counted since a moment's minute (and before another's)."""
    asked = select(func.coalesce(func.sum(RateCountRow.count), 0)).where(
        RateCountRow.key == key, RateCountRow.minute >= minute_of(since)
    )
    if until is not None:
        asked = asked.where(RateCountRow.minute < minute_of(until))
    return session.scalar(asked) or 0


def pace_of(session: Session, key: str, since: datetime, until: datetime) -> Pace:
    """Give the pace of a key after a moment's minute and up to another's."""
    row = session.execute(_PACE, {"key": key, "since": minute_of(since), "until": minute_of(until)}).one()
    return Pace(*row)


def counts_like(session: Session, prefix: str, since: datetime) -> list[tuple[str, datetime, int]]:
    """List (key, minute, count) of every key that begins with a prefix, since a moment."""
    rows = session.execute(
        select(RateCountRow.key, RateCountRow.minute, RateCountRow.count)
        .where(RateCountRow.key.startswith(prefix, autoescape=True), RateCountRow.minute >= minute_of(since))
        .order_by(RateCountRow.key, RateCountRow.minute)
    )
    return [(key, minute, number) for key, minute, number in rows]


def blank_moments(session: Session, key: str, before: datetime) -> None:
    """Forget the exact moments of a key up to a moment; its counts stay."""
    session.execute(
        update(RateCountRow)
        .where(RateCountRow.key == key, RateCountRow.last_at <= before)
        .values(last_at=None)
    )


def total_of(session: Session, key: str) -> int:
    """Give how often a key was counted, ever."""
    return session.scalar(select(func.sum(RateCountRow.count)).where(RateCountRow.key == key)) or 0


def drop_counts_before(session: Session, moment: datetime) -> int:
    """Delete counts of minutes before a moment; give how many. Lasting counts stay: they are of days."""
    old = delete(RateCountRow).where(
        RateCountRow.minute < minute_of(moment), ~RateCountRow.key.startswith(LASTING, autoescape=True)
    )
    return len(session.scalars(old.returning(RateCountRow.key)).all())
