"""A criteria workbook checked: its document, and every problem by path, sheet and cell.

Not what the problems mean: the scoring room's checker finds those of the content.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.reports.criteria_workbook.draft import Draft
from survey.reports.criteria_workbook.layout import LINES, PARAMETERS, TABLES
from survey.reports.criteria_workbook.problems import PlacedProblem, sheet_problem
from survey.reports.criteria_workbook.reading import read_draft
from survey.reports.reading import CellProblem, Sheets, folded, in_order
from survey.scoring import CriteriaSet, Problem, check, dump, load


@dataclass(frozen=True, slots=True)
class CheckedCriteriaWorkbook:
    """What a criteria workbook holds.

    Attributes:
        raw: the JSON file that it amounts to; with problems, as far as it could be read. The same
            set gives the same bytes whichever program saved the workbook.
        problems: by sheet, down its rows; empty when the set can be used.
        criteria_set: None while there is a problem.
    """

    raw: bytes
    problems: tuple[PlacedProblem, ...]
    criteria_set: CriteriaSet | None
    draft: Draft

    def placed(self, problems: Iterable[Problem]) -> tuple[PlacedProblem, ...]:
        """Give the cell of each problem found later, such as a day that another set claims too."""
        return _in_order(_placed(self.draft, one) for one in problems)

    def cell_problems(self) -> tuple[CellProblem, ...]:
        """Give the problems as `error_workbook` marks them."""
        return tuple(one.on_cell() for one in self.problems)


def check_criteria_workbook(sheets: Sheets) -> CheckedCriteriaWorkbook:
    """Check the cells of a criteria workbook, read before by `survey.reports.reading.read_sheets`."""
    draft = read_draft(sheets)
    raw = json.dumps(draft.document, ensure_ascii=False, indent=2).encode()
    wrong = {(one.sheet, one.cell) for one in draft.problems}
    unread = {_row(one.sheet, one.cell) for one in sheets.problems if one.cell}
    placed = [(one, _placed(draft, one)) for one in check(raw)]
    # A value that could not be read is wrong in shape as well; one sentence about it is enough. Where
    # a cell came without its value, nothing true can be said of its row.
    meant = [
        told
        for one, told in placed
        if draft.places.get(one.path) not in wrong and _row(told.sheet, told.cell) not in unread
    ]
    problems = _in_order([*draft.problems, *meant])
    if problems:
        return CheckedCriteriaWorkbook(raw, problems, None, draft)
    written = dump(load(raw))
    return CheckedCriteriaWorkbook(written, (), load(written), draft)


def _placed(draft: Draft, one: Problem) -> PlacedProblem:
    sheet, cell = draft.cell_of(one.path)
    if one.code == "missing_key":
        return _missing(draft, one, sheet, cell)
    return PlacedProblem(one.path, sheet, cell, one.code, one.message)


def _missing(draft: Draft, one: Problem, sheet: str, cell: str) -> PlacedProblem:
    """Say what is missing in the words of the workbook rather than of the JSON file."""
    owner, _, key = one.path.rpartition("/")
    if one.path in draft.places:
        return sheet_problem(one.path, sheet, cell, "cell_blank")
    if owner.endswith("/rule") and key in LINES.values():
        return sheet_problem(one.path, sheet, cell, "lines_missing")
    if owner.endswith("/rule") and key in PARAMETERS:
        return sheet_problem(one.path, sheet, cell, "parameter_missing", parameter=PARAMETERS[key].vi)
    return PlacedProblem(one.path, sheet, cell, one.code, one.message)


def _row(sheet: str, cell: str) -> tuple[str, str]:
    """Name the row of a cell, or of the first cell of a range."""
    return sheet, cell.partition(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _in_order(problems: Iterable[PlacedProblem]) -> tuple[PlacedProblem, ...]:
    """Sort by sheet as they stand in the workbook, then by row and column."""
    found: Sequence[PlacedProblem] = list(problems)
    order = {one: place for place, one in enumerate(in_order({told.on_cell() for told in found}))}
    return tuple(sorted(found, key=lambda told: (_sheet_place(told.sheet), order[told.on_cell()])))


def _sheet_place(sheet: str) -> int:
    return next((place for place, table in enumerate(TABLES) if folded(table.sheet) == folded(sheet)), -1)
