"""A unit's own view (K14, T8, D3): batches of five, whole days, and nothing that changes by one person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.services.review.own_view import BATCH, STEP, last_boundary, last_day_shown, rounded
from tests.conftest import SetClock

FIRST = date(2026, 3, 2)
DAYS = st.lists(st.integers(0, 12), max_size=40)


def by_day(counts: list[int]) -> dict[date, int]:
    return {FIRST + timedelta(days=place): count for place, count in enumerate(counts) if count}


def shown(counts: list[int]) -> int:
    boundary = last_boundary(by_day(counts))
    return sum(count for day, count in by_day(counts).items() if boundary and day <= boundary)


@given(DAYS)
def test_two_views_on_any_two_days_differ_by_five_responses_or_by_none(counts: list[int]) -> None:
    views = [shown(counts[:day]) for day in range(len(counts) + 1)]
    for earlier, later in zip(views, views[1:], strict=False):
        assert later == earlier or later - earlier >= BATCH


@given(DAYS, st.integers(0, 12))
def test_what_was_shown_is_never_cut_otherwise_by_what_comes_later(counts: list[int], more: int) -> None:
    before = last_boundary(by_day(counts))
    after = last_boundary(by_day([*counts, more]))
    assert after in (before, FIRST + timedelta(days=len(counts)))


@given(st.integers(0, 100_000))
def test_a_count_of_a_level_is_a_multiple_of_five_near_the_true_one(count: int) -> None:
    assert rounded(count) % STEP == 0
    assert abs(rounded(count) - count) <= STEP // 2


@given(st.integers(0, 366 * 86_400))
def test_the_newest_response_shown_is_a_whole_day_old(seconds: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    last = last_day_shown(SetClock(moment))
    last_moment_of_day = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(hours=24 - 7)
    assert timedelta(hours=24) <= moment - last_moment_of_day < timedelta(hours=48)
