"""Where each province stood in a year, from what was published; unknown stays unknown.

Not scores computed here (roll_up.py), nor the printed rows themselves (published.py). Regions come
from the caller: the units room keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.scoring.bands import band
from survey.scoring.errors import NoPublishedUnit, NoPublishedYear
from survey.scoring.kept import NO_BANDS, NO_REGION, NOT_PRINTED, Kept, fact, less
from survey.scoring.published import (
    ALL_UNITS,
    REGION,
    Confidence,
    Figure,
    Index,
    Known,
    facts,
    of_year,
    printed,
    years,
)
from survey.scoring.regions import Region, Regions
from survey.scoring.unit_standing import Standings, UnitStanding


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


def band_counts(index: Index, year: int) -> dict[str, Known[int]]:
    counts = {letter: fact(index, year, ALL_UNITS, f"band_{letter}") for letter in "ABCD"}
    return {letter: count for letter, count in counts.items() if isinstance(count, Known)}


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
