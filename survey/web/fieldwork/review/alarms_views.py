"""The alarms of a round (K11): looked for, found right or explained away, and the numbers of transactions."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.review import alarms as alarm_deeds
from survey.services.review import exclusions as exclusion_asks
from survey.services.transactions import record_transactions_for
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm, TransactionsForm
from survey.web.fieldwork.review.frame import asked, decided, page_asked, queues, review
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.languages import language
from survey.web.office.figures import count
from survey.web.site import site

_STATUSES = ("waiting", "justified", "dismissed")


@review.get("/")
@needs("review")
def alarms(code: str) -> str:
    """Show the alarms of one status."""
    return _alarms(round_asked(code))


@review.post("/look")
@needs("review")
def look(code: str) -> Any:
    """Look for what is implausible yesterday and today, as the command does."""
    round_ = round_asked(code)
    raised = alarm_deeds.raise_alarms(
        store=site().store, clock=site().clock, code=code, actor=account().login
    )
    flash(_("Đã rà soát: %(count)s báo động mới.", count=count(raised.new)), "good")
    if "no_transactions" in raised.silent:
        flash(_("Chưa có số giao dịch của mọi đơn vị, nên chưa so được số phiếu với số giao dịch."), "info")
    return redirect(url_for("review.alarms", code=round_.code), 303)


@review.post("/alarms")
@needs("review")
def review_alarm(code: str) -> Any:
    """Find an alarm right or explain it away; or ask that what it is about be left out."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"right": _find_right, "explained": _explain, "exclude": _ask_exclusion}.get(
        form.decision.data or ""
    )
    return decided(form, deed, "review.alarms", lambda refused: _alarms(round_, refused), code)


@review.post("/transactions")
@needs("review")
def transactions(code: str) -> Any:
    """Record numbers of transactions from a file or from lines."""
    round_, form = round_asked(code), TransactionsForm()
    try:
        told = record_transactions_for(
            store=site().store, clock=site().clock, account=account(), code=code, text=form.text()
        )
    except SurveyError as refusal:
        refused = Refused(refusal.text(language()), typed=form.lines.data or "")
        return _alarms(round_, refused), refusal.status
    flash(_("Đã ghi %(count)s số giao dịch.", count=count(told.numbers)), "good")
    return redirect(url_for("review.alarms", code=code), 303)


def _find_right(code: str, form: DecisionForm) -> str:
    return _reviewed(code, form, justified=True)


def _explain(code: str, form: DecisionForm) -> str:
    return _reviewed(code, form, justified=False)


def _reviewed(code: str, form: DecisionForm, *, justified: bool) -> str:
    alarm_deeds.review_alarm(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        alarm_id=form.id,
        justified=justified,
        note=form.why,
    )
    return _("Đã ghi nhận xét về báo động.")


def _ask_exclusion(code: str, form: DecisionForm) -> str:
    exclusion_asks.ask_exclusion_by_alarm(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        alarm_id=form.id,
        reason=form.why,
    )
    return asked()


def _alarms(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    asked = request.values.get("status", "")
    status = asked if asked in _STATUSES else "waiting"
    found = alarm_deeds.alarms_for(
        store=site().store, account=account(), code=round_.code, status=status, page=page_asked()
    )
    return pages.alarms_page(round_, queues(round_), found, status, refused)
