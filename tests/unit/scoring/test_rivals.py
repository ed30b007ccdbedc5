"""A place among rivals that stand still: as ranked, with an interval that simulation confirms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import Measured, rank, score
from survey.scoring.prospects import Rivals, chance_ahead, place_among
from survey.scoring.prospects.rivals import exact_counts, normal_counts
from tests.unit.scoring.sample import built, leaf

#: Totals with ties: rounded to a tenth, and a float's last bits beside the half of a cent.
TOTALS = st.one_of(st.integers(0, 1000).map(lambda tenth: tenth / 10), st.floats(0, 100))
MANY = st.lists(TOTALS, min_size=1, max_size=12)


def fixed(totals: list[float]) -> Rivals:
    return Rivals.of({f"unit-{number}": (total, 0.0) for number, total in enumerate(totals)})


@settings(deadline=None)
@given(own=TOTALS, totals=MANY)
def test_the_place_is_that_of_the_ranking_and_without_errors_it_is_certain(
    own: float, totals: list[float]
) -> None:
    rivals = fixed(totals)
    found = place_among(own, 0.0, rivals)
    ranked = rank({**dict(zip(rivals.units, totals, strict=True)), "own": own})["own"]
    assert ranked is not None
    assert (found.place, found.tied, found.of) == (ranked.place, ranked.tied, ranked.of)
    assert found.low == found.high == found.expected == found.place


@settings(deadline=None)
@given(totals=MANY, place=st.integers(1, 13))
def test_the_least_percent_for_a_place_reaches_it_and_less_does_not(totals: list[float], place: int) -> None:
    rivals = fixed(totals)
    least = rivals.least_for(place)
    if least is None:
        assert place > len(totals)
        return
    assert place_among(least, 0.0, rivals).place <= place
    if least > 0:
        assert place_among(least - 1e-6, 0.0, rivals).place > place


@settings(deadline=None)
@given(own=TOTALS, totals=MANY)
def test_the_order_of_the_rivals_changes_nothing(own: float, totals: list[float]) -> None:
    first, second = place_among(own, 1.0, fixed(totals)), place_among(own, 1.0, fixed(totals[::-1]))
    assert (first.place, first.low, first.high) == (second.place, second.low, second.high)


def test_the_interval_and_the_mean_place_agree_with_simulation() -> None:
    """40,000 draws of 20 independent normal totals; the mean within 4 of its standard errors."""
    dice = np.random.default_rng(11)
    percents, ses = dice.uniform(80, 90, 20), dice.uniform(0.2, 1.2, 20)
    ses[:5] = 0
    rivals = Rivals(tuple(map(str, range(20))), percents, ses)
    found = place_among(85.0, 0.7, rivals)
    own = dice.normal(85.0, 0.7, 40_000)
    drawn = 1 + (dice.normal(percents, ses, (40_000, 20)) > own[:, None]).sum(axis=1)
    assert found.expected == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 200)
    assert found.low is not None
    assert found.high is not None
    assert (drawn < found.low).mean() <= 0.03
    assert (drawn <= found.low).mean() >= 0.02
    assert (drawn > found.high).mean() <= 0.03
    assert (drawn >= found.high).mean() >= 0.02


def test_counts_of_events_are_those_of_every_combination() -> None:
    chances = np.array([0.1, 0.5, 0.9, 0.3])
    whole = np.zeros(5)
    for came in itertools.product((0, 1), repeat=4):
        whole[sum(came)] += math.prod(p if hit else 1 - p for p, hit in zip(chances, came, strict=True))
    assert exact_counts(chances[None])[0] == pytest.approx(whole, abs=1e-15)


def test_many_events_are_near_their_normal_limit() -> None:
    """Largest gap of the two distribution functions; Berry-Esseen bounds it by 0.56 / sd, here 0.08."""
    chances = np.random.default_rng(3).uniform(0.02, 0.98, (3, 300))
    gap = np.abs(np.cumsum(exact_counts(chances), axis=1) - np.cumsum(normal_counts(chances), axis=1))
    assert gap.max() < 0.003


def test_rivals_are_the_ranked_units_but_one_from_scores_as_from_arrays() -> None:
    criteria_set = built(leaf("s", 100, {"kind": "external_index", "index": "sipas"}))
    inputs = {"own": Measured(70.0), "x": Measured(80.0, se=0.5), "y": Measured(90.0)}
    scores = {unit: score(criteria_set, {"s": given}) for unit, given in inputs.items()}
    scores["z"] = score(criteria_set, {})
    one = Rivals.from_scores(scores, "own")
    arrays = np.array([70.0, 80.0, 90.0, np.nan]), np.array([np.nan, 0.5, np.nan, np.nan])
    other = Rivals.from_arrays(["own", "x", "y", "z"], *arrays, "own")
    for made in (one, other):
        assert (made.units, list(made.percents), made.unknown_errors) == (("x", "y"), [80.0, 90.0], 1)
        assert made.ses[0] == 0.5


def test_an_unknown_own_error_gives_a_place_and_no_interval() -> None:
    found = place_among(85, None, fixed([86, 84]))
    assert (found.place, found.low, found.high, found.expected) == (2, None, None, None)


def test_unknown_errors_of_rivals_are_counted_and_their_totals_stand() -> None:
    """Đắk Nông 2024 between a unit above and one below: printed totals have no known error."""
    rivals = Rivals.of({"Hòa Bình": (88.18, None), "Ninh Thuận": (85.98, None)})
    found = place_among(86.60, 0.0, rivals)
    assert (found.place, found.low, found.high, found.unknown_errors) == (2, 2, 2, 2)
    assert chance_ahead(86.60, 0.3, 85.98, None) is None


def test_the_chance_of_being_ahead_is_that_of_a_normal_difference() -> None:
    """Φ(0.5 / √(0.3² + 0.4²)) = Φ(1) = 0.841345 (tables of the normal distribution)."""
    assert chance_ahead(85.5, 0.3, 85.0, 0.4) == pytest.approx(0.841345, abs=1e-6)
    assert chance_ahead(85.0, 0.0, 85.0, 0.0) == 0.5
    assert chance_ahead(85.0, 0.0, 84.0, 0.0) == 1.0
    assert chance_ahead(85.0, None, 84.0, 0.1) is None


@settings(max_examples=40, deadline=None)
@given(
    own=st.floats(70, 90), more=st.floats(0, 5), totals=st.lists(st.floats(70, 90), min_size=2, max_size=9)
)
def test_a_better_total_has_no_worse_place_or_interval(own: float, more: float, totals: list[float]) -> None:
    rivals = Rivals.of({str(number): (total, 0.8) for number, total in enumerate(totals)})
    before, after = place_among(own, 0.5, rivals), place_among(own + more, 0.5, rivals)
    assert after.place <= before.place
    assert (after.low or 0) <= (before.low or 0)
    assert (after.high or 0) <= (before.high or 0)
    assert before.expected is not None
    assert after.expected is not None
    assert after.expected <= before.expected + 1e-9


def test_a_unit_alone_is_first_and_nothing_is_needed_for_it() -> None:
    alone = Rivals.of({})
    found = place_among(50, 0.5, alone)
    assert (found.place, found.low, found.high, found.of) == (1, 1, 1, 1)
    assert alone.least_for(1) is None
