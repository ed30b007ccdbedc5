"""Exclusions that overlap: what is out is exactly what some standing exclusion of two persons means (K11)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from uuid import UUID

import pytest

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.errors import OtherAnswersKept
from survey.services.review.approvals import decide
from survey.services.review.errors import NothingMeant
from survey.services.review.exclusions import (
    ask_about_conflict,
    ask_exclusion_of,
    ask_restoration,
    conflicts_for,
    exclusions_for,
)
from survey.storage import exclusions
from survey.storage.rounds import round_by_code
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.rounds import COUNTER, PROVINCE, answer, make_round, somebody

ASKS = Account("lan.nt", "Nguyễn Thị Lan", "official", PROVINCE)
GRANTS = Account("van.th", "Trần Hữu Văn", "administrator", PROVINCE)


def _grant(store: Store, clock: Clock, code: str, number: int) -> int:
    decide(store=store, clock=clock, account=GRANTS, code=code, approval_id=number, grant=True)
    return number


def _exclude(store: Store, clock: Clock, code: str, ids: Sequence[UUID]) -> int:
    number = ask_exclusion_of(
        store=store, clock=clock, account=ASKS, code=code, ids=ids, reason="Cán bộ tự bấm"
    )
    return _grant(store, clock, code, number)


def _restore(store: Store, clock: Clock, code: str, exclusion: int) -> None:
    number = ask_restoration(
        store=store, clock=clock, account=ASKS, code=code, approval_id=exclusion, reason="Xem lại"
    )
    _grant(store, clock, code, number)


def _out(store: Store, code: str) -> set[UUID]:
    with store.reading() as session:
        round_ = round_by_code(session, code)
        assert round_ is not None
        return exclusions.excluded_ids(session, round_.id)


def _responses(store: Store, clock: Clock, code: str, count: int) -> list[UUID]:
    persons = [somebody(code) for _ in range(count)]
    for who in persons:
        answer(store, clock, code, COUNTER, who)
    return [who.response_id for who in persons]


@both_databases
@pytest.mark.parametrize("first_back", [0, 1])
def test_restoring_one_exclusion_takes_in_nothing_that_another_keeps_out(
    store: Store, clock: SetClock, first_back: int
) -> None:
    """ASVS 2.3.5: two persons said twice that the middle one stays out; both must be taken back."""
    code = make_round(store, clock)
    a, b, c = _responses(store, clock, code, 3)
    meant = ({a, b}, {b, c})
    both = [_exclude(store, clock, code, sorted(one)) for one in meant]
    assert _out(store, code) == {a, b, c}
    _restore(store, clock, code, both[first_back])
    assert _out(store, code) == meant[1 - first_back]
    held = {one.approval.id: one.still_out for one in exclusions_for(store=store, account=ASKS, code=code)}
    assert held == {both[first_back]: 0, both[1 - first_back]: 2}
    with pytest.raises(NothingMeant):
        _restore(store, clock, code, both[first_back])
    _restore(store, clock, code, both[1 - first_back])
    assert _out(store, code) == set()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_out_is_the_union_of_the_exclusions_that_stand(
    store: Store, clock: SetClock, seed: int
) -> None:
    """A model against which every order of exclusions and restorations is held."""
    chance, code = Random(seed), make_round(store, clock)
    ids = _responses(store, clock, code, 6)
    standing: dict[int, set[UUID]] = {}
    for _ in range(14):
        if standing and chance.random() < 0.45:
            number = chance.choice(sorted(standing))
            _restore(store, clock, code, number)
            del standing[number]
        else:
            meant = set(chance.sample(ids, chance.randint(1, 4)))
            standing[_exclude(store, clock, code, sorted(meant))] = meant
        assert _out(store, code) == set().union(*standing.values())
    listed = exclusions_for(store=store, account=ASKS, code=code)
    assert {one.approval.id: one.still_out for one in listed if one.still_out} == {
        number: len(meant) for number, meant in standing.items()
    }


@both_databases
def test_what_supersedes_an_excluded_response_comes_in_again_with_it(store: Store, clock: SetClock) -> None:
    """The second answers of a conflict are out by the same exclusion, so the same restoration frees them."""
    code = make_round(store, clock)
    who = somebody(code)
    answer(store, clock, code, {"rating": "satisfied"}, who)
    with pytest.raises(OtherAnswersKept):
        answer(store, clock, code, {"rating": "neutral"}, who)
    number = _exclude(store, clock, code, [who.response_id])
    (pair,) = conflicts_for(store=store, account=ASKS, code=code)
    asked = ask_about_conflict(
        store=store, clock=clock, account=ASKS, code=code, conflict_id=pair.id, take_second=True, reason="x"
    )
    _grant(store, clock, code, asked)
    assert len(_out(store, code)) == 2
    _restore(store, clock, code, number)
    assert _out(store, code) == set()
