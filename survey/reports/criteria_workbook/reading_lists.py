"""Bands, surveys, blocks, exemptions, cuts and sources, each from its sheet.

Not the tree and its rules (reading_tree.py).
"""

from __future__ import annotations

from typing import Any

from survey.reports.criteria_workbook.draft import Draft, repeats, runs
from survey.reports.criteria_workbook.layout import (
    BAND_TABLE,
    BLOCK_TABLE,
    CUT_TABLE,
    EXEMPTION_TABLE,
    SOURCE_TABLE,
    SURVEY_TABLE,
    Table,
)
from survey.reports.criteria_workbook.lines import Line

_SPAN = ("from", "to")


def read_bands(draft: Draft, lines: list[Line]) -> None:
    """Read the set's own scale; a second one, or one beside a shared scale, is refused."""
    shared = draft.document.get("bands")
    scales = list(runs(draft, lines, "scale.id", "/bands"))
    for name, owned in scales if shared else scales[1:]:
        first = shared or scales[0][0]
        draft.say(owned[0], "scale.id", "/bands", "two_scales", first=first, second=name)
    if scales and not shared:
        _, owned = scales[0]
        made = _owner(draft, "/bands", owned, BAND_TABLE, "scale.")
        made["bands"] = [_band(draft, f"/bands/bands/{index}", line) for index, line in enumerate(owned)]
        draft.places["/bands/bands"] = (owned[0].sheet, owned[0].cells["id"])
        draft.document["bands"] = made


def _band(draft: Draft, path: str, line: Line) -> dict[str, Any]:
    """Read a band; one that says which ends belong to it has both, open where a cell is blank."""
    made = draft.made_of(path, line, _own(BAND_TABLE))
    if {"from", "to", "includes"} & set(made):
        for key in _SPAN:
            made.setdefault(key, None)
    return made


def read_surveys(draft: Draft, lines: list[Line]) -> None:
    """Read surveys with their groups and items."""
    made = []
    for index, (_, owned) in enumerate(runs(draft, lines, "sheet.id", "/surveys")):
        path = f"/surveys/{index}"
        sheet = _owner(draft, path, owned, SURVEY_TABLE, "sheet.")
        for line in owned:
            _survey_line(draft, path, sheet, line)
        made.append(sheet)
    if made:
        draft.document["surveys"] = made


def _survey_line(draft: Draft, path: str, sheet: dict[str, Any], line: Line) -> None:
    listed = str(line.values.get("line", "groups"))
    draft.problems += line.fault("line", path)
    items = sheet.setdefault(listed if listed in ("groups", "items") else "groups", [])
    here = f"{path}/{listed}"
    draft.places.setdefault(here, (line.sheet, line.cells["id"]))
    items.append(draft.made_of(f"{here}/{len(items)}", line, ("id", "name.vi", "name.en", "weight")))


def read_cuts(draft: Draft, lines: list[Line]) -> None:
    """Read the other divisions of the points, each with its parts."""
    made = []
    for index, (_, owned) in enumerate(runs(draft, lines, "cut.id", "/cuts")):
        path = f"/cuts/{index}"
        cut = _owner(draft, path, owned, CUT_TABLE, "cut.")
        cut["parts"] = []
        for place, line in enumerate(owned):
            part = draft.made_of(f"{path}/parts/{place}", line, _own(CUT_TABLE))
            part.setdefault("maximum", None)
            cut["parts"].append(part)
        made.append(cut)
    if made:
        draft.document["cuts"] = made


def read_plain_lists(draft: Draft, blocks: list[Line], exemptions: list[Line], sources: list[Line]) -> None:
    """Read the lists that have one row for each of their objects."""
    for key, table, lines in (
        ("blocks", BLOCK_TABLE, blocks),
        ("exemptions", EXEMPTION_TABLE, exemptions),
        ("sources", SOURCE_TABLE, sources),
    ):
        made = [
            draft.made_of(f"/{key}/{index}", line, [one.key for one in table.columns])
            for index, line in enumerate(lines)
        ]
        if made or key == "sources":
            draft.document[key] = made


def _owner(draft: Draft, path: str, owned: list[Line], table: Table, prefix: str) -> dict[str, Any]:
    """Read what the lines belong to from the first of them."""
    keys = [one.key for one in table.columns if one.key.startswith(prefix)]
    repeats(draft, owned, keys[1:], path)
    return draft.made_of(path, owned[0], keys, prefix=prefix)


def _own(table: Table) -> list[str]:
    """Name the columns of a line itself: first its id."""
    keys = [one.key for one in table.columns]
    return keys[keys.index("id") :]
