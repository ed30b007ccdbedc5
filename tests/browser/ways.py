"""Ways to every page of the site and to its states with errors, each walked by a person with a browser.

A route that answers GET with a page must have a way here; test_every_page.py holds the list against
the site's own map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from playwright.sync_api import Page

from survey.questionnaires import Questionnaire, load_shipped
from tests.browser.devices import DESK, KIOSK, KIOSK_UPRIGHT, PHONE, without_refresh
from tests.browser.sites import (
    CLOSED,
    COUNTER,
    DELEGATES,
    EMPTY,
    HOUSEHOLDS,
    LEADERS,
    PASSWORD,
    USERS,
    LiveSite,
)
from tests.rounds import AGENCIES, COMMUNES

#: A kiosk's first screen forgets the language unless it was chosen on that very screen.
CHOSEN = "?chosen"
#: Audiences of citizens, and those at a kiosk: what their fingers must hit is larger.
CITIZENS = frozenset({"public", "phone", "personal", "slip"})
KIOSKS = frozenset({"kiosk", "signed_kiosk"})
#: Opens the page, in whatever language the browser asks for.
Walk = Callable[[Page, LiveSite], None]
#: Routes that answer GET with something that is no page, and why.
NO_PAGES = {
    "static": "files",
    "health.check": "JSON",
    "personal.open_link": "only sends on to personal.start; a bad link is a page and has a way",
    "personal.unit": "only sends on to where the form was left",
    "paper.find": "only sends on to the form of a number",
    "public.sound": "a recording",
    "paper.specimen": "a PDF",
    "paper.printing": "a PDF",
    "fieldwork_imports.template": "a workbook",
    "fieldwork_invitations.template": "a workbook",
    "tablet.worker": "a script",
    "tablet.manifest": "JSON",
    "tablet_api.work": "JSON",
    "tablet_api.questionnaire": "JSON",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One page in one state.

    Attributes:
        endpoint: the route that makes the page.
        state: what is special about it.
        device: Playwright's options of the window.
        site: which site: "sqlite" (whole), "bare" (no rounds), "broken" (no database).
        status: what the page answers with.
        lasting: whether a reload shows the same; what was opened or said once must be walked to again.
        only: the one language that the page is tried in, where it is not made anew for another.
        without_help: why no help line stands at the foot, where none does.
    """

    endpoint: str
    state: str
    device: dict[str, Any]
    walk: Walk
    site: str
    status: int
    lasting: bool
    without_help: str = ""
    only: str = ""

    def __str__(self) -> str:
        return f"{self.endpoint} {self.state}".strip()


WAYS: list[Way] = []


def way(
    endpoint: str,
    state: str = "",
    device: dict[str, Any] = PHONE,
    *,
    site: str = "sqlite",
    status: int = 200,
    lasting: bool = True,
    without_help: str = "",
    only: str = "",
) -> Callable[[Walk], Walk]:
    """Keep a walk as the way to a page."""

    def keep(walk: Walk) -> Walk:
        WAYS.append(Way(endpoint, state, device, walk, site, status, lasting, without_help, only))
        return walk

    return keep


def press(page: Page, selector: str = "main .buttons button.button") -> None:
    with page.expect_navigation(wait_until="load"):
        page.locator(selector).first.click()


def sign_in_as(page: Page, site: LiveSite, login: str) -> None:
    cookie = {"name": "signed_in", "value": _secret(site, login), "url": site.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a TypedDict of these names


@cache
def _secret(site: LiveSite, login: str) -> str:
    # Checking a password is slow on purpose; the site's clock stands still, so one session lasts.
    return site.session(login)


# ---- public ----


@way("public.home")
def home(page: Page, site: LiveSite) -> None:
    page.goto("/")


@way("public.home", "without any round", site="bare")
def empty_home(page: Page, site: LiveSite) -> None:
    page.goto("/")


@way("public.home", "without a database", site="broken", status=503)
def broken_home(page: Page, site: LiveSite) -> None:
    page.goto("/")


@way("public.home", "at an address that is none", status=404)
def no_such_page(page: Page, site: LiveSite) -> None:
    page.goto("/khong-co")


@way("public.accessibility")
def accessibility(page: Page, site: LiveSite) -> None:
    page.goto("/accessibility")


@way("public.privacy")
def privacy(page: Page, site: LiveSite) -> None:
    page.goto("/privacy")


# ---- phone ----


@way("phone.start")
def start(page: Page, site: LiveSite) -> None:
    page.goto(f"/r/{HOUSEHOLDS}/")


@way("phone.start", "for one unit", DESK)
def start_at_a_unit(page: Page, site: LiveSite) -> None:
    page.goto(f"/r/{HOUSEHOLDS}/?unit={COMMUNES[0]}")


@way("phone.start", "without a unit", status=422)
def start_without_a_unit(page: Page, site: LiveSite) -> None:
    page.goto(f"/r/{HOUSEHOLDS}/")
    press(page)


@way("phone.start", "of a closed round", status=410)
def closed(page: Page, site: LiveSite) -> None:
    page.goto(f"/r/{CLOSED}/")


def begin(page: Page, code: str, unit: str = COMMUNES[0]) -> None:
    """Begin a form on a phone."""
    page.goto(f"/r/{code}/?unit={unit}")
    press(page)


@way("phone.section", "without an answer that is required", status=422)
def section_unanswered(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    press(page)


@way("phone.section", "with words too long", status=422)
def section_too_long(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    page.locator("label.option").first.click()
    press(page)
    press(page)
    page.locator("#comment").fill("y" * 1_100)
    press(page)


@way("phone.section", "open too long", status=400)
def section_expired(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    page.locator("label.option").first.click()
    page.locator("#answers input[name=csrf_token]").evaluate("(field) => { field.value = 'stale'; }")
    press(page)


@way("phone.section", "of another form", status=409)
def section_of_another_form(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    page.locator("#answers input[name=form]").evaluate("(field) => { field.value = 'another'; }")
    press(page)


@way("phone.review", "with everything answered")
def review(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    page.locator("label.option").first.click()
    for _ in range(3):
        press(page)


@way("phone.review", "of a long form without answers", DESK)
def long_review(page: Page, site: LiveSite) -> None:
    begin(page, HOUSEHOLDS)
    page.goto(f"/r/{HOUSEHOLDS}/review")


@way("phone.review", "without an answer that is required", status=422)
def review_incomplete(page: Page, site: LiveSite) -> None:
    begin(page, COUNTER)
    page.goto(f"/r/{COUNTER}/review")
    press(page)


@way("phone.receipt")
def receipt(page: Page, site: LiveSite) -> None:
    review(page, site)
    press(page)


# ---- personal link ----


@way("personal.start")
def personal_start(page: Page, site: LiveSite) -> None:
    page.goto(f"/p/link/{site.link()}")


@way("personal.start", "by a link that does not work", status=404)
def bad_link(page: Page, site: LiveSite) -> None:
    page.goto("/p/link/khong-co")


@way("personal.section", "with one of four answers", status=422)
def personal_section_unanswered(page: Page, site: LiveSite) -> None:
    _open_form(page, site)
    page.locator("label.option").first.click()
    press(page)


@way("personal.section", "at a desk", DESK)
def personal_section(page: Page, site: LiveSite) -> None:
    _open_form(page, site)


@way("personal.review", "before anything is answered", status=422)
def personal_review(page: Page, site: LiveSite) -> None:
    _open_form(page, site)
    page.goto(page.url.split("/s/")[0] + "/review")
    press(page)


@way("personal.receipt")
def personal_receipt(page: Page, site: LiveSite) -> None:
    _open_form(page, site)
    while not page.url.endswith("/review"):
        for question in page.locator("main fieldset").all():
            question.locator("input").first.check()
        press(page)
    press(page)


def _open_form(page: Page, site: LiveSite) -> None:
    page.goto(f"/p/link/{site.link()}")
    press(page, "main a.button")


@way("personal.no_link", status=404)
def no_link(page: Page, site: LiveSite) -> None:
    page.goto("/p/link/")


@way("personal.ended", status=410)
def ended_link(page: Page, site: LiveSite) -> None:
    page.goto("/p/ended")


# ---- kiosk ----


@way("signed_kiosk.attract", "", KIOSK)
@way("signed_kiosk.attract", "upright", KIOSK_UPRIGHT)
def attract(page: Page, site: LiveSite) -> None:
    page.goto(site.kiosk() + CHOSEN)


@way("signed_kiosk.attract", "at an address not ours", KIOSK, status=404)
def wrong_kiosk(page: Page, site: LiveSite) -> None:
    page.goto(f"/kiosk/{COUNTER}/{COMMUNES[0]}/{'0' * 20}/{CHOSEN}")


@way("signed_kiosk.attract", "of a closed round", KIOSK, status=410)
def closed_kiosk(page: Page, site: LiveSite) -> None:
    page.goto(site.kiosk(CLOSED) + CHOSEN)


@way("signed_kiosk.question", "", KIOSK)
@way("signed_kiosk.question", "upright", KIOSK_UPRIGHT)
def question(page: Page, site: LiveSite) -> None:
    attract(page, site)
    press(page, "main button")


@way("signed_kiosk.question", "open too long", KIOSK, status=400)
def question_expired(page: Page, site: LiveSite) -> None:
    question(page, site)
    for field in page.locator("input[name=csrf_token]").all():
        field.evaluate("(field) => { field.value = 'stale'; }")
    press(page, "main button")


@way("signed_kiosk.question", "asking whether somebody is there", KIOSK, lasting=False)
def idle(page: Page, site: LiveSite) -> None:
    question(page, site)
    page.locator("dialog").evaluate("(dialog) => dialog.showModal()")


@way("signed_kiosk.further", "", KIOSK)
@way("signed_kiosk.further", "upright", KIOSK_UPRIGHT)
def further(page: Page, site: LiveSite) -> None:
    question(page, site)
    press(page, "main button")


@way("signed_kiosk.further", "writing a comment", KIOSK, lasting=False)
def further_open(page: Page, site: LiveSite) -> None:
    further(page, site)
    page.locator("summary").click()


@way("signed_kiosk.further", "with words too long", KIOSK, status=422)
@way("signed_kiosk.further", "upright with words too long", KIOSK_UPRIGHT, status=422)
def further_too_long(page: Page, site: LiveSite) -> None:
    further_open(page, site)
    page.locator("#comment").fill("y" * 1_100)
    press(page)


@way("signed_kiosk.thanks", "", KIOSK)
def thanks(page: Page, site: LiveSite) -> None:
    # The screen leaves by itself after five seconds; it stays here while axe reads it.
    without_refresh(page, "**/thanks")
    page.route("**/kiosk.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(site.kiosk() + "thanks")


# ---- officials ----


@way("office.sign_in", "", DESK)
def sign_in(page: Page, site: LiveSite) -> None:
    page.goto("/office/sign-in")


@way("office.sign_in", "refused", PHONE, status=403)
def sign_in_refused(page: Page, site: LiveSite) -> None:
    page.goto("/office/sign-in")
    page.locator("#login").fill("ai-do")
    page.locator("#password").fill("không đúng mật khẩu")
    press(page)


@way("office.rounds", "", DESK)
def rounds(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo")
    page.goto("/office/")


@way("office.rounds", "of a unit without any", DESK)
def no_rounds(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo-xa")
    page.goto("/office/")


@way("office.rounds", "after signing out", DESK, lasting=False)
def signed_out(page: Page, site: LiveSite) -> None:
    page.goto("/office/sign-in")
    page.locator("#login").fill("can-bo")
    page.locator("#password").fill(PASSWORD)
    press(page)
    press(page, "header form[action$=sign-out] button")


@way("office.board", "", DESK)
def board_page(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "phan-tich")
    page.goto(f"/office/rounds/{COUNTER}/")


@way("office.board", "with the counters' addresses open", PHONE, lasting=False)
def board_open(page: Page, site: LiveSite) -> None:
    board_page(page, site)
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()


@way("office.board", "of a round of another unit", DESK, status=404)
def board_elsewhere(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo-xa")
    page.goto(f"/office/rounds/{COUNTER}/")


@way("office.results", "of the agencies", DESK)
def results(page: Page, site: LiveSite) -> None:
    _results(page, site, USERS)


@way("office.results", "of the communes, page two", DESK)
def results_of_communes(page: Page, site: LiveSite) -> None:
    _results(page, site, HOUSEHOLDS, "?page=2")


@way("office.results", "of the leaders, on a phone", PHONE)
def results_of_leaders(page: Page, site: LiveSite) -> None:
    _results(page, site, LEADERS)


@way("office.results", "of a round without any", DESK)
def no_results(page: Page, site: LiveSite) -> None:
    _results(page, site, EMPTY)


def _results(page: Page, site: LiveSite, code: str, query: str = "") -> None:
    sign_in_as(page, site, "can-bo")
    page.goto(f"/office/rounds/{code}/results{query}", wait_until="load")


@way("office.score", "", DESK)
def score(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo")
    page.goto("/office/score")


@way("office.score", "of a unit without one", PHONE)
def no_score(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo-xa")
    page.goto("/office/score")


@way("office.standings", "", DESK)
def standings(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "quan-tri")
    page.goto("/office/standings")


@way("office.standings", "of another province and year", PHONE)
def standings_of(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "quan-tri")
    page.goto("/office/standings?year=2023&unit=Kon+Tum")


# ---- analysts ----


@way("analysis.snapshots", "", DESK)
def snapshots(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "phan-tich")
    page.goto(f"/analysis/rounds/{USERS}/")


@way("analysis.snapshots", "to somebody who may not", DESK, status=403)
def snapshots_forbidden(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "quan-tri")
    page.goto(f"/analysis/rounds/{USERS}/")


@way("analysis.snapshots", "of a round without answers", PHONE, status=422)
def freeze_refused(page: Page, site: LiveSite) -> None:
    # A closed one: whatever test came before, nobody has answered it.
    sign_in_as(page, site, "phan-tich")
    page.goto(f"/analysis/rounds/{CLOSED}/")
    press(page)


@way("analysis.result", "", DESK)
def result(page: Page, site: LiveSite) -> None:
    snapshots(page, site)
    press(page, "form[action$=recompute] button")


def _result(page: Page, site: LiveSite, code: str, formula: str, part: str) -> None:
    sign_in_as(page, site, "phan-tich")
    page.goto(f"/analysis/rounds/{code}/results/{code}-0001/{formula}/{part}")


@way("analysis.ranks", "of the agencies", DESK)
def ranks(page: Page, site: LiveSite) -> None:
    _result(page, site, USERS, "item-average", "ranks")


@way("analysis.ranks", "of communes of which none is ranked, on a phone", PHONE)
def ranks_of_nobody(page: Page, site: LiveSite) -> None:
    _result(page, site, HOUSEHOLDS, "item-average", "ranks")


@way("analysis.quality", "", DESK)
def quality(page: Page, site: LiveSite) -> None:
    _result(page, site, USERS, "item-average", "quality")


@way("analysis.quality", "of a short questionnaire, on a phone", PHONE)
def quality_of_the_counter(page: Page, site: LiveSite) -> None:
    _result(page, site, COUNTER, "satisfied-share", "quality")


@way("analysis.small_areas", "", DESK)
def small_areas(page: Page, site: LiveSite) -> None:
    _result(page, site, USERS, "item-average", "small-areas")


@way("analysis.small_areas", "of one unit, on a phone", PHONE)
def no_small_areas(page: Page, site: LiveSite) -> None:
    _result(page, site, LEADERS, "block-average", "small-areas")


# ---- every section of every questionnaire ----


def sections() -> list[tuple[str, Questionnaire]]:
    """List each questionnaire with the round that asks it."""
    return [
        (HOUSEHOLDS, load_shipped("sipas-households-2024")),
        (USERS, load_shipped("sipas-service-users-2017")),
        (COUNTER, load_shipped("service-counter")),
        (LEADERS, load_shipped("leaders-assessment")),
        (DELEGATES, load_shipped("delegates-assessment")),
    ]


def open_form(page: Page, site: LiveSite, code: str) -> str:
    """Begin a form of a round by whichever door it has; give the address that its sections lie under."""
    if code in (LEADERS, DELEGATES):
        page.goto(f"/p/link/{site.link(code)}")
        section = page.locator("a[href*='/s/']").first.get_attribute("href") or ""
        return section.rsplit("/", 1)[0] + "/"
    begin(page, code, AGENCIES[0] if code == USERS else COMMUNES[0])
    return f"/r/{code}/s/"
