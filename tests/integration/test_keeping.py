"""What a form meets at the moment it is kept: a round that just closed, a writer that does not end."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey.questionnaires import InvalidAnswers, load_shipped
from survey.services import keeping
from survey.services.collection import form_state, save_section, start_form, submit_form
from survey.services.errors import NoSuchRound, RoundClosed
from survey.services.rounds import board, set_status
from survey.storage import responses
from survey.storage.errors import DatabaseBusy
from survey.storage.store import Store
from survey.storage.turns import Turn
from tests.conftest import SetClock, both_databases
from tests.rounds import COMMUNES, COUNTER, answer, make_round, somebody


@both_databases
def test_a_round_that_closes_between_the_look_and_the_insert_takes_nothing(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = make_round(store, clock)
    read = keeping.form_there

    def then_it_closes(session: Session, *given: Any, **named: Any) -> Any:
        found = read(session, *given, **named)
        session.rollback()
        set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
        return found

    monkeypatch.setattr("survey.services.collection.form_there", then_it_closes)
    with pytest.raises(RoundClosed):
        answer(store, clock, code, COUNTER)
    assert board(store=store, code=code).complete == 0


@both_databases
def test_a_look_that_came_too_early_still_gives_the_first_receipt(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The insert decides: another copy is committed between this copy's look and its insert."""
    code = make_round(store, clock)
    who = somebody(code)
    read, first = keeping.form_there, []

    def then_another_copy_is_kept(session: Session, *given: Any, **named: Any) -> Any:
        found = read(session, *given, **named)
        session.rollback()
        monkeypatch.setattr("survey.services.collection.form_there", read)
        first.append(answer(store, clock, code, COUNTER, who))
        return found

    monkeypatch.setattr("survey.services.collection.form_there", then_another_copy_is_kept)
    second = answer(store, clock, code, COUNTER, who)
    assert second.code == first[0].code
    assert (first[0].replayed, second.replayed) == (False, True)
    assert board(store=store, code=code).complete == 1


@both_databases
def test_an_open_address_gives_nothing_to_a_round_by_personal_link(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock, entry="personal")
    with pytest.raises(NoSuchRound):
        answer(store, clock, code, COUNTER)
    assert board(store=store, code=code).complete == 0


@both_databases
def test_pages_that_come_with_the_sending_are_kept_with_it_or_not_at_all(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    start_form(store=store, clock=clock, respondent=who)
    save_section(store=store, clock=clock, respondent=who, section_id="rating", raw=COUNTER)
    with pytest.raises(InvalidAnswers):
        submit_form(store=store, clock=clock, respondent=who, last={"comment": {"comment": "x" * 5_000}})
    state = form_state(store=store, clock=clock, round_code=code, response_id=who.response_id)
    assert (state.sent, state.answers) == (False, COUNTER)
    submit_form(store=store, clock=clock, respondent=who, last={"comment": {"comment": "Tốt"}})
    with store.reading(consistent=True) as session:
        (kept,) = responses.stream_of(session, 1)
    assert kept.answers == {**COUNTER, "comment": "Tốt"}


@both_databases
def test_a_form_tells_which_unit_it_is_about_before_and_after_it_is_sent(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    who = somebody(code)

    def unit_of(response_id: UUID | None) -> str | None:
        return form_state(store=store, clock=clock, round_code=code, response_id=response_id).unit_id

    assert unit_of(None) is None
    assert unit_of(who.response_id) is None
    assert start_form(store=store, clock=clock, respondent=who).unit_id == who.unit_id
    assert unit_of(who.response_id) == who.unit_id
    save_section(store=store, clock=clock, respondent=who, section_id="rating", raw=COUNTER)
    submit_form(store=store, clock=clock, respondent=who)
    assert unit_of(who.response_id) == who.unit_id


def test_writers_of_one_process_wait_their_turn_and_none_is_left_out(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    gate = Barrier(8)
    sent: Counter[int] = Counter()

    def write(writer: int) -> None:
        gate.wait()
        for _ in range(10):
            answer(store, clock, code, COUNTER)
            sent[writer] += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert set(sent.values()) == {10}
    assert board(store=store, code=code).complete == 80


def test_a_turn_that_does_not_come_is_named_busy(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "survey.sqlite3", 0.05)
    with turn, pytest.raises(DatabaseBusy), turn:
        raise AssertionError("two writers at once")
    with turn:
        pass


def test_a_writer_of_another_process_is_named_busy(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own lock still tells processes apart."""
    code = make_round(store, clock)
    monkeypatch.setattr(
        "survey.storage.engine._SQLITE_PRAGMAS", {"journal_mode": "WAL", "busy_timeout": "50"}
    )
    store.engine.dispose()
    with _another_writer(store), pytest.raises(DatabaseBusy):
        answer(store, clock, code, COUNTER)
    assert answer(store, clock, code, COUNTER).replayed is False


@contextmanager
def _another_writer(store: Store) -> Iterator[None]:
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.parametrize(
    ("response_id", "status"),
    [
        ("0000" + "7" * 28, 201),
        ("0" * 15 + "1" + "7" * 16, 201),
        ("0" * 16 + "7" * 16, 400),
        ("0" * 31 + "1", 400),
    ],
)
def test_a_counter_is_no_id_but_an_id_may_begin_with_zeros(
    app: Flask, store: Store, clock: SetClock, response_id: str, status: int
) -> None:
    """One random id of 65,536 begins with sixteen zero bits: a benchmark of 9,000 forms met one."""
    code = make_round(store, clock, entry="open")
    body = {
        "response_id": response_id,
        "unit": COMMUNES[0],
        "questionnaire_sha256": load_shipped("service-counter").sha256,
        "answers": COUNTER,
    }
    response = app.test_client().post(f"/api/v1/rounds/{code}/responses", json=body)
    assert response.status_code == status
