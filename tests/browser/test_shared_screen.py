"""What the person before left on a shared screen is never seen again: Back, Forward, reload (K27, K28, F24).

Chromium keeps its back/forward cache here, as on a real device; the first test shows that it does.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.devices import KIOSK, PHONE, main_button, option, tap
from tests.browser.history import go
from tests.browser.sites import COUNTER, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

WORDS = "Câu này chỉ của tôi"
#: Ways through the history, in presses of Back (-1), Forward (1), or several steps at once; 0 reloads.
WALKS = [(-1, -1, -1), (-1, 0, 1, 0), (-2, 1, 1), (-3, 1, 1, 1)]
_LEFT = """(words) => [
  ...[...document.querySelectorAll("input:checked")].map((e) => `ticked: ${e.value}`),
  ...[...document.querySelectorAll("textarea")].filter((e) => e.value).map((e) => `typed: ${e.value}`),
  ...(document.body.innerText.includes(words) ? ["the words are on the page"] : []),
]"""


def test_this_browser_brings_pages_back_from_its_memory(open_page: OpenPage) -> None:
    """K28: with the cache off, the tests below would pass whatever the site did.

    `no-store` does not keep a page out of that cache, and no script of ours runs here.
    """
    page = open_page(**PHONE, java_script_enabled=False)
    answered = page.goto("/privacy")
    assert answered is not None
    assert answered.headers["cache-control"] == "no-store"
    page.evaluate("window.kept = true")
    page.goto("/office/sign-in")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.kept") is True


@pytest.mark.parametrize(
    ("walk", "scripts"),
    [*((walk, True) for walk in WALKS), *((walk, False) for walk in WALKS[:2])],
    ids=lambda one: {True: "with scripts", False: "without scripts"}.get(one, str(one)),
)
def test_after_a_kiosk_visit_no_way_back_shows_what_was_answered(
    site: LiveSite, open_page: OpenPage, walk: tuple[int, ...], scripts: bool
) -> None:
    """K27: visit cookie replaced, `autocomplete=off`, and the guard of kiosk.js."""
    page = open_page(**KIOSK, java_script_enabled=scripts)
    page.goto(site.kiosk())
    tap(page, page.locator("main button"))
    tap(page, page.get_by_role("button", name="Không hài lòng", exact=True))
    option(page, "reasons", "waiting").tap()
    page.get_by_text("Viết góp ý").tap()
    page.locator("#comment").fill(WORDS)
    tap(page, main_button(page))
    assert page.url.endswith("/thanks")
    assert _seen_on(page, walk) == []


def test_a_kiosk_visit_dropped_halfway_leaves_nothing(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(**KIOSK)
    page.goto(site.kiosk())
    tap(page, page.locator("main button"))
    tap(page, page.get_by_role("button", name="Không hài lòng", exact=True))
    option(page, "reasons", "waiting").tap()
    page.get_by_text("Viết góp ý").tap()
    page.locator("#comment").fill(WORDS)
    tap(page, page.get_by_role("button", name="Làm lại từ đầu"))
    assert _seen_on(page, (-1, -1, 1, 0)) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("walk", [WALKS[0], WALKS[1], (-6, 1, 1, 1, 1)], ids=str)
def test_after_somebody_else_takes_the_phone_no_way_back_shows_what_was_answered(
    open_page: OpenPage, walk: tuple[int, ...], scripts: bool
) -> None:
    page = open_page(**PHONE, java_script_enabled=scripts)
    page.goto(f"/r/{COUNTER}/?unit={COMMUNES[0]}")
    tap(page, main_button(page))
    option(page, "rating", "dissatisfied").tap()
    tap(page, main_button(page))
    option(page, "reasons", "waiting").tap()
    tap(page, main_button(page))
    page.locator("#comment").fill(WORDS)
    tap(page, main_button(page))
    tap(page, main_button(page))
    tap(page, page.get_by_role("button", name="Người khác trả lời trên máy này"))
    assert _seen_on(page, walk) == []


def _seen_on(page: Page, walk: tuple[int, ...]) -> list[str]:
    """Walk through the history and give what of the former person any page on the way showed."""
    seen = []
    for steps in walk:
        go(page, steps)
        seen += [f"{one} (after {steps}, at {page.url})" for one in page.evaluate(_LEFT, WORDS)]
    return seen
