"""Slips with one-time codes: made, typed or scanned, answered once, counted by batch (K13, T14, T20-T22, F25)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from survey.cli import main
from survey.reports.print.slips import slips_data
from survey.services.clock import SystemClock
from survey.services.code_tries import LocalTries
from survey.services.rounds import board, set_status
from survey.services.slips.batches import (
    MadeBatch,
    NewBatch,
    batches_for,
    make_batch,
    months_offered,
    procedure_groups,
)
from survey.services.slips.codes import KEY_FILE, LETTERS, check_character, written
from survey.services.slips.errors import BadSlipBatch
from survey.services.slips.sheets import print_batch, sheet_of
from survey.services.slips.tries import SLIP_TRIES
from survey.storage import rates
from survey.storage.models import Base, ParadataRow, ResponseRow, SlipCodeRow
from survey.storage.rounds import round_by_code
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.rounds import COMMUNES, make_round

MARCH = date(2026, 3, 1)
PERSONS = Callable[[], Person]


def _batch(store: Store, clock: SetClock, *, size: int = 2, **changed: Any) -> MadeBatch:
    told: dict[str, Any] = {
        "round_code": "quay",
        "unit_id": COMMUNES[0],
        "procedure_group": "Đất đai",
        "month": MARCH,
        "size": size,
        **changed,
    }
    return make_batch(store=store, clock=clock, actor="tests", new=NewBatch(**told))


def _round(store: Store, clock: SetClock, **values: Any) -> str:
    return make_round(store, clock, code="quay", entry="counter", **values)


def _wrong_codes(number: int) -> list[str]:
    """Make codes whose check character is right and that nobody made."""
    drawn = ("".join(letters) for letters in product(LETTERS[:6], repeat=8))
    return [one + check_character(one) for one, _ in zip(drawn, range(number), strict=False)]


def _enter(person: Person, code: str) -> Page:
    person.open("/c/")
    return person.send({"slip": code})


def _answer_all(person: Person) -> Page:
    """Go from the start page to the receipt."""
    person.open(next(link for link in person.page.links if "/s/" in link))
    for answers in ({"rating": "satisfied"}, {"reasons": ["waiting"]}, {"comment": "Tốt"}, {}):
        person.send(answers)
    return person.page


def _tables(store: Store) -> dict[str, list[Any]]:
    with store.reading() as session:
        return {
            name: sorted(map(str, session.execute(text(f'SELECT * FROM "{name}"'))))
            for name in Base.metadata.tables
        }


@both_databases
def test_a_typed_code_leads_to_one_response_of_grade_a_with_group_and_month_beside_it(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K13: unit, procedure group and month; nothing is written to the slip's row."""
    _round(store, clock)
    made = _batch(store, clock)
    slips_before = _tables(store)["slip_code"]
    citizen = person()
    page = _enter(citizen, written(made.codes[0]).lower())
    assert page.address == "/c/quay/start"
    assert "Đất đai" in page.text
    assert "03/2026" in page.text
    clock.move(seconds=47)
    receipt = _answer_all(citizen)
    assert receipt.address == "/c/quay/receipt"
    with store.reading() as session:
        response, told = (
            session.scalars(select(ResponseRow)).one(),
            session.scalars(select(ParadataRow)).one(),
        )
    assert (response.channel, response.evidence, response.unit_id) == ("phone", "A", COMMUNES[0])
    assert (told.procedure_group, told.procedure_month, told.language) == ("Đất đai", MARCH, "vi")
    assert _tables(store)["slip_code"] == slips_before


@both_databases
def test_a_used_code_is_only_said_to_be_used_and_the_browser_that_used_it_sees_its_receipt(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K13, T4: a replay elsewhere tells nothing, not even the receipt; here it is the same receipt."""
    _round(store, clock)
    code = _batch(store, clock).codes[0]
    citizen, stranger = person(), person()
    _enter(citizen, code)
    receipt = _answer_all(citizen)
    elsewhere = _enter(stranger, code)
    assert elsewhere.status == 200
    assert "đã được ghi nhận" in elsewhere.text
    assert "receipt-code" not in elsewhere.html
    assert stranger.open("/c/quay/receipt").address == "/c/"
    assert _enter(citizen, code).text == receipt.text
    assert citizen.open("/c/quay/review").text == receipt.text
    assert board(store=store, code="quay").complete == 1


@both_databases
def test_fifty_browsers_that_send_one_code_at_once_give_one_row(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """T20: the id that follows from the code decides, not a look before."""
    _round(store, clock)
    code = _batch(store, clock, size=1).codes[0]
    first = person()
    _enter(first, code)
    first.open(next(link for link in first.page.links if "/s/" in link))
    for answers in ({"rating": "satisfied"}, {}, {}):
        first.send(answers)
    crowd = [person() for _ in range(50)]
    for one in crowd:
        page = _enter(one, code)
        one.open(next(link for link in page.links if link.startswith("/c/quay/")))
        one.open("/c/quay/review")
    with ThreadPoolExecutor(50) as pool:
        pages = list(pool.map(lambda one: one.send(), crowd))
    assert {page.address for page in pages} == {"/c/quay/receipt"}
    assert len({page.html.split("receipt-code", 1)[1].split("<", 1)[0] for page in pages}) == 1
    with store.reading() as session:
        assert len(session.scalars(select(ResponseRow)).all()) == 1
        assert session.execute(text("SELECT count(*) FROM response_conflict")).scalar_one() == 0


@both_databases
def test_a_form_begun_by_one_browser_is_finished_by_another_with_the_same_slip(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K21: a slip's form is resumed by the slip; the open address's by its own browser alone."""
    _round(store, clock)
    code = _batch(store, clock).codes[0]
    phone, desk = person(), person()
    _enter(phone, code)
    phone.open(next(link for link in phone.page.links if "/s/" in link))
    phone.send({"rating": "neutral"})
    page = _enter(desk, code)
    assert "Làm tiếp" in page.text
    assert 'value="neutral" checked' in desk.open("/c/quay/s/rating").html

    phone.open("/r/quay/")
    phone.send({"unit": COMMUNES[1]})
    phone.send({"rating": "dissatisfied"})
    assert "Làm tiếp" in phone.open("/r/quay/").text
    assert 'value="dissatisfied" checked' in phone.open("/r/quay/s/rating").html
    assert "Làm tiếp" not in desk.open("/r/quay/").text
    assert desk.open("/r/quay/s/rating").address == "/r/quay/"


@both_databases
def test_a_scanned_code_leaves_the_address_and_gets_change_nothing(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K23, T22: the code goes into a cookie; it is looked up when the person presses, not before."""
    _round(store, clock)
    code = _batch(store, clock).codes[0]
    before = _tables(store)
    citizen = person()
    page = citizen.open(f"/c/{code}")
    assert page.address == "/c/"
    assert dict(page.form.fields)["slip"] == code
    assert _tables(store) == before
    assert citizen.send().address == "/c/quay/start"
    assert all(code not in str(row) for rows in _tables(store).values() for row in rows)


@both_databases
def test_codes_that_do_not_work_get_one_answer_and_a_mistyped_one_costs_no_try(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """T21: unknown, expired, of a closed round: not told apart. The check character is asked first."""
    _round(store, clock)
    made = _batch(store, clock, size=3)
    other = make_round(store, clock, code="da-dong", entry="open")
    shut = _batch(store, clock, round_code=other).codes[0]
    set_status(store=store, clock=clock, code=other, status="closed", actor="tests")
    citizen = person()
    unknown = _enter(citizen, _wrong_codes(1)[0])
    closed = _enter(citizen, shut)
    clock.move(days=31)
    expired = _enter(citizen, made.codes[0])
    assert {page.status for page in (unknown, closed, expired)} == {404}
    told = {page.html.split('error-summary"')[1].split("</ul>")[0] for page in (unknown, closed, expired)}
    assert len(told) == 1
    for _ in range(20):
        page = _enter(citizen, made.codes[0][:-1] + ("0" if made.codes[0][-1] != "0" else "1"))
        assert page.status == 422
        assert "so lại từng ký tự" in page.text
    with store.reading() as session:
        assert session.execute(text("SELECT sum(count) FROM rate_count")).scalar_one() == 3


@both_databases
def test_the_sixth_wrong_code_of_a_browser_is_not_looked_up_for_an_hour(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K13, T19: by browser, so that who shares its address may go on; a forged forwarded address changes nothing."""
    _round(store, clock)
    right = _batch(store, clock).codes[0]
    guesser, neighbour = person(), person()
    for wrong in _wrong_codes(5):
        assert _enter(guesser, wrong).status == 404
    guesser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
    page = _enter(guesser, right)
    assert page.status == 429
    assert "SVY" not in page.text
    assert _enter(neighbour, right).address == "/c/quay/start"
    clock.move(minutes=61)
    assert _enter(guesser, right).address == "/c/quay/start"


@both_databases
def test_wrong_codes_are_counted_in_memory_while_the_database_cannot(
    store: Store,
    clock: SetClock,
    person: PERSONS,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """F25: open, and limited by each process for itself; a right code still works."""

    def down(*_: Any, **__: Any) -> int:
        raise OperationalError("rate_count", None, Exception("down"))

    _round(store, clock)
    made = _batch(store, clock)
    monkeypatch.setattr(rates, "count", down)
    monkeypatch.setattr(rates, "counted_since", down)
    monkeypatch.setattr(SLIP_TRIES, "local", LocalTries())
    guesser = person()
    with caplog.at_level(logging.CRITICAL):
        assert [_enter(guesser, wrong).status for wrong in _wrong_codes(6)] == [404] * 5 + [429]
        assert _enter(person(), made.codes[0]).address == "/c/quay/start"


@both_databases
def test_a_slip_never_opens_a_round_by_personal_link_and_what_is_wrong_is_named(
    store: Store, clock: SetClock
) -> None:
    _round(store, clock)
    sealed = make_round(store, clock, code="dai-bieu", questionnaire="delegates-assessment",
                        population="delegates", entry="personal")  # fmt: skip
    for changed, named in (
        ({"round_code": sealed}, "round"),
        ({"unit_id": "p34-68"}, "unit"),
        ({"procedure_group": " "}, "group"),
        ({"procedure_group": "x" * 121}, "group"),
        ({"month": date(2020, 1, 1)}, "month"),
        ({"month": date.min}, "month"),
        ({"size": 0}, "size"),
        ({"size": 1001}, "size"),
    ):
        with pytest.raises(BadSlipBatch) as refused:
            _batch(store, clock, **changed)
        assert named in refused.value.text("vi")
    with store.reading() as session:
        assert session.scalars(select(SlipCodeRow)).all() == []


@both_databases
def test_used_codes_are_counted_by_batch_and_fewer_than_five_are_not_told(
    store: Store, clock: SetClock, person: PERSONS, tmp_path: Path
) -> None:
    """K13, K14: a clerk who handed out one slip must not see that it was used."""
    _round(store, clock)
    made = _batch(store, clock, size=6)
    with store.reading() as session:
        round_ = round_by_code(session, "quay")
    assert round_ is not None
    counts = []
    for code in made.codes:
        citizen = person()
        _enter(citizen, code)
        _answer_all(citizen)
        counts.append(batches_for(store=store, round_=round_)[0].used)
    assert counts == [None, None, None, None, 5, 6]
    (store.keys / KEY_FILE).rename(tmp_path / "elsewhere")
    assert not batches_for(store=store, round_=round_)[0].countable


@both_databases
def test_the_cookie_of_a_slip_cannot_be_made_up_from_the_database(
    app: Flask, store: Store, clock: SetClock, person: PERSONS
) -> None:
    """A dump holds the hash of a code; without the key file it opens no form."""
    _round(store, clock)
    code = _batch(store, clock).codes[0]
    citizen = person()
    _enter(citizen, code)
    cookie = citizen.client.get_cookie("slip-quay")
    assert cookie is not None
    body, _, seal = cookie.value.rpartition(".")
    thief = person()
    for forged in (f"{body}.{'0' * len(seal)}", body, f"{body}x.{seal}", ".", "é.é"):
        thief.client.set_cookie("slip-quay", forged)
        assert thief.open("/c/quay/s/rating").address == "/c/"


@both_databases
def test_where_the_site_gets_a_new_secret_key_the_slips_form_goes_on(
    app: Flask, store: Store, clock: SetClock, person: PERSONS
) -> None:
    """F15: on the last page, after SECRET_KEY was changed, one more press sends the form."""
    _round(store, clock)
    citizen = person()
    _enter(citizen, _batch(store, clock).codes[0])
    citizen.open(next(link for link in citizen.page.links if "/s/" in link))
    citizen.send({"rating": "satisfied"})
    citizen.send()
    app.config["SECRET_KEY"] = "another secret of the tests, long enough too"
    page = citizen.send({"comment": "Giữ lời này"})
    assert page.status == 400
    assert "Giữ lời này" in page.html
    assert citizen.send().address == "/c/quay/review"
    app.config["SECRET_KEY"] = "a third secret of the tests, long enough as well"
    assert citizen.send().status == 400
    assert citizen.send().address == "/c/quay/receipt"
    assert board(store=store, code="quay").complete == 1


def test_the_sheet_says_what_it_is_and_its_addresses_come_from_the_setting(
    store: Store, clock: SetClock
) -> None:
    """T14: PUBLIC_BASE_URL alone; the code is on the sheet and in its QR address, eight to a page."""
    _round(store, clock, simulated=True)
    made = _batch(store, clock, size=9)
    sheet = sheet_of(made, "https://khao-sat.example.vn")
    assert [one.address for one in sheet.slips] == [
        f"https://khao-sat.example.vn/c/{code}" for code in made.codes
    ]
    told = str(slips_data(sheet))
    for words in ("Đất đai", "03/2026", "Không ghi tên", "01/04/2026", "MÔ PHỎNG", written(made.codes[8])):
        assert words in told
    pdf = print_batch(made, "https://khao-sat.example.vn")
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") == 2


def test_months_run_over_the_turn_of_the_year() -> None:
    offered = months_offered(date(2026, 1, 31))
    assert offered[:3] == (date(2026, 1, 1), date(2026, 2, 1), date(2025, 12, 1))
    assert len(offered) == len(set(offered)) == 14
    assert all(group and len(group) <= 120 for group in procedure_groups())


@both_databases
def test_codes_hold_no_longer_than_thirty_days_and_no_longer_than_the_round(
    store: Store, clock: SetClock
) -> None:
    _round(store, clock, closes_on=date(2026, 3, 10))
    assert _batch(store, clock).expires_on == date(2026, 3, 10)
    long = make_round(store, clock, code="dai-hon", entry="open")
    assert _batch(store, clock, round_code=long).expires_on == date(2026, 3, 2) + timedelta(days=30)


@both_databases
def test_a_sheet_is_made_by_command_and_its_codes_stand_in_that_file_alone(
    store: Store, clock: SetClock, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is made where the file is there already; a refused batch leaves no file behind."""
    _round(store, clock, opens_on=date(2020, 1, 1), closes_on=date(2099, 12, 31))
    for name, value in (
        ("SURVEY_INSTANCE", str(tmp_path)),
        ("DATABASE_URL", database_url),
        ("SURVEY_LANG", "en"),
    ):
        monkeypatch.setenv(name, value)
    sheet = tmp_path / "phieu.pdf"
    words = [
        "slip",
        "make",
        "quay",
        "--unit",
        COMMUNES[0],
        "--group",
        "Đất đai",
        "--count",
        "3",
        "--pdf",
        str(sheet),
    ]
    month = ["--month", f"{SystemClock().now():%Y-%m}"]
    told = CliRunner().invoke(main, [*words, *month])
    assert told.exit_code == 0, told.output
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert sheet.stat().st_mode & 0o077 == 0
    again = CliRunner().invoke(main, [*words, *month])
    assert again.exit_code == 2
    assert "SVY-422-222" in again.output
    sheet.unlink()
    refused = CliRunner().invoke(main, [*words, "--month", "2001-01"])
    assert "SVY-422-221" in refused.output
    assert not sheet.exists()
    listed = CliRunner().invoke(main, ["slip", "list", "quay"])
    assert [line for line in listed.output.splitlines() if "Đất đai" in line and "under 5" in line]
    assert len(listed.output.splitlines()) == 3
