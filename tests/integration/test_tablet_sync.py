"""What tablets send arrives once, whole and labelled, or stays for a person to see (O1-O6, O11, F6-F8, F20, F22)."""

from __future__ import annotations

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select

from survey.questionnaires import load, load_shipped
from survey.services.accounts import set_active, set_password
from survey.services.devices.registry import revoke
from survey.services.keeping import LATE
from survey.services.rounds import set_status
from survey.services.sealed_box import public_key, seal
from survey.services.tablets.assignments import assignments_of_round, withdraw
from survey.services.tablets.errors import BadQueueFile
from survey.services.tablets.queue_files import import_queue
from survey.storage import rounds as stored_rounds
from survey.storage.models import ParadataRow, QuarantinedRow, ResponseConflictRow, ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.tablets import LOGIN, PASSWORD, add_enumerator, assign, milliseconds, record, tablet_of
from tests.rounds import make_round

CODE = "quay-thu"


def rows(store: Store, table: Any) -> list[Any]:
    with store.reading() as session:
        return list(session.scalars(select(table)))


def statuses(results: list[dict[str, Any]]) -> list[int]:
    return [result["status"] for result in results]


@both_databases
def test_a_form_is_acknowledged_with_the_sites_name_and_its_hash_and_replayed_under_the_same_receipt(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O2, O3: alone it is answered 201, in a batch record by record; sent again it is the same receipt."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    sent = record(CODE, assign(store, clock, CODE), clock.now())
    tablet = tablet_of(app, store, clock)
    first = tablet.post("/sync", sent)
    assert first.status_code == 201
    told = first.get_json()
    assert (told["srv"], told["sha256"], told["replayed"]) == ("http://localhost", sent["sha256"], False)
    [again] = tablet.send(sent)
    assert (again["status"], again["receipt"], again["replayed"]) == (201, told["receipt"], True)
    [row] = rows(store, ResponseRow)
    assert (row.channel, row.evidence) == ("tablet", "A")


@both_databases
def test_five_copies_at_once_are_five_acknowledgements_and_one_row(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O3, F6."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    tablets = [tablet_of(app, store, clock) for _ in range(5)]
    forms = [record(CODE, assignment, clock.now()) for _ in range(6)]
    together = Barrier(5)

    def send(tablet: Any) -> list[dict[str, Any]]:
        together.wait()
        results: list[dict[str, Any]] = tablet.send(*forms)
        return results

    with ThreadPoolExecutor(5) as pool:
        came = list(pool.map(send, tablets))
    assert {status for results in came for status in statuses(results)} == {201}
    for place, form in enumerate(forms):
        assert len({results[place]["receipt"] for results in came}) == 1
        assert sum(not results[place]["replayed"] for results in came) == 1, form["response_id"]
    assert len(rows(store, ResponseRow)) == len(rows(store, ParadataRow)) == 6


@both_databases
def test_one_bad_record_holds_up_none_of_the_others(app: Flask, store: Store, clock: SetClock) -> None:
    """O4, O5, O11: whatever cannot be a response is kept raw, once, with why."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    add_enumerator(store, clock, "nguoi-khac")
    assignment = assign(store, clock, CODE)
    good = [record(CODE, assignment, clock.now()) for _ in range(2)]
    bad = [
        "no record at all",
        {"response_id": uuid4().hex},
        record(CODE, assignment, clock.now(), questionnaire=load_shipped("delegates-assessment")),
        record(CODE, assignment, clock.now(), {"rating": "splendid"}),
        record(CODE, assignment, clock.now(), {"rating": "satisfied", "nowhere": "x"}),
        record(CODE, assignment, clock.now(), {}),
        record(CODE, assignment, clock.now(), sha256="0" * 64),
        record("no-such-round", assignment, clock.now()),
        record(CODE, uuid4(), clock.now()),
        record(CODE, assign(store, clock, CODE, "nguoi-khac"), clock.now()),
        record(CODE, assignment, clock.now(), answers={"rating": 5.0}, sha256="0" * 64),
    ]
    tablet = tablet_of(app, store, clock)
    for _ in range(2):
        results = tablet.send(good[0], *bad, good[1])
        assert statuses(results) == [201, *[202] * len(bad), 201]
        assert all(result["quarantined"] and result["code"].startswith("SVY-") for result in results[1:-1])
    kept = rows(store, QuarantinedRow)
    assert len(kept) == len(bad)
    assert {json.loads(row.raw)["response_id"] for row in kept if row.response_id} == {
        one["response_id"] for one in bad if isinstance(one, dict)
    }
    assert {row.device_id for row in kept} == {tablet.device_id}
    assert len(rows(store, ResponseRow)) == 2


@both_databases
def test_other_answers_under_a_taken_id_are_kept_aside(app: Flask, store: Store, clock: SetClock) -> None:
    """F7: the first is kept; 409; both are there for a person."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    first = record(CODE, assignment, clock.now())
    other = record(CODE, assignment, clock.now(), {"rating": "neutral"}, response_id=first["response_id"])
    results = tablet_of(app, store, clock).send(first, other)
    assert statuses(results) == [201, 409]
    assert [row.answers for row in rows(store, ResponseRow)] == [{"rating": "satisfied"}]
    assert [row.answers for row in rows(store, ResponseConflictRow)] == [{"rating": "neutral"}]


@both_databases
def test_answers_off_the_path_never_come_in(app: Flask, store: Store, clock: SetClock) -> None:
    """platforms.md §5 row 5: the server decides the path again; a client that sent more is not believed."""
    households = load_shipped("sipas-households-2024")
    make_round(store, clock, entry="open", questionnaire=households)
    add_enumerator(store, clock)
    answers = {"A8.used": "no"}
    off = {"A8.trips": households.item("A8.trips").scale.options[0].id}  # type: ignore[union-attr]  # it has one
    sent = record(CODE, assign(store, clock, CODE), clock.now(), answers, households)
    assert statuses(tablet_of(app, store, clock).send({**sent, "answers": {**answers, **off}})) == [201]
    assert [row.answers for row in rows(store, ResponseRow)] == [answers]


@both_databases
@pytest.mark.parametrize("days", [2, -2, -20_000, 27_000])
def test_a_clock_that_is_wrong_loses_nothing_and_is_told(
    app: Flask, store: Store, clock: SetClock, days: int
) -> None:
    """F8, O6: two days off, 1970 and 2099; the day is the server's, the offset stands beside it."""
    make_round(store, clock, entry="open", opens_on=date(2026, 2, 1), closes_on=date(2026, 3, 2))
    add_enumerator(store, clock)
    by_tablet = clock.now() + timedelta(days=days)
    sent = record(CODE, assign(store, clock, CODE), by_tablet)
    assert statuses(tablet_of(app, store, clock).send(sent, sent_at=by_tablet)) == [201]
    [row], [paradata] = rows(store, ResponseRow), rows(store, ParadataRow)
    assert row.day_received == date(2026, 3, 2)
    assert paradata.flags == ["clock_wrong"]
    assert abs(paradata.clock_offset_s - days * 86_400) <= 1 or abs(days) > 23_000


@both_databases
def test_a_clock_set_right_between_interview_and_sending_is_told_too(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O6: completed in 1970, sent in 2026: accepted, with the label, on the round's first possible day."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    sent = record(CODE, assignment, clock.now(), begun_at=1_000_000, completed_at=1_300_000)
    right = record(CODE, assignment, clock.now() - timedelta(minutes=9))
    tablet = tablet_of(app, store, clock)
    assert statuses(tablet.send(sent, right)) == [201, 201]
    labels = {row.response_id.hex: row.flags for row in rows(store, ParadataRow)}
    assert labels == {sent["response_id"]: ["clock_wrong"], right["response_id"]: []}


@both_databases
def test_forms_of_the_old_version_arrive_after_the_new_one_and_after_the_round_closed(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """F22, O5: twenty queued forms under v1; v2 is published by another round; then the first closes."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    queued = [record(CODE, assignment, clock.now()) for _ in range(20)]
    second = load(load_shipped("service-counter").raw.replace(b'"1.0.0"', b'"2.0.0"'))
    make_round(store, clock, code="quay-thu-2", entry="open", questionnaire=second)
    tablet = tablet_of(app, store, clock)
    assert statuses(tablet.send(*queued[:10])) == [201] * 10
    clock.move(days=1)
    set_status(store=store, clock=clock, code=CODE, status="closed", actor="tests")
    clock.move(days=5)
    assert statuses(tablet.send(*queued[5:])) == [201] * 15
    late = Counter(row.late for row in rows(store, ParadataRow))
    assert late == {False: 10, True: 10}
    assert {row.questionnaire_sha256 for row in rows(store, ResponseRow)} == {
        queued[0]["questionnaire_sha256"]
    }
    mixed = record(CODE, assignment, clock.now(), questionnaire=second)
    assert statuses(tablet.send(mixed)) == [202]


@both_databases
def test_a_closed_round_takes_what_was_completed_before_for_fourteen_days_and_nothing_else(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O5: late is told; what was completed after the end, or comes too late, waits for a person."""
    make_round(store, clock, entry="open", opens_on=date(2026, 2, 1), closes_on=date(2026, 3, 2))
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    in_time = [record(CODE, assignment, clock.now()) for _ in range(2)]
    tablet = tablet_of(app, store, clock)
    clock.move(days=3)
    after = record(CODE, assignment, clock.now())
    assert statuses(tablet.send(in_time[0], after)) == [201, 202]
    clock.move(days=LATE.days - 3)
    tablet = tablet_of(app, store, clock)
    assert statuses(tablet.send(in_time[0])) == [201]
    clock.move(days=1)
    assert statuses(tablet.send(in_time[1], in_time[0])) == [202, 201]
    assert [row.late for row in rows(store, ParadataRow)] == [True]
    reasons = Counter(row.reason for row in rows(store, QuarantinedRow))
    assert reasons == {"SVY-410-90": 2}


@both_databases
def test_a_draft_round_and_a_sealed_one_take_nothing_late(app: Flask, store: Store, clock: SetClock) -> None:
    """O5 opens closed rounds to what is late, never one that was not opened or was cut off from its links."""
    make_round(store, clock, entry="open", status="draft")
    add_enumerator(store, clock)
    sent = record(CODE, assign(store, clock, CODE), clock.now())
    tablet = tablet_of(app, store, clock)
    assert statuses(tablet.send(sent)) == [202]
    set_status(store=store, clock=clock, code=CODE, status="closed", actor="tests")
    with store.transaction() as session:
        round_ = stored_rounds.round_by_code(session, CODE)
        assert round_ is not None
        round_.sealed_on = date(2026, 3, 2)
    assert statuses(tablet.send(sent)) == [202]
    assert rows(store, ResponseRow) == []


@both_databases
def test_more_interviews_than_were_asked_for_are_kept_and_labelled(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """platforms.md §5 row 19, O13; an assignment that was withdrawn meanwhile is labelled too."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE, wanted=2)
    tablet = tablet_of(app, store, clock)
    tablet.send(*(record(CODE, assignment, clock.now()) for _ in range(3)))
    withdraw(store=store, clock=clock, actor="tests", round_code=CODE, assignment_id=assignment)
    tablet.send(record(CODE, assignment, clock.now()))
    flags = Counter(tuple(row.flags) for row in rows(store, ParadataRow))
    assert flags == {(): 2, ("over_count",): 1, ("over_count", "assignment_withdrawn"): 1}
    with store.reading() as session:
        round_ = stored_rounds.round_by_code(session, CODE)
    assert round_ is not None
    [line] = assignments_of_round(store=store, round_=round_)
    assert (line.done, line.wanted, line.is_over, line.status) == (4, 2, True, "withdrawn")
    assert tablet.get("/tablet/work").get_json()["assignments"] == []


@both_databases
def test_what_an_official_helped_to_answer_is_kept_but_not_counted(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """A5: the help is recorded; staff of the judged unit make a response grade C, which never enters an index."""
    make_round(store, clock, entry="open", counted_grades="A")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    helpers = (None, "family", "enumerator", "official")
    tablet_of(app, store, clock).send(
        *(record(CODE, assignment, clock.now(), assisted_by=helper) for helper in helpers)
    )
    graded = {row.response_id: row.evidence for row in rows(store, ResponseRow)}
    told = {row.assisted_by: graded[row.response_id] for row in rows(store, ParadataRow)}
    assert told == {None: "A", "family": "A", "enumerator": "A", "official": "C"}


def test_nobody_sends_without_an_enrolled_tablet_and_a_sign_in_that_holds(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O4: each is refused with 401 or 403, on which a tablet keeps everything."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    sent = record(CODE, assign(store, clock, CODE), clock.now())
    tablet, other = tablet_of(app, store, clock), tablet_of(app, store, clock)
    borrowed = tablet.client.post(
        "/api/v1/sync", json=sent, headers={"Authorization": f"Bearer {other.grant}"}
    )
    assert borrowed.status_code == 401
    for grant in ("", "x", f"{tablet.grant}0", tablet.grant.replace(".", ".0", 1), "é" * 40):
        headers = {"Authorization": f"Bearer {grant}".encode().decode("latin-1")}
        assert tablet.client.post("/api/v1/sync", json=sent, headers=headers).status_code == 401
    clock.move(days=7, seconds=1)
    assert tablet.post("/sync", sent).status_code == 401
    clock.move(days=-7)
    set_active(store=store, clock=clock, login=LOGIN, active=False)
    assert tablet.post("/sync", sent).status_code == 403
    set_active(store=store, clock=clock, login=LOGIN, active=True)
    revoke(store=store, clock=clock, actor="tests", device_id=tablet.device_id)
    assert tablet.post("/sync", sent).status_code == 403
    assert rows(store, ResponseRow) == rows(store, QuarantinedRow) == []
    assert other.post("/sync", sent).status_code == 201


def test_a_changed_password_ends_what_was_signed_under_the_old_one(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O10: whoever learnt a password loses the tablet too; the tablet is told to sign in, and keeps all."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    sent = record(CODE, assign(store, clock, CODE), clock.now())
    tablet = tablet_of(app, store, clock)
    assert tablet.get("/tablet/work").status_code == 200
    set_password(store=store, clock=clock, login=LOGIN, password="một mật khẩu khác hẳn")
    refused = tablet.post("/sync", sent)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (401, "SVY-401-240")
    assert rows(store, ResponseRow) == []
    set_password(store=store, clock=clock, login=LOGIN, password=PASSWORD)
    assert tablet.post("/sync", sent).status_code == 401  # another salt: the same words revive nothing
    assert tablet_of(app, store, clock).post("/sync", sent).status_code == 201


@both_databases
def test_a_device_sends_so_many_raw_records_an_hour_and_no_more(
    app: Flask, store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O4: refused with 429, on which the queue keeps the record; what was kept before costs nothing."""
    monkeypatch.setattr("survey.services.review.quarantine.RAW_AN_HOUR", 3)
    add_enumerator(store, clock)
    tablet, other = tablet_of(app, store, clock), tablet_of(app, store, clock)
    assert [tablet.post("/quarantine", {"n": n}).status_code for n in (1, 1, 2, 2, 3)] == [201] * 5
    refused = tablet.post("/quarantine", {"n": 4})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (429, "SVY-429-241")
    assert refused.headers["Retry-After"] == "3600"
    assert tablet.post("/quarantine", {"n": 3}).status_code == 201
    assert len(rows(store, QuarantinedRow)) == 3
    assert other.post("/quarantine", {"n": 5}).status_code == 201
    clock.move(seconds=3_661)
    assert tablet.post("/quarantine", {"n": 4}).status_code == 201


def test_a_batch_has_a_limit_of_its_own_and_a_raw_record_is_kept_once(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O4: 2 MiB a batch, 64 KiB a record; nothing above is read, nothing below is refused for its size."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    tablet = tablet_of(app, store, clock)
    many = [record(CODE, assignment, clock.now(), {"rating": "neutral"}) for _ in range(100)]
    assert len(json.dumps(many)) > 40_000
    large = record(CODE, assignment, clock.now(), {"rating": "x" * 65_536}, sha256="0" * 64)
    assert statuses(tablet.send(*many[:2], large)) == [201, 201, 413]
    assert tablet.post("/sync", {"records": [*many, many[0]], "sent_at": 0}).status_code == 413
    assert tablet.post("/sync", {"records": ["x" * (2 * 1024 * 1024)], "sent_at": 0}).status_code == 413
    raw = json.dumps({"whatever": "Ông Đạ Tẻh"}).encode()
    for _ in range(2):
        answer = tablet.client.post("/api/v1/quarantine", data=raw, content_type="application/json")
        assert answer.status_code == 201
    assert [row.raw for row in rows(store, QuarantinedRow)] == [raw]
    big = tablet.client.post("/api/v1/quarantine", data=b" " * 65_537, content_type="application/json")
    assert big.status_code == 413


@both_databases
def test_an_exported_queue_comes_in_once_whatever_came_before(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """O8: the file of last resort has the idempotency of sending; a changed box is told and left out."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE)
    tablet = tablet_of(app, store, clock)
    forms = [record(CODE, assignment, clock.now()) for _ in range(4)]
    tablet.send(forms[0])
    raw = _exported(store, tablet.device_id.hex, forms)
    told = import_queue(store=store, clock=clock, actor="tests", raw=raw)
    assert (told.kept, told.replayed, told.unread) == (3, 1, 0)
    again = import_queue(store=store, clock=clock, actor="tests", raw=raw)
    assert (again.kept, again.replayed) == (0, 4)
    broken = json.loads(raw)
    broken["records"][0]["id"], broken["records"][1]["sealed"] = "0", "AAAA"
    spoilt = import_queue(store=store, clock=clock, actor="tests", raw=json.dumps(broken).encode())
    assert (spoilt.replayed, spoilt.unread) == (2, 2)
    out_of_reach = import_queue(store=store, clock=clock, actor="tests", raw=raw, rounds={"other"})
    assert (out_of_reach.elsewhere, out_of_reach.kept) == (4, 0)
    flags = {row.response_id: row.flags for row in rows(store, ParadataRow)}
    kept = {row.response_id.hex: (row.evidence, flags[row.response_id]) for row in rows(store, ResponseRow)}
    sent, *by_file = [form["response_id"] for form in forms]
    # Decision 0013: anybody can seal a box to this site, so only what the tablet itself sent is grade A.
    assert kept == {sent: ("A", [])} | dict.fromkeys(by_file, ("C", ["from_file"]))
    for wrong in (b"", b"[]", b"{}", raw[:-1], json.dumps({**broken, "keys": {"k": "AAAA"}}).encode()):
        with pytest.raises(BadQueueFile):
            import_queue(store=store, clock=clock, actor="tests", raw=wrong)


@both_databases
def test_ten_tablets_with_thirty_forms_each_and_a_bad_line_arrive_exactly_once(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """F20 in small: at once, in parts, with answers that never came back; every id has one row."""
    make_round(store, clock, entry="open")
    add_enumerator(store, clock)
    assignment = assign(store, clock, CODE, wanted=300)
    tablets = [tablet_of(app, store, clock) for _ in range(10)]
    queues = [[record(CODE, assignment, clock.now()) for _ in range(30)] for _ in tablets]

    def empty(place: int) -> set[str]:
        chance, left, acknowledged = Random(place), list(queues[place]), set[str]()
        while left:
            part = left[: chance.randint(1, 25)]
            results = tablets[place].send(*part)
            if chance.random() < 0.3:
                continue  # the answer was lost on the way: nothing is known, everything is sent again
            assert set(statuses(results)) == {201}
            acknowledged |= {result["response_id"] for result in results}
            left = [one for one in left if one["response_id"] not in acknowledged]
        return acknowledged

    with ThreadPoolExecutor(10) as pool:
        came = [uuid for ids in pool.map(empty, range(10)) for uuid in ids]
    kept = [row.response_id.hex for row in rows(store, ResponseRow)]
    assert len(came) == len(set(came)) == 300
    assert sorted(came) == sorted(kept)


def _exported(store: Store, device: str, forms: list[dict[str, Any]]) -> bytes:
    """Make the file that js/tablet/vault.js makes."""
    key = AESGCM.generate_key(256)
    told = {"login": LOGIN, "device": device, "key": base64.b64encode(key).decode()}
    box = seal(public_key(store.keys), json.dumps(told).encode())
    records = [
        {
            "id": form["response_id"],
            "key": "k",
            "state": "waiting",
            "made": milliseconds(SetClock().now()),
            "sealed": base64.b64encode(
                bytes(12)
                + AESGCM(key).encrypt(bytes(12), json.dumps(form).encode(), form["response_id"].encode())
            ).decode(),
        }
        for form in forms
    ]
    keys = {"k": base64.b64encode(box).decode()}
    return json.dumps({"format": "survey-queue-1", "keys": keys, "records": records}).encode()
