"""The paper desk: printing, the ledger, differences between keyings, corrections by two persons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from survey.errors import SurveyError
from survey.questionnaires import Item
from survey.services.asked import questionnaire_of
from survey.services.clock import day_in_vietnam
from survey.services.paper import ledger
from survey.services.paper.adjudicating import decide_form, disputed_form, twice_keyed
from survey.services.paper.corrections import ask_correction, ask_rejection, ask_rejection_undone
from survey.services.paper.desk import desk_overview, form_history
from survey.services.paper.errors import Undecided
from survey.services.paper.numbers import read_numbers
from survey.services.paper.plan import read_plan
from survey.services.paper.printing import printing_pdf, specimen_pdf
from survey.services.paper.quality import keying_quality
from survey.services.paper.questionnaire import paper_questionnaire
from survey.services.permissions import units_of
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.errors import MalformedRequest
from survey.web.fieldwork.paper.desk_page import desk_page
from survey.web.fieldwork.paper.form_pages import differences_page, form_page
from survey.web.fieldwork.paper.forms import (
    DEEDS,
    CorrectionForm,
    MoveForm,
    PrintForm,
    SentPlan,
    choices,
    on_the_paper,
    wanted,
)
from survey.web.fieldwork.paper.keyed_page import keyed_page
from survey.web.languages import language
from survey.web.site import site
from survey.web.uploads import takes_file

paper = Blueprint("paper", __name__, url_prefix="/office/rounds/<code>/fieldwork/paper")


@paper.get("/")
@needs("arrange")
def desk(code: str) -> str:
    """Show the ledger of a round."""
    return _desk(round_asked(code))


@paper.post("/print")
@needs("arrange")
@takes_file
def print_more(code: str) -> Any:
    """Number forms for one place in the design, or for all places of a file."""
    round_, form = round_asked(code), PrintForm()
    try:
        plan = SentPlan.of(request)
        lines = (
            read_plan(store=site().store, code=code, raw=plan.raw, name=plan.name)
            if plan.name
            else [form.line()]
        )
        batch, numbers = ledger.print_forms(
            store=site().store, clock=site().clock, actor=account().login, code=code, lines=lines
        )
    except SurveyError as refusal:
        return _desk(round_, problem=refusal, wrong_form="print"), refusal.status
    flash(
        _(
            "Đã đánh số %(count)s phiếu. Hãy tải tệp PDF của đợt in %(batch)s.",
            count=len(numbers),
            batch=batch,
        ),
        "good",
    )
    return redirect(url_for(".desk", code=code), 303)


@paper.post("/move")
@needs("arrange")
def move(code: str) -> Any:
    """Record what became of many forms at once, of all or of none."""
    round_, form = round_asked(code), MoveForm()
    deed = form.deed.data
    if deed not in DEEDS:
        raise MalformedRequest(str(deed)[:20])
    try:
        numbers = read_numbers(str(form.numbers.data or ""))
        _move(code, str(deed), form, numbers)
    except SurveyError as refusal:
        return _desk(round_, problem=refusal, wrong_form="move"), refusal.status
    flash(_("Đã ghi %(count)s phiếu vào sổ.", count=len(numbers)), "good")
    return redirect(url_for(".desk", code=code), 303)


@paper.get("/specimen.pdf")
@needs("arrange")
def specimen(code: str) -> Response:
    """Hand out the form without a number."""
    made = specimen_pdf(store=site().store, round_=round_asked(code), help_phone=site().settings.help_phone)
    return _pdf(made, f"mau-phieu-{code}")


@paper.get("/printing/<int:batch>/<int:part>.pdf")
@needs("arrange")
def printing(code: str, batch: int, part: int) -> Response:
    """Hand out one part of a printing."""
    made = printing_pdf(
        store=site().store,
        round_=round_asked(code),
        batch=batch,
        part=part,
        help_phone=site().settings.help_phone,
    )
    return _pdf(made, f"phieu-{code}-{batch}-{part}")


@paper.get("/keyed")
@needs("review")
def keyed(code: str) -> str:
    """Show what waits for a third person, and how often keyings differ."""
    waiting = twice_keyed(store=site().store, account=account(), code=code)
    quality = keying_quality(store=site().store, account=account(), code=code)
    return keyed_page(round_asked(code), waiting, quality)


@paper.get("/forms/<number>/differences")
@needs("review")
def differences(code: str, number: str) -> str:
    """Show both keyings of a form where they differ."""
    disputed = disputed_form(store=site().store, account=account(), code=code, number=number)
    return differences_page(FlaskForm(), disputed)


@paper.post("/forms/<number>/differences")
@needs("review")
def decide(code: str, number: str) -> Any:
    """Keep what a third person read on the paper, and the response with it."""
    disputed = disputed_form(store=site().store, account=account(), code=code, number=number)
    items = [one.item for one in disputed.differences]
    try:
        kept = decide_form(
            store=site().store,
            clock=site().clock,
            account=account(),
            code=code,
            number=number,
            choices=choices(items, request.form),
        )
    except Undecided as missing:
        chosen = {item.id: request.form.get(item.id, "") for item in items}
        page = differences_page(FlaskForm(), disputed, chosen=chosen, problem=missing.text(language()))
        return page, missing.status
    if kept:
        flash(_("Phiếu %(number)s đã được ghi nhận.", number=number), "good")
    else:
        flash(
            _(
                "Đã ghi quyết định. Phiếu %(number)s không có câu trả lời ghi nhận được: cần loại phiếu.",
                number=number,
            ),
            "warn",
        )
    return redirect(url_for(".keyed", code=code), 303)


@paper.get("/form")
@needs("review")
def find(code: str) -> Any:
    """Find one form by its number."""
    round_ = round_asked(code)
    typed = request.args.get("number", "")
    if not typed:
        return keyed(code)
    number = read_numbers(typed)[0]
    form_history(store=site().store, round_=round_, number=number)
    return redirect(url_for(".form", code=code, number=number), 303)


@paper.get("/forms/<number>/")
@needs("review")
def form(code: str, number: str) -> str:
    """Show one form, and what two persons may do to it."""
    return _form(round_asked(code), number)


@paper.post("/forms/<number>/")
@needs("review")
def ask(code: str, number: str) -> Any:
    """Ask for a correction, a rejection, or for a rejection to be taken back; a second person decides."""
    round_, sent = round_asked(code), CorrectionForm()
    told: dict[str, Any] = {"store": site().store, "clock": site().clock, "account": account(), "code": code}
    told |= {"number": number, "reason": str(sent.reason.data or "").replace("\0", "")}
    item = _item(round_, str(sent.item.data or ""))
    if sent.deed.data == "choose":
        return _form(round_, number, item=item)
    try:
        match sent.deed.data:
            case "undo":
                ask_rejection_undone(**told)
            case "reject":
                ask_rejection(**told, rejection=str(sent.rejection.data or ""))
            case _:
                ask_correction(**told, item=item.id, raw=on_the_paper(item, request.form, "answer"))
    except SurveyError as refusal:
        return _form(round_, number, item=item, problem=refusal.text(language())), refusal.status
    flash(_("Đã ghi đề nghị. Một người khác duyệt ở mục Rà soát thì mới có hiệu lực."), "good")
    return redirect(url_for(".form", code=code, number=number), 303)


def _item(round_: RoundRow, asked: str) -> Item:
    questionnaire = paper_questionnaire(questionnaire_of(round_))
    return questionnaire.item(asked) if asked in questionnaire else questionnaire.items[0]


def _desk(round_: RoundRow, *, problem: SurveyError | None = None, wrong_form: str = "") -> str:
    asked = wanted(request.args)
    page = max(request.args.get("page", 1, int), 1)
    return desk_page(
        round_,
        desk_overview(store=site().store, round_=round_, units=units_of(account())),
        ledger.ledger(store=site().store, round_id=round_.id, wanted=asked, page=min(page, 10_000)),
        asked,
        print_form=PrintForm(),
        move_form=MoveForm(),
        today=day_in_vietnam(site().clock.now()),
        problem=problem.text(language()) if problem else None,
        wrong_form=wrong_form,
    )


def _form(round_: RoundRow, number: str, *, item: Item | None = None, problem: str | None = None) -> str:
    history = form_history(store=site().store, round_=round_, number=number)
    return form_page(
        round_,
        history,
        paper_questionnaire(questionnaire_of(round_)),
        CorrectionForm(),
        item=item,
        problem=problem,
    )


def _move(code: str, deed: str, form: MoveForm, numbers: tuple[str, ...]) -> None:
    told: dict[str, Any] = {
        "store": site().store,
        "clock": site().clock,
        "actor": account().login,
        "code": code,
        "numbers": numbers,
    }
    note, to = (str(field.data or "").replace("\0", "") for field in (form.note, form.to))
    match deed:
        case "issued":
            ledger.issue(**told, to=to, on=form.day())
        case "returned":
            ledger.receive(**told, on=form.day())
        case "rejected":
            ledger.reject(**told, reason=str(form.reason.data or ""), note=note)
        case "lost":
            ledger.lose(**told)
        case _:
            ledger.take_back(**told)


def _pdf(made: bytes, name: str) -> Response:
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
