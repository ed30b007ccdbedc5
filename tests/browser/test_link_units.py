"""A link about several units on a phone, and the officials' page that hands links out: seen, measured, walked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from survey.services.links.invitations import Judgement, Person, invite_people
from tests.browser import accessibility
from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import DESK, PHONE, main_button, tap, tap_first_answers
from tests.browser.sites import PASSWORD, LiveSite
from tests.rounds import AGENCIES, make_round

pytestmark = pytest.mark.browser
CODE = "nhieu-don-vi"


def _token(site: LiveSite) -> str:
    make_round(
        site.store, site.clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=AGENCIES,
    )  # fmt: skip
    people = [
        Person(f"Đại biểu {n}", tuple(Judgement(one, "Đại biểu") for one in AGENCIES)) for n in range(3)
    ]
    links = invite_people(store=site.store, clock=site.clock, round_code=CODE, people=people, actor="tests")
    return links[0].token


def _measured(page: Page, least: float) -> list[str]:
    """Measure a page as it stands (A1, 1.4.10, 2.5.8, 3.2.6: the help line at the same place)."""
    page.set_viewport_size({"width": 320, "height": 640})
    found = [
        *accessibility.violations(page),
        *accessibility.too_wide(page),
        *accessibility.too_small(page, least),
        *accessibility.without_help(page),
    ]
    page.set_viewport_size({"width": 390, "height": 780})
    return found


@both_sites
def test_a_delegate_goes_through_several_units_and_changes_an_answer(
    site: LiveSite, open_page: OpenPage
) -> None:
    """T3, T22, L: units with their state, an empty form when answering again, both languages, help in one place."""
    token = _token(site)
    phone = open_page(**PHONE)
    phone.goto(f"/p/link/{token}")
    expect(phone.locator("ul.units li")).to_have_count(2)
    assert _measured(phone, 44) == []
    tap(phone, phone.locator("ul.units a").first)
    while "/s/" in phone.url:
        tap_first_answers(phone)
        tap(phone, main_button(phone))
    tap(phone, main_button(phone))
    assert phone.url.endswith("/receipt")
    assert _measured(phone, 44) == []
    tap(phone, phone.get_by_role("button", name="Sửa câu trả lời"))
    assert "/s/" in phone.url
    assert phone.locator("input:checked").count() == 0
    phone.goto(f"/p/{CODE}/")
    expect(phone.locator("ul.units")).to_contain_text("đã gửi, đang làm lại")
    assert token not in phone.content()

    desk = open_page(**DESK)
    desk.goto("/office/sign-in")
    desk.fill("#login", "can-bo")
    desk.fill("#password", PASSWORD)
    with desk.expect_navigation():
        desk.press("#password", "Enter")
    desk.goto(f"/office/rounds/{CODE}/fieldwork/invitations/")
    expect(desk.locator("tbody th", has_text="Đại biểu 2")).to_be_visible()
    assert _measured(desk, 24) == []
    with desk.expect_download() as handed:
        desk.get_by_role("button", name="Phát lại – Đại biểu 0").click()
    assert handed.value.suggested_filename.endswith(".pdf")
    phone.goto(f"/p/link/{token}")
    expect(phone.locator("main")).to_contain_text("Đường dẫn này không dùng được")
