"""Officials: signing in, the rounds, the live board, results, Excel, the score, the standings."""

from __future__ import annotations

from datetime import date
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, session, url_for
from flask_babel import gettext as _

from survey.reports.media_types import XLSX
from survey.scoring import Known, UnitStanding
from survey.scoring import years as published_years
from survey.services import accounts
from survey.services.errors import NotYetComputed, SignInRefused, TooManyAttempts
from survey.services.permissions import rounds_for
from survey.services.rounds import board as board_of
from survey.services.scores import latest_score
from survey.services.shown.figures import figures_to_show
from survey.services.snapshots import snapshots_for
from survey.services.standings import published_standing, published_standings
from survey.services.summaries import export_for
from survey.units import load_units
from survey.web import cookies
from survey.web.access import SESSION_COOKIE, account, needs, open_to_everybody, round_asked
from survey.web.errors import PageExpired
from survey.web.languages import language, own_address
from survey.web.office import presenters as pages
from survey.web.office.forms import ResultsChoice, SignInForm, chosen_year
from survey.web.office.frame import start_of
from survey.web.office.results_page import not_computed_page, results_page
from survey.web.office.score_page import no_score_page, score_page
from survey.web.office.standings_page import standings_page
from survey.web.security import checks_itself
from survey.web.site import site

office = Blueprint("office", __name__, url_prefix="/office")


@office.route("/sign-in", methods=["GET", "POST"])
@open_to_everybody
@checks_itself
def sign_in() -> Any:
    """Let a person in, or say why not with only the login kept."""
    form = SignInForm()
    following = _following(str(form.next.data or request.args.get("next", "")))
    if request.method == "GET":
        return pages.sign_in_page(form, following=following)
    if not form.validate():
        problem = PageExpired().text(language())
        return pages.sign_in_page(form, following=following, problem=problem), PageExpired.status
    # PostgreSQL takes no NUL, and no login has one.
    login, password = str(form.login.data or "").replace("\0", ""), str(form.password.data or "")
    try:
        secret = accounts.sign_in(store=site().store, clock=site().clock, login=login, password=password)
    except (SignInRefused, TooManyAttempts) as refusal:
        page = pages.sign_in_page(form, following=following, problem=refusal.text(language()))
        return page, refusal.status
    person = accounts.account_of_session(store=site().store, clock=site().clock, secret=secret)
    if person is not None and following == url_for("office.rounds"):
        following = start_of(person)
    response = redirect(following, 303)
    cookies.write(response, SESSION_COOKIE, secret)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@office.post("/sign-out")
@needs("see")
def sign_out() -> Any:
    """End the session on the server, so that its cookie is worth nothing."""
    secret = cookies.read(SESSION_COOKIE) or ""
    accounts.sign_out(store=site().store, clock=site().clock, secret=secret)
    response = redirect(url_for("office.sign_in"), 303)
    cookies.erase(response, SESSION_COOKIE)  # type: ignore[arg-type]  # redirect gives the base class
    session.clear()
    flash(_("Đã đăng xuất."), "good")
    return response


@office.get("/")
@needs("see")
def rounds() -> str:
    """List the rounds of the person's units."""
    mine = rounds_for(store=site().store, account=account())
    return pages.rounds_page([board_of(store=site().store, code=one.code) for one in mine])


@office.get("/rounds/<code>/")
@needs("see")
def board(code: str) -> str:
    """Show how far a round has come."""
    round_ = round_asked(code)
    return pages.board_page(board_of(store=site().store, code=round_.code))


@office.get("/rounds/<code>/results")
@needs("see")
def results(code: str) -> str:
    """Show the newest results, or what is still to be done before there are any."""
    round_ = round_asked(code)
    choice = ResultsChoice.of(request.args)
    counts = board_of(store=site().store, code=round_.code)
    kept = snapshots_for(store=site().store, account=account(), code=round_.code)
    try:
        shown = figures_to_show(store=site().store, round_id=round_.id, formula_id=choice.formula)
    except NotYetComputed:
        if choice.formula:
            raise
        return not_computed_page(round_, counts)
    return results_page(counts, shown, kept, choice)


@office.post("/rounds/<code>/export")
@needs("export")
def export(code: str) -> Any:
    """Hand out the Excel summary of the formula that the page shows."""
    made = TemporaryFile()  # noqa: SIM115  # send_file closes it when it is sent
    try:
        export_for(
            store=site().store,
            clock=site().clock,
            account=account(),
            code=code,
            formula_id=request.form.get("formula") or None,
            target=made,
            language=language(),
        )
    except BaseException:
        made.close()
        raise
    made.seek(0)
    name = _("Tổng hợp kết quả %(code)s", code=code)
    return send_file(made, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")


@office.get("/score")
@needs("see")
def score() -> str:
    """Show the newest score of the person's unit."""
    unit = load_units().get(account().unit_id)
    mine = rounds_for(store=site().store, account=account())
    years = sorted({one.year for one in mine}, reverse=True) or [site().clock.now().year]
    year = chosen_year(request.args, years)
    try:
        document = latest_score(store=site().store, unit_id=unit.id, year=year)
    except NotYetComputed:
        return no_score_page(unit, year, years)
    return score_page(unit, year, years, document)


@office.get("/standings")
@needs("see")
def standings() -> str:
    """Show what was published of a year, with one province's card."""
    years = published_years("par")
    year = chosen_year(request.args, years)
    provinces = load_units().as_of(date(year, 12, 31), level="province")
    names = [(one.name, one.name) for one in provinces]
    asked = request.args.get("unit", "")
    card = published_standing(asked, year) if asked else _own_standing(year)
    return standings_page(year, years, published_standings(year), card, names)


def _own_standing(year: int) -> UnitStanding:
    """Give the card of the person's province as it was that year; of several, one that is known."""
    tree = load_units()
    unit = account().unit_id
    province = [unit, *(above.id for above in tree.ancestors(unit))][-1]
    there = tree.counterparts(province, date(year, 12, 31))
    cards = [published_standing(one.name, year) for one in there]
    known = [card for card in cards if isinstance(card.value, Known)]
    return next(iter(known + cards), None) or published_standing("Đắk Nông", year)


def _following(address: str) -> str:
    """Keep where to go after signing in only if it lies on this site and names a page."""
    kept = own_address(address)
    return url_for("office.rounds") if kept == "/" else kept
