"""A slip's one-time code: typed or scanned, then the round's long form (K13). Works without scripts.

The code leaves the address at the first step, as a personal link's token does; a GET looks nothing up.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, session, url_for

from survey.services.collection import FormState, Respondent, form_state
from survey.services.slips.batches import Slip, open_slip, slip_respondent
from survey.services.slips.codes import LENGTH
from survey.services.slips.errors import MistypedSlip, TooManySlipTries, UnknownSlip
from survey.services.slips.passes import pass_of, slip_of_pass
from survey.web import cookies
from survey.web.access import open_to_everybody
from survey.web.browsers import browser_name
from survey.web.errors import PageExpired
from survey.web.languages import language
from survey.web.longform import LongForm
from survey.web.security import checks_itself
from survey.web.site import site
from survey.web.slip.forms import SlipForm
from survey.web.slip.presenters import entry_page, start_page, used_page

slip = Blueprint("slip", __name__, url_prefix="/c")
#: Holds a scanned code until its form is begun.
_SCANNED = "slip-code"
_LONGEST_SCANNED = 2 * LENGTH


@slip.get("/")
@open_to_everybody
def entry() -> str:
    """Show where the code is typed; a scanned one stands there already."""
    return entry_page(SlipForm(), typed=cookies.read(_SCANNED) or "")


@slip.get("/<scanned>")
@open_to_everybody
def scan(scanned: str) -> Any:
    """Take a scanned code into a cookie and go to the clean address. Nothing is looked up or written."""
    response = redirect(url_for("slip.entry"), 303)
    if len(scanned) <= _LONGEST_SCANNED and scanned.isascii() and scanned.replace("-", "").isalnum():
        cookies.write(response, _SCANNED, scanned)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@slip.post("/")
@open_to_everybody
@checks_itself
def enter() -> Any:
    """Open the form of a code; of one that was used it is only said that it was."""
    form = SlipForm()
    typed = (form.slip.data or "").strip()
    if not form.validate():
        expired = PageExpired()
        return entry_page(form, typed=typed, problem=expired.text(language())), expired.status
    try:
        opened = open_slip(store=site().store, clock=site().clock, typed=typed, browser=browser_name())
    except (MistypedSlip, UnknownSlip, TooManySlipTries) as error:
        return entry_page(form, typed=typed, problem=error.text(language())), error.status
    if opened.used and not _is_ours(opened):
        return used_page()
    response = redirect(url_for("slip.start", code=opened.round_code), 303)
    cookies.write(response, _cookie(opened.round_code), pass_of(opened, site().store))  # type: ignore[arg-type]  # redirect gives the base class
    cookies.erase(response, _SCANNED)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@slip.get("/<code>/start")
@open_to_everybody
def start(code: str) -> Any:
    """Show what is asked and about whom, and where the form was left."""
    found, known = _find(code), _slip(code)
    if found is None or known is None:
        return redirect(url_for("slip.entry"), 303)
    if found[1].sent:
        return redirect(url_for("slip.receipt", code=code), 303)
    return start_page(found[1], known)


@slip.post("/<code>/leave")
@open_to_everybody
def leave(code: str) -> Any:
    """Forget this browser's form, for the next person on the same phone."""
    session.clear()
    response = redirect(url_for("slip.entry"), 303)
    cookies.erase(response, _cookie(code))  # type: ignore[arg-type]  # redirect gives the base class
    return response


def _find(code: str) -> tuple[Respondent, FormState] | None:
    known = _slip(code)
    if known is None:
        return None
    respondent = slip_respondent(known, site().clock)
    state = form_state(
        store=site().store, clock=site().clock, round_code=code, response_id=respondent.response_id
    )
    return respondent, state


def _slip(code: str) -> Slip | None:
    word = cookies.read(_cookie(code))
    known = slip_of_pass(word, site().store) if word else None
    return known if known is not None and known.round_code == code else None


def _is_ours(opened: Slip) -> bool:
    """Say whether this very browser began the form of a code."""
    known = _slip(opened.round_code)
    return known is not None and known.response_id == opened.response_id


def _cookie(code: str) -> str:
    return f"slip-{code}"


LongForm(slip, _find)
