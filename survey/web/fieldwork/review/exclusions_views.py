"""What two persons keep out of the index: asked for by ids, and asked back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for

from survey.errors import SurveyError
from survey.services.review import exclusions as exclusion_asks
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm, ListForm
from survey.web.fieldwork.review.frame import asked, decided, page_asked, queues, review
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.languages import language
from survey.web.site import site


@review.get("/exclusions")
@needs("review")
def exclusions(code: str) -> str:
    """Show what two persons keep out of the index."""
    return _exclusions(round_asked(code))


@review.post("/exclusions")
@needs("review")
def ask_back(code: str) -> Any:
    """Ask that what was left out be taken in again."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"restore": _ask_back}.get(form.decision.data or "")
    return decided(form, deed, "review.exclusions", lambda refused: _exclusions(round_, refused), code)


@review.post("/exclusions/list")
@needs("review")
def ask_list(code: str) -> Any:
    """Ask that responses be left out by their ids."""
    round_, form = round_asked(code), ListForm()
    try:
        exclusion_asks.ask_exclusion_of(
            store=site().store,
            clock=site().clock,
            account=account(),
            code=code,
            ids=form.ids(),
            reason=(form.note.data or "").replace("\0", ""),
        )
    except SurveyError as refusal:
        refused = Refused(refusal.text(language()), typed=form.responses.data or "")
        return _exclusions(round_, refused), refusal.status
    flash(asked(), "good")
    return redirect(url_for("review.requests", code=code), 303)


def _ask_back(code: str, form: DecisionForm) -> str:
    exclusion_asks.ask_restoration(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        approval_id=form.id,
        reason=form.why,
    )
    return asked()


def _exclusions(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = exclusion_asks.exclusions_for(store=site().store, account=account(), code=round_.code)
    return pages.exclusions_page(round_, queues(round_), found, page_asked(), refused)
