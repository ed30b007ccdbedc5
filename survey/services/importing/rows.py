"""The rows of a file as whole forms, read by the same reader as every other form.

Not whether they are in the round already (checking.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from survey.questionnaires import InvalidAnswers, Questionnaire, answers_sha256, read_answers
from survey.reports.reading import CellProblem, CellValue, Row, address
from survey.services.importing.cells import BadAnswer, ItemCells, is_chosen
from survey.services.importing.columns import FileColumns
from survey.services.importing.places import (
    Surroundings,
    paper_number,
    read_day,
    read_id,
    read_label,
    read_unit,
    read_weight,
)
from survey.services.importing.problems import problem
from survey.services.keeping import plain

_Read = TypeVar("_Read")
#: Stands for a cell that has a problem already, so that its item is not reported as blank.
_UNREADABLE = object()


@dataclass(frozen=True, slots=True)
class FileForm:
    """One whole form out of a file: which it is, where it stands, what was answered."""

    row: int
    response_id: UUID
    unit_id: str
    stratum: str
    psu: str
    base_weight: float
    day: date
    answers: Mapping[str, Any]
    payload_sha256: str


@dataclass(slots=True)
class ReadForms:
    """The forms of a file that have no problem, and the problems of the others."""

    forms: list[FileForm] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def read_forms(columns: FileColumns, questionnaire: Questionnaire, around: Surroundings) -> ReadForms:
    """Read every row as a form; each is reported with all its problems."""
    reader, read = _RowReader(columns, questionnaire, around), ReadForms()
    rows_by_id: dict[UUID, int] = {}
    for row in columns.rows:
        form, problems = reader.read(row)
        if form is not None and form.response_id in rows_by_id:
            cell = columns.design_cell(row.number, "response_id", "form_number")
            first = rows_by_id[form.response_id]
            problems = [problem(columns.sheet, cell, "repeated-form", row=first)]
        if form is not None and not problems:
            rows_by_id[form.response_id] = row.number
            read.forms.append(form)
        read.problems += problems
    return read


class _RowReader:
    """Reads row by row; what is the same for all rows is made once."""

    def __init__(self, columns: FileColumns, questionnaire: Questionnaire, around: Surroundings) -> None:
        self._columns = columns
        self._questionnaire = questionnaire
        self._around = around
        self._cells = [
            (column, ItemCells(questionnaire.item(item))) for item, column in columns.items.items()
        ]
        self._without_column: set[str] = set()
        self._problems: list[CellProblem] = []

    def read(self, row: Row) -> tuple[FileForm | None, list[CellProblem]]:
        """Read one row; None where it has a problem."""
        self._problems = []
        self._refuse_marked(row)
        around = self._around
        uuid, number = self._value(row, "response_id"), self._value(row, "form_number")
        named = "response_id" if uuid is not None else "form_number"
        on_paper = self._of(row, "form_number", lambda value: paper_number(around, value))
        response_id = self._of(row, named, lambda _: read_id(around, uuid, number, on_paper))
        unit = self._of(row, "unit", lambda value: read_unit(around, value))
        day = self._of(row, "day", lambda value: read_day(around, value))
        weight = self._of(row, "base_weight", read_weight)
        stratum = self._of(row, "stratum", lambda value: read_label(value, unit or ""))
        psu = self._of(row, "psu", lambda value: read_label(value, f"{unit}:{day}"))
        answers = self._answers(row)
        if self._problems or response_id is None or unit is None or day is None or answers is None:
            return None, self._problems
        payload = answers_sha256(self._questionnaire, answers)
        form = FileForm(
            row.number, response_id, unit, stratum or unit, psu or "", weight or 1.0, day,
            plain(answers), payload,
        )  # fmt: skip
        return form, []

    def _value(self, row: Row, name: str) -> CellValue:
        column = self._columns.design.get(name)
        return None if column is None else row.at(column)

    def _of(self, row: Row, name: str, read: Callable[[CellValue], _Read]) -> _Read | None:
        try:
            return read(self._value(row, name))
        except BadAnswer as bad:
            others = ("response_id",) if name == "form_number" else ()
            self._report(self._columns.design_cell(row.number, name, *others), bad)
            return None

    def _refuse_marked(self, row: Row) -> None:
        if self._value(row, "simulated") is not None and not self._around.round.simulated:
            self._report(self._columns.design_cell(row.number, "simulated"), BadAnswer("simulated"))
        if self._value(row, "status") not in (None, "complete"):
            self._report(self._columns.design_cell(row.number, "status"), BadAnswer("not-complete"))

    def _answers(self, row: Row) -> Mapping[str, Any] | None:
        raw = {item: value for item, value in self._raw(row) if value is not None}
        if not raw:
            self._report(address(row.number, 1), BadAnswer("empty-form"))
            return None
        try:
            return read_answers(self._questionnaire, raw)
        except InvalidAnswers as invalid:
            for one in invalid.problems:
                if raw.get(one.item) is not _UNREADABLE:
                    self._report_answer(row, one.item, one.code)
            return None

    def _raw(self, row: Row) -> Iterator[tuple[str, object]]:
        for column, cells in self._cells:
            try:
                yield cells.item.id, cells.read(row.at(column))
            except BadAnswer as bad:
                self._report(address(row.number, column), bad)
                yield cells.item.id, _UNREADABLE
        for item, options in self._columns.options.items():
            yield item, self._chosen(row, options)

    def _chosen(self, row: Row, options: Mapping[str, int]) -> object:
        chosen: list[str] = []
        for option, column in options.items():
            try:
                if is_chosen(row.at(column)):
                    chosen.append(option)
            except BadAnswer as bad:
                self._report(address(row.number, column), bad)
                return _UNREADABLE
        return chosen or None

    def _report_answer(self, row: Row, item_id: str, code: str) -> None:
        item = self._questionnaire.item(item_id)
        cell = self._columns.item_cell(row.number, item_id)
        places = {"item": item.text, "limit": item.max_length or item.max_choices or ""}
        if cell is None:
            # A column that is not there is missing in every row: said once.
            if item_id not in self._without_column:
                self._without_column.add(item_id)
                head = address(self._columns.table.header_row, 1)
                self._report(head, BadAnswer("missing-column", header=item_id))
            return
        if code == "unknown-option":
            code = "wrong-type"
        self._report(cell, BadAnswer(code, **places))

    def _report(self, cell: str, bad: BadAnswer) -> None:
        self._problems.append(problem(self._columns.sheet, cell, bad.code, **bad.places))
