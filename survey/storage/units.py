"""Copying the reference units into the database, and asking for them there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.models import UnitRow
from survey.units import UnitTree, vietnamese_sort_key


def load_units_into(session: Session, tree: UnitTree) -> int:
    """Write every unit of the reference data, parents first; rows there already are brought up to date.

    Returns:
        how many units the tree has.
    """
    for unit in tree.parents_first():
        session.merge(
            UnitRow(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                sort_key=vietnamese_sort_key(unit.name),
                valid_from=unit.valid_from,
                parent_id=unit.parent_id,
                region=unit.region,
                valid_to=unit.valid_to,
            )
        )
        session.flush()
    return len(tree.units)


def units_named(session: Session, ids: Collection[str]) -> Sequence[UnitRow]:
    """Give the units of some ids in Vietnamese alphabetical order."""
    return session.scalars(select(UnitRow).where(UnitRow.id.in_(ids)).order_by(UnitRow.sort_key)).all()


def unit_of(session: Session, unit_id: str) -> UnitRow | None:
    return session.get(UnitRow, unit_id)
