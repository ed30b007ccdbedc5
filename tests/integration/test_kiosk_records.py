"""What an enrolled kiosk sends: sealed visits, exactly once, at a believable pace (K5-K9, K18-K20, F6, F7, F12, F26)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from survey.questionnaires import load_shipped
from survey.services.accounts import Account, add_account, sign_in
from survey.services.collection import save_section, start_form
from survey.services.devices import registry as devices
from survey.services.devices.enrolment import Enrolled
from survey.services.devices.errors import BadRecord
from survey.services.devices.visits import keep_old_visits_left, keep_visits_left, submit_visit, visitor
from survey.services.keeping import Receipt
from survey.services.review.errors import StillWrong
from survey.services.review.quarantine import RawRecord, kept_or_quarantined
from survey.services.review.quarantine_review import quarantined_for, release
from survey.services.review.suspected import INNOCENT
from survey.services.rounds import board, set_status
from survey.services.sealed_box import public_key, seal
from survey.services.settings import Settings
from survey.storage import oversight, rates
from survey.storage.models import AuditEventRow, DraftRow, ParadataRow, QuarantinedRow, ResponseRow
from survey.storage.store import Store
from survey.web import create_app
from survey.web.site import Site
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import COMMUNES, PROVINCE, enrolled_kiosk, enrolled_tablet, make_round

ASKED = load_shipped("service-counter")
PATH = "/api/v1/kiosk/responses"
REVIEWS = Account(login="duyet", full_name="Duyệt", role="official", unit_id=PROVINCE)
#: What a person tells who releases a record; the unit is for one that names no place of its own.
CHOSEN: dict[str, str] = {"unit_id": COMMUNES[0], "note": "xem lại"}


class Kiosk:
    """An enrolled kiosk as the site knows it: a cookie, and boxes that only the site opens."""

    def __init__(self, app: Flask, store: Store, clock: SetClock, made: Enrolled | None = None) -> None:
        self.app, self.store = app, store
        self.made = made or enrolled_kiosk(store, clock, "quay-thu")
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("device", self.made.secret)

    def record(self, **change: Any) -> dict[str, Any]:
        return {
            "id": uuid4().hex,
            "device": self.made.device.id.hex,
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
def test_a_visit_costs_the_database_five_statements(kiosk: Kiosk, app: Flask, clock: SetClock) -> None:
    """K8, K9, K18: a look at the form, then in one transaction the answer, the pace, its count and how it came about."""
    assert kiosk.visits().status_code == 201
    clock.move(minutes=1)
    told: list[str] = []
    opened: Site = app.extensions["survey"]
    event.listen(opened.store.engine, "before_cursor_execute", lambda *said: told.append(said[2].split()[0]))
    assert kiosk.visits().status_code == 201
    assert [word for word in told if word != "BEGIN"] == ["SELECT", "INSERT", "SELECT", "INSERT", "INSERT"]


@both_databases
def test_the_same_id_with_other_answers_is_kept_aside(kiosk: Kiosk) -> None:
    """F7."""
    record = kiosk.record()
    assert kiosk.send(kiosk.sealed(record)).status_code == 201
    other = kiosk.send(kiosk.sealed({**record, "answers": {"rating": "neutral"}}))
    told = other.get_json()
    assert (other.status_code, told["code"], told["quarantined"]) == (409, "SVY-409-90", True)
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
    assert [one["status"] for one in results] == [201, 202, 202, 201]
    assert [one.get("code") for one in results] == [None, "SVY-422-11", "SVY-422-213", None]
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
        ({"device": "x"}, 422),
        ({"device": None}, 422),
        ({"device": "5" * 32}, 404),
    ],
    ids=str,
)
def test_what_is_no_visit_is_told_its_own_code_and_lies_in_quarantine_once(
    kiosk: Kiosk, store: Store, clock: SetClock, change: dict[str, Any], status: int
) -> None:
    """F12, O4: the device may let go of it, since a person here has it, opened; a second sending adds nothing."""
    make_round(store, clock, code="ho-gia-dinh", entry="open")
    sent = kiosk.sealed(kiosk.record(**change))
    for _ in range(2):
        answer = kiosk.send(sent)
        told = answer.get_json()
        assert answer.status_code == 202, told
        assert told["code"].startswith(f"SVY-{status}-")
        assert (told["quarantined"], told["srv"]) == (True, "http://localhost")
        assert told["sealed_sha256"] == hashlib.sha256(base64.b64decode(sent["sealed"])).hexdigest()
        clock.move(seconds=6)
    assert board(store=store, code="quay-thu").complete == 0
    with store.reading() as session:
        (row,) = session.scalars(select(QuarantinedRow))
    assert (row.reason, row.device_id) == (told["code"], kiosk.made.device.id)
    raw = json.loads(row.raw)
    assert raw["channel"] == "kiosk"
    assert raw["completed_on"] == "2026-03-02"
    assert {name: raw[name] for name in change} == change


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
    assert kiosk.marks() == [["queued", "clock_wrong"]]


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
    marks = [["queued"], ["queued", "queued_long"], ["queued", "queued_long", "clock_wrong"]]
    assert sorted(kiosk.marks()) == marks
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
@pytest.mark.parametrize(("taken", "waited_s"), [(0, 0), (199, 60)], ids=["the pause", "the hour"])
def test_of_visits_sent_at_once_one_alone_is_the_next(
    kiosk: Kiosk, app: Flask, clock: SetClock, taken: int, waited_s: int
) -> None:
    """K8, K9: the pace is decided where the visit is written; nothing comes between the look and the row."""
    key = devices.rate_key(kiosk.made.device.id)
    with kiosk.store.transaction() as session:
        for _ in range(taken):
            rates.count(session, key, clock.now() - timedelta(minutes=30))
    sent = [kiosk.sealed(kiosk.record(), waited_s=waited_s) for _ in range(6)]

    def alone(one: dict[str, Any]) -> int:
        client = app.test_client()
        client.set_cookie("device", kiosk.made.secret)
        return int(client.post(PATH, json={"records": [one]}).status_code)

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(alone, sent))
    assert answers == [201, *[429] * 5]
    assert board(store=kiosk.store, code="quay-thu").complete == 1
    with kiosk.store.reading() as session:
        assert rates.counted_since(session, key, clock.now() - timedelta(hours=1)) == taken + 1


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
    assert kiosk.visits().get_json()["code"] == "SVY-410-90"
    assert kiosk.send({**record, "waited_s": 3 * 86_400 + 60}).status_code == 201
    clock.move(days=12)
    late = kiosk.send({**kiosk.sealed(kiosk.record()), "waited_s": 15 * 86_400 + 60})
    assert late.get_json()["code"] == "SVY-410-90"
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


@both_databases
def test_a_visit_kept_as_unfinished_while_the_person_was_still_at_it_is_superseded_by_the_whole_one(
    kiosk: Kiosk, person: Callable[[], Person], clock: SetClock, store: Store
) -> None:
    """K7, O1: another tab, or the night's tidying, took the draft away; what the person is thanked for counts."""
    visitor = person()
    visitor.client.set_cookie("device", kiosk.made.secret)
    visitor.open("/kiosk/")
    visitor.send()
    visitor.send({"rating": "dissatisfied"})
    clock.move(days=1)
    assert keep_old_visits_left(store=store, clock=clock, before=clock.now().date()) == 1
    page = visitor.send({"reasons": ["waiting"], "comment": "Đông quá"})
    assert page.address == "/kiosk/thanks"
    counts = board(store=store, code="quay-thu")
    assert (counts.complete, sum(line.partial for line in counts.lines)) == (1, 0)
    with store.reading() as session:
        rows = {row.status: row for row in session.scalars(select(ResponseRow))}
    whole = rows["complete"]
    assert whole.supersedes == rows["partial"].response_id
    assert whole.answers == {"rating": "dissatisfied", "reasons": ["waiting"], "comment": "Đông quá"}
    assert (whole.evidence, whole.psu) == ("B", f"{COMMUNES[0]}:2026-03-03")


@both_databases
def test_a_whole_visit_sent_twice_after_it_was_kept_as_unfinished_is_one_row_and_one_receipt(
    kiosk: Kiosk, store: Store, clock: SetClock
) -> None:
    """O3: the second copy is a copy also here, and a hurried second does not meet the pause of another visit."""
    device = kiosk.made.device
    who = visitor(clock=clock, device=device, round_code="quay-thu", response_id=uuid4())
    start_form(store=store, clock=clock, respondent=who)
    first = ASKED.sections[0].id
    save_section(store=store, clock=clock, respondent=who, section_id=first, raw={"rating": "neutral"})
    assert keep_visits_left(store=store, clock=clock, device=device) == 1
    last: dict[str, dict[str, object]] = {section.id: {} for section in ASKED.sections[1:]}
    told: dict[str, Any] = {"store": store, "clock": clock, "device": device, "respondent": who, "last": last}
    receipts = [submit_visit(**told) for _ in range(2)]
    assert [one.replayed for one in receipts] == [False, True]
    assert len({one.code for one in receipts}) == 1
    assert board(store=store, code="quay-thu").complete == 1


# ---- of another device, by a wrong clock, for a person


@both_databases
@pytest.mark.parametrize("status", ["complete", "partial"])
def test_a_visit_of_another_kiosk_is_placed_where_it_was_given_and_says_so(
    kiosk: Kiosk, store: Store, clock: SetClock, status: str
) -> None:
    """K10, K12: a browser that became another kiosk brings its old queue; review sees who brought it."""
    other = enrolled_kiosk(store, clock, "quay-thu", COMMUNES[1])
    record = kiosk.record(device=other.device.id.hex, status=status)
    assert kiosk.send(kiosk.sealed(record)).status_code == 201
    with store.reading() as session:
        (row,), (told,) = session.scalars(select(ResponseRow)), session.scalars(select(ParadataRow))
        assert len(oversight.ids_with_flags(session, 1, besides=INNOCENT)) == 1
    assert (row.unit_id, row.stratum, row.psu) == (COMMUNES[1], COMMUNES[1], f"{COMMUNES[1]}:2026-03-02")
    assert (row.evidence, row.status) == ("B", status)
    assert (told.device_id, told.flags) == (other.device.id, ["other_device"])


def test_what_another_kiosk_is_said_to_have_taken_counts_to_the_pace_of_who_brings_it(
    kiosk: Kiosk, store: Store, clock: SetClock
) -> None:
    """K9: naming other devices neither spares the sender's hour nor uses up theirs."""
    others = [enrolled_kiosk(store, clock, "quay-thu", COMMUNES[1]) for _ in range(2)]
    for other, status in zip(others, (201, 429), strict=True):
        assert kiosk.visits(device=other.device.id.hex).status_code == status
    assert Kiosk(kiosk.app, store, clock, others[0]).visits().status_code == 201


@both_databases
@pytest.mark.parametrize(
    ("waited_s", "day"), [(56 * 365 * 86_400, "2026-03-01"), (-56 * 365 * 86_400, "2026-03-02")]
)
def test_a_clock_of_1970_makes_no_day_outside_the_round_and_is_told(
    app: Flask, store: Store, clock: SetClock, waited_s: int, day: str
) -> None:
    """O6, F8: the day lies between the first of the round and today; the jump is a word beside the answer."""
    clock.move(days=-40)
    made = enrolled_kiosk(store, clock, make_round(store, clock, code="truoc", opens_on=date(2026, 1, 1)))
    clock.move(days=40)
    make_round(store, clock, opens_on=date(2026, 3, 1))
    kiosk = Kiosk(app, store, clock, made)
    assert kiosk.send(kiosk.sealed(kiosk.record(), waited_s=waited_s)).status_code == 201
    with store.reading() as session:
        assert session.scalars(select(ResponseRow.psu)).all() == [f"{COMMUNES[0]}:{day}"]
    assert "clock_wrong" in kiosk.marks()[0]


@both_databases
def test_a_visit_from_before_its_round_is_put_on_its_first_day_and_told(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O6: no jump is seen, but nobody can have answered a round that was not open yet."""
    clock.move(days=-40)
    made = enrolled_kiosk(store, clock, make_round(store, clock, code="truoc"))
    clock.move(days=40)
    make_round(store, clock, opens_on=date(2026, 3, 1))
    kiosk = Kiosk(app, store, clock, made)
    assert kiosk.send(kiosk.sealed(kiosk.record(), waited_s=9 * 86_400)).status_code == 201
    with store.reading() as session:
        assert session.scalars(select(ResponseRow.psu)).all() == [f"{COMMUNES[0]}:2026-03-01"]
    assert kiosk.marks() == [["queued", "queued_long", "clock_wrong"]]


@both_databases
@pytest.mark.parametrize("status", ["complete", "partial"])
def test_a_quarantined_visit_that_is_released_keeps_its_status_its_place_and_its_day_at_grade_c(
    kiosk: Kiosk, store: Store, clock: SetClock, status: str
) -> None:
    """O4, K7: a partial never counts, whoever releases it."""
    record = kiosk.record(status=status, questionnaire="0" * 64, language="en", order="reversed")
    assert kiosk.send(kiosk.sealed(record, waited_s=3 * 3600)).status_code == 202
    clock.move(days=1)
    (waits,) = quarantined_for(store=store, account=REVIEWS, code="quay-thu").records
    assert (waits.unit_id, waits.is_visit, waits.status, waits.other_version) == (
        COMMUNES[0], True, status, True,
    )  # fmt: skip
    release(store=store, clock=clock, account=REVIEWS, code="quay-thu", record_id=waits.row.id, **CHOSEN)
    counts = board(store=store, code="quay-thu")
    assert (counts.complete, sum(line.partial for line in counts.lines)) == (
        (1, 0) if status == "complete" else (0, 1)
    )
    with store.reading() as session:
        (row,), (told,) = session.scalars(select(ResponseRow)), session.scalars(select(ParadataRow))
    assert (row.response_id.hex, row.status, row.evidence, row.channel) == (
        record["id"],
        status,
        "C",
        "kiosk",
    )
    assert (row.unit_id, row.psu) == (COMMUNES[0], f"{COMMUNES[0]}:2026-03-02")
    assert (told.device_id, told.option_order, told.language) == (kiosk.made.device.id, "reversed", "en")
    assert told.flags == ["from_quarantine"]


@both_databases
@pytest.mark.parametrize("named", ["another kiosk", "nobody's"])
def test_a_released_visit_of_another_device_says_so(
    kiosk: Kiosk, store: Store, clock: SetClock, named: str
) -> None:
    """K10: one that no device gave is about the unit that a person chooses."""
    other = enrolled_kiosk(store, clock, "quay-thu", COMMUNES[1]).device.id
    device = other if named == "another kiosk" else uuid4()
    record = kiosk.record(device=device.hex, questionnaire="0" * 64)
    assert kiosk.send(kiosk.sealed(record)).status_code == 202
    (waits,) = quarantined_for(store=store, account=REVIEWS, code="quay-thu").records
    release(store=store, clock=clock, account=REVIEWS, code="quay-thu", record_id=waits.row.id, **CHOSEN)
    with store.reading() as session:
        (row,), (told,) = session.scalars(select(ResponseRow)), session.scalars(select(ParadataRow))
    expected = (COMMUNES[1], other) if device == other else (CHOSEN["unit_id"], kiosk.made.device.id)
    assert (row.unit_id, told.device_id) == expected
    assert told.flags == ["from_quarantine", "other_device"]


def test_a_box_that_a_kiosk_told_raw_is_opened_where_it_is_released(
    kiosk: Kiosk, store: Store, clock: SetClock
) -> None:
    """O4, O7: by this site's key alone; the day is that of the device's clock, if it can be."""
    record = kiosk.record()
    sealed = kiosk.sealed(record)
    raw = {**sealed, "completed_on": (clock.now() - timedelta(days=2)).date().isoformat()}
    assert kiosk.client.post("/api/v1/quarantine", json=raw).status_code == 201
    (waits,) = quarantined_for(store=store, account=REVIEWS, code="quay-thu").records
    assert '"rating": "satisfied"' in waits.text
    release(store=store, clock=clock, account=REVIEWS, code="quay-thu", record_id=waits.row.id, **CHOSEN)
    with store.reading() as session:
        (row,) = session.scalars(select(ResponseRow))
    assert (row.response_id.hex, row.evidence, row.psu) == (record["id"], "C", f"{COMMUNES[0]}:2026-02-28")


def test_a_box_that_nobody_can_open_is_still_wrong_when_released(
    kiosk: Kiosk, store: Store, clock: SetClock
) -> None:
    raw = {"response_id": "a" * 32, "sealed": base64.b64encode(b"\x01" + b"x" * 200).decode()}
    assert kiosk.client.post("/api/v1/quarantine", json=raw).status_code == 201
    (waits,) = quarantined_for(store=store, account=REVIEWS, code="quay-thu").records
    with pytest.raises(StillWrong):
        release(store=store, clock=clock, account=REVIEWS, code="quay-thu", record_id=waits.row.id, **CHOSEN)


@both_databases
def test_what_has_names_that_no_database_holds_is_quarantined_all_the_same(
    store: Store, clock: SetClock
) -> None:
    """O11: a tablet's or a kiosk's; else one such record would hold up its whole queue for ever."""

    def refused() -> Receipt:
        raise BadRecord()

    fate = kept_or_quarantined(
        store=store,
        clock=clock,
        device_id=enrolled_tablet(store, clock).device.id,
        response_id="a\0",
        keep=refused,
        raw=lambda: RawRecord(b"[]", "a\0", "\ud800"),
    )
    assert (fate.status, fate.error.code if fate.error else None) == (202, "SVY-422-213")
    with store.reading() as session:
        (row,) = session.scalars(select(QuarantinedRow))
    assert (row.round_code, row.response_id) == (None, None)


def test_a_kiosk_puts_no_more_than_two_hundred_records_an_hour_into_quarantine(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O4: what is one too many stays on the device and comes again; the same one twice is one."""
    monkeypatch.setattr("survey.services.review.quarantine.RAW_AN_HOUR", 1)
    sent = [kiosk.sealed(kiosk.record(round="khong-co")) for _ in range(2)]
    assert [kiosk.send(one).status_code for one in (sent[0], sent[0], sent[1])] == [202, 202, 429]
    results = kiosk.send(*sent).get_json()["results"]
    assert [(one["status"], one["quarantined"]) for one in results] == [(202, True), (429, False)]


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
