"""A citizen on a cheap phone, by real taps: with scripts, without them, without styles (K21, K24, P5)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.questionnaires import load_shipped
from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import PHONE, focused, main_button, option, tap, tap_first_answers
from tests.browser.sites import COUNTER, DELEGATES, USERS, LiveSite
from tests.rounds import AGENCIES, COMMUNES

pytestmark = pytest.mark.browser

QUESTIONS = load_shipped("sipas-service-users-2017")
ASSESSMENT = load_shipped("delegates-assessment")
#: A phone as it is, one without scripts, and one that could not fetch the style sheet.
WAYS = {
    "as it is": {},
    "without scripts": {"java_script_enabled": False},
    # A font that was fetched ahead for the missing styles is not used.
    "without styles": {"expected": r"net::ERR_FAILED|was preloaded"},
}


def _begin(page: Page, code: str, unit: str) -> None:
    page.goto(f"/r/{code}/")
    page.get_by_label("Nơi Ông/Bà muốn đánh giá").select_option(unit)
    tap(page, main_button(page))


def _phone(open_page: OpenPage, way: str) -> Page:
    options: dict[str, Any] = WAYS[way]
    page = open_page(**PHONE, **options)
    if way == "without styles":
        page.route("**/*.css*", lambda route: route.abort())
    return page


@both_sites
def test_a_long_form_is_answered_by_taps_reviewed_and_sent(site: LiveSite, open_page: OpenPage) -> None:
    """K21: by factor, the place told in words, saved at each step; the receipt holds no answer."""
    before = site.received(USERS)
    page = open_page(**PHONE)
    _begin(page, USERS, AGENCIES[0])
    for number, section in enumerate(QUESTIONS.sections, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(section.title.in_("vi"))
        expect(page.locator(".progress")).to_contain_text(f"Phần {number}/{len(QUESTIONS.sections)}")
        tap_first_answers(page)
        tap(page, main_button(page))
    assert page.url == site.at(f"/r/{USERS}/review")
    first = QUESTIONS.items[0]
    assert first.scale is not None
    expect(page.get_by_text(first.text.in_("vi"), exact=True)).to_be_visible()
    tap(page, main_button(page))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cảm ơn Ông/Bà")
    expect(page.locator(".receipt-code")).not_to_be_empty()
    assert first.scale.options[0].label.in_("vi") not in page.inner_text("main")
    assert site.received(USERS) == before + 1


@pytest.mark.parametrize("way", WAYS)
def test_a_short_form_reaches_its_receipt(site: LiveSite, open_page: OpenPage, way: str) -> None:
    """P5: the whole form can be completed with scripts off and with styles off."""
    before = site.received(COUNTER)
    page = _phone(open_page, way)
    _begin(page, COUNTER, COMMUNES[0])
    option(page, "rating", "satisfied").tap()
    tap(page, main_button(page))
    option(page, "reasons", "waiting").tap()
    option(page, "reasons", "attitude").tap()
    tap(page, main_button(page))
    page.locator("#comment").fill("Cần thêm ghế ngồi.")
    tap(page, main_button(page))
    for answer in ("Hài lòng", "Thời gian chờ; Thái độ phục vụ", "Cần thêm ghế ngồi."):
        expect(page.get_by_text(answer, exact=True)).to_be_visible()
    tap(page, main_button(page))
    assert page.url == site.at(f"/r/{COUNTER}/receipt")
    assert site.received(COUNTER) == before + 1


@pytest.mark.parametrize("way", WAYS)
def test_a_missing_answer_is_said_beside_its_question_and_the_others_stay_ticked(
    site: LiveSite, open_page: OpenPage, way: str
) -> None:
    """WCAG 3.3.1 and 3.3.3: "Lỗi:" in the title, a summary that leads to the field, nothing lost."""
    page = _phone(open_page, way)
    page.goto(f"/p/link/{site.link(DELEGATES)}")
    section = ASSESSMENT.sections[0]
    answered, missing = section.items[:2]
    assert answered.scale is not None
    tap(page, page.get_by_role("link", name="Bắt đầu"))
    option(page, answered.id, answered.scale.options[0].id).tap()
    tap(page, main_button(page))
    assert page.title().startswith(f"Lỗi: {section.title.in_('vi')}")
    question = page.get_by_role("group", name=missing.text.in_("vi"))
    problem = question.locator("p.problem")
    expect(problem).to_be_visible()
    assert question.get_attribute("aria-describedby") == problem.get_attribute("id")
    expect(page.locator(f'input[name="{answered.id}"]').first).to_be_checked()
    if way != "without scripts":
        assert focused(page) == "error-summary"
    page.locator(f'#error-summary a[href="#{missing.id}"]').tap()
    expect(page.locator(f'[id="{missing.id}"]')).to_be_in_viewport()
    if way != "without scripts":
        assert focused(page) == missing.id


def test_words_too_long_are_refused_beside_their_field_and_kept_whole(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    _begin(page, COUNTER, COMMUNES[0])
    option(page, "rating", "satisfied").tap()
    tap(page, main_button(page))
    tap(page, main_button(page))
    words = "Cần thêm ghế. " * 100
    page.locator("#comment").fill(words)
    tap(page, main_button(page))
    expect(page.locator("#comment-problem")).to_be_visible()
    expect(page.locator("#comment")).to_have_value(words)
    assert focused(page) == "error-summary"


@both_sites
@pytest.mark.parametrize("way", ["as it is", "without scripts"])
def test_a_double_tap_on_send_gives_one_response_and_its_receipt(
    site: LiveSite, open_page: OpenPage, way: str
) -> None:
    """K24, with a network slow enough that both taps meet the same button."""
    before = site.received(COUNTER)
    page = _phone(open_page, way)
    _begin(page, COUNTER, COMMUNES[1])
    option(page, "rating", "neutral").tap()
    for _ in range(3):
        tap(page, main_button(page))
    send = main_button(page)
    send.scroll_into_view_if_needed()
    box = send.bounding_box()
    assert box is not None
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    for _ in range(2):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    # Two navigations race where no script drops the second tap, so the address is asked until it settles.
    expect(page).to_have_url(site.at(f"/r/{COUNTER}/receipt"))
    expect(page.locator(".receipt-code")).not_to_be_empty()
    assert site.received(COUNTER) == before + 1


def test_a_refreshed_receipt_is_the_same_receipt(site: LiveSite, open_page: OpenPage) -> None:
    """K24: refresh, and going back to send again, come to the same receipt and add nothing."""
    page = open_page(**PHONE)
    _begin(page, COUNTER, COMMUNES[1])
    option(page, "rating", "neutral").tap()
    for _ in range(4):
        tap(page, main_button(page))
    before = site.received(COUNTER)
    receipt = page.locator(".receipt-code").inner_text()
    page.reload()
    assert page.locator(".receipt-code").inner_text() == receipt
    page.goto(f"/r/{COUNTER}/review")
    assert page.locator(".receipt-code").inner_text() == receipt
    assert site.received(COUNTER) == before


def test_switching_the_language_in_a_form_keeps_what_was_ticked(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    _begin(page, COUNTER, COMMUNES[0])
    option(page, "rating", "neutral").tap()
    tap(page, page.get_by_role("main").get_by_role("button", name="English"))
    assert page.get_attribute("html", "lang") == "en"
    expect(page.locator('input[value="neutral"]')).to_be_checked()
