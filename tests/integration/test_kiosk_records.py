"""What an enrolled kiosk sends: sealed visits, exactly once, at a believable pace (K5-K9, K18-K20, F6, F7, F12, F26)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.questionnaires import load_shipped
from survey.services.accounts import add_account, sign_in
from survey.services.devices import registry as devices
from survey.services.devices.registry import Enrolled
from survey.services.devices.visits import keep_old_visits_left
from survey.services.review.suspected import INNOCENT
from survey.services.rounds import board, set_status
from survey.services.sealed_box import public_key, seal
from survey.services.settings import Settings
from survey.storage import oversight
from survey.storage.models import AuditEventRow, DraftRow, ParadataRow, ResponseRow
from survey.storage.store import Store
from survey.web import create_app
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import COMMUNES, PROVINCE, enrolled_kiosk, make_round

ASKED = load_shipped("service-counter")
PATH = "/api/v1/kiosk/responses"


class Kiosk:
    """An enrolled kiosk as the site knows it: a cookie, and boxes that only the site opens."""

    def __init__(self, app: Flask, store: Store, clock: SetClock, made: Enrolled | None = None) -> None:
        self.store = store
        self.made = made or enrolled_kiosk(store, clock, "quay-thu")
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("device", self.made.secret)

    def record(self, **change: Any) -> dict[str, Any]:
        return {
            "id": uuid4().hex,
            "round": "quay-thu",
            "questionnaire": ASKED.sha256,
            "order": "written",
            "status": "complete",
            "answers": {"rating": "satisfied"},
            "language": "vi",
            "duration_s": 12,
            **change,
        }

    def sealed(self, record: dict[str, Any], waited_s: int = 0) -> dict[str, Any]:
        box = seal(public_key(self.store.keys), json.dumps(record).encode())
        told = {"response_id": record.get("id"), "sealed": base64.b64encode(box).decode()}
        return {**told, "waited_s": waited_s}

    def send(self, *records: dict[str, Any]) -> Any:
        return self.client.post(PATH, json={"records": list(records)})

    def visits(self, **change: Any) -> Any:
        return self.send(self.sealed(self.record(**change)))

    def marks(self) -> list[list[str]]:
        with self.store.reading() as session:
            return list(session.scalars(select(ParadataRow.flags)))


@pytest.fixture
def kiosk(app: Flask, store: Store, clock: SetClock) -> Kiosk:
    """Give a kiosk that was enrolled six hours ago."""
    make_round(store, clock)
    clock.move(hours=-6)
    made = enrolled_kiosk(store, clock, "quay-thu")
    clock.move(hours=6)
    return Kiosk(app, store, clock, made)


@both_databases
def test_a_visit_is_acknowledged_by_the_hash_of_its_box_and_never_of_its_answers(kiosk: Kiosk) -> None:
    """O2 and K18: there are few answers, so their hash would tell them to whoever reads along."""
    record = kiosk.record()
    sent = kiosk.sealed(record)
    answer = kiosk.send(sent)
    told = answer.get_json()
    assert answer.status_code == 201
    assert told["sealed_sha256"] == hashlib.sha256(base64.b64decode(sent["sealed"])).hexdigest()
    assert told["srv"] == "http://localhost"
    assert told["replayed"] is False
    with kiosk.store.reading() as session:
        (row,) = session.scalars(select(ResponseRow))
        (paradata,) = session.scalars(select(ParadataRow))
    assert (row.channel, row.evidence, row.status, row.unit_id) == ("kiosk", "B", "complete", COMMUNES[0])
    assert row.payload_sha256 not in answer.get_data(as_text=True)
    assert (paradata.device_id, paradata.option_order, paradata.language, paradata.duration_s) == (
        kiosk.made.device.id, "written", "vi", 12,
    )  # fmt: skip
    again = kiosk.send(sent).get_json()
    assert (again["receipt"], again["replayed"]) == (told["receipt"], True)


@both_databases
def test_five_copies_at_once_give_one_row_and_one_receipt(kiosk: Kiosk, app: Flask) -> None:
    """F6, O3."""
    sent = kiosk.sealed(kiosk.record())

    def copy(_: int) -> tuple[int, str]:
        client = app.test_client()
        client.set_cookie("device", kiosk.made.secret)
        answer = client.post(PATH, json={"records": [sent]})
        return answer.status_code, answer.get_json()["receipt"]

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(copy, range(5)))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {201}
    assert board(store=kiosk.store, code="quay-thu").complete == 1


@both_databases
def test_the_same_id_with_other_answers_is_kept_aside(kiosk: Kiosk) -> None:
    """F7."""
    record = kiosk.record()
    assert kiosk.send(kiosk.sealed(record)).status_code == 201
    other = kiosk.send(kiosk.sealed({**record, "answers": {"rating": "neutral"}}))
    assert (other.status_code, other.get_json()["error"]["code"]) == (409, "SVY-409-90")
    assert board(store=kiosk.store, code="quay-thu").complete == 1


@both_databases
def test_one_bad_record_of_a_batch_does_not_hold_up_the_others(kiosk: Kiosk) -> None:
    """O11: enketo #1226, a poison record that blocked the queue."""
    good = [kiosk.sealed(kiosk.record(), waited_s=600 * place) for place in (1, 2)]
    wrong = kiosk.sealed(kiosk.record(answers={"rating": "splendid"}), waited_s=900)
    foreign = {**good[0], "response_id": uuid4().hex}
    answer = kiosk.send(good[0], wrong, foreign, good[1])
    results = answer.get_json()["results"]
    assert answer.status_code == 200
    assert [one["status"] for one in results] == [201, 422, 422, 201]
    assert board(store=kiosk.store, code="quay-thu").complete == 2


@both_databases
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"answers": {}}, 422),
        ({"answers": {"rating": "splendid"}}, 422),
        ({"answers": {"rating": "satisfied", "more": "x"}}, 422),
        ({"answers": {"rating": ["satisfied"]}}, 422),
        ({"answers": {"rating": "satisfied", "comment": "\ud800"}}, 422),
        ({"answers": "rating"}, 422),
        ({"id": "0" * 32}, 422),
        ({"round": "none"}, 404),
        ({"round": "ho-gia-dinh"}, 404),
        ({"round": "a\u0000"}, 422),
        ({"questionnaire": "0" * 64}, 404),
        ({"status": "perhaps"}, 422),
        ({"order": "shuffled"}, 422),
        ({"duration_s": -1}, 422),
        ({"duration_s": True}, 422),
        ({"language": "x" * 65}, 422),
    ],
    ids=str,
)
def test_what_is_no_visit_is_refused_with_its_own_code_and_leaves_no_row(
    kiosk: Kiosk, store: Store, clock: SetClock, change: dict[str, Any], status: int
) -> None:
    """F12."""
    make_round(store, clock, code="ho-gia-dinh", entry="open")
    answer = kiosk.visits(**change)
    assert answer.status_code == status, answer.get_json()
    assert answer.get_json()["error"]["code"].startswith(f"SVY-{status}-")
    assert board(store=store, code="quay-thu").complete == 0


@pytest.mark.parametrize(
    "body",
    [
        {}, [], "x", {"records": []}, {"records": {}}, {"records": [1]}, {"records": [{}]},
        {"records": [{"response_id": "x", "sealed": ""}]},
        {"records": [{"response_id": "a" * 32, "sealed": "!"}]},
        {"records": [{"response_id": "a" * 32, "sealed": "", "waited_s": "1"}]},
        {"records": [{"response_id": "a" * 32, "sealed": "AA=="}] * 26},
    ],
)  # fmt: skip
def test_a_malformed_sending_is_refused_whole(kiosk: Kiosk, body: Any) -> None:
    assert kiosk.client.post(PATH, json=body).status_code == 400


@pytest.mark.parametrize("box", [b"", b"\x01", b"\x01" + b"x" * 200, b"\x02" + b"x" * 90])
def test_a_box_that_is_not_for_this_site_stays_on_the_device(kiosk: Kiosk, box: bytes) -> None:
    sent = {"response_id": "a" * 32, "sealed": base64.b64encode(box).decode()}
    answer = kiosk.send(sent)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "SVY-422-212")


def test_a_kiosk_answers_for_its_own_unit_only(kiosk: Kiosk) -> None:
    """K10: the unit is the device's; nothing that it sends can name another."""
    assert kiosk.visits(unit=COMMUNES[1], unit_id=COMMUNES[1]).status_code == 201
    with kiosk.store.reading() as session:
        assert session.scalars(select(ResponseRow.unit_id)).all() == [COMMUNES[0]]


# ---- pace


@both_databases
def test_a_second_visit_within_five_seconds_waits_and_one_within_twenty_is_marked(
    kiosk: Kiosk, clock: SetClock
) -> None:
    """K8."""
    assert kiosk.visits().status_code == 201
    second = kiosk.sealed(kiosk.record())
    clock.move(seconds=4)
    refused = kiosk.send(second)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    clock.move(seconds=5)
    assert kiosk.send({**second, "waited_s": 5}).status_code == 201
    clock.move(seconds=20)
    assert kiosk.visits().status_code == 201
    assert sorted(kiosk.marks()) == [[], [], ["soon_after_another"]]


@both_databases
def test_a_sign_of_life_between_two_visits_takes_neither_the_pause_nor_the_mark_away(
    kiosk: Kiosk, clock: SetClock
) -> None:
    """K8: a script may send signs of life as often as it likes."""
    assert kiosk.visits().status_code == 201
    assert kiosk.client.post("/api/v1/devices/heartbeat", json={}).status_code == 200
    clock.move(seconds=4)
    assert kiosk.visits().status_code == 429
    clock.move(seconds=15)
    assert kiosk.client.post("/api/v1/devices/heartbeat", json={}).status_code == 200
    assert kiosk.visits().status_code == 201
    assert sorted(kiosk.marks()) == [[], ["soon_after_another"]]


@both_databases
def test_no_visit_was_completed_before_its_kiosk_was_enrolled(kiosk: Kiosk, store: Store) -> None:
    """The wait is the device's own word: six hours are believed of one enrolled six hours ago."""
    assert kiosk.send(kiosk.sealed(kiosk.record(), waited_s=50 * 86_400)).status_code == 201
    with store.reading() as session:
        assert session.scalars(select(ResponseRow.psu)).all() == [f"{COMMUNES[0]}:2026-03-02"]
    assert kiosk.marks() == [["queued"]]


@both_databases
def test_a_wait_of_a_day_is_suspected_and_none_is_longer_than_late_answers_are_taken(
    kiosk: Kiosk, clock: SetClock, store: Store
) -> None:
    """O5: fourteen days; a shorter wait tells of the network alone."""
    clock.move(days=20)
    today = clock.now().date()
    for waited_s in (86_399, 86_400, 10**12):
        assert kiosk.send(kiosk.sealed(kiosk.record(), waited_s=waited_s)).status_code == 201
        clock.move(seconds=30)
    assert sorted(kiosk.marks()) == [["queued"], ["queued", "queued_long"], ["queued", "queued_long"]]
    with store.reading() as session:
        days = sorted(session.scalars(select(ResponseRow.psu)))
        assert len(oversight.ids_with_flags(session, 1, besides=INNOCENT)) == 2
    assert days[0] == f"{COMMUNES[0]}:{today - timedelta(days=14)}"


@both_databases
def test_an_unfinished_visit_neither_waits_nor_is_counted(kiosk: Kiosk) -> None:
    """K7."""
    for _ in range(3):
        assert kiosk.visits(status="partial").status_code == 201
    assert kiosk.visits().status_code == 201
    counts = board(store=kiosk.store, code="quay-thu")
    assert counts.complete == 1
    assert sum(line.partial for line in counts.lines) == 3


@both_databases
def test_more_than_forty_an_hour_are_marked_and_more_than_two_hundred_refused(
    kiosk: Kiosk, clock: SetClock, store: Store
) -> None:
    """K9: the refusal is written into the log once, and an hour later the kiosk goes on."""
    with store.transaction() as session:
        from survey.storage import rates

        key = devices.rate_key(kiosk.made.device.id)
        for _ in range(39):
            rates.count(session, key, clock.now())
    clock.move(seconds=30)
    assert kiosk.visits().status_code == 201
    clock.move(seconds=30)
    assert kiosk.visits().status_code == 201
    assert sorted(kiosk.marks()) == [[], ["busy_device"]]
    with store.transaction() as session:
        for _ in range(159):
            rates.count(session, key, clock.now())
    clock.move(seconds=30)
    for _ in range(3):
        refused = kiosk.visits()
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "SVY-429-212")
        assert int(refused.headers["Retry-After"]) > 0
    with store.reading() as session:
        told = session.scalars(
            select(AuditEventRow).where(AuditEventRow.action.startswith("device refused"))
        ).all()
    assert [one.subject for one in told] == [kiosk.made.device.id.hex]
    clock.move(minutes=61)
    assert kiosk.visits().status_code == 201


@both_databases
def test_a_queue_of_a_day_arrives_at_once_though_it_is_more_than_an_hour_may_bring(
    kiosk: Kiosk, clock: SetClock
) -> None:
    """K9 and K18: each is counted in the minute in which it was completed, not in that of its arrival."""
    day = [kiosk.sealed(kiosk.record(), waited_s=300 + 60 * place) for place in range(225)]
    for start in range(0, len(day), 25):
        results = kiosk.send(*day[start : start + 25]).get_json()["results"]
        assert {one["status"] for one in results} == {201}
    assert board(store=kiosk.store, code="quay-thu").complete == 225
    assert all("queued" in marks for marks in kiosk.marks())
    with kiosk.store.reading() as session:
        days = {row.psu for row in session.scalars(select(ResponseRow))}
    assert days == {f"{COMMUNES[0]}:2026-03-02"}


@both_databases
def test_a_visit_completed_before_its_round_closed_is_taken_late_and_labelled(
    kiosk: Kiosk, clock: SetClock, store: Store
) -> None:
    """O5, F22."""
    record = kiosk.sealed(kiosk.record())
    set_status(store=store, clock=clock, code="quay-thu", status="closed", actor="tests")
    clock.move(days=3)
    assert kiosk.visits().status_code == 410
    assert kiosk.send({**record, "waited_s": 3 * 86_400 + 60}).status_code == 201
    clock.move(days=12)
    assert kiosk.send({**kiosk.sealed(kiosk.record()), "waited_s": 15 * 86_400 + 60}).status_code == 410
    with store.reading() as session:
        assert [row.late for row in session.scalars(select(ParadataRow))] == [True]


@both_databases
def test_what_a_paused_kiosk_still_sends_is_kept_and_marked_and_a_revoked_one_sends_nothing(
    kiosk: Kiosk, clock: SetClock, store: Store
) -> None:
    """K20."""
    deed: dict[str, Any] = {"store": store, "clock": clock, "actor": "tests"}
    devices.pause(device_id=kiosk.made.device.id, **deed)
    assert kiosk.visits().status_code == 201
    assert kiosk.marks() == [["while_paused"]]
    devices.revoke(device_id=kiosk.made.device.id, **deed)
    assert kiosk.visits().status_code == 403
    assert board(store=store, code="quay-thu").complete == 1


# ---- the same kiosk without scripts


def _by_pages(person: Person, answer: str = "satisfied", **more: Any) -> Any:
    person.open("/kiosk/")
    person.send()
    person.send({"rating": answer})
    return person.send(more)


@both_databases
def test_without_scripts_an_enrolled_kiosk_gives_the_same_grade_and_order(
    kiosk: Kiosk, person: Callable[[], Person], store: Store, clock: SetClock
) -> None:
    """K5, K12: the reversed half shows the five levels the other way round, "no opinion" still last."""
    reversed_one = enrolled_kiosk(store, clock, "quay-thu")
    orders = {}
    for made in (kiosk.made, reversed_one):
        visitor = person()
        visitor.client.set_cookie("device", made.secret)
        visitor.open("/kiosk/")
        asked = visitor.send().html
        orders[made.device.option_order] = re.findall(r'name="rating"[^>]* value="(\w+)"', asked)
        visitor.send({"rating": "satisfied"})
        assert visitor.send().address == "/kiosk/thanks"
        clock.move(minutes=1)
    written = orders["written"]
    assert orders["reversed"] == [*written[4::-1], *written[5:]]
    assert set(written[5:]) == {option.id for option in ASKED.items[0].scale.options if option.excluded}  # type: ignore[union-attr]  # it has a scale
    with store.reading() as session:
        kept = session.execute(
            select(ResponseRow.evidence, ParadataRow.option_order).join(
                ParadataRow, ParadataRow.response_id == ResponseRow.response_id
            )
        ).all()
    assert sorted(tuple(row) for row in kept) == [("B", "reversed"), ("B", "written")]


@both_databases
def test_without_scripts_a_second_visit_too_soon_waits_on_a_page_that_holds_everything(
    kiosk: Kiosk, person: Callable[[], Person], clock: SetClock
) -> None:
    """K8: polite, and nothing is lost."""
    visitor = person()
    visitor.client.set_cookie("device", kiosk.made.secret)
    assert _by_pages(visitor).address == "/kiosk/thanks"
    soon = _by_pages(visitor, "neutral", reasons=["waiting"], comment="Đông quá")
    assert (soon.status, soon.headers["Retry-After"]) == (429, "5")
    assert "Xin Ông/Bà đợi vài giây" in soon.html
    clock.move(seconds=6)
    assert visitor.send().address == "/kiosk/thanks"
    with kiosk.store.reading() as session:
        kept = session.scalars(select(ResponseRow.answers)).all()
    assert {"rating": "neutral", "reasons": ["waiting"], "comment": "Đông quá"} in kept


@both_databases
@pytest.mark.parametrize("ended", ["restart", "next visit", "tidy"])
def test_without_scripts_a_visit_walked_away_from_is_kept_as_unfinished(
    kiosk: Kiosk, person: Callable[[], Person], clock: SetClock, store: Store, ended: str
) -> None:
    """K7: by the button, by the next person, or by the night's tidying where nobody comes."""
    visitor = person()
    visitor.client.set_cookie("device", kiosk.made.secret)
    visitor.open("/kiosk/")
    page = visitor.send()
    visitor.send({"rating": "dissatisfied"})
    if ended == "restart":
        token = dict(page.form.fields)["csrf_token"]
        visitor.post("/kiosk/restart", [("csrf_token", token)])
    elif ended == "next visit":
        visitor.open("/kiosk/")
        visitor.send()
    else:
        clock.move(days=1)
        assert keep_old_visits_left(store=store, clock=clock, before=clock.now().date()) == 1
    with store.reading() as session:
        (row,) = session.scalars(select(ResponseRow))
        left = [draft.answers for draft in session.scalars(select(DraftRow))]
    assert (row.status, row.answers, row.evidence) == ("partial", {"rating": "dissatisfied"}, "B")
    assert left == ([{}] if ended == "next visit" else [])
    assert board(store=store, code="quay-thu").complete == 0


@both_databases
def test_a_paused_kiosk_shows_so_and_opens_no_visit(
    kiosk: Kiosk, person: Callable[[], Person], clock: SetClock, store: Store
) -> None:
    """K20."""
    visitor = person()
    visitor.client.set_cookie("device", kiosk.made.secret)
    visitor.open("/kiosk/")
    devices.pause(store=store, clock=clock, actor="tests", device_id=kiosk.made.device.id)
    page = visitor.send()
    assert (page.address, page.headers["Refresh"]) == ("/kiosk/", "60; url=/kiosk/")
    assert "Máy đang tạm dừng" in page.html
    with store.reading() as session:
        assert session.scalars(select(DraftRow)).all() == []


@both_databases
def test_a_browser_where_an_official_is_signed_in_is_marked_by_one_word(
    kiosk: Kiosk, person: Callable[[], Person], clock: SetClock, store: Store
) -> None:
    """K19: at the kiosk and on the phone; nothing of who it is."""
    password = "mot mat khau du dai"
    add_account(
        store=store, clock=clock, login="can.bo", full_name="Cán Bộ", role="official", unit_id=PROVINCE,
        password=password,
    )  # fmt: skip
    secret = sign_in(store=store, clock=clock, login="can.bo", password=password)
    official = person()
    official.client.set_cookie("device", kiosk.made.secret)
    official.client.set_cookie("signed_in", secret)
    assert _by_pages(official).address == "/kiosk/thanks"
    citizen = person()
    citizen.client.set_cookie("signed_in", "x" * 43)
    citizen.client.set_cookie("device", kiosk.made.secret)
    clock.move(minutes=1)
    assert _by_pages(citizen).address == "/kiosk/thanks"
    assert sorted(kiosk.marks()) == [[], ["staff_browser"]]


# ---- floods


def test_sixty_citizens_behind_one_address_pass_while_a_flood_from_it_is_refused(
    store: Store, clock: SetClock, settings: Settings
) -> None:
    """F26, K9, T19: the kiosk is known by its cookie; the flood's forged header does not make it many."""
    from dataclasses import replace

    make_round(store, clock)
    app = create_app(replace(settings, behind_proxy=1), clock)
    kiosk = Kiosk(app, store, clock)
    nat = {"X-Forwarded-For": "203.0.113.9"}
    refused = passed = 0
    for _citizen in range(60):
        for number in range(20):
            forged = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
            flood = app.test_client().post(PATH, json={}, headers=forged)
            refused += flood.status_code in (403, 429)
        sent = kiosk.sealed(kiosk.record())
        passed += kiosk.client.post(PATH, json={"records": [sent]}, headers=nat).status_code == 201
        clock.move(minutes=1)
    assert passed == 60
    assert refused == 60 * 20
    page = app.test_client().post("/r/quay-thu/", headers=nat)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "60")
    elsewhere = app.test_client().post("/r/quay-thu/", headers={"X-Forwarded-For": "203.0.113.10"})
    assert elsewhere.status_code != 429
