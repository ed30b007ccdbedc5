"""Draws that anyone can repeat, their probabilities, and the weights that follow."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling import (
    DRAW_METHOD,
    Draw,
    Frame,
    FrameUnit,
    ImpossibleAllocation,
    InvalidFrame,
    InvalidSecondStage,
    SecondStage,
    allocate,
    base_weights,
    draw,
)

FIVE = ("c34-24733", "c34-24846", "c34-22918", "c34-23272", "c34-24611")
SEEDS = 6000


@st.composite
def frames(make: st.DrawFn) -> Frame:
    """Make frames of up to 40 units in up to 4 strata."""
    ids = make(st.lists(st.text("abcđ019-", min_size=1, max_size=6), min_size=1, max_size=40, unique=True))
    return Frame(tuple(FrameUnit(id_, make(st.sampled_from("ABCD"))) for id_ in ids))


def _draw(frame: Frame, share: float = 0.5, seed: str | int = "2025") -> Draw:
    least = sum(min(2, size) for size in frame.strata.values())
    total = least + round(share * (len(frame.units) - least))
    return draw(frame, allocate(frame.strata, total), seed)


def _ids(drawn: Draw) -> set[str]:
    return {unit.id for unit in drawn.units}


def test_the_draw_is_the_documented_algorithm() -> None:
    """Digests made by another program: printf '2025\\0c34-24733' | sha256sum (coreutils).

    1ab5… c34-24846, 37a0… c34-24611, 927a… c34-24733, e47f… c34-22918, fe72… c34-23272.
    """
    frame = Frame(tuple(FrameUnit(id_, "xã") for id_ in FIVE))
    drawn = draw(frame, {"xã": 3}, seed=2025)
    assert [(unit.place, unit.id) for unit in drawn.units] == [
        (1, "c34-24846"),
        (2, "c34-24611"),
        (3, "c34-24733"),
    ]
    assert (drawn.seed, drawn.method) == ("2025", DRAW_METHOD)


@given(frames(), st.floats(0, 1), st.text(max_size=10), st.randoms())
def test_the_same_seed_draws_the_same_units_whatever_the_order(
    frame: Frame, share: float, seed: str, chance: random.Random
) -> None:
    shuffled = list(frame.units)
    chance.shuffle(shuffled)
    assert _draw(Frame(tuple(shuffled)), share, seed) == _draw(frame, share, seed)


@given(frames(), st.floats(0, 1), st.text(max_size=10))
def test_inclusion_probabilities_sum_to_the_sample_size(frame: Frame, share: float, seed: str) -> None:
    drawn = _draw(frame, share, seed)
    total = sum(one.population * one.inclusion_probability for one in drawn.strata)
    assert total == pytest.approx(len(drawn.units), rel=1e-12)
    assert {one.stratum: one.population for one in drawn.strata} == frame.strata
    strata = {unit.id: unit.stratum for unit in frame.units}
    assert all(strata[unit.id] == unit.stratum for unit in drawn.units)
    assert Counter(unit.stratum for unit in drawn.units) == {one.stratum: one.drawn for one in drawn.strata}


@given(frames(), st.floats(0, 1), st.text(max_size=10))
def test_base_weights_sum_to_the_frame_and_undo_the_probabilities(
    frame: Frame, share: float, seed: str
) -> None:
    drawn = _draw(frame, share, seed)
    weights = base_weights(drawn)
    assert sum(one.weight for one in weights) == pytest.approx(len(frame.units), rel=1e-12)
    for one, unit in zip(weights, drawn.units, strict=True):
        assert (one.id, one.stratum) == (unit.id, unit.stratum)
        assert one.weight * unit.inclusion_probability == pytest.approx(1, rel=1e-12)


@given(frames(), st.integers(0, 10**6))
def test_a_larger_sample_of_the_same_seed_keeps_the_smaller_one(frame: Frame, seed: int) -> None:
    """A reserve sample is the next units of the same order, so that a replacement is never chosen by hand."""
    assert _ids(_draw(frame, 0.2, seed)) <= _ids(_draw(frame, 0.9, seed))


def test_each_unit_is_drawn_with_its_probability_over_the_seeds() -> None:
    """Monte Carlo over 6,000 fixed seeds; tolerance 4 standard errors √(π(1−π)/6000) for each of 12 units."""
    frame = Frame(tuple(FrameUnit(f"u{i}", "A" if i < 7 else "B") for i in range(12)))
    counts = Counter(id_ for seed in range(SEEDS) for id_ in _ids(draw(frame, {"A": 3, "B": 1}, seed)))
    for unit in frame.units:
        probability = 3 / 7 if unit.stratum == "A" else 1 / 5
        error = sqrt(probability * (1 - probability) / SEEDS)
        assert counts[unit.id] / SEEDS == pytest.approx(probability, abs=4 * error)


def test_every_set_of_units_is_equally_likely_over_the_seeds() -> None:
    """Simple random sampling: all 10 pairs of 5; Pearson's χ² with 9 df under 27.88 (its 0.999 quantile)."""
    frame = Frame(tuple(FrameUnit(id_, "xã") for id_ in FIVE))
    counts = Counter(frozenset(_ids(draw(frame, {"xã": 2}, seed))) for seed in range(SEEDS))
    expected = SEEDS / comb(5, 2)
    pairs = [frozenset(pair) for pair in combinations(FIVE, 2)]
    assert sum((counts[pair] - expected) ** 2 / expected for pair in pairs) < 27.88


def test_two_stage_weights_estimate_the_people_without_bias() -> None:
    """Horvitz-Thompson: over all draws the estimated number of people is the true one, within 4 Monte-Carlo errors."""
    people = {id_: 100 * place for place, id_ in enumerate(FIVE, start=1)}
    frame = Frame(tuple(FrameUnit(id_, "xã", people[id_]) for id_ in FIVE))
    stages = {id_: SecondStage(listed=people[id_], taken=20) for id_ in FIVE}
    totals = [
        sum(20 * one.weight for one in base_weights(draw(frame, {"xã": 2}, seed), stages))
        for seed in range(SEEDS)
    ]
    mean = sum(totals) / SEEDS
    error = sqrt(sum((total - mean) ** 2 for total in totals) / (SEEDS - 1) / SEEDS)
    assert mean == pytest.approx(sum(people.values()), abs=4 * error)


def test_a_stratum_left_out_of_the_allocation_is_not_drawn_and_has_probability_zero() -> None:
    frame = Frame((FrameUnit("a", "A"), FrameUnit("b", "B")))
    drawn = draw(frame, {"A": 1}, "x")
    assert _ids(drawn) == {"a"}
    assert [one.inclusion_probability for one in drawn.strata] == [1, 0]
    assert [one.weight for one in base_weights(drawn)] == [1]


@pytest.mark.parametrize("allocation", [{"A": 3}, {"A": -1}, {"C": 1}])
def test_an_allocation_that_the_frame_cannot_give_is_refused(allocation: dict[str, int]) -> None:
    with pytest.raises(ImpossibleAllocation):
        draw(Frame((FrameUnit("a", "A"), FrameUnit("b", "A"))), allocation, "x")


@pytest.mark.parametrize(
    "units",
    [
        (),
        (FrameUnit("a", "A"), FrameUnit("b", "B"), FrameUnit("a", "B")),
        (FrameUnit("", "A"),),
        (FrameUnit("a", ""),),
        (FrameUnit("a", "A", -1),),
    ],
)
def test_a_frame_that_would_bias_a_draw_is_refused(units: tuple[FrameUnit, ...]) -> None:
    with pytest.raises(InvalidFrame):
        Frame(units)


@pytest.mark.parametrize("stage", [{}, {"a": SecondStage(10, 0)}, {"a": SecondStage(10, 11)}])
def test_a_second_stage_that_cannot_be_is_refused(stage: dict[str, SecondStage]) -> None:
    drawn = draw(Frame((FrameUnit("a", "A"),)), {"A": 1}, "x")
    with pytest.raises(InvalidSecondStage):
        base_weights(drawn, stage)


def test_a_draw_names_the_frame_it_was_made_from() -> None:
    frame = Frame((FrameUnit("a", "A"), FrameUnit("b", "A")))
    moved = Frame((FrameUnit("a", "A"), FrameUnit("b", "B")))
    assert draw(frame, {}, "x").frame_sha256 == frame.sha256 != moved.sha256
