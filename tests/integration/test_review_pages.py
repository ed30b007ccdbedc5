"""The review's pages over HTTP: what a reviewer sees and does, and what nobody else can (K11, K14, T7, T11)."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask

from survey.cli.entry import main
from survey.services.accounts import add_account
from survey.services.errors import BadSettings, OtherAnswersKept
from survey.services.indices import recompute
from survey.services.review.alarms import raise_alarms
from survey.services.review.own_view import own_view
from survey.services.review.quarantine import quarantine
from survey.services.settings import Settings, read_settings
from survey.services.snapshots import freeze_snapshot
from survey.services.summaries import export_summary
from survey.storage.store import Store
from survey.web import create_app
from survey.web.site import Site
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.integration.test_review import JUDGED, left_out, night, slips, taps
from tests.rounds import COMMUNES, PROVINCE, answer, enrolled_kiosk, make_round, somebody

PASSWORD = "một mật khẩu dài để thử"
MINE = f"/office/units/{COMMUNES[0]}/"


def signed_in(
    app: Flask, store: Store, clock: SetClock, login: str, role: str, unit: str = PROVINCE
) -> Person:
    add_account(
        store=store,
        clock=clock,
        login=login,
        full_name="Người thử",
        role=role,
        unit_id=unit,
        password=PASSWORD,
    )
    return sign_in(app, login)


def sign_in(app: Flask, login: str) -> Person:
    person = Person(app)
    person.open("/office/sign-in")
    assert person.send({"login": login, "password": PASSWORD}).status == 200
    return person


def at(code: str, queue: str = "") -> str:
    return f"/office/rounds/{code}/fieldwork/review/{queue}"


def send(person: Person, near: str, answers: dict[str, Any]) -> Page:
    """Send the form that holds a word in its address, with what is typed into it."""
    form = next(one for one in person.page.forms if near in one.action)
    kept = [(name, value) for name, value in form.fields if name not in answers]
    return person.post(form.action, kept + list(answers.items()))


def stuffed(store: Store, clock: SetClock) -> str:
    code = make_round(store, clock, counted_grades="AB")
    for unit in COMMUNES:
        slips(store, clock, code, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 10, unit)
    device = enrolled_kiosk(store, clock, code).device
    night(clock)
    taps(store, clock, code, device, 20)
    return code


def compute(store: Store, clock: SetClock, code: str) -> None:
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")


@both_databases
def test_from_alarm_to_exclusion_and_back_by_two_persons_on_their_pages(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """K11, ASVS 2.3.5: the whole road, with the counts of each queue."""
    code = stuffed(store, clock)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    van = signed_in(app, store, clock, "van.th", "administrator")
    assert "Không có báo động nào" in lan.open(at(code)).text
    assert "báo động mới" in send(lan, "/look", {}).text
    assert "Báo động (2)" in lan.page.text
    refused = send(lan, "/alarms", {"decision": "right", "note": " "})
    assert (refused.status, "Cần ghi nhận xét" in refused.text) == (422, True)
    for _ in range(2):
        assert "Đã ghi nhận xét" in send(lan, "/alarms", {"decision": "right", "note": "Cán bộ bấm"}).text
    lan.open(at(code, "?status=justified"))
    assert "Cần một người khác" in send(lan, "/alarms", {"decision": "exclude", "note": "Bấm hộ"}).text
    own = lan.open(at(code, "requests"))
    assert "cần một người khác quyết định" in own.text
    assert not any("/requests" in form.action for form in own.forms)
    asked = van.open(at(code, "requests"))
    assert "Phiếu sẽ bị loại 20" in asked.text
    assert "Sảnh tầng 1" in asked.text
    assert "Đã đồng ý" in send(van, "/requests", {"decision": "grant"}).text
    assert "Phiếu đã loại (20)" in van.page.text
    compute(store, clock, code)
    assert "20 phiếu bị loại theo quyết định của hai người" in lan.open(f"/office/rounds/{code}/results").text
    lan.open(at(code, "exclusions"))
    send(lan, "/exclusions", {"decision": "restore", "note": "Xem lại"})
    van.open(at(code, "requests"))
    send(van, "/requests", {"decision": "grant"})
    assert "Phiếu đã loại (0)" in van.page.text


@both_databases
def test_results_and_workbook_tell_the_index_without_suspected_forms_and_who_is_not_ranked(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """K11, K12: beside the official index; the disturbed unit stands without a place, with the sentence."""
    code = stuffed(store, clock)
    raise_alarms(store=store, clock=clock, code=code, actor="tests")
    compute(store, clock, code)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    page = lan.open(f"/office/rounds/{code}/results")
    assert "Khi bỏ phiếu bị nghi vấn 50,00 %" in page.text
    assert "20 phiếu bị nghi vấn vẫn được tính" in page.text
    assert re.search(r"Không xếp hạng do dữ liệu bị nhiễu: Phường 1 Bảo Lộc", page.text)
    assert re.search(r"\b1 Phường 2 Bảo Lộc", page.text)
    made = io.BytesIO()
    export_summary(store=store, clock=clock, code=code, target=made)
    book = openpyxl.load_workbook(made)
    told = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "Không xếp hạng do dữ liệu bị nhiễu: Phường 1 Bảo Lộc" in told
    assert "A: 80; B: 20" in told
    assert "chỉ số chung là 50,00%" in told


def test_few_suspected_forms_are_not_told_apart(app: Flask, store: Store, clock: SetClock) -> None:
    """Four suspected of many: the difference of two indices would be the answers of four people."""
    code = make_round(store, clock, counted_grades="AB")
    slips(store, clock, code, ["satisfied", "neutral", "very_satisfied"] * 14)
    device = enrolled_kiosk(store, clock, code).device
    night(clock)
    taps(store, clock, code, device, 4)
    raise_alarms(store=store, clock=clock, code=code, actor="tests")
    compute(store, clock, code)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    text = lan.open(f"/office/rounds/{code}/results").text
    assert "Có phiếu bị nghi vấn, quá ít để công bố" in text
    assert "4 phiếu bị nghi vấn" not in text


@both_databases
def test_a_judged_unit_is_told_on_every_page_of_the_review_that_there_is_no_such_round(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """K11: the same answer as for a round that never was."""
    code = stuffed(store, clock)
    clerk = signed_in(app, store, clock, "xa.tt", "official", COMMUNES[0])
    for queue in ("", "quarantine", "conflicts", "requests", "exclusions"):
        there, absent = clerk.open(at(code, queue)), clerk.open(at("khong-co", queue))
        assert (there.status, absent.status) == (404, 404)
    clerk.open("/office/")
    token = dict(clerk.page.forms[0].fields)["csrf_token"]
    for deed in ("look", "alarms", "transactions", "quarantine", "conflicts", "requests", "exclusions"):
        page = clerk.post(at(code, deed), [("csrf_token", token), ("number", "1"), ("decision", "right")])
        assert page.status == 404 or page.address == at(code, deed), (deed, page.status)
        assert page.status in (404,), deed


@both_databases
def test_a_conflict_and_a_quarantined_record_show_no_script_no_text_and_no_person(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """T7, T11: what was written freely is not shown; raw bytes are text."""
    code = make_round(store, clock)
    who = somebody(code)
    answer(store, clock, code, {"rating": "satisfied", "comment": "Chị Hoa bàn số 3"}, who)
    with pytest.raises(OtherAnswersKept):
        answer(store, clock, code, {"rating": "neutral", "comment": "Anh Nam"}, who)
    raw = b'{"answers": {"<script>alert(1)</script>": "x"}, "\xff": "<img src=x onerror=alert(1)>"}'
    quarantine(store=store, clock=clock, raw=raw, reason="SVY-404-95", round_code=code)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    pair = lan.open(at(code, "conflicts"))
    assert "có ý kiến bằng chữ" in pair.text
    assert "Hoa" not in pair.html
    assert "Nam" not in pair.html
    assert who.response_id.hex not in pair.html
    page = lan.open(at(code, "quarantine"))
    assert "<script>alert" not in page.html
    assert "<img" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
    refused = send(lan, "/quarantine", {"decision": "release", "note": "thử", "unit": COMMUNES[1]})
    assert refused.status == 422
    assert 'value="thử"' in refused.html
    assert re.search(rf'value="{COMMUNES[1]}" selected', refused.html)
    assert "Bản ghi được giữ ngoài" in send(lan, "/quarantine", {"decision": "keep_out", "note": "hỏng"}).text


@both_databases
def test_numbers_of_transactions_come_by_page_and_by_command(
    app: Flask, store: Store, clock: SetClock, settings: Settings, tmp_path: Path, monkeypatch: Any
) -> None:
    code = stuffed(store, clock)
    today = clock.now().date()
    lan = signed_in(app, store, clock, "lan.nt", "official")
    lan.open(at(code))
    wrong = send(lan, "/transactions", {"lines": "c34-24823;hôm nay;5"})
    assert (wrong.status, "Sai ở dòng: 1" in wrong.text) == (422, True)
    assert "hôm nay" in wrong.html
    lan.open(at(code))
    assert (
        "Đã ghi 2 số"
        in send(lan, "/transactions", {"lines": f"{COMMUNES[0]},{today},9\n{COMMUNES[1]},{today},99"}).text
    )
    for name, value in (
        ("SURVEY_INSTANCE", str(settings.instance)),
        ("DATABASE_URL", settings.database_url),
        ("SECRET_KEY", settings.secret_key or ""),
    ):
        monkeypatch.setenv(name, value)
    file = tmp_path / "giao-dich.csv"
    file.write_text(f"đơn vị,ngày,số\n{COMMUNES[0]},{today - timedelta(days=1)},0\n", encoding="utf-8-sig")
    ran = CliRunner().invoke(main, ["review", "transactions", code, str(file)])
    assert (ran.exit_code, "Đã ghi 1 số" in ran.output) == (0, True)
    ran = CliRunner().invoke(main, ["review", "raise", code, "--day", str(today)])
    assert (ran.exit_code, f"{code}: 3 báo động mới" in ran.output) == (0, True)
    again = CliRunner().invoke(main, ["review", "raise", "--day", str(today)])
    assert f"{code}: 0 báo động mới" in again.output
    assert "Phiếu nhiều hơn giao dịch" in lan.open(at(code)).text


@both_databases
def test_a_unit_sees_itself_a_day_late_in_batches_and_nothing_else(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """K14, T8, D3: no device, no text, no hour, no round, no other unit; fewer than five new change nothing."""
    code = make_round(store, clock)
    device = enrolled_kiosk(store, clock, code).device
    taps(store, clock, code, device, 4, rating="neutral", comment="Bàn số 3 chậm")
    clerk = signed_in(app, store, clock, "xa.tt", "official", COMMUNES[0])
    clock.move(days=3)
    clerk = sign_in(app, "xa.tt")
    assert "Chưa có đủ 5 phiếu" in clerk.open(MINE).text
    slips(store, clock, code, ["satisfied"] * 36)
    assert "Chưa có đủ 5 phiếu" in clerk.open(MINE).text
    clock.move(days=2)
    clerk = sign_in(app, "xa.tt")
    first = clerk.open(MINE)
    assert "Phiếu đã nhận 40" in first.text
    assert "Hài lòng 35" in first.text
    assert "Bình thường 5" in first.text
    taps(store, clock, code, device, 4)
    clock.move(days=3)
    clerk = sign_in(app, "xa.tt")
    second = clerk.open(MINE)
    assert second.text == first.text
    for secret in ("Bàn số 3", "Sảnh", device.id.hex, "10:00", code):
        assert secret not in second.html, secret
    assert not re.search(r"\d{1,2}:\d{2}", second.text)
    assert clerk.open(f"/office/units/{COMMUNES[1]}/").status == 404
    assert clerk.open(f"/office/units/{PROVINCE}/").status == 404
    assert clerk.open("/office/units/khong-co/").status == 404
    assert "Đơn vị của tôi" in clerk.open("/office/").text


@both_databases
def test_what_a_unit_sees_of_itself_does_not_change_by_exclusion_or_correction(
    store: Store, clock: SetClock
) -> None:
    """D3, K11: neither an alarm nor an exclusion leaves a trace on the judged unit's page."""
    code = make_round(store, clock)
    device = enrolled_kiosk(store, clock, code).device
    ids = taps(store, clock, code, device, 36)
    clock.move(days=3)
    before = own_view(store=store, clock=clock, account=JUDGED, unit_id=COMMUNES[0])
    raise_alarms(store=store, clock=clock, code=code, actor="tests", days=[date(2026, 3, 2)])
    left_out(store, clock, code, ids[:3])
    after = own_view(store=store, clock=clock, account=JUDGED, unit_id=COMMUNES[0])
    assert [(one.until, one.kiosk, one.slips, one.levels) for one in before] == [
        (one.until, one.kiosk, one.slips, one.levels) for one in after
    ]
    assert before[0].kiosk == 36


@pytest.mark.parametrize(
    ("address", "marks"),
    [("10.68.3.4", ["staff_network"]), ("10.69.0.1", []), ("nonsense", [])],
)
def test_a_form_from_the_offices_own_network_is_marked_and_kept_without_an_address(
    store: Store, clock: SetClock, settings: Settings, address: str, marks: list[str]
) -> None:
    """K19: a mark, no refusal; nothing of the address is anywhere in the database."""
    code = make_round(store, clock)
    made = create_app(replace(settings, staff_networks=("10.68.0.0/16", "fd00::/8")), clock)
    citizen = Person(made)
    citizen.client.environ_base["REMOTE_ADDR"] = address
    citizen.open(f"/r/{code}/?unit={COMMUNES[0]}")
    citizen.send({"unit": COMMUNES[0]})
    citizen.send({"rating": "satisfied"})
    while "/review" not in citizen.page.address:
        citizen.send()
    assert "receipt" in citizen.send().address
    with store.reading() as session:
        from sqlalchemy import select

        from survey.storage.models import ParadataRow

        (flags,) = session.scalars(select(ParadataRow.flags)).all()
    assert [flag for flag in flags if flag.startswith("staff")] == marks
    assert address.encode() not in (settings.instance / "survey.sqlite3").read_bytes()
    opened: Site = made.extensions["survey"]
    opened.store.engine.dispose()


def test_a_network_that_is_none_is_named_at_start() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"SURVEY_STAFF_NETWORKS": "10.0.0.0/8,văn phòng"})
    assert caught.value.detail == "SURVEY_STAFF_NETWORKS"
