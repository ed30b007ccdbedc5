"""A tablet's record is read or refused with a code, whatever is sent; wrong clocks give possible days (F8, F12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.clock import day_in_vietnam
from survey.services.tablets.errors import BadRecord
from survey.services.tablets.records import SyncRecord, clocks, raw_of, read_record

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
OPENED = date(2026, 2, 1)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def told(**other: Any) -> dict[str, Any]:
    return {
        "response_id": uuid4().hex,
        "round": "quay-thu",
        "assignment": uuid4().hex,
        "questionnaire_sha256": "a" * 64,
        "sha256": "b" * 64,
        "language": "vi",
        "assisted_by": None,
        "begun_at": NOW.timestamp() * 1000 - 60_000,
        "completed_at": NOW.timestamp() * 1000,
        "duration_s": 60,
        "answers": {"rating": "satisfied"},
        **other,
    }


@given(_JSON)
def test_whatever_is_sent_is_refused_by_name(sent: Any) -> None:
    with pytest.raises(BadRecord):
        read_record(sent)


@given(st.sampled_from(sorted(told())), _JSON)
def test_one_field_that_holds_anything_is_read_or_named(name: str, value: Any) -> None:
    try:
        where = None if isinstance(read_record(told(**{name: value})), SyncRecord) else "?"
    except BadRecord as refusal:
        where = refusal.places["where"]
    assert where in (None, name)


@given(st.sampled_from(sorted(told())))
def test_a_field_that_is_missing_is_named(name: str) -> None:
    sent = told()
    del sent[name]
    with pytest.raises(BadRecord) as caught:
        read_record(sent)
    assert caught.value.places["where"] == name


@given(begun=st.floats(-1e14, 1e14), took=st.floats(0, 1e9), off=st.floats(-1e14, 1e14, allow_nan=False))
def test_a_day_of_completion_is_always_one_on_which_the_round_could_be_asked(
    begun: float, took: float, off: float
) -> None:
    """O6, F8: 1970, 2099, a clock that ran backwards: between the round's first day and today."""
    record = read_record(told(begun_at=begun, completed_at=begun + took))
    seen = clocks(NOW.timestamp() * 1000 + off, NOW)
    assert OPENED <= seen.completed_on(record, OPENED) <= day_in_vietnam(NOW)
    assert abs(seen.offset_s or 0) < 2**31


@pytest.mark.parametrize("minutes", [-9, 0, 9])
def test_a_clock_within_ten_minutes_is_right(minutes: int) -> None:
    by_tablet = (NOW + timedelta(minutes=minutes)).timestamp() * 1000
    record = read_record(told(begun_at=by_tablet - 60_000, completed_at=by_tablet))
    assert not clocks(by_tablet, NOW).is_wrong(record, OPENED)


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 48, -60 * 24 * 20_000])
def test_a_clock_further_off_is_told(minutes: int) -> None:
    by_tablet = (NOW + timedelta(minutes=minutes)).timestamp() * 1000
    record = read_record(told(begun_at=by_tablet - 60_000, completed_at=by_tablet))
    seen = clocks(by_tablet, NOW)
    assert seen.is_wrong(record, OPENED)
    assert seen.completed_on(record, OPENED) == day_in_vietnam(NOW)


def test_a_clock_that_jumped_during_the_interview_is_told() -> None:
    """The monotonic duration says half an hour, the clock says it ended before it began."""
    now = NOW.timestamp() * 1000
    record = read_record(told(begun_at=now + 7_200_000, completed_at=now, duration_s=1800))
    assert clocks(now, NOW).is_wrong(record, OPENED)


@pytest.mark.parametrize("sent_at", [None, "now", True, float("nan"), [], {}])
def test_a_client_that_tells_no_time_has_no_offset(sent_at: Any) -> None:
    assert clocks(sent_at, NOW).offset_s is None


def test_the_raw_bytes_of_a_record_do_not_depend_on_the_order_of_its_names() -> None:
    sent = told()
    assert raw_of(sent) == raw_of(dict(reversed(sent.items())))
