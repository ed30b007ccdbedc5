"""Two keyers and a third person at the paper desk, by keyboard alone, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from survey.questionnaires import load_shipped
from survey.services.rounds import board
from survey.storage.models import ResponseRow
from tests.browser.conftest import OpenPage
from tests.browser.devices import DESK
from tests.browser.sites import LiveSite
from tests.integration.paper_desk import HOUSEHOLDS, PASSWORD, line, paper_round, person, returned

pytestmark = pytest.mark.browser


def _paper(site: LiveSite, code: str, questionnaire: str) -> tuple[str, ...]:
    paper_round(site.store, site.clock, code=code, questionnaire=questionnaire)
    return returned(site.store, site.clock, line(2), code=code)


def _as(open_page: OpenPage, site: LiveSite, login: str, role: str = "enumerator") -> Page:
    """Open a browser of somebody's own, signed in."""
    person(site.store, site.clock, login, role)
    page = open_page(**DESK)
    secret = site.session(login, password=PASSWORD)
    page.context.add_cookies([{"name": "signed_in", "value": secret, "url": site.address}])
    return page


def _scan(page: Page, number: str) -> None:
    """Type a number and Enter, as a scanner does."""
    page.goto("/keying/")
    with page.expect_navigation():
        page.keyboard.type(number)
        page.keyboard.press("Enter")


def _send(page: Page) -> None:
    # The form's own last question: who marked it.
    expect(page.locator("[id='=helped-by']")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("main .buttons button")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_two_keyers_and_a_third_person_settle_a_form_by_keyboard(site: LiveSite, open_page: OpenPage) -> None:
    number, _other = _paper(site, "ban-phim", "service-counter")
    first, second = _as(open_page, site, "phim.mot"), _as(open_page, site, "phim.hai")

    _scan(first, number)
    first.keyboard.press("2")  # the second answer; the next question has the focus
    first.keyboard.type("13")
    first.keyboard.press("Enter")
    first.keyboard.type("Chờ lâu")
    first.keyboard.press("Enter")
    _send(first)
    expect(first.locator("main")).to_contain_text("lần nhập thứ nhất")

    _scan(second, number)
    chosen = second.locator("input[type=radio]:checked").evaluate_all("all => all.map(one => one.value)")
    assert set(chosen) == {""}
    assert second.locator("input[type=checkbox]:checked").count() == 0
    assert second.locator("textarea").input_value() == ""
    second.keyboard.press("x")
    second.keyboard.type("13")
    second.keyboard.press("Enter")
    second.keyboard.type("chờ  lâu.")
    second.keyboard.press("Enter")
    _send(second)
    expect(second.locator("main")).to_contain_text("khác nhau")

    third = _as(open_page, site, "phim.ba", "official")
    third.goto("/office/rounds/ban-phim/fieldwork/paper/keyed")
    third.get_by_role("link", name="Xem và quyết định").focus()
    with third.expect_navigation():
        third.keyboard.press("Enter")
    expect(third.locator("fieldset")).to_have_count(1)
    expect(third.locator(".sides")).to_contain_text("Hài lòng")
    expect(third.locator(".sides")).to_contain_text("Không đọc được")
    third.locator("fieldset input[type=radio]").first.focus()
    third.keyboard.press("Space")
    third.get_by_role("button", name="Ghi quyết định").focus()
    with third.expect_navigation():
        third.keyboard.press("Enter")
    expect(third.locator("main")).to_contain_text("đã được ghi nhận")

    assert board(store=site.store, code="ban-phim").complete == 1
    with site.store.reading() as session:
        kept = session.query(ResponseRow).filter_by(channel="paper", psu="Thôn 1", base_weight=2.5).all()
    assert {"rating": "satisfied", "reasons": ["waiting", "guidance"], "comment": "Chờ lâu"} in [
        one.answers for one in kept
    ]


def test_a_long_form_is_keyed_with_a_key_an_answer(site: LiveSite, open_page: OpenPage) -> None:
    """108 questions: one digit each, two Enters for the questions where several may be chosen."""
    number, _other = _paper(site, "ban-phim-dai", HOUSEHOLDS)
    page = _as(open_page, site, "phim.bon")
    _scan(page, number)
    for item in load_shipped(HOUSEHOLDS).items:
        page.keyboard.press("1")
        if item.kind == "multiple":
            page.keyboard.press("Enter")
    _send(page)
    # "Used: yes" and "nobody asked for money" leave questions out that were answered nevertheless: told.
    expect(page.locator("#error-summary")).to_be_focused()
    boxes = page.locator("input[name='=confirmed']")
    assert boxes.count() == page.locator(".entry.is-wrong").count() > 0
    for place in range(boxes.count()):
        boxes.nth(place).check()
    with page.expect_navigation():
        page.locator("main .buttons button").click()
    expect(page.locator("main")).to_contain_text("lần nhập thứ nhất")


def test_enter_in_an_answer_keeps_nothing_and_loses_nothing_without_scripts(
    site: LiveSite, open_page: OpenPage
) -> None:
    number, _other = _paper(site, "ban-phim-tran", "service-counter")
    page = _as(open_page, site, "phim.nam")
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"/keying/forms/{number}/")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/keying/forms/{number}/")
    # Nothing is kept, and nothing that was typed is lost.
    assert page.locator("input[name=rating]:checked").input_value() == "very_satisfied"
    with page.expect_navigation():
        page.locator("main .buttons button").click()
    expect(page.locator("main")).to_contain_text("lần nhập thứ nhất")
