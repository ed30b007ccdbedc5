"""Pace: speeding, bursts by device, and item nonresponse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.aggregation import DifferentLengths
from survey.aggregation.quality import QualityReport, Rules, UnusableColumn, review

NONE = float("nan")


def answered(rows: int, items: int = 10) -> dict[str, np.ndarray]:
    levels = np.random.default_rng(rows).integers(1, 6, (rows, items))
    return {f"q{at}": column for at, column in enumerate(levels.T)}


def test_below_two_seconds_an_answered_item_is_speeding() -> None:
    """Huang et al. 2012: 2 seconds an item; twenty seconds for ten items are not below it."""
    report = review(answered(4), durations=[19.9, 20.0, 300.0, NONE])
    assert report.flagged_by("speeding").tolist() == [True, False, False, False]
    finding = report.finding("speeding")
    assert finding is not None
    assert (finding.judged, finding.count, finding.share) == (3, 1, 1 / 3)


def test_items_left_blank_are_not_counted_as_read() -> None:
    answers = answered(1)
    for item in list(answers)[:5]:
        answers[item] = np.array([-1])
    assert not review(answers, durations=[10.0]).flagged_by("speeding").any()


def test_below_half_the_median_of_the_same_form_is_speeding() -> None:
    """Medians 600 and 100: 290 seconds are fast for the long form only."""
    seconds = [600.0] * 20 + [290.0] + [100.0] * 20 + [51.0, 49.0]
    forms = ["long"] * 21 + ["short"] * 22
    flagged = np.flatnonzero(review(answered(43), durations=seconds, forms=forms).flagged_by("speeding"))
    assert flagged.tolist() == [20, 42]


def test_a_form_has_a_median_from_twenty_durations_on() -> None:
    report = review(answered(20), durations=[600.0] * 19 + [100.0])
    assert np.flatnonzero(report.flagged_by("speeding")).tolist() == [19]


def test_a_form_seldom_used_has_no_median() -> None:
    report = review(answered(19), durations=[600.0] * 18 + [100.0])
    assert not report.flagged_by("speeding").any()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 600)), min_size=1, max_size=40),
    st.integers(1, 5),
)
def test_a_burst_is_any_window_with_too_many_from_one_device(
    sent: list[tuple[str | None, int]], most: int
) -> None:
    rules = Rules(burst_responses=most, burst_minutes=1)
    device, seconds = [one[0] for one in sent], [float(one[1]) for one in sent]
    found = review(answered(len(sent)), rules=rules, devices=device, times=seconds).flagged_by("device_burst")
    for row, (own, at) in enumerate(sent):
        crowded = any(
            sum(other == own and start <= time <= start + 60 for other, time in sent) > most
            for start in range(at - 60, at + 1)
        )
        assert found[row] == (own is not None and crowded)


def test_times_may_be_dates_and_unknown() -> None:
    start = np.datetime64("2026-03-02T08:00:00")
    times = start + np.arange(5) * np.timedelta64(30, "s")
    times[4] = np.datetime64("NaT")
    rules = Rules(burst_responses=3, burst_minutes=1.5)
    report = review(answered(5), rules=rules, devices=["k"] * 5, times=times)
    assert report.flagged_by("device_burst").tolist() == [True] * 4 + [False]
    finding = report.finding("device_burst")
    assert finding is not None
    assert finding.judged == 4


def test_where_only_the_day_is_known_device_days_are_counted() -> None:
    devices = ["k1"] * 5 + ["k2"] * 3 + [None] * 4
    days = ["2026-03-02"] * 4 + ["2026-03-03"] + ["2026-03-02"] * 7
    report = review(answered(12), rules=Rules(day_responses=3), devices=devices, days=days)
    assert np.flatnonzero(report.flagged_by("device_day")).tolist() == [0, 1, 2, 3]
    assert report.finding("device_burst") is None


@pytest.mark.parametrize("rows", [1, 3])
def test_more_than_half_of_what_was_asked_left_blank_is_flagged(rows: int) -> None:
    blank = np.full((rows, 4), 3)
    blank[0, :3] = -1
    answers = {f"q{at}": column for at, column in enumerate(blank.T)}
    assert review(answers).words(0) == ("item_nonresponse",)
    asked = np.ones((rows, 4), dtype=bool)
    asked[0, :2] = False
    report: QualityReport = review(answers, asked=asked)
    assert report.words(0) == ()


def test_who_was_asked_nothing_is_not_judged() -> None:
    answers = {"q0": np.array([-1, -1])}
    report = review(answers, asked=np.array([[False], [True]]))
    finding = report.finding("item_nonresponse")
    assert finding is not None
    assert (finding.judged, finding.rows.tolist()) == (1, [1])


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("durations", ["fast", "slow"]),
        ("durations", [-1.0, 3.0]),
        ("durations", [np.inf, 3.0]),
        ("times", ["8:00", "9:00"]),
        ("asked", np.ones((2, 10))),
    ],
)
def test_a_column_of_the_wrong_kind_is_refused_by_name(column: str, values: object) -> None:
    with pytest.raises(UnusableColumn, match=column):
        review(answered(2), devices=["a", "b"], **{column: values})


@pytest.mark.parametrize("column", ["durations", "forms", "devices", "times", "days"])
def test_a_column_of_another_length_is_refused_by_name(column: str) -> None:
    columns: dict[str, object] = {"devices": ["a", "b"], "durations": [30.0, 40.0]}
    columns[column] = [1.0, 2.0, 3.0]
    with pytest.raises(DifferentLengths, match=column):
        review(answered(2), **columns)


def test_asked_of_another_shape_is_refused() -> None:
    with pytest.raises(DifferentLengths, match="asked"):
        review(answered(2), asked=np.ones((2, 9), dtype=bool))
