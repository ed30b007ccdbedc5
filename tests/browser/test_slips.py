"""A slip in the hand: scanned or typed, by real taps, with and without scripts and storage (K13, K22, K24, P5)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.services.slips.batches import NewBatch, make_batch
from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import PHONE, main_button, option, tap
from tests.browser.history import go
from tests.browser.sites import COUNTER, PASSWORD, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

#: As a WebView that keeps nothing but cookies: every other storage throws.
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
Object.defineProperty(navigator, "serviceWorker", { get() { return undefined; } });
"""
ZALO = (
    "Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 Chrome/100 Mobile Safari/537.36 Zalo android/24"
)
WAYS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "without scripts": {"java_script_enabled": False},
    "inside another app, cookies alone": {"user_agent": ZALO},
}


def _code(site: LiveSite) -> str:
    new = NewBatch(COUNTER, COMMUNES[0], "Đất đai", site.clock.now().date(), 1)
    return make_batch(store=site.store, clock=site.clock, actor="tests", new=new).codes[0]


def _to_review(page: Page) -> None:
    tap(page, page.get_by_role("link", name="Đồng ý và bắt đầu"))
    option(page, "rating", "satisfied").tap()
    for _ in range(3):
        tap(page, main_button(page))


@both_sites
@pytest.mark.parametrize("way", WAYS)
def test_a_scanned_slip_is_answered_once_whatever_is_pressed_again(
    site: LiveSite, open_page: OpenPage, way: str
) -> None:
    """K13, K22, K24: refresh, Back and pressing again come to the same receipt; the code is in no address."""
    before, code = site.received(COUNTER), _code(site)
    page = open_page(**PHONE, **WAYS[way])
    if "app" in way:
        page.add_init_script(NO_STORAGE)
    page.goto(f"/c/{code}")
    assert page.url == site.at("/c/")
    expect(page.locator("#slip")).to_have_value(code)
    tap(page, main_button(page))
    _to_review(page)
    tap(page, main_button(page))
    assert page.url == site.at(f"/c/{COUNTER}/receipt")
    receipt = page.locator(".receipt-code").inner_text()
    page.reload()
    assert page.locator(".receipt-code").inner_text() == receipt
    go(page, -1)
    if not page.url.endswith("/receipt"):
        tap(page, main_button(page))
    assert page.locator(".receipt-code").inner_text() == receipt
    assert site.received(COUNTER) == before + 1
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    assert not [entry["url"] for entry in history["entries"] if code in entry["url"]]

    stranger = open_page(**PHONE)
    stranger.goto(f"/c/{code}")
    tap(stranger, main_button(stranger))
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Phiếu của mã này đã được ghi nhận")
    assert receipt not in stranger.content()


def test_a_mistyped_code_is_said_beside_its_field_and_stays_there(open_page: OpenPage) -> None:
    """WCAG 3.3.1, 3.3.8: typed or pasted, in any case, and no puzzle."""
    page = open_page(**PHONE)
    page.goto("/c/")
    page.locator("#slip").fill("7kq-m4x-tpz")
    tap(page, main_button(page))
    assert page.title().startswith("Lỗi:")
    expect(page.locator("#slip-problem")).to_contain_text("so lại từng ký tự")
    expect(page.locator("#slip")).to_have_value("7kq-m4x-tpz")


def test_the_next_person_on_the_phone_finds_nothing_of_the_slip_before(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(**PHONE)
    page.goto(f"/c/{_code(site)}")
    tap(page, main_button(page))
    _to_review(page)
    tap(page, main_button(page))
    tap(page, page.get_by_role("button", name="Người khác trả lời trên máy này"))
    assert page.url == site.at("/c/")
    expect(page.locator("#slip")).to_have_value("")
    for steps in (-1, -1, -1):
        go(page, steps)
        assert page.locator("input:checked").count() == 0
        assert page.locator(".receipt-code").count() == 0


def test_an_official_makes_a_sheet_which_comes_once_as_a_pdf(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    page.goto("/office/sign-in")
    page.locator("#login").fill("can-bo")
    page.locator("#password").fill(PASSWORD)
    main_button(page).click()
    page.goto(f"/office/rounds/{COUNTER}/fieldwork/slips/")
    page.get_by_label("Nơi phục vụ").select_option(COMMUNES[1])
    page.get_by_label("Hoặc lĩnh vực khác").fill("Nuôi ong")
    page.get_by_label("Số phiếu").fill("3000")
    page.get_by_role("button", name="Tạo và tải tờ in").click()
    expect(page.locator("#size-problem")).to_contain_text("từ 1 đến 1000")
    page.get_by_label("Số phiếu").fill("3")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Tạo và tải tờ in").click()
    assert downloaded.value.suggested_filename.endswith(".pdf")
    assert downloaded.value.path().read_bytes().startswith(b"%PDF-")
    page.goto(f"/office/rounds/{COUNTER}/fieldwork/slips/")
    row = page.locator("tbody tr", has_text="Nuôi ong")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("dưới 5")
