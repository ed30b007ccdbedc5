"""From the cells of a criteria workbook to the JSON document that the scoring room checks and loads.

It works on cells that were read already: the file itself, which may be hostile, is opened by the
limited process of survey.reports.reading only.
"""

from __future__ import annotations

from survey.reports.criteria_workbook.draft import Draft
from survey.reports.criteria_workbook.layout import (
    BAND_TABLE,
    BLOCK_TABLE,
    CUT_TABLE,
    EXEMPTION_TABLE,
    FACT_TABLE,
    FACTS,
    NOTE,
    RULE_TABLE,
    SOURCE_TABLE,
    SURVEY_TABLE,
    TABLES,
    TREE_TABLE,
    Column,
)
from survey.reports.criteria_workbook.lines import Line, lines_of
from survey.reports.criteria_workbook.problems import PlacedProblem
from survey.reports.criteria_workbook.reading_lists import (
    read_bands,
    read_cuts,
    read_plain_lists,
    read_surveys,
)
from survey.reports.criteria_workbook.reading_tree import read_tree
from survey.reports.criteria_workbook.values import put, shown, value_of
from survey.reports.reading import CellProblem, Sheets, folded

_FACTS = {folded(word): fact for fact in (*FACTS, NOTE) for word in (fact.vi, fact.en)}


def read_draft(sheets: Sheets) -> Draft:
    """Read a workbook as a JSON document, the cell of each value, and what is wrong with the sheets."""
    draft = Draft()
    lines: dict[str, list[Line]] = {}
    for table in (FACT_TABLE, *TABLES):
        lines[table.sheet], problems = lines_of(sheets, table)
        draft.problems += problems
    _read_facts(draft, lines[FACT_TABLE.sheet])
    read_tree(draft, lines[TREE_TABLE.sheet], lines[RULE_TABLE.sheet])
    read_bands(draft, lines[BAND_TABLE.sheet])
    read_surveys(draft, lines[SURVEY_TABLE.sheet])
    read_cuts(draft, lines[CUT_TABLE.sheet])
    read_plain_lists(draft, lines[BLOCK_TABLE.sheet], lines[EXEMPTION_TABLE.sheet], lines[SOURCE_TABLE.sheet])
    draft.left_over(line for listed in lines.values() for line in listed)
    draft.problems += _cell_problems(draft, sheets)
    return draft


def _read_facts(draft: Draft, lines: list[Line]) -> None:
    draft.document["valid_to"] = None
    draft.document["years"] = []
    seen: set[str] = set()
    for line in lines:
        said = line.values.get("fact")
        fact = _FACTS.get(folded(said))
        if fact is NOTE:
            _read_note(draft, line)
        elif fact is None:
            draft.say(line, "fact", "", "fact_unknown", fact=shown(said or ""))
        elif fact.key in seen:
            draft.say(line, "fact", fact.key, "fact_twice", fact=fact.vi)
        else:
            seen.add(fact.key)
            _read_fact(draft, line, fact)


def _read_fact(draft: Draft, line: Line, fact: Column) -> None:
    steps = fact.key[1:].split("/")
    draft.places[fact.key] = (line.sheet, line.cells["value"])
    if fact.kind == "text" and fact.key == "/title":
        _read_title(draft, line)
    elif "value" in line.values:
        read = value_of(line.values["value"], fact)
        put(draft.document, steps, read.value)
        if read.fault:
            draft.say(line, "value", fact.key, read.fault, **read.places)


def _read_title(draft: Draft, line: Line) -> None:
    made = _sides(line)
    draft.places["/title/vi"] = (line.sheet, line.cells["value"])
    draft.places["/title/en"] = (line.sheet, line.cells["english"])
    if made:
        draft.document["title"] = made


def _read_note(draft: Draft, line: Line) -> None:
    made = _sides(line)
    if made:
        notes = draft.document.setdefault("notes", [])
        path = f"/notes/{len(notes)}"
        draft.places[path] = draft.places[f"{path}/vi"] = (line.sheet, line.cells["value"])
        draft.places[f"{path}/en"] = (line.sheet, line.cells["english"])
        notes.append(made)


def _sides(line: Line) -> dict[str, str]:
    """Give both sides of a text; the Vietnamese stands where the English is left blank."""
    vietnamese = line.values.get("value")
    english = line.values.get("english", vietnamese)
    sides = {"vi": vietnamese, "en": english}
    return {language: str(text) for language, text in sides.items() if text is not None}


def _cell_problems(draft: Draft, sheets: Sheets) -> list[PlacedProblem]:
    """Give what the limited process found in cells, with the path of each where it has one."""
    ours = {folded(table.sheet) for table in (FACT_TABLE, *TABLES)}
    paths = {cell: path for path, cell in draft.places.items()}
    return [_placed(one, paths) for one in sheets.problems if folded(one.sheet) in ours]


def _placed(one: CellProblem, paths: dict[tuple[str, str], str]) -> PlacedProblem:
    path = paths.get((one.sheet, one.cell), "")
    return PlacedProblem(path, one.sheet, one.cell, one.code, dict(one.message.by_language))
