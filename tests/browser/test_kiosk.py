"""A citizen at a counter's screen, upright or wide: one tap answers, nothing scrolls, it returns by itself (K1-K8, K16)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import KIOSK, KIOSK_UPRIGHT, option, tap, without_refresh
from tests.browser.sites import COUNTER, LiveSite

pytestmark = pytest.mark.browser

SCREENS = {"wide": KIOSK, "upright": KIOSK_UPRIGHT}
#: The floor of a target at a stand: 20 mm at the 96 pixels an inch of CSS (K16).
TARGET = 76
_TARGETS = """() => [...document.querySelectorAll(
    "button, summary, textarea, a:not(.skip), label.option, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && (e.matches("label.option") || !e.closest("label")))
  .map((e) => { const b = e.getBoundingClientRect(); return [e.innerText || e.id, b.width, b.height]; })"""
_SCROLL = """() => { const e = document.documentElement;
  return [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]; }"""


def _start(page: Page) -> Locator:
    return page.get_by_role("button", name="Chạm để đánh giá")


def _answer(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def _send(page: Page) -> Locator:
    return page.get_by_role("button", name="Gửi đánh giá")


def _stay(page: Page) -> Locator:
    return page.get_by_role("button", name="Tôi làm tiếp")


@both_sites
@pytest.mark.parametrize("screen", SCREENS)
def test_three_taps_rate_a_visit_and_the_screen_returns_to_the_start(
    site: LiveSite, open_page: OpenPage, screen: str
) -> None:
    """K1 and K6: invitation, one tap, reasons, thanks, and five seconds later the invitation again."""
    before = site.received(COUNTER)
    page = open_page(**SCREENS[screen])
    page.goto(site.kiosk())
    tap(page, _start(page))
    tap(page, _answer(page, "Rất hài lòng"))
    option(page, "reasons", "waiting").tap()
    tap(page, _send(page))
    expect(page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()
    assert site.received(COUNTER) == before + 1
    expect(_start(page)).to_be_visible(timeout=20_000)
    assert page.url == site.kiosk()


def test_with_scripts_the_thanks_give_way_after_five_seconds(site: LiveSite, open_page: OpenPage) -> None:
    """K6: by the script alone, the header held back."""
    page = open_page(**KIOSK)
    without_refresh(page, "**/thanks")
    page.clock.install()
    page.goto(site.kiosk() + "thanks")
    page.clock.fast_forward(4_000)
    expect(page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()
    page.clock.fast_forward(1_000)
    expect(_start(page)).to_be_visible()
    assert page.url == site.kiosk()


def test_without_scripts_the_screen_still_returns_to_the_start(site: LiveSite, open_page: OpenPage) -> None:
    """P5: by the Refresh header alone."""
    before = site.received(COUNTER)
    page = open_page(**KIOSK, java_script_enabled=False)
    page.goto(site.kiosk())
    tap(page, _start(page))
    tap(page, _answer(page, "Bình thường"))
    page.get_by_text("Viết góp ý").tap()
    page.locator("#comment").fill("Cần thêm ghế ngồi.")
    tap(page, _send(page))
    expect(page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()
    expect(_start(page)).to_be_visible(timeout=20_000)
    assert site.received(COUNTER) == before + 1


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_scrolls_and_every_target_is_as_large_as_a_thumb(
    site: LiveSite, open_page: OpenPage, screen: str, lang: str
) -> None:
    """K16: on 1280×800 and on 800×1280, in both languages, with the comment folded and open."""
    page = open_page(**SCREENS[screen])
    page.context.add_cookies([{"name": "language", "value": lang, "url": site.address}])
    page.goto(site.kiosk() + "?chosen=1")
    found = _measured(page, "start")
    tap(page, page.locator("main button"))
    found |= _measured(page, "question")
    tap(page, page.locator("main button.option").first)
    found |= _measured(page, "reasons")
    page.locator("summary").tap()
    found |= _measured(page, "comment")
    page.locator("#comment").fill("y" * 1_100)
    tap(page, page.locator("main .buttons button"))
    found |= _measured(page, "comment too long")
    assert page.get_attribute("html", "lang") == lang
    page.locator("#comment").fill("")
    tap(page, page.locator("main .buttons button"))
    found |= _measured(page, "thanks")
    assert found == {}


@pytest.mark.parametrize("leave", ["by itself", "by a tap"])
def test_an_untouched_screen_asks_and_then_goes_back_to_the_start(
    site: LiveSite, open_page: OpenPage, leave: str
) -> None:
    """K6 and WCAG 2.2.1: a minute without touch, a warning of twenty seconds, then the first screen."""
    page = _at_reasons(open_page, site)
    page.clock.fast_forward(59_000)
    expect(_stay(page)).to_be_hidden()
    page.clock.fast_forward(1_000)
    expect(_stay(page)).to_be_focused()
    expect(page.locator("dialog .count")).to_have_text("20")
    if leave == "by itself":
        page.clock.fast_forward(19_000)
        expect(page.locator("dialog .count")).to_have_text("1")
        page.clock.fast_forward(1_000)
    else:
        page.get_by_role("button", name="Kết thúc").tap()
    expect(_start(page)).to_be_visible()
    assert page.url == site.kiosk()


def test_the_time_can_be_extended_ten_times_and_the_visit_still_counts(
    site: LiveSite, open_page: OpenPage
) -> None:
    """WCAG 2.2.1: at least ten extensions, each by one tap."""
    before = site.received(COUNTER)
    page = _at_reasons(open_page, site)
    option(page, "reasons", "attitude").tap()
    dialog = page.locator("dialog")
    dialog.evaluate("(dialog) => dialog.addEventListener('close', () => dialog.dataset.closed++)")
    dialog.evaluate("(dialog) => { dialog.dataset.closed = 0; }")
    for times in range(1, 11):
        page.clock.fast_forward(60_000)
        _stay(page).tap()
        expect(dialog).to_have_attribute("data-closed", str(times))
        page.clock.fast_forward(50_000)
        expect(_stay(page)).to_be_hidden()
        page.locator("main h1, main legend").first.dispatch_event("pointerdown")
    expect(page.locator('input[value="attitude"]')).to_be_checked()
    tap(page, _send(page))
    assert site.received(COUNTER) == before + 1


@pytest.mark.parametrize("screen", ["start", "thanks"])
def test_the_first_and_last_screens_never_ask_whether_somebody_is_there(
    site: LiveSite, open_page: OpenPage, screen: str
) -> None:
    page = open_page(**KIOSK)
    page.goto(site.kiosk() + ("thanks" if screen == "thanks" else ""))
    assert page.locator("dialog").count() == 0


@both_sites
def test_a_double_tap_on_an_answer_is_one_visit(site: LiveSite, open_page: OpenPage) -> None:
    """K8: a second tap within two seconds is the same tap."""
    before = site.received(COUNTER)
    page = open_page(**KIOSK)
    page.goto(site.kiosk())
    tap(page, _start(page))
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    for words in ("Hài lòng", "Gửi đánh giá"):
        box = page.get_by_role("button", name=words, exact=True).bounding_box()
        assert box is not None
        with page.expect_navigation():
            for _ in range(2):
                page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()
    assert site.received(COUNTER) == before + 1


def test_the_next_person_is_greeted_in_vietnamese_whatever_the_last_one_chose(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(**KIOSK)
    page.goto(site.kiosk())
    tap(page, page.get_by_role("button", name="English"))
    tap(page, page.locator("main button"))
    assert page.get_attribute("html", "lang") == "en"
    tap(page, page.locator("header .tools form").last.locator("button"))
    assert page.url == site.kiosk()
    assert page.get_attribute("html", "lang") == "vi"


def test_a_visit_begun_again_keeps_nothing(site: LiveSite, open_page: OpenPage) -> None:
    """K7: what was dropped is never counted."""
    before = site.received(COUNTER)
    page = _at_reasons(open_page, site)
    tap(page, page.get_by_role("button", name="Làm lại từ đầu"))
    assert page.url == site.kiosk()
    assert site.received(COUNTER) == before


def _at_reasons(open_page: OpenPage, site: LiveSite) -> Page:
    page = open_page(**KIOSK)
    page.clock.install()
    page.goto(site.kiosk())
    tap(page, _start(page))
    tap(page, _answer(page, "Không hài lòng"))
    return page


def _measured(page: Page, screen: str) -> dict[str, Any]:
    """Give what scrolls on a screen, and which targets are too small."""
    sideways, down = page.evaluate(_SCROLL)
    small = [one for one in page.evaluate(_TARGETS) if min(one[1:]) < TARGET]
    found: dict[str, Any] = {f"{screen} scrolls": [sideways, down]} if max(sideways, down) > 0 else {}
    return found | ({f"{screen} is small": small} if small else {})
