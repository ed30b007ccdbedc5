"""From one mapping of inputs a unit to columns: every input is looked at once, and none is judged.

Not the columns (columns.py), nor which inputs are refused (refusing.py). Unit by unit, because the
inputs of one unit lie together in memory: leaf by leaf took four times as long.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.scoring.batch.columns import (
    ALONE,
    KINDS,
    IntArray,
    Kind,
    LeafColumn,
    LeafColumns,
    MeasuredColumn,
)
from survey.scoring.refusals import Inputs

#: The attributes that hold the numbers of each kind of input, first and second.
NUMBERS: dict[Kind, tuple[str, ...]] = {
    Kind.RATE: ("numerator", "denominator"),
    Kind.COUNT: ("value",),
    Kind.POINTS: ("points",),
}
#: The attributes that hold words.
WORDS = {Kind.EXEMPT: "reason", Kind.OPTION: "option"}
FIGURES = ("value", "se", "df", "n")


def read_columns(leaves: Iterable[str], inputs: Mapping[str, Inputs]) -> LeafColumns:
    """Read the inputs of many units into columns, one for each leaf and each other node that is named."""
    names = list(leaves)
    columns = read_named(names, inputs)
    found = sum(int(np.count_nonzero(column.kind)) for column in columns.values())
    if found < sum(map(len, inputs.values())):
        others = {name: None for unit in inputs.values() for name in unit if name not in columns}
        columns |= read_named(list(others), inputs)
    return LeafColumns(tuple(inputs), columns)


def read_named(names: Sequence[str], inputs: Mapping[str, Inputs]) -> dict[str, LeafColumn]:
    """Read what every unit gave for some nodes."""
    reader = Reader(len(names), len(inputs))
    for row, unit in enumerate(inputs.values()):
        reader.read(row, list(map(unit.get, names)))
    reader.finish()
    return {name: reader.column(place) for place, name in enumerate(names)}


class KindsByType(dict[type, Kind]):
    """The kind of each type of input; a type of somebody's own counts as the one it derives from."""

    def __missing__(self, of: type) -> Kind:
        found = next((kind for base, kind in KINDS.items() if issubclass(of, base)), Kind.FOREIGN)
        self[of] = found
        return found


class Pattern:
    """Units that give the same kinds of input for the same nodes: where each kind stands in a row."""

    def __init__(self, types: Sequence[type], kinds: KindsByType) -> None:
        found = [kinds[of] for of in types]
        by_kind: dict[Kind, list[int]] = {}
        for place, kind in enumerate(found):
            by_kind.setdefault(kind, []).append(place)
        self.kinds = np.array(found, dtype=np.int8)
        self.picks = [
            (kind, np.array(places, dtype=np.intp), picker(places))
            for kind, places in by_kind.items()
            if kind in TABLES
        ]


class Table:
    """Every input of one kind, unit by unit, in flat lists."""

    def __init__(self) -> None:
        self.places: list[IntArray] = []
        self.rows: list[int] = []
        self.simulated: list[bool] = []

    def read(self, row: int, places: IntArray, given: Sequence[Any]) -> None:
        """Take the inputs of one unit."""
        self.places.append(places)
        self.rows.append(row)
        self.simulated.extend(map(SIMULATED, given))
        self.take(given)

    def take(self, given: Sequence[Any]) -> None:
        """Take what this kind of input holds."""

    def at(self) -> tuple[IntArray, IntArray]:
        """Give the place among the nodes, and the row among the units, of each input."""
        return np.concatenate(self.places), np.repeat(self.rows, list(map(len, self.places)))


class NumberTable(Table):
    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.numbers = [array("d") for _ in NUMBERS[kind]]
        self.getters = [attrgetter(name) for name in NUMBERS[kind]]

    def take(self, given: Sequence[Any]) -> None:
        for numbers, get in zip(self.numbers, self.getters, strict=True):
            numbers.extend(map(get, given))


class WordTable(Table):
    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.words: list[str] = []
        self.get = attrgetter(WORDS[kind])

    def take(self, given: Sequence[Any]) -> None:
        self.words.extend(map(self.get, given))


class MeasuredTable(Table):
    """Estimates, each with its group; those given without one are of the group `ALONE`."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.figures = {name: array("d") for name in FIGURES}
        self.surveys: list[str] = []
        self.one_simulated: list[bool] = []
        self.groups: list[str] = []
        self.sizes: list[int] = []

    def take(self, given: Sequence[Any]) -> None:
        self.groups.extend([ALONE] * len(given))
        self.sizes.extend([1] * len(given))
        self.take_estimates(given)

    def take_estimates(self, given: Sequence[Any]) -> None:
        """Take estimates: a figure that is None as NaN, one that is NaN as infinite, to be refused."""
        for name, figures in self.figures.items():
            figures.extend(
                math.nan if one is None else one if one == one else math.inf
                for one in map(GETTERS[name], given)
            )
        self.surveys.extend(map(GETTERS["survey"], given))
        self.one_simulated.extend(map(SIMULATED, given))


class GroupsTable(MeasuredTable):
    def take(self, given: Sequence[Any]) -> None:
        held = list(map(GETTERS["groups"], given))
        self.sizes.extend(map(len, held))
        self.groups.extend([name for groups in held for name in groups])
        self.take_estimates([one for groups in held for one in groups.values()])


GETTERS = {name: attrgetter(name) for name in (*FIGURES, "survey", "groups")}
SIMULATED = attrgetter("simulated")
TABLES: dict[Kind, Callable[[Kind], Table]] = {
    Kind.EXEMPT: WordTable,
    Kind.OPTION: WordTable,
    Kind.RATE: NumberTable,
    Kind.COUNT: NumberTable,
    Kind.POINTS: NumberTable,
    Kind.MEASURED: MeasuredTable,
    Kind.GROUPS: GroupsTable,
}


class Reader:
    """Columns being filled, unit by unit."""

    def __init__(self, nodes: int, units: int) -> None:
        self.kinds_by_type = KindsByType(KINDS)
        self.patterns: dict[tuple[type, ...], Pattern] = {}
        self.tables = {kind: make(kind) for kind, make in TABLES.items()}
        self.kind = np.zeros((nodes, units), dtype=np.int8)
        self.first, self.second = (np.full((nodes, units), np.nan) for _ in range(2))
        self.simulated = np.zeros((nodes, units), dtype=np.bool_)
        self.options: tuple[str, ...] = ()
        self.reasons: dict[int, dict[int, str]] = {}
        self.groups: dict[int, dict[str, MeasuredColumn]] = {}

    def read(self, row: int, given: Sequence[Any]) -> None:
        """Take what one unit gave, None where nothing, in the order of the nodes."""
        types = tuple(map(type, given))
        pattern = self.patterns.get(types)
        if pattern is None:
            pattern = self.patterns[types] = Pattern(types, self.kinds_by_type)
        self.kind[:, row] = pattern.kinds
        for kind, places, pick in pattern.picks:
            self.tables[kind].read(row, places, pick(given))

    def finish(self) -> None:
        """Put what was taken into columns."""
        for kind, table in self.tables.items():
            if table.rows:
                places, rows = table.at()
                self.simulated[places, rows] = table.simulated
                self.put(kind, table, places, rows)

    def put(self, kind: Kind, table: Table, places: IntArray, rows: IntArray) -> None:
        if isinstance(table, NumberTable):
            for numbers, into in zip(table.numbers, (self.first, self.second), strict=False):
                into[places, rows] = np.frombuffer(numbers)
        elif isinstance(table, MeasuredTable):
            self.put_estimates(table, places, rows)
        elif isinstance(table, WordTable) and kind is Kind.OPTION:
            self.options, self.first[places, rows] = coded(table.words)
        elif isinstance(table, WordTable):
            for place, row, reason in zip(places.tolist(), rows.tolist(), table.words, strict=True):
                self.reasons.setdefault(place, {})[row] = reason

    def put_estimates(self, table: MeasuredTable, places: IntArray, rows: IntArray) -> None:
        """Put estimates into one column for each node and group."""
        names, groups = coded(table.groups)
        surveys, codes = coded(table.surveys)
        places, rows = np.repeat(places, table.sizes), np.repeat(rows, table.sizes)
        simulated = np.array(table.one_simulated, dtype=np.bool_)
        self.simulated[places[simulated], rows[simulated]] = True
        figures = [np.frombuffer(table.figures[name]) for name in FIGURES]
        for mine in same_key(places * max(len(names), 1) + groups):
            at = rows[mine]
            value, se, df, n = (self.spread(one[mine], at, np.nan) for one in figures)
            column = MeasuredColumn(
                value,
                se,
                df,
                n,
                self.spread(codes[mine], at, 0),
                surveys,
                self.spread(simulated[mine], at, False),
            )
            self.groups.setdefault(int(places[mine[0]]), {})[names[groups[mine[0]]]] = column

    def spread(self, values: NDArray[Any], rows: IntArray, blank: float) -> NDArray[Any]:
        """Put values of some units in a column of all of them."""
        column = np.full(self.kind.shape[1], blank, dtype=values.dtype)
        column[rows] = values
        return column

    def column(self, place: int) -> LeafColumn:
        """Give the column of one node."""
        return LeafColumn(
            kind=self.kind[place],
            first=self.first[place],
            second=self.second[place],
            options=self.options,
            groups=self.groups.get(place, {}),
            reasons=self.reasons.get(place, {}),
            simulated=self.simulated[place],
        )


def picker(places: list[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Make a function that picks some places of a row, as a sequence also when it is one."""
    if len(places) == 1:
        return itemgetter(slice(places[0], places[0] + 1))
    return itemgetter(*places)


def coded(words: Sequence[str]) -> tuple[tuple[str, ...], IntArray]:
    """Give the distinct words in the order of first sight, and the place of each word among them."""
    distinct = tuple(dict.fromkeys(words))
    place = {word: at for at, word in enumerate(distinct)}
    return distinct, np.fromiter(map(place.__getitem__, words), np.intp, len(words))


def same_key(keys: IntArray) -> list[IntArray]:
    """Split places by key; each list keeps its order."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if keys.size else []
