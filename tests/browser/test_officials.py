"""An official at a desk: signs in, reads, downloads the workbook, signs out; nothing stays behind (T-sessions, point 10)."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.devices import DESK
from tests.browser.history import go
from tests.browser.sites import PASSWORD, USERS, LiveSite

pytestmark = pytest.mark.browser

TITLE = "Khảo sát người sử dụng dịch vụ hành chính năm 2026 (mô phỏng)"


def _sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/office/")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()


def _follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def test_an_official_reads_a_rounds_results_and_downloads_the_workbook(
    site: LiveSite, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(**DESK)
    _sign_in(page, "can-bo")
    assert page.url == site.at("/office/")
    _follow(page, TITLE)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    _follow(page, "Kết quả")
    expect(page.locator("figure[data-chart] .chart svg").first).to_be_visible()
    shown = page.locator(".figures .value").first.inner_text().split("%")[0].strip()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải Excel").click()
    path = tmp_path / "taken.xlsx"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(path)
    numbers = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, float)
    ]
    page_says = float(shown.replace(".", "").replace(",", "."))
    assert any(abs(number * scale - page_says) < 0.006 for number in numbers for scale in (1, 100))
    _follow(page, "Điểm cải cách hành chính")
    expect(page.get_by_role("table", name="Điểm theo khối")).to_be_visible()
    _follow(page, "Bảng xếp hạng")
    expect(page.get_by_role("table", name="Các tỉnh có số liệu")).to_be_visible()


def test_an_analyst_recomputes_from_the_page_and_gets_the_same_hash(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = open_page(**DESK)
    _sign_in(page, "phan-tich")
    page.goto(f"/analysis/rounds/{USERS}/")
    with page.expect_navigation():
        page.get_by_role("button", name="Tính lại").click()
    assert f"/analysis/rounds/{USERS}/results/" in page.url
    expect(page.locator(".notice.is-good").first).to_be_visible()
    expect(page.get_by_role("table", name="Ước lượng của cây chỉ số")).to_be_visible()


@pytest.mark.parametrize("walk", [(-1,), (-1, 0), (-2,), (-2, 1)], ids=str)
def test_after_signing_out_no_page_can_be_brought_back(
    site: LiveSite, open_page: OpenPage, walk: tuple[int, ...]
) -> None:
    """With Chromium's back/forward cache on: what an official saw is gone from a shared desk."""
    page = open_page(**DESK)
    _sign_in(page, "can-bo")
    _follow(page, TITLE)
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Đã đăng xuất.")).to_be_visible()
    for steps in walk:
        go(page, steps)
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
        assert TITLE not in page.inner_text("body")
    page.goto(f"/office/rounds/{USERS}/")
    assert page.url.startswith(site.at("/office/sign-in"))


def test_a_wrong_password_keeps_the_login_and_never_the_password(open_page: OpenPage) -> None:
    page = open_page(**DESK)
    _sign_in(page, "can-bo", "không phải mật khẩu này")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("can-bo")
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    assert page.evaluate("document.activeElement.id") == "error-summary"
