"""Records that could not be kept as responses: raw and once each. Not what a person decides about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import DeviceRow, QuarantinedRow, RoundRow

_TABLE = cast(Table, QuarantinedRow.__table__)
_KEEP = {
    name: maker(_TABLE).on_conflict_do_nothing(index_elements=[_TABLE.c.raw_sha256]).returning(_TABLE.c.id)
    for name, maker in cast(
        Mapping[str, Any], {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    ).items()
}


def keep_raw(session: Session, values: Mapping[str, Any]) -> bool:
    """Keep a raw record and say whether it is new; the same bytes again change nothing."""
    adding = _KEEP[session.get_bind().dialect.name]
    return session.scalar(adding, {"status": "waiting", **values}) is not None


def waiting_records(
    session: Session, round_code: str, units: Collection[str], *, start: int, most: int
) -> Sequence[QuarantinedRow]:
    """List what waits for a round, and what waits for no known round but came from a device of some units."""
    asked = select(QuarantinedRow).where(_waits(round_code, units)).order_by(QuarantinedRow.id)
    return session.scalars(asked.offset(start).limit(most)).all()


def waiting_count(session: Session, round_code: str, units: Collection[str]) -> int:
    """Count what `waiting_records` lists."""
    asked = select(func.count()).select_from(QuarantinedRow).where(_waits(round_code, units))
    return session.scalar(asked) or 0


def record_for(
    session: Session, record_id: int, round_code: str, units: Collection[str]
) -> QuarantinedRow | None:
    """Find a record that a round or some units may decide about, and keep others from deciding it."""
    within = _within(round_code, units)
    return session.scalar(
        select(QuarantinedRow).where(QuarantinedRow.id == record_id, within).with_for_update()
    )


def _waits(round_code: str, units: Collection[str]) -> ColumnElement[bool]:
    return and_(QuarantinedRow.status == "waiting", _within(round_code, units))


def _within(round_code: str, units: Collection[str]) -> ColumnElement[bool]:
    unknown = or_(
        QuarantinedRow.round_code.is_(None),
        ~exists().where(RoundRow.code == QuarantinedRow.round_code),
    )
    ours = exists().where(DeviceRow.id == QuarantinedRow.device_id, DeviceRow.unit_id.in_(units))
    return or_(QuarantinedRow.round_code == round_code, and_(unknown, ours))
