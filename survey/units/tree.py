"""Looking units up: by id, by name on a day, upwards, downwards, and across mergers.

Every question about a name or a list takes the day it is asked for: an index of 2024 needs the
63 provinces. Not for reading or checking data: see `loading`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from survey.units.errors import AmbiguousUnitName, UnitNotFound, UnknownUnitId
from survey.units.names import bare, fold, split_kind
from survey.units.reading import UnitData
from survey.units.sorting import vietnamese_sort_key
from survey.units.unit import LEVELS, Kind, Level, Region, Succession, Unit


class UnitTree:
    """All units of all times, from data without problems; it never changes once made."""

    def __init__(self, data: UnitData) -> None:
        self.units = tuple(sorted((line.value for line in data.units), key=_alphabetical))
        self.version = data.sha256
        self._regions = tuple(line.value for line in data.regions)
        self._by_id = {unit.id: unit for unit in self.units}
        self._named: dict[str, dict[str, Unit]] = defaultdict(dict)
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._after: dict[str, list[Succession]] = defaultdict(list)
        self._before: dict[str, list[Succession]] = defaultdict(list)
        self._index_names(data)
        for unit in self.units:
            self._children[unit.parent_id or ""].append(unit)
        for link in (line.value for line in data.successions):
            self._after[link.from_id].append(link)
            self._before[link.to_id].append(link)

    def get(self, unit_id: str) -> Unit:
        """Give the unit of an id, whenever it stood.

        Raises:
            UnknownUnitId: no unit ever had it.
        """
        try:
            return self._by_id[unit_id]
        except KeyError:
            raise UnknownUnitId(id=unit_id) from None

    def find(
        self,
        name: str,
        *,
        as_of: date,
        kind: Kind | None = None,
        level: Level | None = None,
        within: str | None = None,
    ) -> Unit:
        """Give the unit that a name means on a day.

        Case, tone placement, hyphens and the prefixes Tỉnh, Thành phố, TP., Xã, Phường, Đặc khu are
        free. `kind` is exact (a province is not a city), `level` is the tier, `within` a parent's id.

        Raises:
            UnitNotFound: nothing of that name then; near names are listed.
            AmbiguousUnitName: several; say the level, the kind or the parent.
        """
        there = [
            unit
            for unit in self._meant_by(name, as_of)
            if kind in (None, unit.kind) and level in (None, unit.level) and within in (None, unit.parent_id)
        ]
        if not there:
            raise UnitNotFound(name=name, day=f"{as_of:%d/%m/%Y}", near=self._near(name, as_of, level))
        if len(there) > 1:
            found = "; ".join(unit.full_name for unit in there)
            raise AmbiguousUnitName(name=name, day=f"{as_of:%d/%m/%Y}", found=found)
        return there[0]

    def as_of(self, day: date, *, level: Level | None = None) -> tuple[Unit, ...]:
        """List the units that stand on a day, in Vietnamese alphabetical order."""
        return tuple(unit for unit in self.units if unit.is_valid(day) and level in (None, unit.level))

    def children(self, unit_id: str, as_of: date) -> tuple[Unit, ...]:
        """List what stands directly under a unit on a day, in Vietnamese alphabetical order."""
        return tuple(unit for unit in self._children[self.get(unit_id).id] if unit.is_valid(as_of))

    def ancestors(self, unit_id: str) -> tuple[Unit, ...]:
        """List the units above a unit, nearest first."""
        above: list[Unit] = []
        parent_id = self.get(unit_id).parent_id
        while parent_id is not None:
            above.append(self.get(parent_id))
            parent_id = above[-1].parent_id
        return tuple(above)

    def parents_first(self) -> tuple[Unit, ...]:
        """List every unit of all times, each after its parent, as a database with foreign keys needs."""
        return tuple(sorted(self.units, key=lambda unit: len(self.ancestors(unit.id))))

    def successors(self, unit_id: str) -> tuple[Succession, ...]:
        """List what a unit became directly, with the day and the act."""
        return tuple(self._after.get(self.get(unit_id).id, ()))

    def predecessors(self, unit_id: str) -> tuple[Succession, ...]:
        """List what directly became this unit, with the day and the act."""
        return tuple(self._before.get(self.get(unit_id).id, ()))

    def counterparts(self, unit_id: str, as_of: date) -> tuple[Unit, ...]:
        """Give what a unit is on another day: itself, what it became, or what it was made of.

        Đắk Nông of 2024 is Lâm Đồng on 01/07/2025; Lâm Đồng of 2025 is three provinces in 2024.
        Empty where the data does not reach that far.
        """
        unit = self.get(unit_id)
        if unit.is_valid(as_of):
            return (unit,)
        if as_of > unit.valid_from:
            next_ids = {link.to_id for link in self.successors(unit_id)}
        else:
            next_ids = {link.from_id for link in self.predecessors(unit_id)}
        found = {there for next_id in next_ids for there in self.counterparts(next_id, as_of)}
        return tuple(sorted(found, key=_alphabetical))

    def regions(self, as_of: date) -> tuple[Region, ...]:
        """List the regions confirmed for a day; none since 01/07/2025, where they are not known."""
        return tuple(
            region for region in self._regions if region.valid_from <= as_of <= (region.valid_to or date.max)
        )

    def _index_names(self, data: UnitData) -> None:
        for unit in self.units:
            self._named[fold(unit.name)][unit.id] = unit
        for alias in (line.value for line in data.aliases):
            self._named[fold(alias.name)][alias.unit_id] = self._by_id[alias.unit_id]

    def _meant_by(self, name: str, day: date) -> Iterable[Unit]:
        """Take a prefix as a hint: it fixes the level, and the kind where that still leaves a unit."""
        kinds, rest = split_kind(fold(name))
        units = [unit for unit in self._named.get(rest, {}).values() if unit.is_valid(day)]
        if not kinds:
            return units
        exact = [unit for unit in units if unit.kind in kinds]
        return exact or [unit for unit in units if unit.level == LEVELS[kinds[0]]]

    def _near(self, name: str, day: date, level: Level | None) -> str:
        names = {bare(unit.name): unit.name for unit in self.as_of(day, level=level)}
        wanted = bare(split_kind(fold(name))[1])
        near = get_close_matches(wanted, names, n=5, cutoff=0.6)
        return ", ".join(names[key] for key in near) or "–"


def _alphabetical(unit: Unit) -> tuple[str, date, str]:
    return vietnamese_sort_key(unit.name), unit.valid_from, unit.id
