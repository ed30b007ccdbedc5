"""What to call the units of a snapshot, also of one frozen where other units were known.

Not looking units up by name (survey.units) and not a round's own blocks (rounds.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from survey.units import KIND_NAMES, Unit, UnknownUnitId, load_units, vietnamese_sort_key


def unit_name(unit_id: str) -> str:
    """Give a unit's full name, or its id where it is not known here."""
    unit = known_unit(unit_id)
    return unit_id if unit is None else unit.full_name


def kind_name(unit_id: str) -> str:
    """Name a unit's kind in Vietnamese ("Phường"), "" where the unit is not known here."""
    unit = known_unit(unit_id)
    return "" if unit is None else KIND_NAMES[unit.kind]["vi"]


def said_kind(name: str, language: str) -> str:
    """Say a kind of unit, named in Vietnamese, in "vi" or "en"; any other name stays as it is."""
    kinds = {kind["vi"]: kind for kind in KIND_NAMES.values()}
    return kinds[name][language] if name in kinds else name


def alphabetical(unit_ids: Iterable[str]) -> list[str]:
    """Put units in Vietnamese alphabetical order of their names without the kind."""
    return sorted(unit_ids, key=lambda one: (vietnamese_sort_key(_bare(one)), one))


def known_unit(unit_id: str) -> Unit | None:
    """Give a unit, whenever it stood; None where no unit ever had the id."""
    try:
        return load_units().get(unit_id)
    except UnknownUnitId:
        return None


def _bare(unit_id: str) -> str:
    unit = known_unit(unit_id)
    return unit_id if unit is None else unit.name
