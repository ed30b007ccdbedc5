"""Keyers: choosing a form by its number, keying it, asking again. Nobody sees what another keyed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.errors import SurveyError
from survey.questionnaires import InvalidAnswers
from survey.services import accounts
from survey.services.paper.errors import ImpossibleAnswers
from survey.services.paper.keying import (
    Keyed,
    form_to_key,
    key_form,
    questionnaire_of_form,
    waiting_forms,
)
from survey.services.paper.numbers import read_number
from survey.services.review import rechecks
from survey.web import cookies
from survey.web.access import SESSION_COOKIE, account, needs
from survey.web.errors import MalformedRequest
from survey.web.keying import presenters as pages
from survey.web.keying.forms import UNFINISHED, NotAskedForm, NumberForm, SheetForm, Typed
from survey.web.languages import language
from survey.web.site import site

keying = Blueprint("keying", __name__, url_prefix="/keying")


@keying.get("/")
@needs("key")
def desk() -> str:
    """Show where a number is typed or scanned, and the forms that wait for this person."""
    return pages.desk_page(NumberForm(), waiting_forms(store=site().store, account=account()))


@keying.post("/")
@needs("key")
def choose() -> Any:
    """Go to the form of a number, or say why it cannot be keyed."""
    form = NumberForm()
    typed = str(form.number.data or "")
    try:
        sheet = form_to_key(store=site().store, account=account(), number=read_number(typed))
    except SurveyError as refusal:
        waiting = waiting_forms(store=site().store, account=account())
        page = pages.desk_page(form, waiting, typed=typed[:20], problem=refusal.text(language()))
        return page, refusal.status
    return redirect(url_for(".form", sheet=sheet.number), 303)


@keying.get("/forms/<sheet>/")
@needs("key")
def form(sheet: str) -> str:
    """Show the empty entry page of a form, whoever may have keyed it before."""
    return pages.form_page(SheetForm(), form_to_key(store=site().store, account=account(), number=sheet))


@keying.post("/forms/<sheet>/")
@needs("key")
def keep(sheet: str) -> Any:
    """Keep a keying; what is impossible is told and may be confirmed, and nothing typed is lost."""
    try:
        found = form_to_key(store=site().store, account=account(), number=sheet)
    except SurveyError:
        # Sent before, perhaps by a double click: the same keying gets its outcome, another its refusal.
        return _keep_again_sent(sheet)
    token, typed = SheetForm(), Typed.of(found.questionnaire, request.form)
    if UNFINISHED in request.form:
        return pages.form_page(token, found, typed=typed)
    try:
        outcome = _key(sheet, typed)
    except (ImpossibleAnswers, InvalidAnswers) as wrong:
        return pages.form_page(token, found, typed=typed, problems=wrong.problems), wrong.status
    return _kept(outcome)


@keying.get("/again/")
@needs("key")
def again() -> str:
    """List whom this person may ask again."""
    return pages.again_page(rechecks.waiting(store=site().store, account=account()))


@keying.get("/again/<uuid:recheck>/")
@needs("key")
def ask(recheck: UUID) -> str:
    """Show the empty entry page of a form to ask again."""
    asked = rechecks.to_ask_again(store=site().store, account=account(), recheck_id=recheck)
    return pages.ask_page(SheetForm(), asked)


@keying.post("/again/<uuid:recheck>/")
@needs("key")
def keep_again(recheck: UUID) -> Any:
    """Keep what was answered the second time."""
    asked = rechecks.to_ask_again(store=site().store, account=account(), recheck_id=recheck)
    token, typed = SheetForm(), Typed.of(asked.questionnaire, request.form)
    if UNFINISHED in request.form:
        return pages.ask_page(token, asked, typed=typed)
    try:
        rechecks.asked_again(
            store=site().store,
            clock=site().clock,
            account=account(),
            recheck_id=recheck,
            typed=typed.values,
            unreadable=typed.unreadable,
            confirmed=typed.confirmed,
        )
    except (ImpossibleAnswers, InvalidAnswers) as wrong:
        return pages.ask_page(token, asked, typed=typed, problems=wrong.problems), wrong.status
    flash(_("Đã ghi câu trả lời lần hai."), "good")
    return redirect(url_for(".again"), 303)


@keying.post("/again/<uuid:recheck>/not-asked")
@needs("key")
def not_asked_again(recheck: UUID) -> Any:
    """Record that somebody was not reached, or refused."""
    status = str(NotAskedForm().status.data or "")
    if status not in ("not_reached", "refused"):
        raise MalformedRequest(status[:20])
    rechecks.not_asked(
        store=site().store, clock=site().clock, account=account(), recheck_id=recheck, status=status
    )
    flash(_("Đã ghi kết quả phúc tra."), "good")
    return redirect(url_for(".again"), 303)


@keying.post("/sign-out")
@needs("key")
def sign_out() -> Any:
    """End the session on the server, so that its cookie is worth nothing."""
    accounts.sign_out(store=site().store, clock=site().clock, secret=cookies.read(SESSION_COOKIE) or "")
    response = redirect(url_for("office.sign_in", next=url_for(".desk")), 303)
    cookies.erase(response, SESSION_COOKIE)  # type: ignore[arg-type]  # redirect gives the base class
    session.clear()
    return response


def _key(sheet: str, typed: Typed) -> Keyed:
    return key_form(
        store=site().store,
        clock=site().clock,
        account=account(),
        number=sheet,
        typed=typed.values,
        unreadable=typed.unreadable,
        confirmed=typed.confirmed,
    )


def _keep_again_sent(sheet: str) -> Response:
    questionnaire = questionnaire_of_form(store=site().store, account=account(), number=sheet)
    return _kept(_key(sheet, Typed.of(questionnaire, request.form)))


def _kept(outcome: Keyed) -> Response:
    said = {
        "first": _("Đã ghi lần nhập thứ nhất của phiếu %(number)s.", number=outcome.number),
        "agreed": _("Hai lần nhập khớp nhau: phiếu %(number)s đã được ghi nhận.", number=outcome.number),
        "differs": _(
            "Đã ghi. Hai lần nhập phiếu %(number)s khác nhau; người thứ ba sẽ xem.", number=outcome.number
        ),
        "empty": _("Đã ghi. Phiếu %(number)s không có câu trả lời nào ghi nhận được.", number=outcome.number),
    }
    flash(said[outcome.outcome], "good" if outcome.outcome in ("first", "agreed") else "warn")
    return redirect(url_for("keying.desk"), 303)
