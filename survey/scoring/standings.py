"""Where each province stood in a year, from what was published; unknown stays unknown.

Not scores computed here (roll_up.py), nor the printed rows themselves (published.py). Regions come
from the caller: the units room keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from survey.rounding import round_half_up
from survey.scoring.bands import band
from survey.scoring.errors import NoPublishedUnit, NoPublishedYear
from survey.scoring.published import (
    ALL_UNITS,
    REGION,
    Confidence,
    Figure,
    Index,
    Known,
    Printed,
    Unknown,
    facts,
    of_year,
    printed,
    years,
)
from survey.scoring.ranking import rank

T = TypeVar("T", int, float)
Regions = Mapping[str, str]

NOT_PRINTED = Unknown(
    {"vi": "Không tìm thấy trong nguồn đã công bố.", "en": "Not found in what was published."}
)
NO_YEAR_BEFORE = Unknown(
    {
        "vi": "Không tìm thấy giá trị năm trước để so sánh.",
        "en": "The value of the year before was not found.",
    }
)
NO_BANDS = Unknown({"vi": "Chỉ số này không chia nhóm.", "en": "This index has no bands."})
NO_REGION = Unknown({"vi": "Chưa cho biết vùng của tỉnh.", "en": "The region of the province was not given."})
NOT_ALL_VALUES = Unknown(
    {
        "vi": "Chưa biết giá trị của mọi tỉnh trong vùng nên không suy ra được thứ hạng.",
        "en": "Not every value of the region is known, so the place cannot be derived.",
    }
)


@dataclass(frozen=True, slots=True)
class Leader:
    """The first unit of a region, and its value as published."""

    unit: str
    value: Figure[float]


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """Where one unit stood; every figure is Known, with its source, or Unknown, with the reason.

    Attributes:
        value: the index in percent.
        band: letter of the published group.
        rank, of: the place, and among how many.
        value_before, rank_before: of the year before.
        change_points: percentage points against the year before; positive is up.
        change_places: places against the year before; positive is up.
        region_rank, region_of: place within the region, and among how many.
        region_first: the first unit of the region.
        survey_rank, survey_change_places: of the leaders' and delegates' survey block.
    """

    unit: str
    year: int
    index: str
    value: Figure[float]
    band: Figure[str]
    rank: Figure[int]
    of: Figure[int]
    value_before: Figure[float]
    rank_before: Figure[int]
    change_points: Figure[float]
    change_places: Figure[int]
    region: Figure[str]
    region_rank: Figure[int]
    region_of: Figure[int]
    region_first: Figure[Leader]
    survey_rank: Figure[int]
    survey_change_places: Figure[int]


@dataclass(frozen=True, slots=True)
class Standings:
    """The standings of a year, as far as published.

    Attributes:
        units: those with anything published, in order of place (see `in_order`).
        known_values: how many of `of` have a published or derived value.
        mean: the national mean; region_means by the region's name.
        band_counts: units in each published group.
    """

    year: int
    index: str
    units: tuple[UnitStanding, ...]
    of: Figure[int]
    known_values: int
    mean: Figure[float]
    region_means: Mapping[str, Known[float]]
    band_counts: Mapping[str, Known[int]]


def standings(year: int, index: Index = "par", regions: Regions | None = None) -> Standings:
    """Give the standings of one year.

    Raises:
        NoPublishedYear: nothing of that year was found.
    """
    rows = of_year(index, year)
    if not rows:
        raise NoPublishedYear(index=index.upper(), year=year)
    names = [row.unit for row in rows if not row.is_mean]
    units = [standing_of(name, year, index, regions) for name in names]
    means = {row.unit: row.value for row in rows if row.is_mean and row.value}
    return Standings(
        year=year,
        index=index,
        units=in_order(units),
        of=fact(index, year, ALL_UNITS, "units_ranked"),
        known_values=sum(isinstance(unit.value, Known) for unit in units),
        mean=means.get(ALL_UNITS, NOT_PRINTED),
        region_means={
            name.removeprefix(REGION): mean for name, mean in means.items() if name.startswith(REGION)
        },
        band_counts=band_counts(index, year),
    )


def in_order(units: Sequence[UnitStanding]) -> tuple[UnitStanding, ...]:
    """Sort by place; a unit with a value and no printed place stands below those it lies below."""
    placed = [
        (unit.value.value, unit.rank.value)
        for unit in units
        if isinstance(unit.value, Known) and isinstance(unit.rank, Known)
    ]

    def key(unit: UnitStanding) -> tuple[float, float, str]:
        value = unit.value.value if isinstance(unit.value, Known) else float("-inf")
        if isinstance(unit.rank, Known):
            return unit.rank.value, -value, unit.unit
        above = [place for other, place in placed if other >= value]
        is_valued = isinstance(unit.value, Known)
        return max(above, default=0) + 0.5 if is_valued else float("inf"), -value, unit.unit

    return tuple(sorted(units, key=key))


def standing_of(unit: str, year: int, index: Index = "par", regions: Regions | None = None) -> UnitStanding:
    """Give one unit's standing in one year, unknown figures included.

    Raises:
        NoPublishedYear: nothing of that year was found.
        NoPublishedUnit: neither the published results nor `regions` know the unit.
    """
    refuse_unheard_of(unit, year, index, regions or {})
    now, before = Kept.find(index, year, unit), Kept.find(index, year - 1, unit)
    region = Region(index, year, regions or {}, (regions or {}).get(unit))
    return UnitStanding(
        unit=unit,
        year=year,
        index=index,
        value=now.value,
        band=band_of(now, index),
        rank=now.rank,
        of=now.fact("units_ranked", ALL_UNITS),
        value_before=before.value,
        rank_before=before.rank,
        change_points=change_points(now, before),
        change_places=change_places(now, "change_places", now.rank, before.rank),
        region=NO_REGION
        if region.name is None
        else Known(region.name, "danh mục đơn vị (survey.units)", "seen"),
        region_rank=region.rank_of(unit),
        region_of=region.of(),
        region_first=region.first(),
        survey_rank=now.fact("survey_rank"),
        survey_change_places=change_places(
            now, "survey_change_places", now.fact("survey_rank"), before.fact("survey_rank")
        ),
    )


def refuse_unheard_of(unit: str, year: int, index: Index, regions: Regions) -> None:
    if year not in years(index):
        raise NoPublishedYear(index=index.upper(), year=year)
    is_heard_of = unit in regions or any(row.unit == unit for row in printed(index))
    if unit.startswith("#") or not is_heard_of:
        raise NoPublishedUnit(index=index.upper(), unit=unit)


def fact(index: Index, year: int, unit: str, name: str) -> Figure[int]:
    """Give a published fact as a whole number."""
    found = facts(index).get((year, unit, name))
    return (
        NOT_PRINTED if found is None else Known(int(found.value), found.source, found.confidence, found.note)
    )


def band_counts(index: Index, year: int) -> dict[str, Known[int]]:
    counts = {letter: fact(index, year, ALL_UNITS, f"band_{letter}") for letter in "ABCD"}
    return {letter: count for letter, count in counts.items() if isinstance(count, Known)}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one unit in one year."""

    index: Index
    year: int
    unit: str
    row: Printed | None

    @classmethod
    def find(cls, index: Index, year: int, unit: str) -> Kept:
        return cls(index, year, unit, next((r for r in of_year(index, year) if r.unit == unit), None))

    @property
    def value(self) -> Figure[float]:
        return (self.row and self.row.value) or NOT_PRINTED

    @property
    def rank(self) -> Figure[int]:
        return (self.row and self.row.rank) or NOT_PRINTED

    def fact(self, name: str, unit: str | None = None) -> Figure[int]:
        return fact(self.index, self.year, unit or self.unit, name)


def band_of(now: Kept, index: Index) -> Figure[str]:
    """Take the band from the value; without one, as the collected table has it."""
    if index != "par":
        return NO_BANDS
    if isinstance(now.value, Known):
        found = band(now.value.value)
        assert found is not None  # the thresholds of the A, B, C scale are known
        sure: Confidence = "unverified" if found.confidence == "unverified" else "inferred"
        return Known(found.id, now.value.source, sure, "value placed in the published thresholds")
    return (now.row and now.row.band) or NOT_PRINTED


def change_points(now: Kept, before: Kept) -> Figure[float]:
    """Take the printed change, or the difference of the two values, marked as inferred."""
    found = facts(now.index).get((now.year, now.unit, "change_points"))
    return found or less(now.value, before.value)


def change_places(now: Kept, name: str, place: Figure[int], place_before: Figure[int]) -> Figure[int]:
    """Take the printed change, or the difference of the two places; up is positive."""
    found = now.fact(name)
    return found if isinstance(found, Known) else less(place_before, place)


def less(figure: Figure[T], other: Figure[T]) -> Figure[T]:
    """Subtract one figure from another, marked as inferred."""
    if not isinstance(figure, Known) or not isinstance(other, Known):
        return NO_YEAR_BEFORE
    gap = figure.value - other.value
    source = join(figure.source, other.source)
    return Known(type(gap)(round_half_up(gap, 2)), source, "inferred", f"{figure.value:g} - {other.value:g}")


def join(one: str, other: str) -> str:
    return one if one == other else f"{one} ; {other}"


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
