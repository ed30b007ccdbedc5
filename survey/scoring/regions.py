"""The place of a unit within its region: by all the values, else as printed, else unknown.

Not which unit lies in which region: the caller says, from the units room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.scoring.kept import NO_REGION, NOT_ALL_VALUES, Kept, fact
from survey.scoring.published import Figure, Index, Known
from survey.scoring.ranking import rank
from survey.scoring.unit_standing import Leader

#: Region by the name of the unit.
Regions = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Region:
    """The units of one region in one year; `name` is None where the caller did not give it."""

    index: Index
    year: int
    regions: Regions
    name: str | None

    def members(self) -> Sequence[str]:
        return [unit for unit, name in self.regions.items() if name == self.name]

    def values(self) -> dict[str, Figure[float]]:
        return {unit: Kept.find(self.index, self.year, unit).value for unit in self.members()}

    def of(self) -> Figure[int]:
        if self.name is None:
            return NO_REGION
        return Known(len(self.members()), "danh mục đơn vị (survey.units)", "seen")

    def rank_of(self, unit: str) -> Figure[int]:
        """Rank by the values when all of the region are known; else take the printed place."""
        stated = fact(self.index, self.year, unit, "region_rank")
        ranks = {} if self.name is None else self.ranks()
        if unit in ranks:
            return ranks[unit]
        if isinstance(stated, Known):
            return stated
        return NO_REGION if self.name is None else NOT_ALL_VALUES

    def ranks(self) -> dict[str, Known[int]]:
        values = self.values()
        known = {unit: value.value for unit, value in values.items() if isinstance(value, Known)}
        if len(known) < len(values):
            return {}
        places = rank(known)
        return {
            unit: Known(place.place, "published values of the region", "inferred", f"of {place.of}")
            for unit, place in places.items()
            if place
        }

    def first(self) -> Figure[Leader]:
        """Find the first of the region, by the printed places or by all its values."""
        if self.name is None:
            return NO_REGION
        values = self.values()
        for unit in self.members():
            place = self.rank_of(unit)
            if isinstance(place, Known) and place.value == 1:
                return Known(Leader(unit, values[unit]), place.source, place.confidence, place.note)
        return NOT_ALL_VALUES
