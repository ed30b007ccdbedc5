"""Devices: enrolled once by a code, known by a secret, paused, revoked, watched (K10, K20)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from survey.services.accounts import Account
from survey.services.devices import registry as devices
from survey.services.devices.board import SILENT, devices_for, gaps_between, gaps_for
from survey.services.devices.enrolment import ENROLMENT_TRIES, enrol, enrolment_code
from survey.services.devices.errors import (
    BadDevice,
    DeviceRevoked,
    EnrolmentBusy,
    NoSuchDevice,
    TooManyCodes,
    WrongEnrolmentCode,
)
from survey.services.devices.opening_hours import opening_hours
from survey.services.devices.registry import Sign, device_of_secret, heartbeat, make_device
from survey.storage.models import AuditEventRow, DeviceRow, EnrolmentCodeRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import AGENCIES, COMMUNES, PROVINCE, enrolled_kiosk, enrolled_tablet, make_round

OFFICIAL = Account("can.bo", "Cán bộ", "official", PROVINCE)
#: Monday, 10:00 in Vietnam.
MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def _kiosk(store: Store, clock: SetClock, stand: str = "Sảnh", unit: str = COMMUNES[0]) -> devices.Device:
    return make_device(
        store=store,
        clock=clock,
        actor="tests",
        kind="kiosk",
        unit_id=unit,
        stand=stand,
        round_code="quay-thu",
    )


def _code(store: Store, clock: SetClock, device: devices.Device) -> str:
    return enrolment_code(store=store, clock=clock, actor="tests", device_id=device.id).code


@both_databases
def test_a_code_enrols_one_browser_once_within_ten_minutes(store: Store, clock: SetClock) -> None:
    """K10, ASVS 6.5.1 and 6.5.5."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    code = _code(store, clock, device)
    made = enrol(
        store=store, clock=clock, code=f" {code[:4].lower()}-{code[4:8]} {code[8:]} ", browser="tests"
    )
    assert made.device.id == device.id
    assert made.device.status == "active"
    with pytest.raises(WrongEnrolmentCode):
        enrol(store=store, clock=clock, code=code, browser="tests")
    late = _code(store, clock, device)
    clock.move(minutes=10)
    with pytest.raises(WrongEnrolmentCode):
        enrol(store=store, clock=clock, code=late, browser="tests")


@both_databases
def test_a_newer_code_ends_the_older_and_a_new_browser_ends_the_old(store: Store, clock: SetClock) -> None:
    make_round(store, clock)
    device = _kiosk(store, clock)
    older, newer = _code(store, clock, device), _code(store, clock, device)
    with pytest.raises(WrongEnrolmentCode):
        enrol(store=store, clock=clock, code=older, browser="tests")
    first = enrol(store=store, clock=clock, code=newer, browser="tests")
    second = enrol(store=store, clock=clock, code=_code(store, clock, device), browser="tests")
    assert device_of_secret(store=store, clock=clock, secret=first.secret) is None
    found = device_of_secret(store=store, clock=clock, secret=second.secret)
    assert found is not None
    assert found.id == device.id


def test_neither_a_code_nor_a_secret_stands_in_the_database(store: Store, clock: SetClock) -> None:
    """ASVS 6.5.2: a code of 60 bits is hashed slowly with the site's salt, which is in no database."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    code = _code(store, clock, device)
    with store.reading() as session:
        (kept,) = session.scalars(select(EnrolmentCodeRow.code_hash))
    quick = {hashlib.new(name, code.encode()).hexdigest() for name in ("sha256", "sha512", "md5")}
    assert kept not in quick | {code}
    made = enrol(store=store, clock=clock, code=code, browser="tests")
    with store.reading() as session:
        row = session.get_one(DeviceRow, device.id)
        assert session.scalar(select(EnrolmentCodeRow.code_hash)) is None
    assert row.secret_hash not in (None, made.secret)
    assert len(made.secret) * 6 >= 128


@both_databases
def test_a_browser_with_five_wrong_codes_waits_and_stops_nobody_else(store: Store, clock: SetClock) -> None:
    """ASVS 6.3.1, T19: an outsider who types wrong codes for ever keeps no official from enrolling a device."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    for stranger in ("one", "another", *map(str, range(12))):
        for _ in range(5):
            with pytest.raises(WrongEnrolmentCode):
                enrol(store=store, clock=clock, code="0000-0000-0000", browser=stranger)
        with pytest.raises(TooManyCodes):
            enrol(store=store, clock=clock, code=_code(store, clock, device), browser=stranger)
    made = enrol(store=store, clock=clock, code=_code(store, clock, device), browser="official")
    assert made.device.id == device.id
    clock.move(minutes=11)
    again = enrol(store=store, clock=clock, code=_code(store, clock, device), browser="one")
    assert again.device.id == device.id


def test_a_flood_of_codes_parks_no_thread(store: Store, clock: SetClock) -> None:
    """T21: while all turns are taken a try is refused within a second, and let in once a turn is free."""
    make_round(store, clock)
    code = _code(store, clock, _kiosk(store, clock))
    with ENROLMENT_TRIES.turn(store, clock, "one"), ENROLMENT_TRIES.turn(store, clock, "another"):
        began = monotonic()
        with pytest.raises(EnrolmentBusy):
            enrol(store=store, clock=clock, code=code, browser="official")
        assert monotonic() - began < 1.0
    assert enrol(store=store, clock=clock, code=code, browser="official").secret


def test_wrong_codes_are_counted_by_the_browser_that_typed_them(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """T19: not by address, which a whole office shares."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    stranger, official = person(), person()
    stranger.open("/device/")
    answers = [stranger.send({"code": "AAAA-BBBB-CCCC"}).status for _ in range(6)]
    assert answers == [422] * 5 + [429]
    official.open("/device/")
    assert official.send({"code": _code(store, clock, device)}).address == "/kiosk/"


@both_databases
def test_a_paused_device_is_known_and_a_revoked_one_is_not(store: Store, clock: SetClock) -> None:
    """K20: at the next request."""
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    deed: dict[str, Any] = {
        "store": store,
        "clock": clock,
        "actor": "tests",
        "device_id": made.device.id,
    }

    def status() -> str | None:
        found = device_of_secret(store=store, clock=clock, secret=made.secret)
        return found.status if found else None

    devices.pause(**deed)
    assert status() == "paused"
    devices.resume(**deed)
    assert status() == "active"
    code = _code(store, clock, made.device)
    devices.revoke(**deed)
    assert status() is None
    with pytest.raises(WrongEnrolmentCode):
        enrol(store=store, clock=clock, code=code, browser="tests")
    for again in (devices.pause, devices.resume, devices.revoke, enrolment_code):
        with pytest.raises(DeviceRevoked):
            again(**deed)
    with store.reading() as session:
        told = session.scalars(
            select(AuditEventRow.action).where(AuditEventRow.subject == made.device.id.hex)
        ).all()
    assert [one for one in told if "code" not in one] == [
        "device made",
        "device enrolled",
        "device paused",
        "device resumed",
        "device revoked",
    ]


def test_a_device_revoked_in_another_process_is_unknown_within_seconds(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K20: what one process knows of a device holds for five seconds of its own clock."""
    now = 1_000.0
    monkeypatch.setattr(devices, "monotonic", lambda: now)
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    assert device_of_secret(store=store, clock=clock, secret=made.secret) is not None
    with store.transaction() as session:
        session.get_one(DeviceRow, made.device.id).status = "revoked"
    now += 5
    assert device_of_secret(store=store, clock=clock, secret=made.secret) is None


def test_a_device_never_enrolled_waits_again_when_resumed(store: Store, clock: SetClock) -> None:
    make_round(store, clock)
    device = _kiosk(store, clock)
    devices.pause(store=store, clock=clock, actor="tests", device_id=device.id)
    devices.resume(store=store, clock=clock, actor="tests", device_id=device.id)
    with store.reading() as session:
        assert session.get_one(DeviceRow, device.id).status == "waiting"


@both_databases
def test_half_of_the_kiosks_show_the_options_the_other_way_round(store: Store, clock: SetClock) -> None:
    """K5: alternating within a unit, and balanced over units with one kiosk each."""
    make_round(store, clock)
    here = [_kiosk(store, clock, f"Máy {number}").option_order for number in range(4)]
    assert sorted(here) == ["reversed", "reversed", "written", "written"]
    assert here[0] != here[1]
    there = _kiosk(store, clock, "Máy khác", COMMUNES[1]).option_order
    more = _kiosk(store, clock, "Máy nữa", COMMUNES[1]).option_order
    assert {there, more} == {"written", "reversed"}


@both_databases
@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"stand": "  "}, "stand"),
        ({"stand": "x" * 121}, "stand"),
        ({"unit_id": AGENCIES[0]}, "unit"),
        ({"unit_id": "nowhere"}, "unit"),
        ({"round_code": None}, "round"),
        ({"round_code": "none"}, "round"),
        ({"round_code": "ho-gia-dinh"}, "round"),
    ],
)
def test_a_device_for_no_place_is_refused(
    store: Store, clock: SetClock, change: dict[str, Any], what: str
) -> None:
    make_round(store, clock)
    make_round(store, clock, code="ho-gia-dinh", entry="open")
    place: dict[str, Any] = {"unit_id": COMMUNES[0], "stand": "Sảnh", "round_code": "quay-thu", **change}
    with pytest.raises(BadDevice) as refused:
        make_device(store=store, clock=clock, actor="tests", kind="kiosk", **place)
    assert refused.value.places["what"] == what
    assert devices_for(store=store, clock=clock, account=None) == ()


def test_a_device_of_another_unit_is_as_good_as_absent(store: Store, clock: SetClock) -> None:
    """T10."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    assert devices.device_for(store=store, account=OFFICIAL, device_id=device.id).id == device.id
    elsewhere = Account("khac", "Khác", "official", "p34-52")
    for account, asked in ((elsewhere, device.id), (OFFICIAL, uuid4())):
        with pytest.raises(NoSuchDevice):
            devices.device_for(store=store, account=account, device_id=asked)
    assert devices_for(store=store, clock=clock, account=elsewhere) == ()


@both_databases
def test_the_board_tells_who_is_silent_while_counters_are_open(store: Store, clock: SetClock) -> None:
    """K10, R7: three signs of life missed, on a Monday at ten; not on a Sunday."""
    clock.moment = MONDAY
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    heartbeat(store=store, clock=clock, device=made.device, sign=Sign("1.0", 3, 2, 80))

    def line() -> Any:
        (found,) = devices_for(store=store, clock=clock, account=OFFICIAL)
        return found

    told = line()
    assert (told.silent, told.app_version, told.queue_length, told.queue_oldest_h, told.battery) == (
        False, "1.0", 3, 2, 80,
    )  # fmt: skip
    clock.move(minutes=15)
    assert line().silent
    clock.moment = MONDAY - timedelta(days=1) + timedelta(minutes=30)
    assert not line().silent


def test_a_terminal_that_vanished_at_the_peak_hour_is_in_the_report(store: Store, clock: SetClock) -> None:
    """K10: from the last sign of life to the next, within opening hours."""
    clock.moment = MONDAY
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    for _ in range(6):
        heartbeat(store=store, clock=clock, device=made.device, sign=Sign())
        clock.move(minutes=5)
    clock.move(minutes=40)
    heartbeat(store=store, clock=clock, device=made.device, sign=Sign())
    (gap,) = gaps_for(store=store, clock=clock, device_id=made.device.id)
    assert gap.begins == MONDAY + timedelta(minutes=25)
    assert gap.minutes == 45


@given(st.sets(st.integers(0, 14 * 24 * 60), max_size=60))
def test_gaps_lie_within_opening_hours_and_hold_no_sign(minutes: set[int]) -> None:
    """Whatever the signs: no gap is short, none holds a sign, none lies on a Sunday or at night."""
    hours, until = opening_hours(), MONDAY + timedelta(days=14)
    signs = [MONDAY + timedelta(minutes=minute) for minute in sorted(minutes)]
    gaps = gaps_between(signs, hours, MONDAY, until)
    for gap in gaps:
        assert gap.ends - gap.begins >= SILENT
        assert not any(gap.begins < sign < gap.ends for sign in signs)
        first, last = gap.begins.astimezone(hours.zone), gap.ends.astimezone(hours.zone)
        assert first.isoweekday() < 7
        assert first.date() == last.date()
        assert time(7) <= first.time() < last.time() <= time(18)
    assert list(gaps) == sorted(gaps, key=lambda gap: gap.begins)


@both_databases
def test_a_sign_of_life_forgets_the_moments_of_answers(store: Store, clock: SetClock) -> None:
    """T8: the minute's count stays for the alarms, the second does not."""
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    from survey.storage import rates

    key = devices.rate_key(made.device.id)
    with store.transaction() as session:
        rates.count(session, key, clock.now(), last_at=clock.now())
        rates.count(session, key, clock.now(), last_at=clock.now())
    clock.move(seconds=20)
    heartbeat(store=store, clock=clock, device=made.device, sign=Sign())
    with store.reading() as session:
        kept = session.execute(text("SELECT count, last_at FROM rate_count WHERE key = :key"), {"key": key})
        assert [tuple(row) for row in kept] == [(2, None)]


# ---- the pages and the door of the devices


@both_databases
def test_a_browser_becomes_a_kiosk_by_typing_the_code(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    make_round(store, clock)
    device = _kiosk(store, clock)
    official = person()
    official.open("/device/")
    wrong = official.send({"code": "AAAA-BBBB-CCCC"})
    assert (wrong.status, "Mã ghi danh không đúng" in wrong.html) == (422, True)
    first = official.send({"code": _code(store, clock, device)})
    assert (first.status, first.address) == (200, "/kiosk/")
    cookie = official.client.get_cookie("device")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    assert "Sảnh" in official.open("/device/").html


def test_a_code_opened_by_a_link_preview_is_not_used_up(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """K23: the code of the QR stands behind the #, and a GET changes nothing."""
    make_round(store, clock)
    device = _kiosk(store, clock)
    code = _code(store, clock, device)
    for _ in range(20):
        assert person().open(f"/device/?code={code}").status == 200
    assert enrol(store=store, clock=clock, code=code, browser="tests").device.id == device.id


@both_databases
@pytest.mark.parametrize("kind", ["kiosk", "tablet"])
def test_a_sign_of_life_is_answered_with_what_to_do(
    app: Flask, store: Store, clock: SetClock, kind: str
) -> None:
    """K10, K20, O6, O9."""
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu") if kind == "kiosk" else enrolled_tablet(store, clock)
    client = app.test_client()
    client.set_cookie("device", made.secret)
    told = {"app_version": "ab12", "queue_length": 4, "queue_oldest_h": 30, "battery": None}
    first = client.post("/api/v1/devices/heartbeat", json=told)
    assert first.status_code == 200
    assert first.get_json()["status"] == "active"
    assert first.get_json()["round"] == ("quay-thu" if kind == "kiosk" else None)
    devices.pause(store=store, clock=clock, actor="tests", device_id=made.device.id)
    assert client.post("/api/v1/devices/heartbeat", json={}).get_json()["status"] == "paused"
    devices.revoke(store=store, clock=clock, actor="tests", device_id=made.device.id)
    refused = client.post("/api/v1/devices/heartbeat", json={})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (403, "SVY-403-210")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b'{"battery": 101}', b'{"battery": true}', b'{"battery": 1.5}',
        b'{"queue_length": -1}', b'{"queue_length": 1e309}', b'{"app_version": 1}', b'{"app_version": "\\ud800"}',
        b'{"app_version": "a\\u0000"}', b'{"more": 1}', b"[" * 5_000, b"\xff\xfe", b'{"queue_oldest_h": NaN}',
    ],
)  # fmt: skip
def test_a_malformed_sign_of_life_is_refused_and_changes_nothing(
    app: Flask, store: Store, clock: SetClock, body: bytes
) -> None:
    """F12."""
    make_round(store, clock)
    made = enrolled_kiosk(store, clock, "quay-thu")
    client = app.test_client()
    client.set_cookie("device", made.secret)
    sent = client.post("/api/v1/devices/heartbeat", data=body, content_type="application/json")
    assert sent.status_code == 400
    with store.reading() as session:
        assert session.get_one(DeviceRow, made.device.id).app_version is None
