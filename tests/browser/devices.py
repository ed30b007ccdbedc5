"""The devices people hold, and what they do with them: tap, choose, press."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, Route

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
KIOSK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "has_touch": True}
KIOSK_UPRIGHT: dict[str, Any] = {"viewport": {"width": 800, "height": 1280}, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


def tap(page: Page, target: Locator) -> None:
    """Tap what leads to another page, and wait for that page."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        target.tap()


def main_button(page: Page) -> Locator:
    """Give the main button of the page's own form: the first after its questions."""
    return page.locator("main .buttons button.button").first


def begin(page: Page, address: str) -> Page:
    """Open the first page of a form, and go on from it to its questions."""
    page.goto(address)
    tap(page, main_button(page))
    return page


def begin_at_kiosk(page: Page, address: str) -> Page:
    """Open a kiosk's first screen, and go on from it to the question."""
    page.goto(address)
    tap(page, page.locator("main button"))
    return page


def option(page: Page, item: str, value: str) -> Locator:
    """Give the label a finger meets: the whole line of one answer."""
    return page.locator("label.option", has=page.locator(f'input[name="{item}"][value="{value}"]'))


def tap_first_answers(page: Page) -> None:
    """Tap the first answer of every question of a page."""
    for question in page.locator("main fieldset").all():
        question.locator("label.option").first.tap()


def focused(page: Page) -> str:
    """Give the id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def without_refresh(page: Page, pattern: str) -> None:
    """Let a page come without its Refresh header, so that nothing but its own script leads on."""

    def answer(route: Route) -> None:
        came = route.fetch()
        dropped = {"refresh", "content-encoding", "content-length"}
        headers = {name: value for name, value in came.headers.items() if name.lower() not in dropped}
        route.fulfill(status=came.status, headers=headers, body=came.body())

    page.route(pattern, answer)
