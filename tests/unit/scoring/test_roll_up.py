"""Scores roll up honestly: unknown is not 0, exemption rescales, survey error reaches the total."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.scoring import (
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    RefusedInputs,
    load_shipped,
    rank,
    score,
    score_units,
)
from survey.scoring.rules_counted import Choice, Steps
from tests.unit.scoring import sample
from tests.unit.scoring.sample import all_given, built, leaf, node

ILLUSTRATION = load_shipped("par-illustration")
BLOCKS = load_shipped("par-876-blocks")
BEST = {"7.3": 50.0, "7.4": 0.0}
INSIDE = [leaf.id for leaf in ILLUSTRATION.leaves() if not leaf.outside_base]


def blocks(**more: LeafInput) -> dict[str, LeafInput]:
    whole: dict[str, LeafInput] = {
        "appraisal": Points(60),
        "survey": MeasuredGroups(
            {
                "leaders": Measured(0.8, se=0.01, df=100, n=350, survey="leaders"),
                "delegates": Measured(0.7, se=0.03, df=40, n=50, survey="delegates"),
            }
        ),
        "sipas": Measured(83.94, se=0.6, df=120, n=486, survey="sipas"),
    }
    return whole | more


def test_an_unknown_leaf_is_never_0() -> None:
    made = score(BLOCKS, {"appraisal": Points(60), "sipas": Measured(83.94)})
    assert (made.percent, made.points, made.band, made.complete) == (None, None, None, False)
    assert made.missing == ("survey",)
    assert made.total.known_points == pytest.approx(68.394)
    assert (made.total.known_maximum, made.total.at_most) == (78, pytest.approx(90.394))
    assert made.nodes["appraisal"].percent == pytest.approx(60 / 68 * 100)


def test_nothing_known_is_not_nothing_earned() -> None:
    made = score(ILLUSTRATION, {})
    assert made.total.points is None
    assert len(made.missing) == len(ILLUSTRATION.leaves())


def test_an_area_whose_points_are_only_partly_in_the_tree_stays_unknown() -> None:
    """Decision 876: area 8 is 16.5 points, of which the tree knows only SIPAS's 10."""
    made = score(BLOCKS, blocks())
    assert made.complete
    area = made.parts["area-8"]
    assert (area.points, area.complete, area.maximum) == (None, False, 16.5)
    assert area.known_points == pytest.approx(8.394)
    assert (made.parts["area-3"].maximum, made.parts["area-3"].points) == (None, None)
    assert made.cuts == {"areas": tuple(f"area-{number}" for number in range(1, 9))}


def test_the_error_of_the_total_is_linear_propagation_over_independent_surveys() -> None:
    """By hand: pooled weights 350/400 and 50/400; se² = (22·w·se)² summed + (10·0.6/100)²."""
    made = score(BLOCKS, blocks())
    parts = [22 * 350 / 400 * 0.01, 22 * 50 / 400 * 0.03, 10 * 0.6 / 100]
    total = sum(part**2 for part in parts)
    assert made.percent_se == pytest.approx(math.sqrt(total), rel=1e-12)
    spent = sum(part**4 / df for part, df in zip(parts, (100, 40, 120), strict=True))
    low, high = made.percent_ci or (0, 0)
    half = stats.t.ppf(0.975, total**2 / spent) * math.sqrt(total)
    assert (high - low) / 2 == pytest.approx(half, rel=1e-9)
    assert (low + high) / 2 == pytest.approx(made.percent, rel=1e-12)
    assert made.nodes["appraisal"].se == 0


def test_propagation_agrees_with_simulation() -> None:
    """Monte-Carlo of 1,500 draws; the simulated sd lies within 4 of its own standard errors."""
    made = score(BLOCKS, blocks())
    dice = random.Random(5)
    draws = []
    for _ in range(1500):
        drawn = MeasuredGroups(
            {
                "leaders": Measured(dice.gauss(0.8, 0.01), n=350),
                "delegates": Measured(dice.gauss(0.7, 0.03), n=50),
            }
        )
        draws.append(score(BLOCKS, blocks(survey=drawn, sipas=Measured(dice.gauss(83.94, 0.6)))).percent or 0)
    sd = math.sqrt(sum((draw - sum(draws) / 1500) ** 2 for draw in draws) / 1499)
    assert made.percent_se is not None
    assert abs(sd - made.percent_se) < 4 * made.percent_se / math.sqrt(2 * 1500)


def two_leaves_of_one_survey(correlations: dict[tuple[str, str], float] | None) -> float | None:
    rule = {"kind": "survey", "weighting": "pooled", "groups": sample.groups("leaders")}
    criteria_set = built(leaf("a", 40, rule), leaf("b", 60, rule))
    inputs = {name: Measured(0.5, se=0.02, df=30, survey="r1") for name in ("a", "b")}
    return score(criteria_set, inputs, correlations=correlations).percent_se


@pytest.mark.parametrize(
    ("correlations", "se"),
    [(None, 0.8 + 1.2), ({("a", "b"): 0.0}, math.hypot(0.8, 1.2)), ({("b", "a"): 1.0}, 2.0)],
)
def test_leaves_of_one_survey_are_not_taken_as_independent(
    correlations: dict[tuple[str, str], float] | None, se: float
) -> None:
    """se = √(s₁² + s₂² + 2ρs₁s₂) with s = 0.8 and 1.2 points; ρ = 1 unless given."""
    assert two_leaves_of_one_survey(correlations) == pytest.approx(se, rel=1e-12)


@pytest.mark.parametrize("error", [Measured(80), Measured(80, se=1.0, df=0)])
def test_an_unknown_error_is_not_an_error_of_0(error: Measured) -> None:
    made = score(BLOCKS, blocks(sipas=error))
    assert made.complete
    assert made.percent_ci is None
    assert made.nodes["sipas"].ci is None


def test_an_interval_does_not_leave_what_can_be_had() -> None:
    made = score(BLOCKS, blocks(sipas=Measured(99.9, se=2.0)))
    assert made.nodes["sipas"].ci is not None
    assert made.nodes["sipas"].ci[1] == 10


def test_a_simulated_input_marks_everything_above_it() -> None:
    made = score(BLOCKS, blocks(sipas=Measured(80, simulated=True)))
    assert made.simulated
    assert made.nodes["sipas"].simulated
    assert made.parts["area-8"].simulated
    assert not made.nodes["appraisal"].simulated


def test_an_illustration_is_marked_and_its_blocks_are_68_22_10() -> None:
    made = score(ILLUSTRATION, all_given(ILLUSTRATION, 1.0), best=BEST)
    assert made.is_illustration
    assert [made.parts[name].points for name in made.cuts["blocks"]] == pytest.approx([68, 22, 10])
    assert (made.total.points, made.percent, made.bonus) == (pytest.approx(100), pytest.approx(100), 2)
    assert made.band is not None
    assert made.band.id == "A"


def test_an_exempted_area_leaves_both_raw_and_rescaled_points() -> None:
    """Hà Nam 2023 exempts units without procedures from area 3; raw 43 of 86 is 50 of 100."""
    tree = [leaf("1", 86), node("3", 14, leaf("3.1", 14), exemptible=True)]
    made = score(built(*tree), {"1": Points(43), "3": NotApplicable("không có thủ tục")})
    assert (made.points, made.rescaled, made.percent) == (43, 50, 50)
    assert (made.total.applicable, made.exempt) == (86, {"3": "không có thủ tục"})
    assert made.nodes["3"].exempt
    assert made.nodes["3"].points is None
    assert made.complete


def test_a_survey_block_that_was_not_held_rescales_the_appraised_result() -> None:
    """Hà Nội's district offices: survey optional 30 of 100; without it the rest is rescaled."""
    tree = [leaf("appraised", 70), leaf("survey", 30, exemptible=True)]
    made = score(built(*tree), {"appraised": Points(62.62), "survey": NotApplicable("không khảo sát")})
    assert made.percent == pytest.approx(62.62 / 70 * 100)


def test_the_error_is_rescaled_with_the_points() -> None:
    tree = [leaf("a", 60, {"kind": "external_index", "index": "sipas"}), leaf("b", 40, exemptible=True)]
    made = score(built(*tree), {"a": Measured(80, se=1.0), "b": NotApplicable("x")})
    assert (made.total.se, made.percent_se) == (pytest.approx(0.6), pytest.approx(1.0))


def test_an_exempted_area_takes_no_inputs_and_not_everything_can_be_exempted() -> None:
    tree = [node("1", 60, leaf("1.1", 60), exemptible=True), leaf("2", 40, exemptible=True)]
    for inputs, code in (
        ({"1": NotApplicable("x"), "1.1": Points(5)}, "input_below_exempt"),
        ({"1": NotApplicable("x"), "2": NotApplicable("x")}, "nothing_left"),
    ):
        with pytest.raises(RefusedInputs) as caught:
            score(built(*tree), inputs)
        assert [problem.code for problem in caught.value.problems] == [code]


@given(share=st.floats(0, 1), exempted=st.floats(1, 99))
def test_renormalisation_is_neutral_when_the_exempted_part_is_proportional(
    share: float, exempted: float
) -> None:
    criteria_set = built(leaf("a", 100 - exempted), leaf("b", exempted, exemptible=True))
    earned = {"a": Points(share * (100 - exempted))}
    whole = score(criteria_set, earned | {"b": Points(share * exempted)})
    part = score(criteria_set, earned | {"b": NotApplicable("x")})
    assert part.percent == pytest.approx(whole.percent, abs=1e-9)


LEVELS = st.lists(st.floats(0, 1), min_size=len(INSIDE), max_size=len(INSIDE))


def at(levels: list[float]) -> dict[str, LeafInput]:
    leaves = {leaf.id: leaf for leaf in ILLUSTRATION.leaves()}
    made = {name: sample.given(leaves[name], level) for name, level in zip(INSIDE, levels, strict=True)}
    return made | {"9": Points(0)}


@settings(max_examples=60, deadline=None)
@given(levels=LEVELS)
def test_no_node_passes_its_maximum_or_falls_below_0(levels: list[float]) -> None:
    made = score(ILLUSTRATION, at(levels), best=BEST)
    for one in [*made.nodes.values(), *made.parts.values(), made.total]:
        if one.id != "9":
            assert one.points is not None
            assert one.maximum is not None
            assert 0 <= one.points <= one.maximum
            assert one.percent is not None
            assert 0 <= one.percent <= 100
            assert one.ci is not None
            assert one.ci[0] <= one.points <= one.ci[1] or one.se
    assert made.percent is not None
    assert 0 <= made.percent <= 100


@settings(max_examples=60, deadline=None)
@given(levels=LEVELS, which=st.integers(0, len(INSIDE) - 1), better=st.floats(0, 1))
def test_a_better_leaf_never_lowers_the_total(levels: list[float], which: int, better: float) -> None:
    raised = [max(level, better) if place == which else level for place, level in enumerate(levels)]
    before, after = (score(ILLUSTRATION, at(one), best=BEST) for one in (levels, raised))
    assert before.percent is not None
    assert after.percent is not None
    assert after.percent >= before.percent - 1e-9


@settings(max_examples=30, deadline=None)
@given(levels=LEVELS)
def test_the_areas_and_the_blocks_are_two_cuts_of_the_same_points(levels: list[float]) -> None:
    made = score(ILLUSTRATION, at(levels), best=BEST)
    tops = [one.points or 0 for one in made.nodes.values() if one.depth == 1 and one.id != "9"]
    cut = [made.parts[name].points or 0 for name in made.cuts["blocks"]]
    assert sum(tops) == pytest.approx(sum(cut), abs=1e-9)
    assert sum(cut) == pytest.approx(made.total.points, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(units=st.lists(LEVELS, min_size=2, max_size=4), seed=st.randoms())
def test_the_order_of_the_units_changes_nothing(units: list[list[float]], seed: random.Random) -> None:
    named = {f"unit-{number}": at(levels) for number, levels in enumerate(units)}
    shuffled = list(named.items())
    seed.shuffle(shuffled)
    first, second = score_units(ILLUSTRATION, named), score_units(ILLUSTRATION, dict(shuffled))
    assert first == second
    percents = {unit: one.percent for unit, one in first.items()}
    assert rank(percents) == rank({unit: percents[unit] for unit, _ in shuffled})


def test_the_illustration_uses_every_kind_of_rule() -> None:
    kinds = {leaf.rule.kind for leaf in ILLUSTRATION.leaves() if leaf.rule}
    assert kinds == {
        "direct",
        "choice",
        "steps",
        "linear",
        "threshold_linear",
        "count",
        "normalised",
        "external_index",
        "survey",
        "bonus_penalty",
    }
    assert {type(leaf.rule) for leaf in ILLUSTRATION.leaves()} >= {Choice, Steps}
