"""A delegate's link: begun on a phone, finished at a desk, and its token in no address of the history (K21, T22)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from survey.questionnaires import load_shipped
from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import DESK, PHONE, main_button, tap, tap_first_answers
from tests.browser.sites import DELEGATES, LiveSite
from tests.rounds import PROVINCE

pytestmark = pytest.mark.browser

PAGES = load_shipped("delegates-assessment").sections


def _addresses(page: Page) -> list[str]:
    """List what the Back and Forward buttons of a page can reach."""
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    return [entry["url"] for entry in history["entries"]]


@both_sites
def test_a_form_begun_on_a_phone_is_finished_at_a_desk_and_sent_once(
    site: LiveSite, open_page: OpenPage
) -> None:
    """K21, and T22: the token leaves the address at the first step."""
    before, token = site.received(DELEGATES), site.link(DELEGATES)
    phone = open_page(**PHONE)
    phone.goto(f"/p/link/{token}")
    tap(phone, phone.get_by_role("link", name="Bắt đầu"))
    for _ in range(2):
        tap_first_answers(phone)
        tap(phone, main_button(phone))

    desk = open_page(**DESK)
    desk.goto(f"/p/link/{token}")
    with desk.expect_navigation():
        desk.get_by_role("link", name="Làm tiếp").click()
    there = site.at(f"/p/{DELEGATES}/u/{PROVINCE}/s/{PAGES[2].id}")
    assert desk.url == there, "the two pages of the phone are kept"
    for section in PAGES[2:]:
        assert desk.url.endswith(section.id)
        for question in desk.locator("main fieldset").all():
            question.get_by_role("radio").first.check()
        with desk.expect_navigation():
            main_button(desk).click()
    expect(desk.locator(".review > div")).to_have_count(sum(len(section.items) for section in PAGES))
    with desk.expect_navigation():
        main_button(desk).click()
    receipt = desk.locator(".receipt-code").inner_text()
    assert site.received(DELEGATES) == before + 1

    phone.goto(f"/p/link/{token}")
    assert phone.locator(".receipt-code").inner_text() == receipt
    for page in (phone, desk):
        addresses = _addresses(page)
        assert len(addresses) > 3
        assert not [address for address in addresses if token in address]
        assert token not in page.content()
        assert token not in str(page.evaluate("[{...localStorage}, {...sessionStorage}, document.cookie]"))
    assert site.received(DELEGATES) == before + 1
