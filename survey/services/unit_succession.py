"""The units of an earlier round as the units of a later one: renamed, merged, gone.

Not the register itself (survey.units). A unit is carried over only where that makes one area of both rounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from survey.services.unit_names import known_unit
from survey.units import load_units


@dataclass(frozen=True, slots=True)
class UnitLinks:
    """How the units of two rounds go together.

    Attributes:
        links: old unit → the one unit it became, where that is another unit.
        split: earlier units that became several, or none that is known: they have no change.
        partial: later units of which the earlier round judged only some parts: no change either.
    """

    links: Mapping[str, str]
    split: tuple[str, ...]
    partial: tuple[str, ...]

    @property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Give each later unit that others became, with those."""
        made: dict[str, tuple[str, ...]] = {}
        for old, new in self.links.items():
            made[new] = (*made.get(new, ()), old)
        return made


def unit_links(units: Collection[str], *, earlier: date, later: date) -> UnitLinks:
    """Find what the units of an earlier round are on a later day.

    Args:
        units: ids in the earlier round; one that is not known here stays as it is.
        earlier, later: days of the two rounds.
    """
    tree = load_units()
    links: dict[str, str] = {}
    split: list[str] = []
    for unit in units:
        if known_unit(unit) is None:
            continue
        became = tree.counterparts(unit, later)
        if len(became) != 1:
            split.append(unit)
        elif became[0].id != unit:
            links[unit] = became[0].id
    partial = [
        new
        for new in dict.fromkeys(links.values())
        if not {part.id for part in tree.counterparts(new, earlier)} <= set(units)
    ]
    return UnitLinks(links, tuple(split), tuple(partial))
