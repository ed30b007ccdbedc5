"""By keyboard alone: everything is reached, the focus is seen, and Enter means the main button (WCAG 2.1.1, 2.4.7, 2.4.11)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.questionnaires import load_shipped
from tests.browser.conftest import OpenPage
from tests.browser.devices import DESK, KIOSK, PHONE, focused, main_button, option, tap
from tests.browser.sites import COUNTER, DELEGATES, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

#: What has the focus: its name, whether it is drawn around, inside the window, and not covered.
_FOCUS = """() => {
  const e = document.activeElement;
  const shown = e.closest("label.option") || e;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
  const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    name: e.name ? `${e.name}=${e.value}` : e.innerText.trim() || e.tagName,
    tag: e.tagName,
    drawn: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    inside: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight + 1 && box.right <= innerWidth + 1,
    uncovered: !!top && (shown.contains(top) || top.contains(shown)),
  };
}"""


def _tab_through(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top of a page to its end."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    stops: list[dict[str, Any]] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        if stop["tag"] == "BODY" or (stops and stop == stops[0]):
            return stops
        stops.append(stop)
    raise AssertionError("the focus never came round")


def _wrong(stops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [stop for stop in stops if not (stop["drawn"] and stop["inside"] and stop["uncovered"])]


def test_tab_reaches_every_question_of_a_phones_page_and_the_focus_is_seen(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(**PHONE)
    page.goto(f"/p/link/{site.link(DELEGATES)}")
    tap(page, page.get_by_role("link", name="Bắt đầu"))
    stops = _tab_through(page)
    assert _wrong(stops) == []
    names = [stop["name"] for stop in stops]
    for item in load_shipped("delegates-assessment").sections[0].items:
        assert any(name.startswith(f"{item.id}=") for name in names), item.id
    assert names.index("Lưu và tiếp tục") < names.index("language=en")


def test_tab_reaches_every_answer_of_the_kiosk_and_enter_gives_it(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(**KIOSK)
    page.goto(site.kiosk())
    tap(page, page.locator("main button"))
    stops = _tab_through(page)
    assert _wrong(stops) == []
    scale = load_shipped("service-counter").item("rating").scale
    assert scale is not None
    assert [stop["name"] for stop in stops if stop["name"].startswith("rating=")] == [
        f"rating={one.id}" for one in scale.options
    ]
    page.locator('button[value="neutral"]').focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/further")


def test_enter_on_an_answer_sends_the_page_and_does_not_switch_the_language(open_page: OpenPage) -> None:
    page = open_page(**DESK)
    page.goto(f"/r/{COUNTER}/?unit={COMMUNES[0]}")
    with page.expect_navigation():
        main_button(page).click()
    page.locator('input[value="satisfied"]').focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/s/reasons")
    assert page.get_attribute("html", "lang") == "vi"


def test_arrow_keys_move_between_the_answers_of_one_question(open_page: OpenPage) -> None:
    page = open_page(**DESK)
    page.goto(f"/r/{COUNTER}/?unit={COMMUNES[0]}")
    with page.expect_navigation():
        main_button(page).click()
    page.locator('input[value="very_satisfied"]').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[value="satisfied"]')).to_be_checked()
    expect(page.locator('input[value="satisfied"]')).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page: OpenPage) -> None:
    page = open_page(**DESK)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_the_kiosks_warning_holds_the_focus_and_escape_stays(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(**KIOSK)
    page.clock.install()
    page.goto(site.kiosk())
    tap(page, page.locator("main button"))
    page.clock.fast_forward(60_000)
    expect(page.locator("dialog")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(option(page, "rating", "neutral").or_(page.locator('button[value="neutral"]'))).to_be_visible()
