"""The page of assignments: what each enumerator has to do and has done, a form, two files."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text
from survey.services.tablets.assignment_lists import COLUMNS
from survey.services.tablets.assignments import Enumerator
from survey.services.tablets.queue_files import Imported
from survey.storage.assignments import AssignmentLine
from survey.storage.models import RoundRow, UnitRow
from survey.units import load_units
from survey.web.fieldwork.assignments.forms import AssignmentForm
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language

PLACE = "fieldwork_assignments.show"
_FIELDS = ("login", "unit", "place", "wanted", "stratum", "psu", "weight", "due")


def assignments_page(
    round_: RoundRow,
    lines: tuple[AssignmentLine, ...],
    people: tuple[Enumerator, ...],
    units: tuple[UnitRow, ...],
    form: AssignmentForm,
    *,
    problem: str | None = None,
) -> str:
    live = [line for line in lines if line.status != "withdrawn"]
    return fieldwork_page(
        "fieldwork/assignments.html",
        round_=round_,
        place=PLACE,
        form=form,
        chosen={name: form[name].data or "" for name in _FIELDS},
        people=[(one.login, f"{one.full_name} ({one.login})") for one in people],
        units=[(unit.id, load_units().get(unit.id).full_name) for unit in units],
        lines=[_line(round_, line) for line in lines],
        done=_count(sum(line.done for line in lines)),
        wanted=_count(sum(line.wanted for line in live)),
        columns=", ".join(names[0] for names in COLUMNS.values()),
        problems=[{"field": None, "text": problem}] if problem else [],
        make_url=url_for("fieldwork_assignments.make", code=round_.code),
        list_url=url_for("fieldwork_assignments.make_from_list", code=round_.code),
        queue_url=url_for("fieldwork_assignments.take_queue", code=round_.code),
    )


def imported_text(told: Imported) -> str:
    """Say what became of the forms of an exported queue."""
    return _(
        "Đã nhập tệp: %(kept)s phiếu mới, %(replayed)s phiếu đã có từ trước, %(aside)s phiếu khác nội dung, "
        "%(quarantined)s phiếu chờ xem xét, %(unread)s phiếu không mở được, "
        "%(elsewhere)s phiếu của đợt khác.",
        **{name: _count(getattr(told, name)) for name in Imported.__slots__},
    )


def _line(round_: RoundRow, line: AssignmentLine) -> dict[str, Any]:
    return {
        "who": line.full_name,
        "login": line.login,
        "where": line.place,
        "unit": load_units().get(line.unit_id).full_name,
        "done": _count(line.done),
        "wanted": _count(line.wanted),
        "due": date_text(line.due_on) if line.due_on else "–",
        "is_over": line.is_over,
        "is_full": line.done == line.wanted,
        "withdrawn": line.status == "withdrawn",
        "withdraw_url": url_for("fieldwork_assignments.take_back", code=round_.code, assignment=line.id.hex),
    }


def _count(number: int) -> str:
    return count_text(number, language())
