"""A personal link: opened any number of times, resumed until the form is sent.

The token leaves the address at the first step, so that no log, history or referrer keeps it.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from survey.services.collection import FormState, Respondent, form_state
from survey.services.errors import NoSuchLink
from survey.services.invitations import respondent_of_link
from survey.web import cookies
from survey.web.access import open_to_everybody
from survey.web.longform import LongForm
from survey.web.personal.presenters import start_page
from survey.web.site import site

personal = Blueprint("personal", __name__, url_prefix="/p")


@personal.get("/link/<token>")
@open_to_everybody
def open_link(token: str) -> Any:
    """Take the token into a cookie and go to the clean address. Nothing is written."""
    _respondent, round_ = respondent_of_link(store=site().store, token=token)
    response = redirect(url_for("personal.start", code=round_.code), 303)
    cookies.write(response, _cookie(round_.code), token, days=60)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@personal.get("/<code>/")
@open_to_everybody
def start(code: str) -> Any:
    """Show what is asked, and where the form was left."""
    found = _find(code)
    if found is None:
        raise NoSuchLink(f"no link in the browser for {code}")
    respondent, state = found
    if state.sent:
        return redirect(url_for("personal.receipt", code=code), 303)
    return start_page(state, respondent.unit_id)


def _find(code: str) -> tuple[Respondent, FormState] | None:
    token = cookies.read(_cookie(code))
    if token is None:
        return None
    respondent, round_ = respondent_of_link(store=site().store, token=token)
    if round_.code != code:
        return None
    state = form_state(
        store=site().store, clock=site().clock, round_code=code, response_id=respondent.response_id
    )
    return respondent, state


def _cookie(code: str) -> str:
    return f"link-{code}"


LongForm(personal, _find)
