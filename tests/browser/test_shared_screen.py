"""What the person before left on a shared screen is never seen again: Back, Forward, reload (K27, K28, F24).

Chromium keeps its back/forward cache here, and the first test shows that it does.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.devices import KIOSK, PHONE, main_button, option, tap
from tests.browser.sites import COUNTER, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

WORDS = "Câu này chỉ của tôi"
#: Ways through the history, each a number of steps: one by one, at once, there and back.
WALKS = ((-1,), (-1, -1), (-1, -1, -1), (-2,), (-3,), (-1, 1), (-3, 1, 1), (-2, 2))


def _go(page: Page, steps: int) -> None:
    """Press Back or Forward so many times at once, and wait until a page stands."""
    page.evaluate("window.leaving = true")
    page.evaluate(f"setTimeout(() => history.go({steps}), 0)")
    page.wait_for_function("document.readyState === 'complete' && !window.leaving", timeout=3_000)


def _left_behind(page: Page) -> list[str]:
    """Give what of the former person a page shows: words, ticks."""
    return list(
        page.evaluate(
            """(words) => [
              ...[...document.querySelectorAll("input:checked")].map((e) => `ticked ${e.value}`),
              ...[...document.querySelectorAll("textarea")].filter((e) => e.value).map((e) => `typed ${e.value}`),
              ...(document.body.innerText.includes(words) ? ["words"] : []),
            ]""",
            WORDS,
        )
    )


def test_this_browser_does_bring_pages_back_from_its_memory(site: LiveSite, open_page: OpenPage) -> None:
    """K28: without this the tests below would pass whatever the site did."""
    page = open_page(**PHONE)
    page.goto("/privacy")
    page.evaluate("window.kept = true")
    page.goto("/office/sign-in")
    page.evaluate("setTimeout(() => history.back(), 0)")
    page.wait_for_url("**/privacy")
    assert page.evaluate("window.kept") is True
