"""The JSON document on its way from a workbook, and the cell of each of its values.

Not how single sheets are read (reading.py, reading_tree.py, reading_lists.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.reports.criteria_workbook import layout
from survey.reports.criteria_workbook.lines import Line
from survey.reports.criteria_workbook.problems import PlacedProblem
from survey.reports.criteria_workbook.values import put

#: Where a problem of a list as a whole is shown.
_SHEETS = {
    "/tree": layout.TREE,
    "/bands": layout.BANDS,
    "/surveys": layout.SURVEYS,
    "/blocks": layout.BLOCKS,
    "/exemptions": layout.EXEMPTIONS,
    "/cuts": layout.CUTS,
    "/sources": layout.SOURCES,
}


@dataclass(slots=True)
class Draft:
    """What was read so far.

    Attributes:
        places: sheet and cell by JSON pointer.
    """

    document: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[PlacedProblem] = field(default_factory=list)

    def say(self, line: Line, key: str, path: str, code: str, /, **places: object) -> None:
        self.problems.append(line.problem(key, path, code, **places))

    def place(self, path: str, line: Line, key: str) -> None:
        """Keep where a value stands, and say why it could not be read."""
        self.places[path] = (line.sheet, line.cells[key])
        self.problems += line.fault(key, path)

    def made_of(self, path: str, line: Line, keys: Iterable[str], *, prefix: str = "") -> dict[str, Any]:
        """Make the JSON object that stands in some columns of a line; the first names the whole."""
        made: dict[str, Any] = {}
        for index, key in enumerate(keys):
            steps = key.removeprefix(prefix).split(".")
            if index == 0:
                self.place(path, line, key)
            self.places.setdefault(f"{path}/{steps[0]}", (line.sheet, line.cells[key]))
            self.place(f"{path}/{'/'.join(steps)}", line, key)
            if key in line.values:
                put(made, steps, line.values[key])
        with_english(made)
        return made

    def left_over(self, lines: Iterable[Line]) -> None:
        """Say the faults of cells that found no place in the document."""
        for line in lines:
            for key in list(line.faults):
                self.problems += line.fault(key, "")

    def cell_of(self, path: str) -> tuple[str, str]:
        """Find the cell of a path: its own, or that of the nearest value around it."""
        around = path
        while around:
            if around in self.places:
                return self.places[around]
            if around in _SHEETS and around == path:
                return _SHEETS[around], ""
            around = around.rpartition("/")[0]
        return layout.INFO, ""


def with_english(made: Mapping[str, Any]) -> None:
    """Let the Vietnamese text stand where the English one is left blank."""
    for value in made.values():
        if isinstance(value, dict) and "vi" in value:
            value.setdefault("en", value["vi"])


def runs(draft: Draft, lines: Iterable[Line], owner: str, path: str) -> Iterator[tuple[str, list[Line]]]:
    """Gather lines by the id of what they belong to; a blank id goes on with the one above."""
    gathered: dict[str, list[Line]] = {}
    above: str | None = None
    for line in lines:
        above = line.values.get(owner, above)
        if above is None:
            column = _title(line.sheet, owner)
            draft.say(line, owner, path, "row_without_id", column=column)
        else:
            gathered.setdefault(above, []).append(line)
    yield from gathered.items()


def repeats(draft: Draft, lines: list[Line], keys: Iterable[str], path: str) -> None:
    """Report what is said again on a later line of the same id, and differently."""
    first = lines[0]
    for key in keys:
        for line in lines[1:]:
            if key in line.values and line.values[key] != first.values.get(key):
                column = _title(line.sheet, key)
                draft.say(line, key, path, "repeat_differs", column=column, first=first.cells[key])


def _title(sheet: str, key: str) -> str:
    columns = (column for table in layout.TABLES if table.sheet == sheet for column in table.columns)
    return next((column.vi for column in columns if column.key == key), key)
