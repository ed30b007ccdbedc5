"""A kiosk's flow: attract, question, reasons and comment, thanks, and back to the start.

Every visit has a cookie of its own, replaced when it is sent or restarted: with `autocomplete=off`
and the guard in kiosk.js, Back shows nothing of the person before (K27). Works without scripts; with
them, an enrolled kiosk goes on in one document (static/js/kiosk_visit.js, records.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from survey.questionnaires import InvalidAnswers, Questionnaire
from survey.services.circumstances import Circumstances
from survey.services.collection import Respondent, save_section, start_form, submit_form
from survey.services.devices.errors import SoonAfterAnother
from survey.services.devices.visits import keep_visits_left, submit_visit, visitor
from survey.services.places import kiosk_respondent
from survey.web import cookies, languages
from survey.web.access import needs_device, open_to_everybody, staff_marks
from survey.web.errors import PageExpired
from survey.web.kiosk import presenters as screens
from survey.web.kiosk.forms import KioskForm
from survey.web.kiosk.place import VISIT, Place, place_at, place_of_device
from survey.web.languages import language
from survey.web.security import checks_itself
from survey.web.site import site

kiosk = Blueprint("kiosk", __name__, url_prefix="/kiosk")
signed_kiosk = Blueprint("signed_kiosk", __name__, url_prefix="/kiosk/<code>/<unit>/<key>")

View = Callable[..., Any]


class KioskScreens:
    """The screens of one way to a counter: by an enrolled device, or by a signed address."""

    def __init__(
        self, blueprint: Blueprint, find: Callable[..., Place], rule: Callable[[View], View]
    ) -> None:
        self._find = find
        for path, endpoint, view, method in (
            ("/", "attract", self.attract, "GET"),
            ("/", "begin", self.begin, "POST"),
            ("/restart", "restart", self.restart, "POST"),
            ("/question", "question", self.question, "GET"),
            ("/question", "rate", self.rate, "POST"),
            ("/further", "further", self.further, "GET"),
            ("/further", "send", self.send, "POST"),
            ("/thanks", "thanks", self.thanks, "GET"),
        ):
            blueprint.add_url_rule(path, endpoint, rule(_function(view)), methods=[method])

    def attract(self, **where: str) -> Any:
        """Invite; whoever was here before is forgotten, and so is their language.

        Who switches it on this very screen comes back with `?chosen`, and keeps it for a minute.
        """
        chosen = "chosen" in request.args
        if not chosen:
            languages.forget()
        place = self._find(**where)
        if place.is_paused:
            return _paused(place)
        response = make_response(screens.attract_screen(place))
        cookies.erase(response, VISIT)
        if chosen:
            response.headers["Refresh"] = f"{screens.IDLE_SECONDS}; url={place.address('attract')}"
        else:
            cookies.erase(response, languages.COOKIE)
        return response

    def begin(self, **where: str) -> Any:
        """Open a visit of its own; what the one before left unfinished is kept as that (K7)."""
        place = self._find(**where)
        if place.is_paused:
            return _start(place)
        if place.device:
            keep_visits_left(store=site().store, clock=site().clock, device=place.device)
        respondent = _respondent(place, uuid4())
        start_form(store=site().store, clock=site().clock, respondent=respondent)
        response = redirect(place.address("question"), 303)
        cookies.write(response, VISIT, respondent.response_id.hex)  # type: ignore[arg-type]  # redirect gives the base class
        return response

    def restart(self, **where: str) -> Any:
        """Drop the visit and go to the first screen; what was answered is kept as unfinished."""
        place = self._find(**where)
        if place.device:
            keep_visits_left(store=site().store, clock=site().clock, device=place.device)
        response = redirect(place.address("attract"), 303)
        cookies.erase(response, VISIT)  # type: ignore[arg-type]  # redirect gives the base class
        return response

    def question(self, **where: str) -> Any:
        """Ask the one question; without a live visit, go to the start."""
        place = self._find(**where)
        return screens.question_screen(place, place.visit) if place.visit else _start(place)

    @checks_itself
    def rate(self, **where: str) -> Any:
        """Take the answer of one tap."""
        place = self._find(**where)
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
        return redirect(place.address("further"), 303)

    def further(self, **where: str) -> Any:
        """Ask for reasons and a comment, both optional, the same for every answer."""
        place = self._find(**where)
        if place.visit is None:
            return _start(place)
        return screens.further_screen(place, place.visit) if _rated(place) else _unrated(place)

    @checks_itself
    def send(self, **where: str) -> Any:
        """Keep the whole visit as one response."""
        place = self._find(**where)
        respondent = _visitor(place)
        if respondent is None:
            return _start(place)
        form = KioskForm(place.state.questionnaire, respondent.response_id)
        typed = form.answers.data
        valid = form.validate()
        form.require_this_form()
        if not _rated(place):
            return _unrated(place)
        if not valid:
            message = PageExpired().text(language())
            visit = respondent.response_id
            return screens.further_screen(place, visit, typed=typed, message=message), 400
        return _sent(place, respondent, typed)

    def thanks(self, **where: str) -> Any:
        """Thank, and return to the start by itself, with or without scripts."""
        place = self._find(**where)
        response = make_response(screens.thanks_screen(place))
        response.headers["Refresh"] = f"{screens.THANKS_SECONDS}; url={place.address('attract')}"
        return response


def _function(view: View) -> View:
    """Make a function of a method, so that each way can put its own rule on it."""

    @wraps(view)
    def called(**where: str) -> Any:
        return view(**where)

    return called


def _sent(place: Place, respondent: Respondent, typed: dict[str, object]) -> Any:
    visit = respondent.response_id
    try:
        _keep(place, respondent.marked(staff_marks()), typed)
    except SoonAfterAnother as soon:
        response = make_response(screens.waiting_screen(place, visit, typed=typed), soon.status)
        response.headers["Retry-After"] = str(soon.retry_after)
        return response
    except InvalidAnswers as error:
        return screens.further_screen(place, visit, typed=typed, problems=error.problems), 422
    sent = redirect(place.address("thanks"), 303)
    cookies.erase(sent, VISIT)  # type: ignore[arg-type]  # redirect gives the base class
    return sent


def _keep(place: Place, respondent: Respondent, typed: dict[str, object]) -> None:
    last, store, clock = _by_section(place.state.questionnaire, typed), site().store, site().clock
    if place.device is None:
        submit_form(store=store, clock=clock, respondent=respondent, last=last)
    else:
        submit_visit(store=store, clock=clock, device=place.device, respondent=respondent, last=last)


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
    told = Circumstances(language=language(), option_order=place.option_order)
    if place.device is None:
        by_address = kiosk_respondent(
            clock=site().clock, round_code=place.code, unit_id=place.unit, response_id=response_id
        )
        return by_address.told(told)
    return visitor(
        clock=site().clock,
        device=place.device,
        round_code=place.code,
        response_id=response_id,
        circumstances=told,
    )


def _rated(place: Place) -> bool:
    """Say whether the one question is answered; a visit that was sent no longer shows its answers."""
    return place.state.sent or screens.first_item(place.state.questionnaire).id in place.state.answers


def _unrated(place: Place) -> Response:
    return redirect(place.address("question"), 303)


def _start(place: Place) -> Response:
    return redirect(place.address("attract"), 303)


def _paused(place: Place) -> Response:
    response = make_response(screens.paused_screen(place))
    cookies.erase(response, VISIT)
    response.headers["Refresh"] = f"{screens.PAUSED_SECONDS}; url={place.address('attract')}"
    return response


KioskScreens(kiosk, place_of_device, needs_device("kiosk"))
KioskScreens(signed_kiosk, place_at, open_to_everybody)
