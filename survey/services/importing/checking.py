"""A file of responses checked against its round: what is new, what is there already, what is wrong.

Nothing is written here (taking.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from survey.errors import SurveyError
from survey.reports.reading import CellProblem, Sheets, error_workbook, in_order, read_sheets
from survey.services.asked import questionnaire_of
from survey.services.clock import Clock, day_in_vietnam
from survey.services.importing.columns import FileColumns, read_columns
from survey.services.importing.errors import NotByFile, TooLateToTake
from survey.services.importing.places import surroundings
from survey.services.importing.problems import problem
from survey.services.importing.rows import FileForm, read_forms
from survey.services.review.import_grades import grade_of
from survey.services.rounds import round_named
from survey.storage import imports, paper, rounds
from survey.storage.imports import KeptForm
from survey.storage.models import ImportRow, RoundRow
from survey.storage.store import Store

#: How long after its closing a round still takes what was answered before (O5).
LATE_DAYS = 14


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What taking a file would do.

    Attributes:
        forms: those that are new to the round; none are taken while there is a problem.
        already: how many forms of the file the round holds with the same content.
        problems: all of them, sheet by sheet and down the rows.
        unlisted: problems beyond those listed.
        earlier: the import of this very file, if it was taken before.
        grade: of the evidence that its forms will have (decision 0015).
    """

    sheets: Sheets
    forms: tuple[FileForm, ...] = field(repr=False)
    already: int
    problems: tuple[CellProblem, ...] = field(repr=False)
    unlisted: int
    earlier: ImportRow | None
    grade: str

    @property
    def problem_count(self) -> int:
        return len(self.problems) + self.unlisted

    @property
    def rows(self) -> int:
        """How many forms without a problem the file holds."""
        return len(self.forms) + self.already

    def marked(self) -> bytes:
        """Write the file again as a workbook with its problems listed and marked."""
        return error_workbook(self.sheets, self.problems)


def check_file(*, store: Store, clock: Clock, code: str, raw: bytes, name: str) -> CheckedFile:
    """Read a file of responses and say what taking it would do; nothing is written.

    Raises:
        NoSuchRound, NotByFile, TooLateToTake: the round takes no file.
        FileTooLarge, UnreadableFile, ReaderBusy: the file was not read.
    """
    today = day_in_vietnam(clock.now())
    with store.reading() as session:
        round_ = round_taking_files(session, code, today)
        units = [unit for _, unit in rounds.units_of(session, round_.id)]
        ledger = frozenset(paper.numbers_of(session, round_.id))
    sheets = read_sheets(raw, name=name)
    questionnaire = questionnaire_of(round_)
    around = surroundings(round_, units, ledger, today=today, keys=store.keys)
    columns = read_columns(sheets.first(), questionnaire, several_units=around.only_unit is None)
    read = read_forms(columns, questionnaire, around) if not columns.problems else None
    forms = read.forms if read else []
    with store.reading() as session:
        kept = imports.kept_forms(session, round_.id, [form.response_id for form in forms])
        earlier = imports.import_of(session, round_.id, sheets.sha256)
        grade = grade_of(session, round_.id, sheets.sha256)
    problems = [
        *sheets.problems_in(columns.sheet),
        *columns.problems,
        *(read.problems if read else ()),
        *_conflicts(columns, forms, kept),
    ]
    new = tuple(form for form in forms if form.response_id not in kept)
    return CheckedFile(
        sheets=sheets,
        forms=new,
        already=len(forms) - len(new),
        problems=in_order(problems),
        unlisted=sheets.unlisted,
        earlier=earlier,
        grade=grade,
    )


def round_taking_files(session: Session, code: str, today: date) -> RoundRow:
    """Find a round that takes files today.

    Raises:
        NoSuchRound, NotByFile, TooLateToTake.
    """
    round_ = round_named(session, code)
    if round_.entry == "personal":
        raise NotByFile(code, round=code)
    end = min(round_.closed_on or round_.closes_on, round_.closes_on) + timedelta(days=LATE_DAYS)
    if round_.status == "draft" or not round_.opens_on <= today <= end:
        raise TooLateToTake(code, round=code, days=LATE_DAYS)
    return round_


def why_closed(*, store: Store, clock: Clock, code: str) -> SurveyError | None:
    """Say why a round takes no file today; None where it does.

    Raises:
        NoSuchRound.
    """
    try:
        with store.reading() as session:
            round_taking_files(session, code, day_in_vietnam(clock.now()))
    except (NotByFile, TooLateToTake) as refusal:
        return refusal
    return None


def is_same(form: FileForm, kept: KeptForm) -> bool:
    """Say whether the round holds this very form: the same answers at the same place in the design."""
    return kept == KeptForm(form.payload_sha256, form.unit_id, form.stratum, form.psu, form.base_weight)


def _conflicts(
    columns: FileColumns, forms: Sequence[FileForm], kept: dict[Any, KeptForm]
) -> Iterator[CellProblem]:
    for form in forms:
        there = kept.get(form.response_id)
        if there is not None and not is_same(form, there):
            cell = columns.design_cell(form.row, "form_number", "response_id")
            yield problem(columns.sheet, cell, "other-answers")
