"""The province's review of a round: what is implausible, broken or contradictory, decided by persons (K11).

Judged units have no round, so none of these pages is there for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.review import alarms as alarm_deeds
from survey.services.review import exclusions as exclusion_asks
from survey.services.review import quarantine_review
from survey.services.review.approvals import approvals_for, decide
from survey.services.review.queues import queues_for
from survey.services.rounds import judged_units
from survey.services.transactions import record_transactions_for
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.review import presenters as pages
from survey.web.fieldwork.review.forms import DecisionForm, ListForm, TransactionsForm
from survey.web.fieldwork.review.presenters import NOTHING_REFUSED, Refused
from survey.web.languages import language
from survey.web.office.figures import count
from survey.web.site import site

review = Blueprint("review", __name__, url_prefix="/office/rounds/<code>/fieldwork/review")
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
    return _decided(form, deed, "review.alarms", lambda refused: _alarms(round_, refused), code)


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


@review.get("/quarantine")
@needs("review")
def quarantined(code: str) -> str:
    """Show what waits in quarantine."""
    return _quarantined(round_asked(code))


@review.post("/quarantine")
@needs("review")
def decide_record(code: str) -> Any:
    """Try a quarantined record again, or keep it out."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"release": _release, "keep_out": _keep_out}.get(form.decision.data or "")
    return _decided(form, deed, "review.quarantined", lambda refused: _quarantined(round_, refused), code)


@review.get("/conflicts")
@needs("review")
def conflicts(code: str) -> str:
    """Show pairs of answers under one id."""
    return _conflicts(round_asked(code))


@review.post("/conflicts")
@needs("review")
def decide_conflict(code: str) -> Any:
    """Ask that one of two sets of answers stand."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"second": _ask_second, "first": _ask_first}.get(form.decision.data or "")
    return _decided(form, deed, "review.conflicts", lambda refused: _conflicts(round_, refused), code)


@review.get("/requests")
@needs("review")
def requests(code: str) -> str:
    """Show what waits for a second person, and what was decided."""
    return _requests(round_asked(code))


@review.post("/requests")
@needs("review")
def decide_request(code: str) -> Any:
    """Grant or refuse what another person asked for."""
    round_, form = round_asked(code), DecisionForm()
    deed = {"grant": _grant, "refuse": _refuse}.get(form.decision.data or "")
    return _decided(form, deed, "review.requests", lambda refused: _requests(round_, refused), code)


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
    return _decided(form, deed, "review.exclusions", lambda refused: _exclusions(round_, refused), code)


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
    flash(_asked(), "good")
    return redirect(url_for("review.requests", code=code), 303)


_Deed = Callable[[str, DecisionForm], str]


def _decided(
    form: DecisionForm,
    deed: _Deed | None,
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
    return _asked()


def _release(code: str, form: DecisionForm) -> str:
    quarantine_review.release(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        record_id=form.id,
        unit_id=form.unit.data or "",
        note=form.why,
    )
    return _("Bản ghi đã thành phiếu của đợt này.")


def _keep_out(code: str, form: DecisionForm) -> str:
    quarantine_review.keep_out(
        store=site().store, clock=site().clock, account=account(), code=code, record_id=form.id, note=form.why
    )
    return _("Bản ghi được giữ ngoài. Nội dung gốc vẫn còn.")


def _ask_second(code: str, form: DecisionForm) -> str:
    return _about_conflict(code, form, take_second=True)


def _ask_first(code: str, form: DecisionForm) -> str:
    return _about_conflict(code, form, take_second=False)


def _about_conflict(code: str, form: DecisionForm, *, take_second: bool) -> str:
    exclusion_asks.ask_about_conflict(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        conflict_id=form.id,
        take_second=take_second,
        reason=form.why,
    )
    return _asked()


def _grant(code: str, form: DecisionForm) -> str:
    return _by_second_person(code, form, grant=True)


def _refuse(code: str, form: DecisionForm) -> str:
    return _by_second_person(code, form, grant=False)


def _by_second_person(code: str, form: DecisionForm, *, grant: bool) -> str:
    decide(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        approval_id=form.id,
        grant=grant,
    )
    return _("Đã đồng ý; việc đã được thực hiện.") if grant else _("Đã từ chối; không có gì thay đổi.")


def _ask_back(code: str, form: DecisionForm) -> str:
    exclusion_asks.ask_restoration(
        store=site().store,
        clock=site().clock,
        account=account(),
        code=code,
        approval_id=form.id,
        reason=form.why,
    )
    return _asked()


def _asked() -> str:
    return _("Đã gửi đề nghị. Cần một người khác đồng ý thì việc mới được thực hiện.")


def _alarms(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    asked = request.values.get("status", "")
    status = asked if asked in _STATUSES else "waiting"
    found = alarm_deeds.alarms_for(
        store=site().store, account=account(), code=round_.code, status=status, page=_page()
    )
    return pages.alarms_page(round_, _queues(round_), found, status, refused)


def _quarantined(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = quarantine_review.quarantined_for(
        store=site().store, account=account(), code=round_.code, page=_page()
    )
    units = judged_units(store=site().store, code=round_.code)
    return pages.quarantine_page(round_, _queues(round_), found, units, refused)


def _conflicts(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = exclusion_asks.conflicts_for(store=site().store, account=account(), code=round_.code)
    return pages.conflicts_page(round_, _queues(round_), found, _page(), refused)


def _requests(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = approvals_for(store=site().store, account=account(), code=round_.code)
    meant = exclusion_asks.meant_now(store=site().store, account=account(), code=round_.code)
    return pages.requests_page(round_, _queues(round_), found, meant, _page(), refused)


def _exclusions(round_: RoundRow, refused: Refused = NOTHING_REFUSED) -> str:
    found = exclusion_asks.exclusions_for(store=site().store, account=account(), code=round_.code)
    return pages.exclusions_page(round_, _queues(round_), found, _page(), refused)


def _queues(round_: RoundRow) -> Any:
    return queues_for(store=site().store, account=account(), code=round_.code)


def _page() -> int:
    return max(request.args.get("page", 1, int), 1)
