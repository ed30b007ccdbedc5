"""What a standing is: one unit's place in a year, figure by figure, and those of a whole year.

Not how it is put together (standings.py). Every figure is Known, with its source, or Unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.scoring.published import Figure, Known


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
