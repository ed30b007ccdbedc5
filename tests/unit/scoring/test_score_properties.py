"""What holds for every criteria set and every unit, whatever its rules."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.rounding import round_half_up
from survey.scoring import (
    Count,
    CriteriaSet,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    RankingSettings,
    check,
    rank,
    score_units,
)
from survey.scoring.criteria import Criterion
from survey.scoring.refusals import is_exempt
from survey.scoring.rules_counted import Normalised, Steps
from tests.unit.scoring import sample
from tests.unit.scoring.generated import criteria_sets, documents, unit_inputs
from tests.unit.scoring.sample import built, leaf

DICE = st.randoms(use_true_random=False)


@settings(max_examples=20, deadline=None)
@given(documents())
def test_the_sets_that_are_generated_pass_the_checker(document: dict[str, Any]) -> None:
    assert check(sample.raw(document)) == []


def is_non_decreasing(node: Criterion) -> bool:
    """Say whether more is never worth less: not where fewer is better."""
    match node.rule:
        case Steps():
            worth = [points for _, points in node.rule.steps]
            return worth == sorted(worth)
        case Normalised():
            return node.rule.higher_is_better
        case _:
            return True


def level(given: LeafInput, node: Criterion, to: float) -> LeafInput:
    """Make an input of the same kind for a level from 0, the worst, to 1."""
    rule: Any = node.rule
    if rule.kind == "survey":
        return MeasuredGroups({name: Measured(to, se=0.01, n=10) for name in rule.groups})
    if rule.kind == "steps" and rule.of == "count":
        return Count(100 * to)
    if rule.kind == "bonus_penalty":
        return Points(rule.lowest + to * (rule.highest - rule.lowest))
    return sample.given(node, to)


@settings(max_examples=60, deadline=None)
@given(kept=criteria_sets(), dice=DICE, low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_better_leaf_never_lowers_any_sum(
    kept: CriteriaSet, dice: random.Random, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    worse = unit_inputs(kept, dice, missing=0.0)
    raised = [node for node in kept.leaves() if node.id in worse and is_non_decreasing(node)]
    raised = [node for node in raised if not isinstance(worse[node.id], NotApplicable)]
    assume(raised)
    node = dice.choice(raised)
    better = {**worse, node.id: level(worse[node.id], node, high)}
    worse = {**worse, node.id: level(worse[node.id], node, low)}
    found = score_units(kept, {"worse": worse, "better": better})
    for figures in (found.sums.points, found.totals.percent[None], found.sums.percent):
        steps = np.diff(figures, axis=1)
        assert np.all((steps >= -1e-9) | np.isnan(steps))


@settings(max_examples=60, deadline=None)
@given(kept=criteria_sets(), dice=DICE)
def test_nothing_passes_its_maximum_or_what_the_set_allows(kept: CriteriaSet, dice: random.Random) -> None:
    found = score_units(kept, {f"u{at}": unit_inputs(kept, dice) for at in range(5)})
    inside = np.array([branch.has_percent for branch in found.held.tree.branches])
    points, applicable = found.sums.points[inside], found.sums.applicable[inside]
    assert np.all((points <= applicable) | np.isnan(points) | np.isnan(applicable))
    assert np.all((points >= 0) | np.isnan(points))
    maxima = np.array([branch.maximum for branch in found.held.tree.branches])[:, None]
    assert np.all((found.sums.points <= maxima + 1e-9) | np.isnan(found.sums.points))
    if kept.bounded:
        percent = found.totals.percent[~np.isnan(found.totals.percent)]
        assert np.all((percent >= 0) & (percent <= 100 + 1e-9))


@settings(max_examples=60, deadline=None)
@given(kept=criteria_sets(kinds=("direct",)), share=st.floats(0, 1), dice=DICE)
def test_exempting_a_part_that_earned_its_proportion_changes_no_percent(
    kept: CriteriaSet, share: float, dice: random.Random
) -> None:
    whole: dict[str, LeafInput] = {node.id: Points(share * (node.maximum or 0)) for node in kept.leaves()}
    part = dict(whole)
    for node in kept.walk():
        if node.exemptible and dice.random() < 0.3 and all(leaf.id in part for leaf in node.leaves()):
            for below in node.walk():
                part.pop(below.id, None)
            part[node.id] = NotApplicable("minh họa")
    assume(not all(is_exempt(node, part) for node in kept.tree))
    percents = score_units(kept, {"whole": whole, "part": part}).percents()
    assert percents["part"] == pytest.approx(percents["whole"], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(kept=criteria_sets(), dice=DICE)
def test_the_order_of_the_units_changes_no_figure_and_no_place(
    kept: CriteriaSet, dice: random.Random
) -> None:
    units = {f"u{at}": unit_inputs(kept, dice) for at in range(6)}
    shuffled = list(units.items())
    dice.shuffle(shuffled)
    first, second = score_units(kept, units), score_units(kept, dict(shuffled))
    order = [second.units.index(unit) for unit in first.units]
    np.testing.assert_array_equal(first.sums.points, second.sums.points[:, order])
    np.testing.assert_array_equal(first.totals.percent, second.totals.percent[order])
    assert first.ranks() == second.ranks()
    assert first.bands() == second.bands()


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 100) | st.sampled_from([50.0, 50.004, 50.006])))
def test_equal_units_share_the_first_place_of_theirs(values: Mapping[str, float]) -> None:
    """Competition ranking: one more than the units above, on two decimals."""
    shown = {unit: round_half_up(value) for unit, value in values.items()}
    for unit, place in rank(values).items():
        assert place is not None
        assert place.place == 1 + sum(other > shown[unit] for other in shown.values())


def test_ranks_of_many_units_follow_the_set_s_own_tie_rule_rounding_and_tie_break() -> None:
    """Equal totals of 80: b is placed before a by leaf 2; c differs in the third decimal."""
    settings = {"tie": "competition", "places": 3, "tie_break": ["2"]}
    kept = built(leaf("1", 60), leaf("2", 40), ranking=settings)
    given: dict[str, dict[str, LeafInput]] = {
        "a": {"1": Points(50), "2": Points(30)},
        "b": {"1": Points(45), "2": Points(35)},
        "c": {"1": Points(50.001), "2": Points(30)},
        "d": {},
    }
    found = score_units(kept, given)
    assert kept.ranking == RankingSettings("competition", 3, ("2",))
    assert {unit: place and place.place for unit, place in found.ranks().items()} == {
        "a": 3,
        "b": 2,
        "c": 1,
        "d": None,
    }
    assert {unit: place and place.place for unit, place in found.ranks("2").items()} == {
        "a": 2,
        "b": 1,
        "c": 2,
        "d": None,
    }
