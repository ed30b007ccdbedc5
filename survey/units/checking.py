"""Checking what the reference data means together, every problem at once.

One rule a function. Not for cells that cannot be read: `reading` names those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from survey.units.names import fold
from survey.units.problems import Problem
from survey.units.reading import Line, UnitData, read_folder
from survey.units.unit import Region, Unit


def check_units(folder: Path) -> tuple[Problem, ...]:
    """Give every problem of a folder of unit data, in the order of files and lines."""
    return read_and_check(folder)[1]


def read_and_check(folder: Path) -> tuple[UnitData, tuple[Problem, ...]]:
    """Read a folder of unit data and give it with every problem it has."""
    data, unread = read_folder(folder)
    found = {*unread, *(problem for rule in _RULES for problem in rule(data))}
    return data, tuple(sorted(found, key=_in_reading_order))


def _in_reading_order(problem: Problem) -> tuple[str, int, Problem]:
    name, _, line = problem.where.partition(":")
    return name, int(line or 0), problem


def _ids(data: UnitData) -> Iterator[Problem]:
    seen: set[str] = set()
    for line in data.units:
        if line.value.id in seen:
            yield Problem(line.where, "duplicate_id", line.value.id)
        seen.add(line.value.id)


def _dates(data: UnitData) -> Iterator[Problem]:
    dated: list[tuple[str, Unit | Region]] = [(line.where, line.value) for line in data.units]
    dated += [(line.where, line.value) for line in data.regions]
    for where, value in dated:
        if _end(value) < value.valid_from:
            yield Problem(where, "reversed_dates", value.name)


def _overlaps(data: UnitData) -> Iterator[Problem]:
    """Two rows may share an official code, or a name and kind under one parent, only one after the other."""
    shared: dict[Hashable, list[Line[Unit]]] = defaultdict(list)
    for line in data.units:
        unit = line.value
        shared["name", unit.parent_id, unit.kind, fold(unit.name)].append(line)
        if unit.code:
            shared["code", unit.level, unit.code].append(line)
    for lines in shared.values():
        for first, second in combinations(lines, 2):
            if _overlap(first.value, second.value):
                yield Problem(second.where, "overlap", f"{first.value.id}, {second.value.id}")


def _parents(data: UnitData) -> Iterator[Problem]:
    units = _by_id(data)
    for line in data.units:
        unit = line.value
        if (unit.parent_id is None) != (unit.level == "province"):
            yield Problem(line.where, "parent_level", unit.id)
        elif unit.parent_id and unit.parent_id not in units:
            yield Problem(line.where, "missing_parent", f"{unit.id} → {unit.parent_id}")
        elif unit.parent_id:
            yield from _under(line, units[unit.parent_id])


def _under(line: Line[Unit], parent: Unit) -> Iterator[Problem]:
    unit = line.value
    subject = f"{unit.id} → {parent.id}"
    if parent.level != "province":
        yield Problem(line.where, "parent_level", subject)
    if unit.valid_from < parent.valid_from or _end(unit) > _end(parent):
        yield Problem(line.where, "parent_dates", subject)


def _regions(data: UnitData) -> Iterator[Problem]:
    regions = {line.value.name: line.value for line in data.regions}
    for line in data.units:
        unit = line.value
        region = regions.get(unit.region or "")
        if unit.region and not (region and _overlap(unit, region)):
            yield Problem(line.where, "unknown_region", unit.region)


def _dangling(data: UnitData) -> Iterator[Problem]:
    units = _by_id(data)
    named = [(line.where, line.value.unit_id) for line in data.aliases]
    named += [
        (line.where, id_) for line in data.successions for id_ in (line.value.from_id, line.value.to_id)
    ]
    for where, id_ in named:
        if id_ not in units:
            yield Problem(where, "dangling", id_)


def _successions(data: UnitData) -> Iterator[Problem]:
    units = _by_id(data)
    for line in data.successions:
        link = line.value
        old, new = units.get(link.from_id), units.get(link.to_id)
        if old and new and not (_last_day(old) + 1 == link.on.toordinal() and new.is_valid(link.on)):
            yield Problem(line.where, "succession_dates", f"{old.id} → {new.id}")


def _orphans(data: UnitData) -> Iterator[Problem]:
    """A unit that is gone went somewhere; only an agency may simply be dissolved."""
    followed = {line.value.from_id for line in data.successions}
    for line in data.units:
        unit = line.value
        if unit.valid_to and unit.level != "agency" and unit.id not in followed:
            yield Problem(line.where, "no_successor", unit.id)


def _repeats(data: UnitData) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for line in data.successions:
        pair = (line.value.from_id, line.value.to_id)
        if pair in seen:
            yield Problem(line.where, "duplicate_link", " → ".join(pair))
        seen.add(pair)


def _by_id(data: UnitData) -> dict[str, Unit]:
    return {line.value.id: line.value for line in data.units}


def _end(value: Unit | Region) -> date:
    return value.valid_to or date.max


def _last_day(unit: Unit) -> int:
    return _end(unit).toordinal()


def _overlap(first: Unit, second: Unit | Region) -> bool:
    return first.valid_from <= _end(second) and second.valid_from <= _end(first)


_RULES = (_ids, _dates, _overlaps, _parents, _regions, _dangling, _successions, _repeats, _orphans)
