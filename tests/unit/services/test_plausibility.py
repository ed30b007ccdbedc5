"""The rules of a unit's day (K11): each speaks at its threshold and is silent below it, or without its data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.services.devices.opening_hours import opening_hours
from survey.services.review.plausibility import (
    KINDS,
    OPEN_ADDRESS,
    WHOLE_UNIT,
    Finding,
    Forms,
    TopBox,
    UnitDay,
    findings,
    is_disturbed,
    thresholds,
)

QUIET = UnitDay(
    at_counters=Forms(10),
    opened=Forms(),
    transactions=None,
    minutes={},
    devices={},
    others=TopBox(0, 0),
)
#: 10:00 on a Monday in Vietnam.
MORNING = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
NIGHT = MORNING + timedelta(hours=13)


def kinds(day: UnitDay) -> list[str]:
    return [one.kind for one in findings(day, thresholds(), is_open=opening_hours().is_open)]


@pytest.mark.parametrize(
    ("just", "over"),
    [
        ({"transactions": 10}, {"transactions": 9}),
        ({"minutes": {"d": [(MORNING, 4)]}}, {"minutes": {"d": [(MORNING, 5)]}}),
        ({"minutes": {OPEN_ADDRESS: [(NIGHT, 4)]}}, {"minutes": {OPEN_ADDRESS: [(MORNING, 5)]}}),
        ({"at_counters": Forms(0, {"a": 59, "b": 41}, 5)}, {"at_counters": Forms(0, {"a": 60, "b": 40}, 5)}),
        ({"at_counters": Forms(0, {"a": 19}, 5)}, {"at_counters": Forms(0, {"a": 20}, 5)}),
        ({"at_counters": Forms(0, {"a": 94, "b": 6}, 1)}, {"at_counters": Forms(0, {"a": 95, "b": 5}, 1)}),
        ({"minutes": {"d": [(MORNING, 1)]}}, {"minutes": {"d": [(NIGHT, 1)]}}),
        (
            {"devices": {"d": TopBox(30, 21)}, "others": TopBox(30, 15)},
            {"devices": {"d": TopBox(30, 22)}, "others": TopBox(30, 15)},
        ),
        (
            {"devices": {"d": TopBox(29, 29)}, "others": TopBox(30, 0)},
            {"devices": {"d": TopBox(30, 30)}, "others": TopBox(30, 0)},
        ),
    ],
)
def test_a_rule_of_k11_speaks_at_its_threshold_and_not_below(
    just: dict[str, Any], over: dict[str, Any]
) -> None:
    assert kinds(replace(QUIET, **just)) == []
    assert len(kinds(replace(QUIET, **over))) == 1


def test_a_unit_of_which_nothing_is_known_is_never_implausible() -> None:
    assert kinds(replace(QUIET, at_counters=Forms(10_000), opened=Forms(10_000))) == []


def test_a_device_below_the_others_is_told_as_well_as_one_above() -> None:
    day = replace(QUIET, devices={"d": TopBox(40, 10)}, others=TopBox(40, 30))
    assert kinds(day) == ["top_box_gap"]


FORMS = st.builds(
    Forms,
    responses=st.integers(0, 500),
    vectors=st.dictionaries(st.text(max_size=3), st.integers(1, 100), max_size=5),
    answers=st.integers(0, 60),
)


@given(FORMS, FORMS, FORMS, st.none() | st.integers(0, 500))
def test_what_comes_by_the_open_address_changes_no_finding_about_the_rest(
    at_counters: Forms, opened: Forms, other: Forms, transactions: int | None
) -> None:
    """Anybody may send there, so nobody must be able to put a unit's slips and kiosks under an alarm."""

    def about_the_rest(came: Forms) -> list[Finding]:
        day = replace(QUIET, at_counters=at_counters, opened=came, transactions=transactions)
        found = findings(day, thresholds(), is_open=opening_hours().is_open)
        return [one for one in found if one.device == WHOLE_UNIT]

    assert about_the_rest(opened) == about_the_rest(other)


def test_the_open_address_is_held_to_the_same_rules_in_its_own_name() -> None:
    day = replace(QUIET, opened=Forms(20, {"a": 20}, 5), transactions=19)
    found = findings(day, thresholds(), is_open=opening_hours().is_open)
    assert [(one.kind, one.device) for one in found] == [
        ("more_than_transactions", OPEN_ADDRESS),
        ("identical", OPEN_ADDRESS),
    ]


@given(
    st.builds(
        UnitDay,
        at_counters=FORMS,
        opened=FORMS,
        transactions=st.none() | st.integers(0, 500),
        minutes=st.dictionaries(
            st.sampled_from(["d", OPEN_ADDRESS]),
            st.lists(st.tuples(st.datetimes(timezones=st.just(UTC)), st.integers(1, 300)), max_size=5),
        ),
        devices=st.dictionaries(st.text(max_size=3), st.builds(TopBox, st.integers(0, 99), st.just(0.0))),
        others=st.builds(TopBox, st.integers(0, 99), st.just(0.0)),
    )
)
def test_findings_are_of_known_kinds_and_each_stands_once(day: UnitDay) -> None:
    found = findings(day, thresholds(), is_open=opening_hours().is_open)
    keys = [(one.kind, one.device) for one in found]
    assert len(set(keys)) == len(keys)
    assert {kind for kind, _device in keys} <= set(KINDS)


def test_a_fifth_of_suspected_responses_is_the_most_that_is_ranked() -> None:
    """K12: the threshold is this project's own (plausibility.json)."""
    assert not is_disturbed(20, 100, thresholds())
    assert is_disturbed(21, 100, thresholds())


def test_counters_are_open_by_the_clock_of_vietnam_on_its_own_days() -> None:
    hours = opening_hours()
    assert hours.is_open(datetime(2026, 3, 2, 0, 0, tzinfo=UTC))  # 7:00 on Monday there
    assert not hours.is_open(datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 3, 2, 11, 0, tzinfo=UTC))  # 18:00
    assert hours.of(date(2026, 3, 1)) == ()  # Sunday
