"""A personal link: opened any number of times, resumed until sent, answered anew until the round closes.

The token leaves the address at the first step, so that no log, history or referrer keeps it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, url_for
from werkzeug.wrappers import Response

from survey.services.collection import FormState, Respondent, form_state, start_form
from survey.services.errors import NoSuchLink, NotThisUnit, RoundClosed
from survey.services.keeping import is_open
from survey.services.links.errors import LinkEnded, StalePage
from survey.services.links.personal import (
    PersonalLink,
    UnitForm,
    asked_by_link,
    forms_of_link,
    open_personal_link,
)
from survey.web import cookies
from survey.web.access import open_to_everybody
from survey.web.longform import LongForm
from survey.web.personal.presenters import next_address, start_page, unit_name, units_page
from survey.web.site import site

personal = Blueprint("personal", __name__, url_prefix="/p")
_UNDER = "/<code>/u/<unit>"


@personal.url_value_preprocessor
def _take_unit(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the unit of the address beside the views: the pages of a long form know none."""
    g.unit = (values or {}).pop("unit", None)


@personal.url_defaults
def _give_unit(endpoint: str, values: dict[str, Any]) -> None:
    if "unit" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "unit"):
        values["unit"] = g.get("unit")


@personal.context_processor
def _about() -> dict[str, Any]:
    """Give the pages what differs from a phone's: the unit they are about, and that answers may change."""
    link: PersonalLink | None = g.get("link")
    form: UnitForm | None = g.get("form")
    if link is None or form is None:
        return {}
    several = len(link.units) > 1
    return {
        "code": link.round.code,
        "several": several,
        "about_unit": unit_name(form.unit_id) if several else None,
        "changing": form.standing == "changing",
        "may_change": is_open(link.round, site().clock),
    }


@personal.get("/link/<token>")
@open_to_everybody
def open_link(token: str) -> Any:
    """Take the token into a cookie and go to the clean address. Nothing is written.

    A token that opens nothing leaves the address too: every such one is answered by the same redirect.
    """
    try:
        link = open_personal_link(store=site().store, token=token)
    except NoSuchLink:
        return redirect(url_for("personal.no_link"), 303)
    except LinkEnded:
        return redirect(url_for("personal.ended"), 303)
    response = redirect(url_for("personal.start", code=link.round.code), 303)
    cookies.write(response, _cookie(link.round.code), token, days=60)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@personal.get("/link/")
@open_to_everybody
def no_link() -> Response:
    """Say that a link does not work: unknown, malformed and revoked ones alike."""
    raise NoSuchLink()


@personal.get("/ended")
@open_to_everybody
def ended() -> Response:
    """Say that the round of a link has ended for good."""
    raise LinkEnded()


@personal.get("/<code>/")
@open_to_everybody
def start(code: str) -> Any:
    """Show what is asked and where the forms were left: one unit, or the list of them."""
    link = _require_link(code)
    forms = forms_of_link(store=site().store, link=link)
    if len(forms) > 1:
        asked = asked_by_link(store=site().store, link=link)
        return units_page(link.round, asked, forms, is_open=is_open(link.round, site().clock))
    state = _state(code, forms[0])
    if state.sent:
        return redirect(next_address(state, forms[0].unit_id), 303)
    return start_page(link.round, state, forms[0])


@personal.get(f"{_UNDER}/")
@open_to_everybody
def unit(code: str) -> Any:
    """Go to where the form about one unit was left."""
    form = _form(_require_link(code))
    return redirect(next_address(_state(code, form), form.unit_id), 303)


@personal.post(f"{_UNDER}/change")
@open_to_everybody
def change(code: str) -> Response:
    """Open an empty form in the place of the one that was sent; what was sent is never shown again."""
    link = _require_link(code)
    form = _form(link)
    if form.standing == "sent":
        if not is_open(link.round, site().clock):
            raise RoundClosed(code)
        start_form(store=site().store, clock=site().clock, respondent=link.following(form))
        form = _form(link)
    return redirect(next_address(_state(code, form), form.unit_id), 303)


def _find(code: str) -> tuple[Respondent, FormState] | None:
    link = _link(code)
    if link is None:
        return None
    g.link, g.form = link, _form(link)
    return g.form.respondent, _state(code, g.form)


def _link(code: str) -> PersonalLink | None:
    token = cookies.read(_cookie(code))
    if token is None:
        return None
    link = open_personal_link(store=site().store, token=token)
    return link if link.round.code == code else None


def _require_link(code: str) -> PersonalLink:
    link = _link(code)
    if link is None:
        raise NoSuchLink(f"no link in the browser for {code}")
    return link


def _form(link: PersonalLink) -> UnitForm:
    """Give the form about the unit of the address; a unit that is not the link's is as good as absent."""
    try:
        return forms_of_link(store=site().store, link=link, unit_id=g.unit)[0]
    except NotThisUnit as error:
        raise NoSuchLink(str(error.detail)) from error


def _state(code: str, form: UnitForm) -> FormState:
    return form_state(
        store=site().store, clock=site().clock, round_code=code, response_id=form.respondent.response_id
    )


def _cookie(code: str) -> str:
    return f"link-{code}"


LongForm(personal, _find, under=_UNDER, stale=StalePage)
