"""A closed round for its officials: when it was opened and closed, and the request to open it again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.clock import day_in_vietnam
from survey.services.review.reopening import ask_reopening, turns_of, waiting_reopening
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.reopening.forms import ReopeningForm
from survey.web.fieldwork.reopening.presenters import reopening_page
from survey.web.languages import language
from survey.web.site import site

fieldwork_reopening = Blueprint(
    "fieldwork_reopening", __name__, url_prefix="/office/rounds/<code>/fieldwork/reopening"
)


@fieldwork_reopening.get("/")
@needs("arrange")
def show(code: str) -> str:
    """Show when the round was opened and closed, and whether it can be opened again."""
    return _page(round_asked(code))


@fieldwork_reopening.post("/")
@needs("arrange")
def ask(code: str) -> Any:
    """Ask a second person to open the round again."""
    round_, form = round_asked(code), ReopeningForm()
    try:
        ask_reopening(store=site().store, clock=site().clock, account=account(), code=code, reason=form.why)
    except SurveyError as refusal:
        return _page(round_, problem=refusal.text(language()), typed=form.why), refusal.status
    flash(_("Đã gửi đề nghị mở lại đợt. Người thứ hai quyết định ở trang Rà soát."), "good")
    return redirect(url_for("fieldwork_reopening.show", code=code), 303)


def _page(round_: RoundRow, *, problem: str | None = None, typed: str = "") -> str:
    return reopening_page(
        round_,
        turns_of(store=site().store, round_=round_),
        waiting_reopening(store=site().store, round_=round_),
        over=day_in_vietnam(site().clock.now()) > round_.closes_on,
        problem=problem,
        typed=typed,
    )
