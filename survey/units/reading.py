"""Reading the data files into values, with every cell that cannot be read named by file and line.

A file is a CSV with `#` lines for its sources; any file beside the three special ones holds units.
Not for what the values mean together: see `checking`.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar, get_args

from survey.units.problems import Problem
from survey.units.unit import Alias, Change, Kind, Region, Succession, Unit

T = TypeVar("T")
Value = Unit | Succession | Region | Alias
Cell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """A value and where it was read ("communes_lam_dong.csv:7")."""

    where: str
    value: T


@dataclass(frozen=True, slots=True)
class UnitData:
    """All that the data folder says, with the SHA-256 of its files."""

    units: tuple[Line[Unit], ...]
    successions: tuple[Line[Succession], ...]
    regions: tuple[Line[Region], ...]
    aliases: tuple[Line[Alias], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """How the lines of one kind of file become values: a reader for each column, in order."""

    make: Callable[..., Value]
    columns: Mapping[str, Cell]


def _text(cell: str) -> str:
    if not cell or cell != unicodedata.normalize("NFC", cell):
        raise ValueError(cell)
    return cell


def _day(cell: str) -> date:
    day = date.fromisoformat(cell)
    if day.isoformat() != cell:
        raise ValueError(cell)
    return day


def _optional(read: Cell) -> Cell:
    return lambda cell: read(cell) if cell else None


def _code(cell: str) -> str:
    return _text(cell) if cell else ""


def _one_of(choices: tuple[str, ...]) -> Cell:
    def read(cell: str) -> object:
        if cell not in choices:
            raise ValueError(cell)
        return cell

    return read


UNITS = Table(
    Unit,
    {
        "id": _text,
        "code": _code,
        "name": _text,
        "kind": _one_of(get_args(Kind)),
        "parent_id": _optional(_text),
        "region": _optional(_text),
        "valid_from": _day,
        "valid_to": _optional(_day),
        "source": _text,
    },
)
TABLES = {
    "successions.csv": Table(
        Succession,
        {
            "from_id": _text,
            "to_id": _text,
            "on": _day,
            "change": _one_of(get_args(Change)),
            "act": _text,
            "source": _text,
        },
    ),
    "regions.csv": Table(
        Region,
        {
            "name": _text,
            "valid_from": _day,
            "valid_to": _optional(_day),
            "source": _text,
        },
    ),
    "aliases.csv": Table(Alias, {"unit_id": _text, "name": _text}),
}


def read_folder(folder: Path) -> tuple[UnitData, tuple[Problem, ...]]:
    """Read every CSV of a folder: what could be read, and what could not."""
    lines: list[Line[Value]] = []
    problems: list[Problem] = []
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        raw = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.name}\0{len(raw)}\0".encode() + raw)
        for read in _read_file(path.name, raw):
            if isinstance(read, Problem):
                problems.append(read)
            else:
                lines.append(read)
    return _gathered(lines, digest.hexdigest()), tuple(problems)


def _gathered(lines: list[Line[Value]], sha256: str) -> UnitData:
    def of(kind: type[T]) -> tuple[Line[T], ...]:
        return tuple(Line(line.where, line.value) for line in lines if isinstance(line.value, kind))

    return UnitData(of(Unit), of(Succession), of(Region), of(Alias), sha256)


def _read_file(name: str, raw: bytes) -> Iterator[Line[Value] | Problem]:
    table = TABLES.get(name, UNITS)
    try:
        rows = _rows(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error):
        yield Problem(name, "unreadable")
        return
    if not rows or rows[0][1] != list(table.columns):
        yield Problem(name, "columns", ",".join(table.columns))
        return
    for number, cells in rows[1:]:
        yield from _read_row(f"{name}:{number}", cells, table)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Split into cells, with line numbers; a quoted cell stays within its line."""
    return [
        (number, [cell.strip() for cell in next(csv.reader([line]))])
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]


def _read_row(where: str, cells: list[str], table: Table) -> Iterator[Line[Value] | Problem]:
    if len(cells) != len(table.columns):
        yield Problem(where, "cells", str(len(cells)))
        return
    values: dict[str, object] = {}
    for (column, read), cell in zip(table.columns.items(), cells, strict=True):
        try:
            values[column] = read(cell)
        except ValueError:
            yield Problem(where, "value", f"{column} = “{cell}”")
    if len(values) == len(table.columns):
        yield Line(where, table.make(**values))
