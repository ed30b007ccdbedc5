"""An official imports a file: checks it, takes the marked one home, mends it, imports it (issue 4, point 7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.accessibility import violations
from tests.browser.conftest import OpenPage
from tests.browser.devices import DESK
from tests.browser.sites import EMPTY, PASSWORD, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

CHECK = "Kiểm tra, chưa ghi gì"


def _open(page: Page) -> None:
    page.goto("/office/")
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    page.goto(f"/office/rounds/{EMPTY}/fieldwork/imports/")


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def _fill(path: Path, *ratings: Any) -> None:
    book = load_workbook(path)
    sheet = book["Phiếu trả lời"]
    heads = [cell.value for cell in sheet[1]]
    for number, rating in enumerate(ratings):
        values = {"form_number": f"B-{number}", "unit": COMMUNES[number % 2], "rating": rating}
        for name, value in values.items():
            sheet.cell(3 + number, heads.index(name) + 1, value)
    book.save(path)


def test_an_official_fills_the_template_mends_what_is_marked_and_imports(
    site: LiveSite, open_page: OpenPage, tmp_path: Path
) -> None:
    page, before = open_page(**DESK), site.received(EMPTY)
    _open(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải mẫu (.xlsx)").click()
    filled = tmp_path / "phieu.xlsx"
    download.value.save_as(filled)
    _fill(filled, "Hài lòng", "Tuyệt vời", 5)
    page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(filled)
    _press(page, CHECK)
    expect(page.get_by_role("heading", name="Tệp còn chỗ cần sửa")).to_be_visible()
    expect(page.get_by_role("table", name="Các chỗ cần sửa").get_by_role("rowheader")).to_have_count(1)
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp có đánh dấu chỗ sai").click()
    marked = tmp_path / "sua.xlsx"
    download.value.save_as(marked)
    book = load_workbook(marked)
    wrong = book["Lỗi"]["C2"].value
    assert book["Phiếu trả lời"][wrong].value == "Tuyệt vời"
    assert book["Phiếu trả lời"][wrong].comment is not None
    book["Phiếu trả lời"][wrong] = "Bình thường"
    book.save(marked)
    page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(marked)
    _press(page, CHECK)
    assert violations(page) == []
    assert site.received(EMPTY) == before
    _press(page, "Nhập 3 phiếu")
    expect(page.get_by_text("Đã nhập 3 phiếu.")).to_be_visible()
    expect(
        page.get_by_role("table", name="Các tệp đã nhập").get_by_role("rowheader", name="sua.xlsx")
    ).to_be_visible()
    assert site.received(EMPTY) == before + 3


@pytest.mark.parametrize("width", [320, 1280])
def test_an_old_file_is_answered_by_what_to_do_and_the_page_fits(
    site: LiveSite, open_page: OpenPage, width: int
) -> None:
    page = open_page(**{**DESK, "viewport": {"width": width, "height": 800}}, expected="422")
    _open(page)
    old = FilePayload(
        name="cu.xls",
        mimeType="application/vnd.ms-excel",
        buffer=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    )
    page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(old)
    _press(page, CHECK)
    expect(page.get_by_role("alert")).to_contain_text("lưu lại thành .xlsx")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_a_text_of_a_cell_runs_nothing_on_the_page(
    site: LiveSite, open_page: OpenPage, tmp_path: Path
) -> None:
    """T11: no dialog, no request, no trouble on the console."""
    page = open_page(**DESK)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    _open(page)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    sheet.title = "<b>x"
    sheet.append(["form_number", "unit", "rating", evil])
    sheet.append([evil, evil, evil, evil])
    path = tmp_path / "x.xlsx"
    book.save(path)
    page.get_by_label("Tệp .xlsx hoặc .csv").set_input_files(path)
    _press(page, CHECK)
    expect(page.get_by_role("table", name="Các chỗ cần sửa")).to_contain_text("onerror")
