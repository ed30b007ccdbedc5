"""A place has an interval: simulated totals vary as their standard errors say, and so do ranks and bands."""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.aggregation.ranking import joint_ranks
from survey.rounding import round_half_up
from survey.scoring import (
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    Points,
    RankingSettings,
    Scores,
    TooCoarse,
    load_shipped,
    rank,
    score_units,
    shipped_scales,
)
from survey.scoring.chances import (
    BadDraws,
    Clarity,
    ImpossibleCorrelations,
    NotSimulated,
    RankChances,
    TotalDraws,
    UnitChances,
    chances_above,
    neighbour_chances,
    pair_chance,
    pair_sentence,
    rank_chances,
    simulate_totals,
)
from survey.scoring.chances.rounding import in_last_decimals
from survey.scoring.chances.sentences import SENTENCES
from survey.scoring.chances.totals import PHRASES
from survey.scoring.ranking import Tie
from tests.unit.scoring import sample
from tests.unit.scoring.generated import criteria_sets
from tests.unit.scoring.sample import built, leaf

BLOCKS = load_shipped("par-876-blocks")
ABC = shipped_scales()["abc"]


def province(
    appraised: float, survey: float = 0.8, sipas: float = 84.0, se: float = 1.0
) -> dict[str, LeafInput]:
    return {
        "appraisal": Points(appraised),
        "survey": MeasuredGroups(
            {
                "leaders": Measured(survey, se=0.01 * se, df=100, n=350, survey="leaders"),
                "delegates": Measured(survey, se=0.03 * se, df=40, n=50, survey="delegates"),
            }
        ),
        "sipas": Measured(sipas, se=0.6 * se, df=120, n=486, survey="sipas"),
    }


def provinces(*appraised: float, se: float = 1.0) -> Scores:
    return score_units(BLOCKS, {f"p{at}": province(one, se=se) for at, one in enumerate(appraised)})


def normal_draws(values: list[float], sd: float, *, draws: int = 20_000, seed: int = 3) -> TotalDraws:
    dice = np.random.default_rng(seed)
    drawn = np.array(values) + sd * dice.standard_normal((draws, len(values)))
    return TotalDraws.of([f"u{at}" for at in range(len(values))], values, drawn, seed=seed)


def assert_spread_as_propagated(scores: Scores, totals: TotalDraws) -> None:
    """The standard deviation of the draws, within six of its own Monte-Carlo standard errors."""
    se = np.array([scores.totals.percent_se[scores.units.index(unit)] for unit in totals.units])
    sd = totals.percent.std(axis=0)
    assert np.all(np.abs(sd - se) <= 6 * se / math.sqrt(2 * totals.draws) + 1e-9)
    mean = totals.percent.mean(axis=0)
    assert np.all(np.abs(mean - totals.value) <= 6 * se / math.sqrt(totals.draws) + 1e-9)


@pytest.mark.parametrize("rho", [None, 0.0, 0.4, 1.0])
def test_simulated_totals_spread_as_linear_propagation_says(rho: float | None) -> None:
    index = {"kind": "external_index", "index": "x"}
    kept = built(leaf("a", 40, index), leaf("b", 35, index), leaf("c", 25, index))
    told = {"a": Measured(60, se=2, df=50, survey="s"), "b": Measured(50, se=3, df=50, survey="s")}
    units = {
        "x": {**told, "c": Measured(70, se=4, survey="t")},
        "y": {**told, "c": Measured(40, se=4, survey="s")},
    }
    pairs = {} if rho is None else {("a", "b"): rho, ("a", "c"): rho, ("b", "c"): rho}
    scores = score_units(kept, units, correlations=pairs)
    assert_spread_as_propagated(scores, simulate_totals(scores, seed=5, draws=20_000))


def inner(kept: CriteriaSet, dice: random.Random) -> dict[str, LeafInput]:
    """Give every leaf an input; surveys lie far from the ends of their scales."""
    given: dict[str, LeafInput] = {}
    for node in kept.leaves():
        rule = node.rule
        assert rule is not None
        surveys = ["", "s1", "s2"]
        if rule.kind == "external_index":
            value = rule.scale * dice.uniform(0.3, 0.7)
            given[node.id] = Measured(value, se=rule.scale / 80, df=30, n=90, survey=dice.choice(surveys))
        elif rule.kind == "survey":
            given[node.id] = MeasuredGroups(
                {
                    name: Measured(dice.uniform(0.3, 0.7), se=0.02, df=30, n=90, survey=dice.choice(surveys))
                    for name in rule.groups
                }
            )
        else:
            given[node.id] = sample.given(node, dice.random())
    return given


@settings(max_examples=25, deadline=None)
@given(
    kept=criteria_sets(exemptions=False, kinds=("direct", "linear", "external_index", "survey")),
    dice=st.randoms(use_true_random=False),
)
def test_simulation_and_propagation_agree_on_any_set(kept: CriteriaSet, dice: random.Random) -> None:
    scores = score_units(kept, {f"u{at}": inner(kept, dice) for at in range(3)})
    assert_spread_as_propagated(scores, simulate_totals(scores, seed=1, draws=4000))


def test_a_survey_near_the_end_of_its_scale_is_held_there() -> None:
    totals = simulate_totals(score_units(BLOCKS, {"x": province(68, survey=0.999, sipas=99.9, se=5)}), seed=1)
    assert totals.percent.max() == 100
    assert totals.percent.min() > 60


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    scores = provinces(60, 61)
    first, again, other = (simulate_totals(scores, seed=seed, draws=50) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.percent, again.percent)
    assert not np.array_equal(first.percent, other.percent)
    assert (first.draws, first.seed) == (50, 1)


def test_the_chance_to_stand_above_is_that_of_two_normals() -> None:
    """P(X > Y) = Φ(1 / √2) for X ~ N(61, 1) and Y ~ N(60, 1), independent."""
    totals = normal_draws([60.0, 61.0], 1.0)
    chance = pair_chance(totals, "u0", "u1")
    assert (chance.first, chance.second, chance.gap) == ("u1", "u0", 1.0)
    expected = stats.norm.cdf(1 / math.sqrt(2))
    assert abs(chance.above + chance.tied / 2 - expected) < 4 * chance.monte_carlo_se
    assert chance.above + chance.tied + chance.below == pytest.approx(1)
    assert chances_above(totals, "u1")[0] == chance.above
    assert math.isnan(chances_above(totals, "u1")[1])


def test_the_probability_of_a_band_is_the_normal_s() -> None:
    """P(A) = P(value ≥ 89.995) for N(90.2, 0.4): group A begins at 90.00 on two decimals."""
    chances = rank_chances(normal_draws([90.2], 0.4), bands=ABC)
    expected = 1 - stats.norm.cdf((89.995 - 90.2) / 0.4)
    found = chances.of("u0").bands
    assert list(found) == ["A", "B", "C", "D"]
    assert abs(found["A"] - expected) < 4 * math.sqrt(expected * (1 - expected) / chances.draws)
    assert sum(found.values()) == pytest.approx(1)


def test_a_scale_without_thresholds_gives_no_probability_of_a_band() -> None:
    chances = rank_chances(normal_draws([90.2], 0.4), bands=shipped_scales()["tot-kha-trung-binh"])
    assert chances.of("u0").bands == {}


def test_the_probabilities_of_places_add_up() -> None:
    chances = rank_chances(normal_draws([60.0, 60.5, 61.0, 70.0], 1.0), settings=RankingSettings(places=9))
    assert chances.probability.sum(axis=1) == pytest.approx(1)
    assert chances.probability.sum(axis=0) == pytest.approx(1)
    assert chances.probability[3, 0] == 1
    assert [chances.of(unit).place for unit in chances.units] == [4, 3, 2, 1]


def test_units_far_apart_have_one_place_and_equal_units_have_all() -> None:
    apart = rank_chances(normal_draws([50.0, 60.0, 70.0], 0.1))
    assert [(one.low, one.high, one.joint_low, one.joint_high) for one in each(apart)] == [
        (3, 3, 3, 3),
        (2, 2, 2, 2),
        (1, 1, 1, 1),
    ]
    equal = rank_chances(normal_draws([60.0, 60.0, 60.0], 1.0))
    assert [(one.low, one.high, one.joint_low, one.joint_high) for one in each(equal)] == [(1, 3, 1, 3)] * 3
    assert [one.place for one in each(equal)] == [1, 1, 1]


def each(chances: RankChances) -> list[UnitChances]:
    return [chances.of(unit) for unit in chances.units]


def test_joint_intervals_are_those_of_klein_wright_and_wieczorek_with_the_quantile_of_the_draws() -> None:
    """Against survey.aggregation.ranking.joint_ranks (Šidák's quantile, exact for independent normals)."""
    values = [50.0, 50.4, 51.5, 53.0, 53.1, 57.0, 57.2, 60.0]
    chances = rank_chances(normal_draws(values, 0.5, draws=100_000))
    sidak = joint_ranks(values, [0.5] * len(values))
    assert chances.joint_quantile == pytest.approx(stats.norm.ppf((1 + 0.95 ** (1 / 8)) / 2), abs=0.02)
    assert tuple(chances.joint_low.tolist()) == sidak.low
    assert tuple(chances.joint_high.tolist()) == sidak.high


def test_joint_intervals_hold_all_true_ranks_as_often_as_they_say() -> None:
    """400 repetitions; coverage at least the level less three of its standard errors."""
    truth = np.array([50, 50.5, 51, 52, 53, 53.2, 55, 58], dtype=float)
    dice, held = np.random.default_rng(11), 0
    ranks = np.array([place.place for place in rank(dict(enumerate(truth))).values() if place])  # type: ignore[arg-type]  # numbers name the units
    for _ in range(400):
        measured = truth + 0.6 * dice.standard_normal(truth.size)
        drawn = measured + 0.6 * dice.standard_normal((500, truth.size))
        chances = rank_chances(TotalDraws.of([str(at) for at in range(8)], measured, drawn), level=0.9)
        held += bool(np.all((chances.joint_low <= ranks) & (ranks <= chances.joint_high)))
    assert held / 400 >= 0.9 - 3 * math.sqrt(0.9 * 0.1 / 400)


@settings(max_examples=40, deadline=None)
@given(
    appraised=st.lists(st.floats(40, 68), min_size=2, max_size=7),
    dice=st.randoms(use_true_random=False),
    tie=st.sampled_from(["competition", "dense", "range"]),
)
def test_intervals_hold_the_place_and_the_order_of_the_units_changes_nothing(
    appraised: list[float], dice: random.Random, tie: Tie
) -> None:
    units = {f"p{at}": province(one) for at, one in enumerate(appraised)}
    shuffled = list(units.items())
    dice.shuffle(shuffled)
    kept = RankingSettings(tie=tie)
    first, second = (
        rank_chances(simulate_totals(score_units(BLOCKS, one), seed=1, draws=300), settings=kept, bands=ABC)
        for one in (units, dict(shuffled))
    )
    ranks = rank(score_units(BLOCKS, units).percents(), tie=tie)
    for unit in units:
        one, other = first.of(unit), second.of(unit)
        assert one == other
        place = ranks[unit]
        assert place is not None
        assert one.place == place.place
        assert one.joint_low <= one.place <= one.joint_high
        assert 1 <= one.low <= one.high <= len(units)


@pytest.mark.parametrize(
    ("tie", "places", "expected"),
    [
        ("competition", 2, [1, 1, 3]),
        ("range", 2, [1, 1, 3]),
        ("dense", 2, [1, 1, 2]),
        ("competition", 3, [1, 2, 3]),
    ],
)
def test_the_tie_rule_and_the_rounding_decide_each_draw_and_stand_in_the_result(
    tie: Tie, places: int, expected: list[int]
) -> None:
    values = [90.004, 90.001, 80.0]
    totals = TotalDraws.of(["a", "b", "c"], values, [values] * 4)
    kept = RankingSettings(tie=tie, places=places)
    chances = rank_chances(totals, settings=kept)
    assert chances.settings == kept
    assert chances.place.tolist() == chances.low.tolist() == chances.high.tolist() == expected
    assert [chances.probability[at, place - 1] for at, place in enumerate(expected)] == [1, 1, 1]


def test_places_are_not_decided_on_fewer_than_two_decimals() -> None:
    with pytest.raises(TooCoarse):
        rank_chances(normal_draws([1.0], 1.0), settings=RankingSettings(places=1))


@given(st.decimals(0, 999, places=6), st.integers(2, 4))
def test_figures_round_together_as_they_round_alone(figure: object, places: int) -> None:
    value = float(figure)  # type: ignore[arg-type]  # a Decimal
    assert in_last_decimals(np.array([value, -value]), places) == pytest.approx(
        [round_half_up(one, places) * 10**places for one in (value, -value)], abs=1e-6
    )


@pytest.mark.parametrize("sipas", [Measured(84.0), Measured(84.0, se=0.6, df=0)])
def test_a_unit_whose_error_is_unknown_can_have_any_place_and_so_widens_the_others(sipas: Measured) -> None:
    units = {"a": province(60), "b": province(50), "c": {**province(55), "sipas": sipas}}
    chances = rank_chances(simulate_totals(score_units(BLOCKS, units), seed=1), bands=ABC)
    unknown = chances.of("c")
    assert (unknown.low, unknown.high, unknown.joint_low, unknown.joint_high) == (1, 3, 1, 3)
    assert (unknown.flags, unknown.bands) == (("no_error",), {})
    assert [(one.low, one.high) for one in (chances.of("a"), chances.of("b"))] == [(1, 2), (2, 3)]
    assert np.isnan(chances.probability[chances.units.index("c")]).all()
    told = pair_sentence(pair_chance(simulate_totals(score_units(BLOCKS, units), seed=1), "a", "c"))
    assert told.verdict == "unknown"
    assert "Chưa biết sai số của c," in told.texts["vi"]


def test_a_unit_without_a_total_is_not_among_the_places() -> None:
    units = {"a": province(60), "b": {"appraisal": Points(50)}}
    totals = simulate_totals(score_units(BLOCKS, units), seed=1)
    assert totals.units == ("a",)
    with pytest.raises(NotSimulated):
        pair_chance(totals, "a", "b")
    with pytest.raises(NotSimulated):
        rank_chances(totals).of("b")


def test_without_surveys_every_place_is_certain() -> None:
    kept = built(leaf("a", 100))
    scores = score_units(kept, {"x": {"a": Points(91)}, "y": {"a": Points(79)}})
    totals = simulate_totals(scores, seed=1, draws=10)
    chances = rank_chances(totals, bands=kept.bands)
    assert [(chances.of(unit).low, chances.of(unit).high) for unit in "xy"] == [(1, 1), (2, 2)]
    assert chances.of("x").bands["A"] == chances.of("y").bands["C"] == 1
    assert pair_sentence(pair_chance(totals, "x", "y")).verdict == "exact"


def test_errors_that_two_units_share_leave_their_order_certain() -> None:
    """Draws given by another room: the same respondents judged both units, so both move together."""
    scores = score_units(BLOCKS, {"x": province(60), "y": province(59.5)})
    shock = 5 * np.random.default_rng(1).standard_normal((2000, 1))
    together = simulate_totals(
        scores, seed=1, draws=2000, given={("sipas", ""): 84 + shock * np.ones((1, 2))}
    )
    apart = simulate_totals(
        scores,
        seed=1,
        draws=2000,
        given={("sipas", ""): 84 + 5 * np.random.default_rng(2).standard_normal((2000, 2))},
    )
    assert "some leaves drawn as given" in together.method
    assert pair_chance(together, "x", "y").above > pair_chance(apart, "x", "y").above + 0.05


def test_given_draws_of_nothing_leave_the_error_unknown() -> None:
    drawn = np.column_stack([np.full(20, 84.0), np.full(20, np.nan)])
    scores = score_units(BLOCKS, {"x": province(60), "y": province(59)})
    totals = simulate_totals(scores, seed=1, draws=20, given={("sipas", ""): drawn})
    assert totals.has_error.tolist() == [True, False]
    assert np.isfinite(totals.percent).all()


def test_results_cannot_be_changed_afterwards() -> None:
    scores = provinces(60, 61)
    totals = simulate_totals(scores, seed=1, draws=20)
    chances = rank_chances(totals)
    for array in (
        scores.totals.percent,
        scores.sums.points,
        totals.percent,
        chances.probability,
        chances.low,
    ):
        assert not array.flags.writeable


@pytest.mark.parametrize(
    ("draws", "seed", "given"),
    [
        (0, 1, {}),
        (10, -1, {}),
        (10, 1, {("sipas", ""): np.zeros((9, 2))}),
        (10, 1, {("appraisal", ""): np.zeros((10, 2))}),
    ],
)
def test_a_simulation_that_cannot_be_run_is_refused(
    draws: int, seed: int, given: Mapping[tuple[str, str], np.ndarray]
) -> None:
    with pytest.raises(BadDraws):
        simulate_totals(provinces(60, 61), seed=seed, draws=draws, given=given)


@pytest.mark.parametrize(
    ("units", "value", "drawn"),
    [
        (["a"], [1.0], [[1.0, 2.0]]),
        (["a"], [1.0], [1.0]),
        (["a"], [math.nan], [[1.0]]),
        (["a", "a"], [1.0, 2.0], [[1.0, 2.0]]),
        (["a"], [1.0], np.zeros((0, 1))),
    ],
)
def test_draws_that_do_not_fit_are_refused(units: list[str], value: list[float], drawn: object) -> None:
    with pytest.raises(BadDraws):
        TotalDraws.of(units, value, drawn)  # type: ignore[arg-type]  # also what is no array


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_level_is_between_0_and_1(level: float) -> None:
    with pytest.raises(BadDraws):
        rank_chances(normal_draws([1.0], 1.0), level=level)


def test_correlations_that_cannot_all_hold_are_refused() -> None:
    """a and b move as c does, so they cannot be opposed to each other."""
    index = {"kind": "external_index", "index": "x"}
    kept = built(leaf("a", 40, index), leaf("b", 35, index), leaf("c", 25, index))
    unit = {name: Measured(50, se=2, survey="s") for name in "abc"}
    scores = score_units(kept, {"x": unit}, correlations={("a", "b"): -1.0})
    with pytest.raises(ImpossibleCorrelations):
        simulate_totals(scores, seed=1, draws=10)


def test_neighbours_go_down_the_list() -> None:
    chances = neighbour_chances(normal_draws([60.0, 62.0, 61.0], 1.0))
    assert [(one.first, one.second) for one in chances] == [("u1", "u2"), ("u2", "u0")]


@pytest.mark.parametrize(
    ("gap", "verdict"), [(4.0, "clear"), (1.8, "likely"), (0.3, "within_error"), (0.0, "tied")]
)
def test_a_sentence_says_whether_the_difference_is_more_than_the_error(gap: float, verdict: str) -> None:
    """sd of the difference √2: P = Φ(gap/√2) = 0.998, 0.898, 0.584."""
    told = pair_sentence(pair_chance(normal_draws([60.0, 60.0 + gap], 1.0), "u0", "u1"))
    assert told.verdict == verdict
    assert told.clarity == Clarity(0.95, 0.80)


def test_the_thresholds_of_a_sentence_can_be_set() -> None:
    chance = pair_chance(normal_draws([60.0, 61.8], 1.0), "u0", "u1")
    verdicts = [
        pair_sentence(chance, clarity=Clarity(clear, likely)).verdict
        for clear, likely in ((0.8, 0.7), (0.95, 0.8), (0.99, 0.95))
    ]
    assert verdicts == ["clear", "likely", "within_error"]


def test_the_sentence_about_neighbours_within_the_error_reads_as_officials_write() -> None:
    chance = pair_chance(normal_draws([86.6, 86.72], 1.0), "u0", "u1")
    names = {"u0": "Đắk Nông", "u1": "Gia Lai"}
    texts = pair_sentence(chance, names=names).texts
    part = f"{round_half_up(100 * chance.above, 0):.0f}"
    assert texts["vi"] == (
        "Chênh lệch 0,12 điểm phần trăm giữa Gia Lai và Đắk Nông nằm trong sai số: "
        f"khả năng Gia Lai thực sự cao hơn là {part}%."
    )
    assert texts["en"].startswith("The difference of 0.12 percentage points between Gia Lai and Đắk Nông")


def test_a_sentence_never_calls_a_draw_certain() -> None:
    texts = pair_sentence(pair_chance(normal_draws([50.0, 90.0], 1.0), "u0", "u1")).texts
    assert "trên 99%" in texts["vi"]
    assert "above 99 %" in texts["en"]


def test_every_sentence_and_phrase_is_in_composed_vietnamese() -> None:
    written = [text for pair in SENTENCES.values() for text in pair] + list(PHRASES.values())
    assert all(unicodedata.normalize("NFC", text) == text for text in written)
    methods = [
        simulate_totals(provinces(60, 61), seed=1, draws=2).method,
        simulate_totals(
            score_units(BLOCKS, {"x": province(60)}, correlations={("survey", "sipas"): 0.5}),
            seed=1,
            draws=2,
            given={("sipas", ""): np.full((2, 1), 84.0)},
        ).method,
        normal_draws([1.0], 1.0).method,
    ]
    assert {phrase for method in methods for phrase in method.split("; ")} == set(PHRASES)


def test_a_block_is_placed_among_its_own() -> None:
    totals = simulate_totals(provinces(60, 50, 40), seed=1)
    chances = rank_chances(totals.only({"p0", "p2"}))
    assert (chances.units, chances.place.tolist()) == (("p0", "p2"), [1, 2])
