"""What many units gave, by node and then by unit: the columns that are scored together.

Not the reading of inputs into columns (reading.py), nor what the rules make of them (points.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from survey.scoring.batch.errors import RaggedColumns
from survey.scoring.inputs import (
    ChosenOption,
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
KindArray = NDArray[np.int8]


class Kind(IntEnum):
    """Which input a unit gave for a node; FOREIGN is none that scoring knows."""

    ABSENT = 0
    EXEMPT = 1
    OPTION = 2
    RATE = 3
    COUNT = 4
    POINTS = 5
    MEASURED = 6
    GROUPS = 7
    FOREIGN = 8


KINDS: dict[type, Kind] = {
    type(None): Kind.ABSENT,
    NotApplicable: Kind.EXEMPT,
    ChosenOption: Kind.OPTION,
    Rate: Kind.RATE,
    Count: Kind.COUNT,
    Points: Kind.POINTS,
    Measured: Kind.MEASURED,
    MeasuredGroups: Kind.GROUPS,
}

#: The group under which a column keeps estimates that were given without a group; no group's id.
ALONE = "\0"


@dataclass(frozen=True, slots=True)
class MeasuredColumn:
    """Estimates of one group of respondents, (units,) each.

    Attributes:
        value: NaN where there is none.
        se, df, n: NaN where not known, as `Measured` has None.
        survey: place among `surveys` of the one each comes from.
        surveys: names of surveys.
        simulated: whether each was simulated.
    """

    value: FloatArray
    se: FloatArray
    df: FloatArray
    n: FloatArray
    survey: IntArray
    surveys: tuple[str, ...]
    simulated: BoolArray

    @classmethod
    def of(
        cls,
        value: ArrayLike,
        *,
        se: ArrayLike = np.nan,
        df: ArrayLike = np.nan,
        n: ArrayLike = np.nan,
        survey: str | Sequence[str] = "",
        simulated: ArrayLike = False,
    ) -> MeasuredColumn:
        """Make a column from numbers, each one for all units or one a unit."""
        values = np.asarray(value, dtype=np.float64)
        told = [survey] * values.size if isinstance(survey, str) else list(survey)
        names = tuple(dict.fromkeys(told))
        place = {name: at for at, name in enumerate(names)}
        return cls(
            values,
            spread_over(se, values.size),
            spread_over(df, values.size),
            spread_over(n, values.size),
            np.array([place[name] for name in told], dtype=np.intp),
            names,
            np.broadcast_to(np.asarray(simulated, dtype=np.bool_), values.shape),
        )

    @property
    def present(self) -> BoolArray:
        return ~np.isnan(self.value)

    def given(self, row: int) -> Measured:
        """Give one unit's estimate back."""
        df, n = (known(column[row]) for column in (self.df, self.n))
        return Measured(
            float(self.value[row]),
            known(self.se[row]),
            None if df is None else whole(df),
            None if n is None else whole(n),
            self.surveys[self.survey[row]],
            simulated=bool(self.simulated[row]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafColumn:
    """What each unit gave for one leaf, or that one node does not apply to it.

    Attributes:
        kind: (units,) a `Kind`.
        first: (units,) the points, the count, the numerator, or the place of the chosen option.
        second: (units,) the denominator of a rate.
        options: ids that `first` of a chosen option counts through.
        groups: estimates by group; those given without a group under `ALONE`.
        reasons: by row, why a node does not apply.
        simulated: (units,) whether the input, or a group in it, was simulated.
    """

    kind: KindArray
    first: FloatArray
    second: FloatArray
    options: tuple[str, ...] = ()
    groups: Mapping[str, MeasuredColumn] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    simulated: BoolArray

    @classmethod
    def of_points(cls, points: ArrayLike, *, simulated: ArrayLike = False) -> LeafColumn:
        """Take points (units,); NaN where a unit gave nothing."""
        return _numbers(Kind.POINTS, points, np.nan, simulated)

    @classmethod
    def of_counts(cls, values: ArrayLike, *, simulated: ArrayLike = False) -> LeafColumn:
        """Take counts or amounts (units,); NaN where a unit gave nothing."""
        return _numbers(Kind.COUNT, values, np.nan, simulated)

    @classmethod
    def of_rates(
        cls, numerators: ArrayLike, denominators: ArrayLike, *, simulated: ArrayLike = False
    ) -> LeafColumn:
        """Take parts and wholes (units,); NaN in the numerator where a unit gave nothing."""
        return _numbers(Kind.RATE, numerators, denominators, simulated)

    @classmethod
    def of_options(cls, chosen: Sequence[str | None], *, simulated: ArrayLike = False) -> LeafColumn:
        """Take ids of options (units,); None where a unit gave nothing."""
        options = tuple(dict.fromkeys(one for one in chosen if one is not None))
        place = {option: float(at) for at, option in enumerate(options)}
        firsts = [np.nan if one is None else place[one] for one in chosen]
        return replace(_numbers(Kind.OPTION, firsts, np.nan, simulated), options=options)

    @classmethod
    def of_measured(cls, measured: MeasuredColumn) -> LeafColumn:
        """Take an estimate of each unit."""
        return cls._of_groups(Kind.MEASURED, {ALONE: measured})

    @classmethod
    def of_groups(cls, groups: Mapping[str, MeasuredColumn]) -> LeafColumn:
        """Take estimates of each unit by group; a unit without any in any group gave nothing."""
        return cls._of_groups(Kind.GROUPS, groups)

    @classmethod
    def _of_groups(cls, kind: Kind, groups: Mapping[str, MeasuredColumn]) -> LeafColumn:
        some = np.any([one.present for one in groups.values()], axis=0)
        simulated = np.any([one.simulated for one in groups.values()], axis=0)
        blank = np.full(some.size, np.nan)
        kinds = np.where(some, kind, Kind.ABSENT).astype(np.int8)
        return cls(kind=kinds, first=blank, second=blank, groups=groups, simulated=simulated & some)

    def exempting(self, reasons: Mapping[int, str]) -> LeafColumn:
        """Say for some units, by row, that the node does not apply to them, and why."""
        kind = self.kind.copy()
        kind[list(reasons)] = Kind.EXEMPT
        return replace(self, kind=kind, reasons={**self.reasons, **reasons})

    @property
    def present(self) -> BoolArray:
        return np.asarray(self.kind != Kind.ABSENT)

    def given(self, row: int) -> LeafInput:
        """Give one unit's input back; its `source` is not kept."""
        simulated = bool(self.simulated[row])
        first, second = float(self.first[row]), float(self.second[row])
        match Kind(self.kind[row]):
            case Kind.EXEMPT:
                return NotApplicable(self.reasons.get(row, ""), simulated=simulated)
            case Kind.OPTION:
                return ChosenOption(self.options[int(first)], simulated=simulated)
            case Kind.RATE:
                return Rate(first, second, simulated=simulated)
            case Kind.COUNT:
                return Count(first, simulated=simulated)
            case Kind.MEASURED:
                return self.groups[ALONE].given(row)
            case Kind.GROUPS:
                held = {name: one.given(row) for name, one in self.groups.items() if one.present[row]}
                return MeasuredGroups(held, simulated=simulated)
            case _:
                return Points(first, simulated=simulated)


@dataclass(frozen=True, slots=True)
class LeafColumns:
    """What many units gave, by node id: the columnar form of one mapping of inputs a unit.

    Attributes:
        units: names, in the order of the rows.
        columns: by leaf id, and by the id of an area that does not apply to some units.

    Raises:
        RaggedColumns: a column with another number of units, or a unit that stands twice.
    """

    units: tuple[str, ...]
    columns: Mapping[str, LeafColumn]

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            for size in (column.kind.size, *(one.value.size for one in column.groups.values())):
                if size != len(self.units):
                    raise RaggedColumns(leaf=name, found=size, expected=len(self.units))
        if len(set(self.units)) < len(self.units):
            raise RaggedColumns(leaf="–", found=len(self.units), expected=len(set(self.units)))

    def given(self, row: int) -> dict[str, LeafInput]:
        """Give one unit's inputs back, without their sources."""
        return {
            name: column.given(row)
            for name, column in self.columns.items()
            if column.kind[row] != Kind.ABSENT
        }


def exempted(units: int, reasons: Mapping[int, str]) -> LeafColumn:
    """Make the column of an area that does not apply to some units, by row."""
    return LeafColumn.of_points(np.full(units, np.nan)).exempting(reasons)


def seal(result: DataclassInstance) -> None:
    """Make the arrays of a result read-only."""
    for one in fields(result):
        array = getattr(result, one.name)
        if isinstance(array, np.ndarray):
            array.setflags(write=False)


def spread_over(numbers: ArrayLike, size: int) -> FloatArray:
    """Give one number a unit; a single number is taken for all."""
    return np.broadcast_to(np.asarray(numbers, dtype=np.float64), (size,))


def _numbers(kind: Kind, first: ArrayLike, second: ArrayLike, simulated: ArrayLike) -> LeafColumn:
    firsts = np.asarray(first, dtype=np.float64)
    present = ~np.isnan(firsts)
    kinds = np.where(present, kind, Kind.ABSENT).astype(np.int8)
    told = np.broadcast_to(np.asarray(simulated, dtype=np.bool_), firsts.shape) & present
    return LeafColumn(kind=kinds, first=firsts, second=spread_over(second, firsts.size), simulated=told)


def known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def whole(number: float) -> int:
    """Give a number as a whole one; what is not finite stays as it is, for the refusal to name."""
    return int(number) if float(number).is_integer() else cast(int, float(number))
