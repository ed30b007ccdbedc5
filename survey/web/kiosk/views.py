"""A kiosk's flow: attract, question, reasons and comment, thanks, and back to the start.

Every visit has a cookie of its own, replaced when it is sent or restarted: with `autocomplete=off`
and the guard in kiosk.js, Back shows nothing of the person before (K27). Works without scripts.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from survey.questionnaires import InvalidAnswers, Questionnaire
from survey.services.collection import Respondent, save_section, start_form, submit_form
from survey.services.places import kiosk_respondent
from survey.web import cookies, languages
from survey.web.access import open_to_everybody
from survey.web.errors import PageExpired
from survey.web.kiosk import presenters as screens
from survey.web.kiosk.forms import KioskForm
from survey.web.kiosk.place import VISIT, Place, place_at
from survey.web.languages import language
from survey.web.security import checks_itself
from survey.web.site import site

kiosk = Blueprint("kiosk", __name__, url_prefix="/kiosk/<code>/<unit>/<key>")


@kiosk.get("/")
@open_to_everybody
def attract(code: str, unit: str, key: str) -> Any:
    """Invite; whoever was here before is forgotten, and so is their language.

    Who switches it on this very screen comes back with `?chosen`, and keeps it for a minute.
    """
    chosen = "chosen" in request.args
    if not chosen:
        languages.forget()
    place = place_at(code, unit, key)
    response = make_response(screens.attract_screen(place))
    cookies.erase(response, VISIT)
    if chosen:
        response.headers["Refresh"] = f"{screens.IDLE_SECONDS}; url={place.address('kiosk.attract')}"
    else:
        cookies.erase(response, languages.COOKIE)
    return response


@kiosk.post("/")
@open_to_everybody
def begin(code: str, unit: str, key: str) -> Any:
    """Open a visit of its own."""
    place = place_at(code, unit, key)
    respondent = _respondent(place, uuid4())
    start_form(store=site().store, clock=site().clock, respondent=respondent)
    response = redirect(place.address("kiosk.question"), 303)
    cookies.write(response, VISIT, respondent.response_id.hex)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@kiosk.post("/restart")
@open_to_everybody
def restart(code: str, unit: str, key: str) -> Any:
    """Drop the visit and go to the first screen."""
    response = redirect(place_at(code, unit, key).address("kiosk.attract"), 303)
    cookies.erase(response, VISIT)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@kiosk.get("/question")
@open_to_everybody
def question(code: str, unit: str, key: str) -> Any:
    """Ask the one question; without a live visit, go to the start."""
    place = place_at(code, unit, key)
    return screens.question_screen(place, place.visit) if place.visit else _start(place)


@kiosk.post("/question")
@open_to_everybody
@checks_itself
def rate(code: str, unit: str, key: str) -> Any:
    """Take the answer of one tap."""
    place = place_at(code, unit, key)
    respondent = _visitor(place)
    if respondent is None:
        return _start(place)
    form = KioskForm(place.state.questionnaire, respondent.response_id)
    valid = form.validate()
    form.require_this_form()
    if not valid:
        message = PageExpired().text(language())
        return screens.question_screen(place, respondent.response_id, message=message), 400
    item = screens.first_item(place.state.questionnaire)
    section = place.state.questionnaire.sections[0].id
    try:
        save_section(
            store=site().store,
            clock=site().clock,
            respondent=respondent,
            section_id=section,
            raw={item.id: form.answers.data.get(item.id, "")},
        )
    except InvalidAnswers as error:
        return screens.question_screen(place, respondent.response_id, problems=error.problems), 422
    return redirect(place.address("kiosk.further"), 303)


@kiosk.get("/further")
@open_to_everybody
def further(code: str, unit: str, key: str) -> Any:
    """Ask for reasons and a comment, both optional, the same for every answer."""
    place = place_at(code, unit, key)
    if place.visit is None:
        return _start(place)
    return screens.further_screen(place, place.visit) if _rated(place) else _unrated(place)


@kiosk.post("/further")
@open_to_everybody
@checks_itself
def send(code: str, unit: str, key: str) -> Any:
    """Keep the whole visit as one response."""
    place = place_at(code, unit, key)
    respondent = _visitor(place)
    if respondent is None:
        return _start(place)
    visit = respondent.response_id
    form = KioskForm(place.state.questionnaire, visit)
    typed = form.answers.data
    valid = form.validate()
    form.require_this_form()
    if not _rated(place):
        return _unrated(place)
    if not valid:
        message = PageExpired().text(language())
        return screens.further_screen(place, visit, typed=typed, message=message), 400
    try:
        last = _by_section(place.state.questionnaire, typed)
        submit_form(store=site().store, clock=site().clock, respondent=respondent, last=last)
    except InvalidAnswers as error:
        return screens.further_screen(place, visit, typed=typed, problems=error.problems), 422
    response = redirect(place.address("kiosk.thanks"), 303)
    cookies.erase(response, VISIT)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@kiosk.get("/thanks")
@open_to_everybody
def thanks(code: str, unit: str, key: str) -> Any:
    """Thank, and return to the start by itself, with or without scripts."""
    place = place_at(code, unit, key)
    response = make_response(screens.thanks_screen(place))
    response.headers["Refresh"] = f"{screens.THANKS_SECONDS}; url={place.address('kiosk.attract')}"
    return response


def _by_section(questionnaire: Questionnaire, typed: dict[str, object]) -> dict[str, dict[str, object]]:
    """Deal what was typed on the second screen to the sections it belongs to; the rest goes to each."""
    home = {item.id: section.id for section in questionnaire.sections for item in section.items}
    first = screens.first_item(questionnaire).id
    return {
        section.id: {
            name: value
            for name, value in typed.items()
            if name != first and home.get(name, section.id) == section.id
        }
        for section in questionnaire.sections[1:]
    }


def _visitor(place: Place) -> Respondent | None:
    return _respondent(place, place.visit) if place.visit else None


def _respondent(place: Place, response_id: UUID) -> Respondent:
    return kiosk_respondent(
        clock=site().clock, round_code=place.code, unit_id=place.unit, response_id=response_id
    )


def _rated(place: Place) -> bool:
    """Say whether the one question is answered; a visit that was sent no longer shows its answers."""
    return place.state.sent or screens.first_item(place.state.questionnaire).id in place.state.answers


def _unrated(place: Place) -> Response:
    return redirect(place.address("kiosk.question"), 303)


def _start(place: Place) -> Response:
    return redirect(place.address("kiosk.attract"), 303)
