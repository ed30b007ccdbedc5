"""A round on a phone: start, sections, review, receipt. Works without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, request, session, url_for

from survey.errors import SurveyError
from survey.services.collection import FormState, Respondent, form_state, start_form
from survey.services.errors import NoSuchRound
from survey.services.places import open_link_respondent
from survey.services.rounds import judged_units
from survey.web import cookies, steps
from survey.web.access import open_to_everybody
from survey.web.errors import PageExpired, UnitNotChosen
from survey.web.languages import language
from survey.web.longform import LongForm
from survey.web.phone.forms import StartForm
from survey.web.phone.presenters import start_page
from survey.web.security import checks_itself
from survey.web.site import site

phone = Blueprint("phone", __name__, url_prefix="/r")


@phone.get("/<code>/")
@open_to_everybody
def start(code: str) -> str:
    """Show what the round is about; `?unit=` comes from a unit's QR code.

    A form left unfinished in this browser is offered again; no other browser can go on with it (K21).
    """
    state = _open_state(code)
    left = _find(code)
    units = judged_units(store=site().store, code=code)
    known = {unit.id for unit in units}
    asked = request.args.get("unit", "")
    chosen = asked if asked in known else (units[0].id if len(units) == 1 else "")
    unfinished = left[1] if left is not None and not left[1].sent else None
    return start_page(state, units, StartForm(), chosen=chosen, unfinished=unfinished)


@phone.post("/<code>/")
@open_to_everybody
@checks_itself
def begin(code: str) -> Any:
    """Open a new form about one unit."""
    state = _open_state(code)
    units = judged_units(store=site().store, code=code)
    form = StartForm()
    problem: SurveyError | None = None
    if not form.validate():
        problem = PageExpired()
    elif form.unit.data not in {unit.id for unit in units}:
        problem = UnitNotChosen()
    if problem:
        page = start_page(state, units, form, chosen=form.unit.data or "", problem=problem.text(language()))
        return page, problem.status
    respondent = _respondent(code, str(form.unit.data), uuid4())
    started = start_form(store=site().store, clock=site().clock, respondent=respondent)
    first = started.sections[0].id
    steps.count_opened(respondent, started, first)
    response = redirect(url_for("phone.section", code=code, section=first), 303)
    cookies.write(response, _cookie(code), respondent.response_id.hex)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@phone.post("/<code>/leave")
@open_to_everybody
def leave(code: str) -> Any:
    """Forget this browser's form, for the next person on the same phone."""
    # A new page cookie too: without it the browser may bring this person's pages back from its memory.
    session.clear()
    response = redirect(url_for("phone.start", code=code), 303)
    cookies.erase(response, _cookie(code))  # type: ignore[arg-type]  # redirect gives the base class
    return response


def _find(code: str) -> tuple[Respondent, FormState] | None:
    value = cookies.read(_cookie(code))
    try:
        response_id = UUID(hex=value or "")
    except ValueError:
        return None
    state = form_state(store=site().store, clock=site().clock, round_code=code, response_id=response_id)
    return (_respondent(code, state.unit_id, response_id), state) if state.unit_id else None


def _respondent(code: str, unit_id: str, response_id: UUID) -> Respondent:
    return open_link_respondent(clock=site().clock, round_code=code, unit_id=unit_id, response_id=response_id)


def _open_state(code: str) -> FormState:
    state = form_state(store=site().store, clock=site().clock, round_code=code, response_id=None)
    if state.round.entry == "personal":
        raise NoSuchRound(f"{code} is by personal link only")
    return state


def _cookie(code: str) -> str:
    return f"form-{code}"


LongForm(phone, _find)
