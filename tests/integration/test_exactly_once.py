"""A form is kept exactly once, whatever the client does (platforms.md 1 and 2; O1, O3; F6, F7; T20)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from survey.questionnaires import InvalidAnswers, load_shipped
from survey.services.collection import (
    Receipt,
    Respondent,
    form_state,
    save_section,
    start_form,
    submit_form,
)
from survey.services.errors import EmptyForm, NotThisUnit, OtherAnswersKept, RoundClosed, UnknownVersion
from survey.services.rounds import board, set_status
from survey.storage import responses, rounds
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.rounds import AGENCIES, COUNTER, answer, make_round, somebody


@both_databases
def test_five_copies_sent_at_once_give_one_row_and_one_receipt(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    people = [somebody(code) for _ in range(20)]
    gate = Barrier(5)

    def send(copy: int) -> list[Receipt]:
        gate.wait()
        return [answer(store, clock, code, COUNTER, who) for who in people]

    with ThreadPoolExecutor(5) as pool:
        sent = list(pool.map(send, range(5)))
    for copies in zip(*sent, strict=True):
        assert len({receipt.code for receipt in copies}) == 1
        assert sum(not receipt.replayed for receipt in copies) == 1
    assert board(store=store, code=code).complete == len(people)


@both_databases
def test_other_answers_under_the_same_id_are_refused_and_both_are_kept(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    first = answer(store, clock, code, COUNTER, who)
    for _ in range(2):
        with pytest.raises(OtherAnswersKept):
            answer(store, clock, code, {"rating": "dissatisfied"}, who)
    again = answer(store, clock, code, COUNTER, who)
    assert again.code == first.code
    assert again.replayed
    with store.reading(consistent=True) as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        (conflict,) = responses.conflicts_of(session, round_.id)
        (kept,) = responses.stream_of(session, round_.id)
    assert kept.answers == COUNTER
    assert conflict.answers == {"rating": "dissatisfied"}


@both_databases
def test_a_form_filled_page_by_page_is_sent_once_by_ten_clicks(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    start_form(store=store, clock=clock, respondent=who)
    save_section(store=store, clock=clock, respondent=who, section_id="rating", raw=COUNTER)
    gate = Barrier(10)

    def click(_: int) -> Receipt:
        gate.wait()
        return submit_form(store=store, clock=clock, respondent=who)

    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(click, range(10)))
    assert len({receipt.code for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1
    state = form_state(store=store, clock=clock, round_code=code, response_id=who.response_id)
    assert state.sent
    assert state.answers == {}


@both_databases
def test_two_first_pages_saved_at_once_are_both_kept(store: Store, clock: SetClock) -> None:
    """A personal link opened on two devices: there is no draft yet that could be locked."""
    code = make_round(store, clock, questionnaire="sipas-households-2024", entry="open")
    scale = load_shipped("sipas-households-2024").item("B1b.respond").scale
    assert scale is not None
    pages = {"A8a": {"A8.used": "no"}, "B1b": {"B1b.respond": scale.options[0].id}}
    for _ in range(10):
        who, gate = somebody(code), Barrier(2)

        def save(section: str, who: Respondent = who, gate: Barrier = gate) -> None:
            gate.wait()
            save_section(store=store, clock=clock, respondent=who, section_id=section, raw=pages[section])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(save, pages))
        state = form_state(store=store, clock=clock, round_code=code, response_id=who.response_id)
        assert set(state.answers) == {"A8.used", "B1b.respond"}


@both_databases
def test_a_page_form_whose_id_was_kept_otherwise_is_compared_not_dropped(
    store: Store, clock: SetClock
) -> None:
    """Issue 2, point 4: the same id with other answers is refused and both are kept, whichever way they came."""
    code = make_round(store, clock)
    same, other = somebody(code), somebody(code)
    for who, kept in ((same, "satisfied"), (other, "dissatisfied")):
        start_form(store=store, clock=clock, respondent=who)
        save_section(store=store, clock=clock, respondent=who, section_id="rating", raw=COUNTER)
        answer(store, clock, code, {"rating": kept}, who)
    assert submit_form(store=store, clock=clock, respondent=same).replayed
    with pytest.raises(OtherAnswersKept):
        submit_form(store=store, clock=clock, respondent=other)
    assert board(store=store, code=code).conflicts == 1
    assert submit_form(store=store, clock=clock, respondent=other).replayed


@both_databases
def test_what_was_kept_cannot_be_changed_or_deleted_even_by_sql(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    answer(store, clock, code, COUNTER)
    statements = ["UPDATE response SET evidence = 'A'", "DELETE FROM response"]
    if store.engine.dialect.name == "sqlite":
        statements.append("INSERT OR REPLACE INTO response SELECT * FROM response")
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), store.transaction() as session:
            session.execute(text(statement))
    assert board(store=store, code=code).by_evidence == {"C": 1}


@both_databases
@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"rating": "satisfied", "no_such_item": "1"}, "unknown-item"),
        ({"rating": "seven"}, "unknown-option"),
        ({"rating": "satisfied", "comment": "x" * 5_000}, "too-long"),
        ({}, "required"),
        ({"rating": ["satisfied", "neutral"]}, "wrong-type"),
        ({"rating": "satisfied", "comment": "a\x00b"}, "forbidden-character"),
    ],
)
def test_a_wrong_form_is_refused_with_its_problem_and_nothing_is_written(
    store: Store, clock: SetClock, raw: dict[str, object], problem: str
) -> None:
    code = make_round(store, clock)
    with pytest.raises(InvalidAnswers) as refused:
        answer(store, clock, code, raw)
    assert problem in {one.code for one in refused.value.problems}
    assert board(store=store, code=code).complete == 0


@both_databases
def test_a_closed_round_takes_nothing_but_still_acknowledges_what_it_took(
    store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    first = answer(store, clock, code, COUNTER, who)
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    with pytest.raises(RoundClosed):
        answer(store, clock, code, COUNTER)
    assert answer(store, clock, code, COUNTER, who).code == first.code
    assert board(store=store, code=code).complete == 1


@both_databases
def test_the_last_day_of_a_round_ends_at_midnight_in_vietnam(store: Store, clock: SetClock) -> None:
    """17:00 UTC is midnight in Vietnam (platforms.md 14)."""
    code = make_round(store, clock)
    clock.moment = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    answer(store, clock, code, COUNTER)
    clock.move(minutes=2)
    with pytest.raises(RoundClosed):
        answer(store, clock, code, COUNTER)
    with store.reading(consistent=True) as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        (kept,) = responses.stream_of(session, round_.id)
    assert kept.day_received.isoformat() == "2026-12-31"


@both_databases
def test_a_response_is_only_about_a_unit_of_its_round(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    with pytest.raises(NotThisUnit):
        answer(store, clock, code, COUNTER, somebody(code, unit_id=AGENCIES[0]))
    assert board(store=store, code=code).complete == 0


@both_databases
def test_an_unknown_version_of_the_questionnaire_writes_nothing(store: Store, clock: SetClock) -> None:
    from survey.services.collection import submit_response

    code = make_round(store, clock)
    with pytest.raises(UnknownVersion):
        submit_response(
            store=store, clock=clock, respondent=somebody(code), raw=COUNTER, questionnaire_sha256="0" * 64
        )
    assert board(store=store, code=code).complete == 0


@both_databases
def test_a_form_without_any_answer_is_not_kept(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock, questionnaire="sipas-households-2024", entry="open")
    with pytest.raises(EmptyForm):
        answer(store, clock, code, {})


@both_databases
def test_answers_of_a_branch_left_behind_are_not_sent(store: Store, clock: SetClock) -> None:
    """eq-questionnaire-runner #1744: the estimation set is the answers on the final path."""
    code = make_round(store, clock, questionnaire="sipas-households-2024", entry="open")
    who = somebody(code, uuid4())
    start_form(store=store, clock=clock, respondent=who)
    for used, trips in (("yes", {"A8.trips": "once"}), ("no", {})):
        raw = {"A8.used": used, **trips}
        if trips:
            save_section(store=store, clock=clock, respondent=who, section_id="A8a", raw={"A8.used": used})
            scale = (
                form_state(store=store, clock=clock, round_code=code, response_id=who.response_id)
                .questionnaire.item("A8.trips")
                .scale
            )
            assert scale is not None
            raw["A8.trips"] = scale.options[0].id
        save_section(store=store, clock=clock, respondent=who, section_id="A8a", raw=raw)
    submit_form(store=store, clock=clock, respondent=who)
    with store.reading(consistent=True) as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        (kept,) = responses.stream_of(session, round_.id)
    assert kept.answers == {"A8.used": "no"}
