"""Back, Forward and reload, as a person presses them, with the browser's back/forward cache on."""

from __future__ import annotations

from playwright.sync_api import Error, Page


def go(page: Page, steps: int) -> None:
    """Go through the history as the browser's own buttons do, and wait until a page stands."""
    session = page.context.new_cdp_session(page)
    if steps == 0:
        page.reload()
    else:
        history = session.send("Page.getNavigationHistory")
        to = min(max(history["currentIndex"] + steps, 0), len(history["entries"]) - 1)
        session.send("Page.navigateToHistoryEntry", {"entryId": history["entries"][to]["id"]})
    session.detach()
    _settle(page)


def _settle(page: Page) -> None:
    """Wait until the address stays the same: a page may send the person on at once."""
    before = ""
    for _ in range(50):
        page.wait_for_timeout(60)
        try:
            now = str(page.evaluate("document.readyState + location.href + performance.timeOrigin"))
        except Error:  # the page was left while it was asked
            continue
        if now == before:
            return
        before = now
    raise AssertionError(f"the browser never came to rest; last at {before}")
