"""The re-check: a sample that anybody can draw again, asked blind, compared by who collected."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from survey.services.accounts import Account
from survey.services.paper.errors import (
    AskedByCollector,
    BadShare,
    NoSuchRecheck,
    NothingToRecheck,
    RecheckDone,
)
from survey.services.review import rechecks
from survey.services.review.recheck_results import agreement, recheck_table
from survey.services.rounds import board
from survey.storage.models import RecheckRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.paper_desk import ROUND, keyed, line, paper_round, person, returned

FRAMES = st.dictionaries(
    st.uuids().map(lambda one: one.hex), st.sampled_from(["an", "binh", "chi"]), min_size=1, max_size=60
)


@given(FRAMES, st.integers(1, 50), st.text(min_size=1, max_size=20))
def test_the_same_seed_and_frame_give_the_same_sample_in_any_order(
    frame: dict[str, str], percent: int, seed: str
) -> None:
    """T2: whoever has the seed draws the same forms; each collector has at least one."""
    pairs = list(frame.items())
    once = rechecks.drawn(pairs, percent, seed)
    assert set(once) == set(rechecks.drawn(pairs[::-1], percent, seed))
    assert {by for _id, by in once} == set(frame.values())
    for by in set(frame.values()):
        size = sum(one == by for one in frame.values())
        assert sum(one == by for _id, one in once) == max(1, -(-size * percent // 100))


def test_another_seed_gives_another_sample() -> None:
    frame = [(UUID(int=place).hex, "an") for place in range(200)]
    assert set(rechecks.drawn(frame, 20, "một")) != set(rechecks.drawn(frame, 20, "hai"))


def test_the_interval_takes_forms_as_clusters() -> None:
    """Two forms of ten questions, one agreeing wholly and one half: se² = 2/(2-1)·2·(2.5/20)² = 0.0625."""
    found = agreement([(10, 10), (5, 10)])
    assert found.share == 0.75
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.1  # one degree of freedom: almost nothing is known
    assert agreement([(10, 10)]).low is None
    alone, many = agreement([(9, 10)] * 3 + [(10, 10)]), agreement([(9, 10)] * 30 + [(10, 10)] * 10)
    assert alone.low is not None
    assert many.low is not None
    assert many.low > alone.low
    whole = agreement([(10, 10)] * 5)
    assert whole.share == 1.0
    assert whole.high == 1.0
    assert whole.low is not None
    assert 0.5 < whole.low < 1


@pytest.fixture
def people(store: Store, clock: SetClock) -> tuple[Account, ...]:
    return tuple(person(store, clock, login) for login in ("nhap.mot", "nhap.hai", "nhap.ba", "hoi.lai"))


def _keep(store: Store, clock: SetClock, people: tuple[Account, ...], copies: int) -> tuple[str, ...]:
    """Keep forms collected by the first person, keyed by the next two; the fourth has seen none."""
    numbers = returned(store, clock, line(copies), to=people[0].login)
    for number in numbers:
        for keyer in people[1:3]:
            keyed(store, clock, keyer, number, {"rating": "satisfied", "reasons": ["waiting", "result"]})
    return numbers


@both_databases
class TestRechecks:
    def test_a_sample_is_kept_with_its_seed_and_holds_when_more_responses_come(
        self, store: Store, clock: SetClock, people: tuple[Account, ...]
    ) -> None:
        paper_round(store, clock)
        _keep(store, clock, people, 6)
        rechecks.draw(store=store, clock=clock, actor="tests", code=ROUND, percent=20)
        _keep(store, clock, people, 3)
        round_id = board(store=store, code=ROUND).round.id
        (sample,) = rechecks.samples(store=store, round_id=round_id)
        assert (sample.size, sample.frame_size, sample.holds) == (2, 6, True)
        assert len(sample.seed) == 32
        with store.transaction() as session:
            one = session.scalars(select(RecheckRow.id)).first()
            session.execute(delete(RecheckRow).where(RecheckRow.id == one))
        (sample,) = rechecks.samples(store=store, round_id=round_id)
        assert not sample.holds

    def test_who_collected_or_keyed_cannot_ask_again_and_nobody_asks_twice(
        self, store: Store, clock: SetClock, people: tuple[Account, ...]
    ) -> None:
        paper_round(store, clock)
        numbers = _keep(store, clock, people, 1)
        rechecks.draw(store=store, clock=clock, actor="tests", code=ROUND, percent=10)
        for account in people[:3]:
            assert rechecks.waiting(store=store, account=account) == ()
        (one,) = rechecks.waiting(store=store, account=people[3])
        assert (one.number, one.psu, one.collected_by) == (numbers[0], "Thôn 1", people[0].login)
        told = {"store": store, "clock": clock, "recheck_id": one.id}
        for account in people[:3]:
            with pytest.raises(AskedByCollector):
                rechecks.asked_again(**told, account=account, typed={})
        with pytest.raises(NoSuchRecheck):
            rechecks.asked_again(**told, account=person(store, clock, "noi.khac", unit_id="p34-52"), typed={})
        rechecks.asked_again(**told, account=people[3], typed={"rating": "satisfied"})
        with pytest.raises(RecheckDone):
            rechecks.not_asked(**told, account=people[3], status="refused")

    def test_the_table_counts_by_who_collected(
        self, store: Store, clock: SetClock, people: tuple[Account, ...]
    ) -> None:
        paper_round(store, clock)
        _keep(store, clock, people, 4)
        sample = rechecks.draw(store=store, clock=clock, actor="tests", code=ROUND, percent=50)
        first, second = rechecks.waiting(store=store, account=people[3])
        told = {"store": store, "clock": clock, "account": people[3]}
        rechecks.asked_again(
            **told,
            recheck_id=first.id,
            typed={"rating": "neutral", "reasons": ["result", "waiting"], "comment": "x"},
        )
        rechecks.not_asked(**told, recheck_id=second.id, status="not_reached")
        table = recheck_table(store=store, round_=board(store=store, code=ROUND).round, sample_id=sample)
        (one,) = table.lines
        assert (one.collected_by, one.drawn, one.reached, one.not_reached, one.unconfirmed) == (
            people[0].login, 2, 1, 1, 1,
        )  # fmt: skip
        assert (one.agreement.agree, one.agreement.compared) == (1, 2)
        assert board(store=store, code=ROUND).complete == 4

    def test_a_share_out_of_range_and_a_round_without_forms_draw_nothing(
        self, store: Store, clock: SetClock
    ) -> None:
        paper_round(store, clock)
        for percent, refusal in ((0, BadShare), (51, BadShare), (10, NothingToRecheck)):
            with pytest.raises(refusal):
                rechecks.draw(store=store, clock=clock, actor="tests", code=ROUND, percent=percent)
