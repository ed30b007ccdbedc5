"""The trend of one unit over the years, with a break mark wherever two years are not like for like.

Not the change of every node between two years (change.py). Printed, computed and constructed figures
are never joined: a segment holds one kind, one criteria set, one unit and one population.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from survey.rounding import round_half_up
from survey.scoring.errors import RefusedInputs
from survey.scoring.kept import join
from survey.scoring.problems import problem
from survey.scoring.published import Figure, Index, Known, Unknown, rows, sureness, years
from survey.scoring.standings import standing_of
from survey.scoring.trends.breaks import Break, mark

Kind = Literal["printed", "computed", "constructed"]

NO_PLACE = Unknown(
    {
        "vi": "Giá trị dựng lại không có thứ hạng.",
        "en": "A constructed value has no place.",
    }
)
NOT_ALIKE = Unknown(
    {
        "vi": "Hai năm không so sánh được với nhau.",
        "en": "The two years cannot be compared.",
    }
)
#: Breaks over which no difference of values is told; after a changed set the ministry itself tells one.
NO_DIFFERENCE = {"unit_changed", "kind_changed", "years_missing"}


@dataclass(frozen=True, slots=True)
class Predecessor:
    """One former unit of a constructed figure: its value in the year and its weight."""

    unit: str
    value: Figure[float]
    weight: float


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a trend.

    Attributes:
        unit: the unit as it stood in that year: after a merger another id, the name may be the same.
        value: percent.
        criteria_set, population: what it was scored by and among whom it was ranked, as names to
            compare; "" where not known.
        predecessors: of a constructed figure, with weights that add up to 1.
        method: how a constructed figure was made, by language.
    """

    year: int
    unit: str
    value: Figure[float]
    place: Figure[int]
    kind: Kind
    criteria_set: str = ""
    population: str = ""
    predecessors: tuple[Predecessor, ...] = ()
    method: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SeriesStep:
    """From one year of a trend to the next.

    Attributes:
        points, places: change, up is positive; Unknown over a break that forbids it.
        breaks: empty where the two years are like for like.
    """

    before: Point
    after: Point
    points: Figure[float]
    places: Figure[int]
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A trend: points by year, the steps between them, and the segments that a line may join."""

    points: tuple[Point, ...]
    steps: tuple[SeriesStep, ...]

    @property
    def is_broken(self) -> bool:
        return any(step.breaks for step in self.steps)

    @property
    def segments(self) -> tuple[tuple[Point, ...], ...]:
        """Split the points at every break."""
        found = [[point] for point in self.points[:1]]
        for step in self.steps:
            if step.breaks:
                found.append([])
            found[-1].append(step.after)
        return tuple(tuple(segment) for segment in found)


def series(points: Sequence[Point]) -> Series:
    """Put points of one kind or of several in order and mark every break.

    Kinds stay together, the one that begins first in front; within a kind the years follow each other.
    """
    begins: dict[str, int] = {}
    for point in points:
        begins[point.kind] = min(point.year, begins.get(point.kind, point.year))
    order = tuple(sorted(points, key=lambda point: (begins[point.kind], point.kind, point.year)))
    return Series(order, tuple(step(*pair) for pair in zip(order, order[1:], strict=False)))


def step(before: Point, after: Point) -> SeriesStep:
    marks = tuple(breaks_between(before, after))
    codes = {one.code for one in marks}
    forbids = bool(codes & NO_DIFFERENCE)
    places_forbidden = forbids or "population_changed" in codes
    return SeriesStep(
        before=before,
        after=after,
        points=NOT_ALIKE if forbids else difference(before.value, after.value),
        places=NOT_ALIKE if places_forbidden else places_gained(before.place, after.place),
        breaks=marks,
    )


def breaks_between(before: Point, after: Point) -> Iterator[Break]:
    """Find why two points of a trend are not like for like."""
    if before.kind != after.kind:
        yield mark("kind_changed", before=before.kind, after=after.kind)
        return
    if before.unit != after.unit:
        yield mark("unit_changed", before=before.unit, after=after.unit)
    if after.year - before.year > 1:
        yield mark("years_missing", before=before.year + 1, after=after.year - 1)
    if before.criteria_set != after.criteria_set:
        yield mark("set_changed", before=before.criteria_set or "?", after=after.criteria_set or "?")
    if before.population != after.population:
        yield mark("population_changed", before=before.population or "?", after=after.population or "?")


def difference(before: Figure[float], after: Figure[float]) -> Figure[float]:
    if not isinstance(before, Known) or not isinstance(after, Known):
        return before if isinstance(before, Unknown) else after
    gap = round_half_up(after.value - before.value, 2)
    return Known(gap, join(before.source, after.source), "inferred", f"{after.value:g} - {before.value:g}")


def places_gained(before: Figure[int], after: Figure[int]) -> Figure[int]:
    if not isinstance(before, Known) or not isinstance(after, Known):
        return before if isinstance(before, Unknown) else after
    source = join(before.source, after.source)
    return Known(before.value - after.value, source, "inferred", f"{before.value} - {after.value}")


@cache
def decisions() -> Mapping[int, Known[str]]:
    """Give the decision by whose set the provincial PAR INDEX of a year was scored."""
    return {
        int(row["year"]): Known(
            row["decision"], row["source"], sureness(row["confidence"]), row["confidence"]
        )
        for row in rows("criteria_sets.csv")
    }


def published_series(unit: str, index: Index = "par", *, ids: Mapping[int, str] | None = None) -> Series:
    """Give the trend of what was printed of a province.

    Args:
        ids: the unit's id by year, from the units room: a merged province keeps its name only. A year
            left out has the name itself.

    Raises:
        NoPublishedUnit: nothing was ever printed of it.
    """
    found = [printed_point(unit, year, index, (ids or {}).get(year, unit)) for year in years(index)]
    return series([point for point in found if is_known(point)])


def printed_point(unit: str, year: int, index: Index, unit_id: str) -> Point:
    stood = standing_of(unit, year, index)
    decision = decisions().get(year) if index == "par" else None
    return Point(
        year=year,
        unit=unit_id,
        value=stood.value,
        place=stood.rank,
        kind="printed",
        criteria_set=decision.value if decision else "",
        population=str(stood.of.value) if isinstance(stood.of, Known) else "",
    )


def is_known(point: Point) -> bool:
    return isinstance(point.value, Known) or isinstance(point.place, Known)


def constructed(
    year: int, unit: str, predecessors: Sequence[Predecessor], weighting: Mapping[str, str]
) -> Point:
    """Make the figure that a merged unit would have had: the weighted mean of its former units.

    Args:
        predecessors: weights of any positive size; they are divided by their sum.
        weighting: what the weights are, by language, such as equal or by population of 2024.

    Returns:
        a point of kind "constructed"; Unknown where the value of a former unit is.

    Raises:
        RefusedInputs: no former unit, or a weight that is not positive; with the unit.
    """
    refuse_weights(predecessors)
    total = sum(one.weight for one in predecessors)
    kept = tuple(Predecessor(one.unit, one.value, one.weight / total) for one in predecessors)
    return Point(
        year=year,
        unit=unit,
        value=weighted(kept),
        place=NO_PLACE,
        kind="constructed",
        predecessors=kept,
        method={
            "vi": f"Trung bình của {len(kept)} đơn vị cũ ({weighting['vi']}); không phải số đã công bố.",
            "en": f"Weighted mean of {len(kept)} former units ({weighting['en']}); not a printed figure.",
        },
    )


def refuse_weights(predecessors: Sequence[Predecessor]) -> None:
    problems = [
        problem(one.unit, "out_of_range", got=one.weight, limit="> 0")
        for one in predecessors
        if not (math.isfinite(one.weight) and one.weight > 0)
    ]
    if not predecessors:
        problems.append(problem("", "too_few"))
    if problems:
        raise RefusedInputs(problems)


def weighted(predecessors: Sequence[Predecessor]) -> Figure[float]:
    known = [(one.weight, one.value) for one in predecessors if isinstance(one.value, Known)]
    lacking = ", ".join(one.unit for one in predecessors if not isinstance(one.value, Known))
    if lacking:
        return Unknown(
            {"vi": f"Chưa biết giá trị của: {lacking}.", "en": f"The value is not known of: {lacking}."}
        )
    mean = sum(weight * value.value for weight, value in known)
    sources = " ; ".join(dict.fromkeys(value.source for _, value in known))
    words = " + ".join(f"{weight:.4g} × {value.value:g}" for weight, value in known)
    return Known(round_half_up(mean, 2), sources, "inferred", words)
