"""Other answers under a taken id: kept for a person to see, but not without end (F9, T21)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from survey.questionnaires import load_shipped
from survey.services.accounts import Account
from survey.services.errors import OtherAnswersKept
from survey.services.retention import tidy
from survey.services.review.exclusions import ask_about_conflict, conflict_counts, conflicts_for
from survey.services.rounds import board
from survey.storage.responses import MOST_CONFLICTS
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.test_review_pages import at, signed_in
from tests.rounds import PROVINCE, answer, make_round, somebody

LAN = Account(login="lan", full_name="Lan", role="official", unit_id=PROVINCE)
_RATINGS = [one.id for one in load_shipped("service-counter").items[0].scale.options]  # type: ignore[union-attr]  # it has one


def _flood(store: Store, clock: SetClock, code: str, times: int, channel: str, evidence: str = "C") -> None:
    """Send other answers under one id, each unlike the rest."""
    who = somebody(code, channel=channel, evidence=evidence)
    answer(store, clock, code, {"rating": "satisfied"}, who)
    for number in range(times):
        with pytest.raises(OtherAnswersKept):
            answer(store, clock, code, {"rating": "neutral", "comment": f"Bản {number}"}, who)


@both_databases
@pytest.mark.parametrize("channel", ["phone", "kiosk"])
def test_who_sends_other_answers_without_end_fills_no_table(
    store: Store, clock: SetClock, channel: str
) -> None:
    """Five of one id are kept; the others are counted, by the day, for as long as the round is there (T8)."""
    code = make_round(store, clock)
    _flood(store, clock, code, 12, channel)
    for _ in range(3):
        told = conflict_counts(store=store, account=LAN, code=code)
        assert (told.undecided, told.unasked, told.unkept) == (MOST_CONFLICTS, MOST_CONFLICTS, 7)
        assert board(store=store, code=code).conflicts == MOST_CONFLICTS
        clock.move(days=3)
        tidy(store=store, clock=clock, actor="tests")
    _flood(store, clock, code, 1, channel)
    assert conflict_counts(store=store, account=LAN, code=code).undecided == MOST_CONFLICTS + 1


@both_databases
def test_what_a_signed_in_person_sends_is_all_kept(store: Store, clock: SetClock) -> None:
    """A tablet's records are somebody's work: however many differ, each is for a person to see."""
    code = make_round(store, clock)
    _flood(store, clock, code, MOST_CONFLICTS + 3, "tablet", "A")
    told = conflict_counts(store=store, account=LAN, code=code)
    assert (told.undecided, told.unkept) == (MOST_CONFLICTS + 3, 0)


@both_databases
def test_the_same_other_answers_again_are_neither_kept_nor_counted(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    who = somebody(code)
    answer(store, clock, code, {"rating": "satisfied"}, who)
    for _ in range(9):
        with pytest.raises(OtherAnswersKept):
            answer(store, clock, code, {"rating": "neutral"}, who)
    told = conflict_counts(store=store, account=LAN, code=code)
    assert (told.undecided, told.unkept) == (1, 0)


@both_databases
def test_conflicts_are_read_a_page_at_a_time_whatever_their_number(
    app: Flask, store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """The page of a flooded round costs as many statements as that of another."""
    code = make_round(store, clock)
    for _ in range(9):
        _flood(store, clock, code, MOST_CONFLICTS, "phone")
    pairs = conflicts_for(store=store, account=LAN, code=code)
    assert [one.id for one in conflicts_for(store=store, account=LAN, code=code, start=20, most=20)] == [
        one.id for one in pairs[20:40]
    ]
    ask_about_conflict(
        store=store,
        clock=clock,
        account=LAN,
        code=code,
        conflict_id=pairs[44].id,
        take_second=True,
        reason="Sửa",
    )
    assert conflict_counts(store=store, account=LAN, code=code).unasked == 44
    lan = signed_in(app, store, clock, "lan.nt", "official")
    seen: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    assert lan.open(at(code, "conflicts?page=3")).html.count('id="pair-') == 5
    assert lan.open(at(code, "conflicts?page=99")).html.count('id="pair-') == 5
    assert lan.open(at(code, "conflicts")).html.count('id="pair-') == 20
    assert not [
        one for one in seen if "FROM response_conflict" in one and "LIMIT" not in one and "count(" not in one
    ]


def test_the_page_says_how_many_were_only_counted(app: Flask, store: Store, clock: SetClock) -> None:
    code = make_round(store, clock)
    _flood(store, clock, code, MOST_CONFLICTS + 4, "phone")
    lan = signed_in(app, store, clock, "lan.nt", "official")
    assert "Còn 4 bản khác" in lan.open(at(code, "conflicts")).text
