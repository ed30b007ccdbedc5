"""One paper form counts once, whether it is keyed, comes in a file, or both are tried (decisions 14 and 15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from survey.errors import SurveyError
from survey.services.accounts import Account
from survey.services.clock import Clock, day_in_vietnam
from survey.services.importing import CheckedFile, check_file, take_file
from survey.services.paper.adjudicating import SECOND, decide_form
from survey.services.paper.errors import CameByFile, EnteredTooLate
from survey.services.paper.keying import form_to_key
from survey.services.paper.ledger import issue, receive
from survey.services.paper.numbers import form_number, number_in
from survey.services.rounds import board, set_status
from survey.storage import paper
from survey.storage.rounds import round_by_code
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.paper_desk import ROUND, keyed, paper_round, person, printed, returned
from tests.rounds import COMMUNES

SATISFIED = {"rating": "satisfied"}


def _file(*numbers: object, rating: str = "Hài lòng") -> bytes:
    rows = (f"{number},{COMMUNES[0]},{rating}" for number in numbers)
    return "\n".join(("form_number,unit,rating", *rows)).encode()


def _check(store: Store, clock: Clock, raw: bytes) -> CheckedFile:
    return check_file(store=store, clock=clock, code=ROUND, raw=raw, name="phieu.csv")


def _take(store: Store, clock: Clock, raw: bytes) -> int:
    return take_file(store=store, clock=clock, code=ROUND, raw=raw, name="phieu.csv", actor="can-bo").rows


def _next_number(store: Store) -> str:
    """Give the number that the next printed form of the round will have."""
    with store.reading() as session:
        round_ = round_by_code(session, ROUND)
        assert round_ is not None
        last = paper.last_of(session, round_.id)[0]
    return form_number(round_.id, int(last.split("-")[1]) + 1 if last else 1)


@pytest.fixture
def keyers(store: Store, clock: SetClock) -> tuple[Account, Account]:
    return person(store, clock, "nhap.mot"), person(store, clock, "nhap.hai")


@pytest.mark.parametrize(
    "spelt",
    [
        lambda number: number,
        lambda number: number.replace("-", ""),
        lambda number: f"00{number.replace('-', ' ')}",
        lambda number: number.replace("-", "–"),
        lambda number: number.replace("-", "\u2011"),
    ],
)
@pytest.mark.parametrize("state", ["printed", "returned", "keyed", "kept"])
def test_no_form_of_the_ledger_is_taken_from_a_file_however_its_number_is_spelt(
    store: Store,
    clock: SetClock,
    keyers: tuple[Account, Account],
    state: str,
    spelt: Callable[[str], str],
) -> None:
    paper_round(store, clock)
    number = (printed if state == "printed" else returned)(store, clock)[0]
    for keyer in keyers[: {"keyed": 1, "kept": 2}.get(state, 0)]:
        keyed(store, clock, keyer, number, SATISFIED)
    checked = _check(store, clock, _file("P-001", spelt(number)))
    assert [(one.cell, one.code) for one in checked.problems] == [("A3", "paper-form")]
    assert number in checked.problems[0].message.in_("vi")
    assert board(store=store, code=ROUND).complete == (state == "kept")


@both_databases
@pytest.mark.parametrize("rating", ["Hài lòng", "Không hài lòng"])
def test_a_form_that_came_by_file_before_it_was_printed_is_not_keyed_as_well(
    store: Store, clock: SetClock, keyers: tuple[Account, Account], rating: str
) -> None:
    """The same answers or others: nobody is asked to key it, and nothing is added beside it."""
    paper_round(store, clock)
    assert _take(store, clock, _file(_next_number(store), rating=rating)) == 1
    number, _other = returned(store, clock)
    with pytest.raises(CameByFile):
        form_to_key(store=store, account=keyers[0], number=number)
    with pytest.raises(CameByFile):
        keyed(store, clock, keyers[0], number, SATISFIED)
    assert board(store=store, code=ROUND).complete == 1


@both_databases
@pytest.mark.parametrize("rating", ["Hài lòng", "Không hài lòng"])
def test_a_file_that_comes_between_two_keyings_leaves_one_response(
    store: Store,
    clock: SetClock,
    keyers: tuple[Account, Account],
    monkeypatch: pytest.MonkeyPatch,
    rating: str,
) -> None:
    """The ledger is looked at before the file is taken; whatever happens between, the id is the same."""
    paper_round(store, clock)
    raw = _file(_next_number(store), rating=rating)
    before = check_file(store=store, clock=clock, code=ROUND, raw=raw, name="phieu.csv")
    number, _other = returned(store, clock)
    keyed(store, clock, keyers[0], number, SATISFIED)
    monkeypatch.setattr("survey.services.importing.taking.check_file", lambda **_told: before)
    assert _take(store, clock, raw) == 1
    with pytest.raises(CameByFile):
        keyed(store, clock, keyers[1], number, SATISFIED)
    official = person(store, clock, "can.bo", "official")
    with pytest.raises(SurveyError):
        decide_form(
            store=store, clock=clock, account=official, code=ROUND, number=number, choices={"rating": SECOND}
        )
    assert board(store=store, code=ROUND).complete == 1


@both_databases
def test_keying_and_a_file_at_once_keep_one_response_a_form(
    store: Store, clock: SetClock, keyers: tuple[Account, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failure 2 of the catalogue (check-then-insert): the database refuses the second, whichever it is."""
    paper_round(store, clock)
    first = _next_number(store)
    raw = _file(first)
    before = check_file(store=store, clock=clock, code=ROUND, raw=raw, name="phieu.csv")
    monkeypatch.setattr("survey.services.importing.taking.check_file", lambda **_told: before)
    number, _other = returned(store, clock)
    assert number == first
    keyed(store, clock, keyers[0], number, SATISFIED)
    start, outcomes = Barrier(2), []

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            outcomes.append(str(deed()))
        except SurveyError as refused:
            outcomes.append(type(refused).__name__)

    deeds = (
        lambda: keyed(store, clock, keyers[1], number, SATISFIED).outcome,
        lambda: _take(store, clock, raw),
    )
    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board(store=store, code=ROUND).complete == 1
    assert sorted(outcomes) in (["1", "CameByFile"], ["RoundMoved", "agreed"])


def test_a_number_is_a_round_s_only_with_its_prefix_and_its_check_digit() -> None:
    number = form_number(3, 345)
    assert number_in(3, number) == number
    assert number_in(3, f"0{number}") == number
    assert number_in(4, number) is None
    assert number_in(3, form_number(13, 345)) is None
    assert number_in(3, f"{number[:-1]}{(int(number[-1]) + 1) % 10}") is None
    assert number_in(3, "P-001") is None


@both_databases
def test_a_return_within_the_round_cannot_be_entered_two_weeks_after_its_end(
    store: Store, clock: SetClock
) -> None:
    """O5: the day of return decides what is kept, so nobody makes one up when the results are known."""
    paper_round(store, clock)
    numbers, today = printed(store, clock), day_in_vietnam(clock.now())
    told: dict[str, Any] = {"store": store, "clock": clock, "actor": "tests", "code": ROUND}
    issue(**told, numbers=numbers, to="UBND xã", on=today)
    set_status(store=store, clock=clock, code=ROUND, status="closed", actor="tests")
    clock.move(days=14)
    receive(**told, numbers=numbers[:1], on=today)
    clock.move(days=1)
    with pytest.raises(EnteredTooLate):
        receive(**told, numbers=numbers[1:], on=today)
    receive(**told, numbers=numbers[1:], on=today + timedelta(days=1))
