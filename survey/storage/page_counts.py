"""What is asked of page counts: added to in one statement, summed by page; speeders counted beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, Text, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import PageCountRow, ParadataRow, ResponseRow

_PAGES = cast(Table, PageCountRow.__table__)
_MAKERS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _added(maker: Any) -> Any:
    statement = maker(_PAGES)
    return statement.on_conflict_do_update(
        index_elements=[_PAGES.c.round_id, _PAGES.c.channel, _PAGES.c.page, _PAGES.c.day],
        set_={name: _PAGES.c[name] + statement.excluded[name] for name in ("opened", "completed")},
    )


_ADD = {name: _added(maker) for name, maker in _MAKERS.items()}


@dataclass(frozen=True, slots=True)
class PageTotal:
    """How often one page was opened and completed by one channel."""

    channel: str
    page: str
    opened: int
    completed: int


def add_counts(session: Session, counts: Sequence[tuple[int, str, str, date, int, int]]) -> None:
    """Add (round, channel, page, day, opened, completed); in order, so that two writers never deadlock."""
    names = ("round_id", "channel", "page", "day", "opened", "completed")
    rows = [dict(zip(names, one, strict=True)) for one in sorted(counts)]
    session.execute(_ADD[session.get_bind().dialect.name], rows)


def totals_of(session: Session, round_id: int) -> tuple[PageTotal, ...]:
    """Sum the counts of a round over the days."""
    keys = (PageCountRow.channel, PageCountRow.page)
    rows = session.execute(
        select(*keys, func.sum(PageCountRow.opened), func.sum(PageCountRow.completed))
        .where(PageCountRow.round_id == round_id)
        .group_by(*keys)
        .order_by(*keys)
    )
    return tuple(PageTotal(channel, page, int(opened), int(done)) for channel, page, opened, done in rows)


def flagged_of(session: Session, round_id: int, channel: str, flag: str) -> tuple[int, int]:
    """Count a channel's responses with paradata, and those among them with a flag."""
    flags = as_type(ParadataRow.flags, Text)
    rows = session.execute(
        select(flags, func.count())
        .join(
            ResponseRow,
            (ResponseRow.round_id == ParadataRow.round_id)
            & (ResponseRow.response_id == ParadataRow.response_id),
        )
        .where(ParadataRow.round_id == round_id, ResponseRow.channel == channel)
        .group_by(flags)
    ).all()
    return sum(count for _, count in rows), sum(count for told, count in rows if f'"{flag}"' in (told or ""))
