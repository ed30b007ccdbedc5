"""A closed round takes answers again only by two persons, and a sealed one never (ASVS 2.3.5, §4.4-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from survey.services.accounts import Account
from survey.services.errors import (
    AlreadyWaiting,
    NotClosed,
    ReasonNeeded,
    ReopeningTakesTwo,
    RoundClosed,
    SamePerson,
)
from survey.services.links.errors import AlreadySealed
from survey.services.links.sealing import SEAL
from survey.services.review.approvals import ask, decide
from survey.services.review.reopening import ask_reopening, turns_of
from survey.services.rounds import round_named, set_status
from survey.storage.models import RoundRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.test_review_pages import at, send, signed_in
from tests.rounds import COUNTER, PROVINCE, answer, make_round, reopen

LAN = Account(login="lan", full_name="Lan", role="official", unit_id=PROVINCE)
MINH = replace(LAN, login="minh", role="administrator")


def _round(store: Store, code: str) -> RoundRow:
    with store.reading() as session:
        return round_named(session, code)


def _closed(store: Store, clock: SetClock, **made: str) -> tuple[str, date]:
    code = make_round(store, clock, **made)  # type: ignore[arg-type]  # all of these are words
    set_status(store=store, clock=clock, code=code, status="closed", actor="lan")
    day = _round(store, code).closed_on
    assert day is not None
    return code, day


@both_databases
def test_one_person_alone_does_not_open_a_closed_round(store: Store, clock: SetClock) -> None:
    code, day = _closed(store, clock)
    clock.move(days=2)
    with pytest.raises(ReopeningTakesTwo):
        set_status(store=store, clock=clock, code=code, status="open", actor="lan")
    asked = ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Đóng nhầm")
    with pytest.raises(SamePerson):
        decide(store=store, clock=clock, account=LAN, code=code, approval_id=asked, grant=True)
    with pytest.raises(AlreadyWaiting):
        ask_reopening(store=store, clock=clock, account=MINH, code=code, reason="Đóng nhầm")
    with pytest.raises(RoundClosed):
        answer(store, clock, code, COUNTER)
    decide(store=store, clock=clock, account=MINH, code=code, approval_id=asked, grant=False)
    assert (_round(store, code).status, _round(store, code).closed_on) == ("closed", day)


@both_databases
def test_two_persons_open_a_closed_round_and_the_log_keeps_the_day_it_was_closed(
    store: Store, clock: SetClock
) -> None:
    code, day = _closed(store, clock)
    clock.move(days=2)
    with pytest.raises(ReasonNeeded):
        ask_reopening(store=store, clock=clock, account=LAN, code=code, reason=" ")
    reopen(store, clock, code)
    assert (_round(store, code).status, _round(store, code).closed_on) == ("open", None)
    answer(store, clock, code, COUNTER)
    set_status(store=store, clock=clock, code=code, status="closed", actor="lan")
    turns = turns_of(store=store, round_=_round(store, code))
    assert [(one.action, one.actor) for one in turns] == [
        ("round closed", "lan"),
        ("round reopened", "minh"),
        ("round closed", "lan"),
        ("round open", "tests"),
        ("round made", "tests"),
    ]
    assert turns[1].details["closed_on"] == day.isoformat()


@both_databases
def test_a_round_closed_again_keeps_the_day_on_which_it_was_closed(store: Store, clock: SetClock) -> None:
    """Records made on a tablet before the round was closed are taken by that day (F24)."""
    code, day = _closed(store, clock)
    clock.move(days=2)
    set_status(store=store, clock=clock, code=code, status="closed", actor="minh")
    assert _round(store, code).closed_on == day


@both_databases
def test_a_sealed_round_is_not_opened_whoever_asked_and_whenever(store: Store, clock: SetClock) -> None:
    """§4.4-3: its key is destroyed, so that its links would open nothing."""
    code, _day = _closed(
        store, clock, questionnaire="delegates-assessment", population="delegates", entry="personal"
    )
    before = ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Đóng nhầm")
    seal = ask(
        store=store, clock=clock, account=LAN, code=code, action=SEAL, details={}, reason="Đợt đã xong"
    )
    decide(store=store, clock=clock, account=MINH, code=code, approval_id=seal, grant=True)
    with pytest.raises(AlreadySealed):
        decide(store=store, clock=clock, account=MINH, code=code, approval_id=before, grant=True)
    with pytest.raises(AlreadySealed):
        ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Mở lại")
    with pytest.raises(AlreadySealed):
        set_status(store=store, clock=clock, code=code, status="open", actor="lan")
    assert _round(store, code).status == "closed"


def test_a_round_that_nobody_closed_is_not_opened_again(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    with pytest.raises(NotClosed):
        ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Mở lại")
    set_status(store=store, clock=clock, code=code, status="closed", actor="lan")
    asked = ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Mở lại")
    decide(store=store, clock=clock, account=MINH, code=code, approval_id=asked, grant=True)
    with pytest.raises(NotClosed):
        ask_reopening(store=store, clock=clock, account=LAN, code=code, reason="Mở lại")


def test_the_command_opens_a_new_round_and_refuses_a_closed_one(store: Store, clock: SetClock, run) -> None:  # type: ignore[no-untyped-def]  # noqa: F811  # a function fixture
    code = make_round(store, clock, status="draft")
    run("round", "open", code)
    run("round", "close", code)
    refused = run("round", "open", code, ends=2).output
    assert "hai người" in refused
    assert "chỉ để thử (mức C)" in run("round", "addresses", code).output
    assert _round(store, code).status == "closed"


@both_databases
def test_officials_open_a_closed_round_again_on_their_pages(
    app: Flask, store: Store, clock: SetClock
) -> None:
    code, _day = _closed(store, clock)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    van = signed_in(app, store, clock, "van.th", "administrator")
    here = f"/office/rounds/{code}/fieldwork/reopening/"
    assert here in lan.open(f"/office/rounds/{code}/fieldwork/").html
    lan.open(here)
    assert send(lan, "reopening", {"reason": ""}).status == 422
    page = send(lan, "reopening", {"reason": "Đóng nhầm <ngày>"})
    assert "đang chờ người thứ hai" in page.text
    page = van.open(at(code, "requests"))
    assert "Mở lại đợt đã đóng" in page.text
    assert "Đóng nhầm &lt;ngày&gt;" in page.html
    send(van, "requests", {"decision": "grant"})
    assert _round(store, code).status == "open"
    page = lan.open(here)
    assert "chưa đóng" in page.text
    assert "Mở lại đợt" in page.text
    assert van.open(here).status == 403


def test_the_page_of_a_round_whose_last_day_is_past_says_that_opening_it_takes_no_answer(
    app: Flask, store: Store, clock: SetClock
) -> None:
    code, _day = _closed(store, clock)
    clock.move(days=800)
    lan = signed_in(app, store, clock, "lan.nt", "official")
    assert "mở lại cũng không nhận thêm phiếu" in lan.open(f"/office/rounds/{code}/fieldwork/reopening/").text
