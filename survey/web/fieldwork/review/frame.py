"""Where the review's pages are, and what they share: queues, the page asked for, a decision and its refusal.

Judged units have no round, so none of these pages is there for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.review.queues import queues_for
from survey.storage.models import RoundRow
from survey.web.access import account
from survey.web.fieldwork.review.forms import DecisionForm
from survey.web.fieldwork.review.presenters import Refused
from survey.web.languages import language
from survey.web.site import site

review = Blueprint("review", __name__, url_prefix="/office/rounds/<code>/fieldwork/review")
Deed = Callable[[str, DecisionForm], str]


def decided(
    form: DecisionForm,
    deed: Deed | None,
    endpoint: str,
    again: Callable[[Refused], str],
    code: str,
) -> Any:
    """Do what was decided and go back to the queue; a refusal shows it again with what was typed."""
    if deed is None:
        return redirect(url_for(endpoint, code=code), 303)
    try:
        flash(deed(code, form), "good")
    except SurveyError as refusal:
        if refusal.status == 404:
            raise
        refused = Refused(refusal.text(language()), form.id, form.why, form.unit.data or "")
        return again(refused), refusal.status
    return redirect(url_for(endpoint, code=code), 303)


def asked() -> str:
    """Say that a second person is needed."""
    return _("Đã gửi đề nghị. Cần một người khác đồng ý thì việc mới được thực hiện.")


def queues(round_: RoundRow) -> Any:
    """Count what waits in each queue of the review."""
    return queues_for(store=site().store, account=account(), code=round_.code)


def page_asked() -> int:
    """Give the page of a list that the address asks for."""
    return max(request.args.get("page", 1, int), 1)
