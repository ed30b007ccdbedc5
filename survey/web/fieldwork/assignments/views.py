"""Assignments of a round: made, watched, withdrawn; exported queues of tablets taken in (O8, O13)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.reports.figures import count_text
from survey.services.permissions import rounds_for
from survey.services.rounds import judged_units
from survey.services.tablets.assignment_lists import read_assignments
from survey.services.tablets.assignments import assignments_of_round, enumerators, make_assignments, withdraw
from survey.services.tablets.errors import NoSuchAssignment
from survey.services.tablets.queue_files import import_queue
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.assignments.forms import AssignmentForm, sent_file
from survey.web.fieldwork.assignments.presenters import assignments_page, imported_text
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

fieldwork_assignments = Blueprint(
    "fieldwork_assignments", __name__, url_prefix="/office/rounds/<code>/fieldwork/assignments"
)


@fieldwork_assignments.get("/")
@needs("arrange")
def show(code: str) -> str:
    """Show who is asked to do what, and how far they are."""
    return _page(round_asked(code))


@fieldwork_assignments.post("/")
@needs("arrange")
def make(code: str) -> Any:
    """Make one assignment."""
    round_, form = round_asked(code), AssignmentForm()
    try:
        _make(code, [form.as_assignment()])
    except SurveyError as refusal:
        return _page(round_, form, problem=refusal.text(language())), refusal.status
    return _done(code, _("Đã giao việc."))


@fieldwork_assignments.post("/list")
@needs("arrange")
@takes_file
def make_from_list(code: str) -> Any:
    """Make the assignments of a workbook or CSV, all or none."""
    round_ = round_asked(code)
    try:
        raw, name = sent_file(request)
        people = {one.login for one in enumerators(store=site().store)}
        units = {unit.id for unit in judged_units(store=site().store, code=code)}
        new = read_assignments(raw, name=name, people=people, units=units)
        _make(code, new)
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    return _done(code, _("Đã giao %(count)s việc.", count=count_text(len(new), language())))


@fieldwork_assignments.post("/queue")
@needs("arrange")
@takes_file
def take_queue(code: str) -> Any:
    """Take in a tablet's exported queue; forms of rounds elsewhere stay in the file."""
    round_ = round_asked(code)
    try:
        raw, _name = sent_file(request)
        codes = {one.code for one in rounds_for(store=site().store, account=account())}
        told = import_queue(
            store=site().store, clock=site().clock, actor=account().login, raw=raw, rounds=codes
        )
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language())), refusal.status
    return _done(code, imported_text(told))


@fieldwork_assignments.post("/<assignment>/withdraw")
@needs("arrange")
def take_back(code: str, assignment: str) -> Any:
    """Withdraw an assignment; what was collected before is still taken in."""
    round_ = round_asked(code)
    try:
        assignment_id = UUID(hex=assignment)
    except ValueError as error:
        raise NoSuchAssignment(assignment[:40]) from error
    withdraw(
        store=site().store,
        clock=site().clock,
        actor=account().login,
        round_code=round_.code,
        assignment_id=assignment_id,
    )
    return _done(code, _("Đã thu hồi việc được giao."))


def _make(code: str, new: Any) -> None:
    make_assignments(store=site().store, clock=site().clock, actor=account().login, round_code=code, new=new)


def _done(code: str, text: str) -> Any:
    flash(text, "good")
    return redirect(url_for("fieldwork_assignments.show", code=code), 303)


def _page(round_: RoundRow, form: AssignmentForm | None = None, problem: str | None = None) -> str:
    return assignments_page(
        round_,
        assignments_of_round(store=site().store, round_=round_),
        enumerators(store=site().store),
        judged_units(store=site().store, code=round_.code),
        form or AssignmentForm(formdata=None),
        problem=problem,
    )
