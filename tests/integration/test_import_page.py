"""The officials' page of imports over HTTP: whom it serves, what it lets in, what it says (T11, T15, T23, ASVS 5.2)."""

from __future__ import annotations

import io
import re
import threading
import time
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from survey.reports.reading import confined
from survey.services.accounts import add_account, sign_in
from survey.services.rounds import board
from survey.storage.store import Store
from survey.web.access import SESSION_COOKIE
from tests.conftest import SetClock, both_databases
from tests.integration.test_importing import _row, _workbook
from tests.rounds import COMMUNES, PROVINCE, make_round

PASSWORD = "mot mat khau du dai"
PAGE = "/office/rounds/quay-thu/fieldwork/imports/"


class Official:
    """Somebody signed in, with a browser of their own."""

    def __init__(
        self, app: Flask, store: Store, clock: SetClock, login: str = "can-bo", unit: str = PROVINCE
    ) -> None:
        add_account(
            store=store, clock=clock, login=login, full_name="Nguyễn Thị Thử", role="official", unit_id=unit,
            password=PASSWORD,
        )  # fmt: skip
        self.client = app.test_client()
        self.client.set_cookie(
            SESSION_COOKIE, sign_in(store=store, clock=clock, login=login, password=PASSWORD)
        )

    def token(self) -> str:
        page = self.client.get("/office/").get_data(as_text=True)
        return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def check(self, raw: bytes, name: str = "phieu.xlsx", **more: Any) -> Any:
        sent = {"csrf_token": self.token(), "file": (io.BytesIO(raw), name), **more}
        return self.client.post(PAGE, data=sent, follow_redirects=True)

    def press(self, button: str, upload: str, **more: str) -> Any:
        sent = {"csrf_token": self.token(), "upload": upload, **more}
        return self.client.post(f"{PAGE}{button}", data=sent, follow_redirects=True)


def _upload_on(response: Any) -> str:
    found = re.search(r'name="upload" value="([0-9a-f]{32})"', response.get_data(as_text=True))
    assert found, response.get_data(as_text=True)[:3000]
    return found.group(1)


@pytest.fixture
def official(app: Flask, store: Store, clock: SetClock) -> Official:
    make_round(store, clock)
    return Official(app, store, clock)


@both_databases
def test_a_file_is_checked_then_taken_once(official: Official, store: Store) -> None:
    raw = _workbook(*(_row(f"P-{number}") for number in range(5)))
    checked = official.check(raw)
    assert "sẵn sàng nhập" in checked.get_data(as_text=True)
    assert board(store=store, code="quay-thu").complete == 0
    upload = _upload_on(checked)
    assert "Đã nhập 5 phiếu" in official.press("confirm", upload).get_data(as_text=True)
    assert official.press("confirm", upload).status_code == 404
    assert "không có phiếu mới" in official.check(raw).get_data(as_text=True)
    assert board(store=store, code="quay-thu").complete == 5
    assert list((store.folder / "uploads").glob("*.file")) != []


def test_a_wrong_file_is_told_cell_by_cell_and_handed_back_marked(official: Official, store: Store) -> None:
    response = official.check(
        _workbook(_row("P-1", rating="<script>alert(1)</script>"), _row("P-2", day="x"))
    )
    page = response.get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "G2" in page and "F3" in page  # noqa: PT018  # two cells of one table
    assert "confirm" not in page
    upload = _upload_on(response)
    made = official.press("marked", upload)
    assert made.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(io.BytesIO(made.data))
    assert book["Lỗi"]["C2"].value == "G2"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert official.press("confirm", upload).status_code == 422
    assert board(store=store, code="quay-thu").complete == 0


@pytest.mark.parametrize(
    "name",
    ["<img src=x onerror=alert(1)>.xlsx", "../../etc/passwd.csv", "a\x00b.xls", "%s{{7*7}}.xlsx", "ê̆" * 300, "a\r\nSet-Cookie: x=1.csv"],
)  # fmt: skip
def test_a_files_name_is_only_ever_words(official: Official, name: str) -> None:
    """T11: messages of imports were the way into LimeSurvey's officials."""
    response = official.check(b"khong phai tep excel\x00", name)
    page = response.get_data(as_text=True)
    assert response.status_code < 500
    assert "<img src=x" not in page
    assert "{{" in page or "49.xlsx" not in page
    assert "Set-Cookie: x" not in str(response.headers)


@pytest.mark.parametrize(
    "sent",
    [{}, {"file": "text, not a file"}, {"file": (io.BytesIO(b""), "")}],
    ids=["none", "a text", "no name"],
)
def test_no_file_is_told_as_such(official: Official, sent: dict[str, Any]) -> None:
    response = official.client.post(
        PAGE, data={"csrf_token": official.token(), **sent}, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert "Hãy chọn một tệp" in response.get_data(as_text=True)


def _body(token: str, raw: bytes) -> dict[str, Any]:
    """Write a form with a file by hand: the test client would keep a large one in a file of its own."""
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'.encode(),
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="to.csv"\r\n\r\n',
        raw,
        b"\r\n--x--\r\n",
    )
    return {"data": b"".join(parts), "content_type": "multipart/form-data; boundary=x"}


def test_ten_megabytes_is_the_limit_and_only_here(official: Official, app: Flask) -> None:
    """ASVS 5.2.1, §4.3: a large body is let in on this view alone, from who may send a file alone."""
    taken_in = official.client.post(PAGE, **_body(official.token(), b"a,b\n" * 2_600_000))
    assert taken_in.status_code == 422
    assert "quá nhiều dòng" in taken_in.get_data(as_text=True)
    response = official.client.post(PAGE, **_body(official.token(), bytes(11 << 20)))
    assert response.status_code == 413
    assert "10 MB" in response.get_data(as_text=True)
    sent = {"csrf_token": official.token(), "upload": "x" * 200_000}
    assert official.client.post(f"{PAGE}confirm", data=sent).status_code == 413
    assert app.test_client().post(PAGE, **_body("x", bytes(9 << 20))).status_code == 413


def test_a_field_beside_the_file_must_be_text(official: Official) -> None:
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{official.token()}\r\n'.encode()
        + b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xff\xfe\r\n'
        + b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n'
    )
    response = official.client.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 400


def test_a_checked_file_is_nobody_elses(
    official: Official, app: Flask, store: Store, clock: SetClock
) -> None:
    """T10, T15."""
    upload = _upload_on(official.check(_workbook(_row("P-1"))))
    other = Official(app, store, clock, "nguoi-khac")
    for button in ("confirm", "marked", "ask"):
        assert other.press(button, upload, reason="x").status_code == 404
    assert "không còn trên máy chủ" in other.client.get(f"{PAGE}?upload={upload}").get_data(as_text=True)
    assert board(store=store, code="quay-thu").complete == 0


def test_a_judged_commune_sees_no_import(app: Flask, store: Store, clock: SetClock) -> None:
    make_round(store, clock)
    commune = Official(app, store, clock, "can-bo-xa", COMMUNES[0])
    assert commune.client.get(PAGE).status_code == 404
    assert commune.check(_workbook(_row("P-1"))).status_code == 404


def test_asking_for_a_second_person_is_said_on_the_page(official: Official) -> None:
    raw = _workbook(_row("P-1"))
    upload = _upload_on(official.check(raw))
    assert "Cần ghi lý do" in official.press("ask", upload, reason=" ").get_data(as_text=True)
    page = official.press("ask", upload, reason="Danh sách mẫu 12/KH-UBND").get_data(as_text=True)
    assert "đang chờ người thứ hai" in page
    assert official.press("ask", upload, reason="lần nữa").status_code == 409


def test_a_worker_that_hangs_holds_up_no_page(
    official: Official, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F17: while a hostile file is read and until its reader is killed, other pages are answered."""
    monkeypatch.setattr(confined, "_START", "import time; time.sleep(60)")
    monkeypatch.setattr("survey.services.importing.checking.read_sheets", _impatient)
    answered: list[float] = []
    refused: list[Any] = []
    thread = threading.Thread(target=lambda: refused.append(official.check(_workbook(_row("P-1")))))
    thread.start()
    while thread.is_alive():
        began = time.monotonic()
        assert app.test_client().get("/").status_code == 200
        answered.append(time.monotonic() - began)
    assert refused[0].status_code == 422
    assert "quá nhiều thời gian" in refused[0].get_data(as_text=True)
    assert len(answered) > 10
    assert sorted(answered)[len(answered) * 95 // 100] < 0.5


def _impatient(raw: bytes, *, name: str) -> Any:
    from survey.reports.reading import read_sheets

    return read_sheets(raw, name=name, seconds=3, patience=60)


def test_the_template_is_handed_out(official: Official) -> None:
    response = official.client.get(f"{PAGE}template.xlsx")
    assert load_workbook(io.BytesIO(response.data)).sheetnames[0] == "Phiếu trả lời"
