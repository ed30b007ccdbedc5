"""Published standings of provinces: the scoring room's figures with the units room's regions."""

from __future__ import annotations

from datetime import date

from survey.scoring import Standings, UnitStanding, standing_of, standings
from survey.units import load_units


def regions_in(year: int) -> dict[str, str]:
    """Give the region of each province as it stood at the end of a year, where it is confirmed."""
    day = date(year, 12, 31)
    return {
        unit.name: unit.region
        for unit in load_units().as_of(day, level="province")
        if unit.region is not None
    }


def published_standings(year: int) -> Standings:
    """Give what was published of a year.

    Raises:
        NoPublishedYear: nothing of it was found.
    """
    return standings(year, "par", regions_in(year))


def published_standing(name: str, year: int) -> UnitStanding:
    """Give one province's standing, its name written in any usual way.

    Raises:
        NoPublishedYear, NoPublishedUnit, UnitNotFound.
    """
    unit = load_units().find(name, as_of=date(year, 12, 31), level="province")
    return standing_of(unit.name, year, "par", regions_in(year))
