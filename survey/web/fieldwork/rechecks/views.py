"""The re-check (phúc tra): drawing whom to ask again, and the disagreement table by who collected."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.paper.errors import NoSuchRecheck
from survey.services.review import rechecks as services
from survey.services.review.recheck_results import recheck_table
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.rechecks.forms import DrawForm
from survey.web.fieldwork.rechecks.presenters import arguments_of, rechecks_page
from survey.web.languages import language
from survey.web.site import site

rechecks = Blueprint("rechecks", __name__, url_prefix="/office/rounds/<code>/fieldwork/rechecks")


@rechecks.get("/")
@needs("review")
def show(code: str) -> str:
    """Show the samples of a round and what one of them found."""
    return _page(round_asked(code), DrawForm())


@rechecks.post("/")
@needs("review")
def draw_sample(code: str) -> Any:
    """Draw a sample; its seed comes from the system's chance and is kept."""
    round_, form = round_asked(code), DrawForm()
    try:
        sample = services.draw(
            store=site().store, clock=site().clock, actor=account().login, code=code, percent=form.asked()
        )
    except SurveyError as refusal:
        return _page(round_, form, problem=refusal.text(language())), refusal.status
    flash(_("Đã chọn mẫu phúc tra %(sample)s.", sample=sample), "good")
    return redirect(url_for(".show", code=code), 303)


def _page(round_: RoundRow, form: DrawForm, *, problem: str | None = None) -> str:
    listed = services.samples(store=site().store, round_id=round_.id)
    asked = arguments_of(request.args)
    shown = next((one for one in listed if one.id == asked or not asked), None)
    if asked and shown is None:
        raise NoSuchRecheck(str(asked))
    table = recheck_table(store=site().store, round_=round_, sample_id=shown.id) if shown else None
    return rechecks_page(round_, form, listed, shown, table, problem=problem)
