"""Each kind of rule earns what its words say, at its edges too."""

from __future__ import annotations

from typing import Any

import pytest

from survey.scoring import (
    ChosenOption,
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
    RefusedInputs,
    Score,
    best_of,
    load_shipped,
    score,
    score_units,
)
from tests.unit.scoring.sample import built, groups, leaf, text


def earned(rule: dict[str, Any], maximum: float, given: LeafInput, **more: Any) -> float | None:
    return scored(rule, maximum, given, **more).nodes["a"].points


def scored(rule: dict[str, Any], maximum: float, given: LeafInput, **more: Any) -> Score:
    criteria_set = built(leaf("a", maximum, rule), leaf("rest", 100 - maximum))
    return score(criteria_set, {"a": given, "rest": Points(0)}, **more)


def refused(rule: dict[str, Any], given: LeafInput) -> list[str]:
    with pytest.raises(RefusedInputs) as caught:
        scored(rule, 10, given)
    return [problem.code for problem in caught.value.problems]


LINEAR = {"kind": "linear"}
COUNT = {"kind": "count", "each": 0.5}
SURVEY = {"kind": "survey", "weighting": "pooled", "groups": groups("leaders", "delegates")}


@pytest.mark.parametrize(("percent", "points"), [(69.99, 0), (70, 1), (90, 1), (90.01, 2), (100, 2), (0, 0)])
def test_the_steps_of_ca_mau_say_where_exactly_90_percent_falls(percent: float, points: float) -> None:
    """Cà Mau, Decision 1880/QĐ-UBND 2013: >90 % = 2; 70-90 % = 1; <70 % = 0 (parindex.md §1.3)."""
    leaf_ = next(leaf for leaf in load_shipped("par-illustration").leaves() if leaf.id == "1.1.2")
    assert leaf_.rule is not None
    rule = leaf_.rule
    assert rule.kind == "steps"
    assert next(worth for span, worth in rule.steps if span.contains(percent)) == points


@pytest.mark.parametrize(("option", "points"), [("on-time", 1), ("late", 0.5), ("none", 0)])
def test_a_choice_earns_the_points_of_its_option(option: str, points: float) -> None:
    """Cà Mau, Decision 1880/QĐ-UBND 2013: kịp thời 1, không kịp thời 0.5, không ban hành 0."""
    worth = {"on-time": 1, "late": 0.5, "none": 0}
    options = [{"id": name, "name": text(name), "points": points} for name, points in worth.items()]
    assert earned({"kind": "choice", "options": options}, 1, ChosenOption(option)) == points


@pytest.mark.parametrize(
    ("rule", "given", "points"),
    [
        (LINEAR, Rate(3, 4), 7.5),
        (LINEAR, Rate(5, 4), 10),
        ({"kind": "linear", "full_at": 80}, Rate(40, 100), 5),
        ({"kind": "threshold_linear", "threshold": 80}, Rate(80, 100), 8),
        ({"kind": "threshold_linear", "threshold": 80}, Rate(7999, 10000), 0),
        (COUNT, Count(3), 1.5),
        (COUNT, Count(99), 10),
        ({"kind": "normalised", "to": "target", "better": "higher", "target": 50}, Count(20), 4),
        ({"kind": "normalised", "to": "target", "better": "lower", "target": 5}, Count(20), 2.5),
        ({"kind": "normalised", "to": "target", "better": "lower", "target": 5}, Count(0), 10),
        ({"kind": "direct"}, Points(6.25), 6.25),
        ({"kind": "external_index", "index": "sipas"}, Measured(91.17), 9.117),
    ],
)
def test_a_rule_earns_what_it_says(rule: dict[str, Any], given: LeafInput, points: float) -> None:
    """Closed forms of docs/criteria-set-format.md."""
    assert earned(rule, 10, given) == pytest.approx(points, rel=1e-12)


def test_the_best_unit_earns_everything_and_the_others_their_share() -> None:
    to_best = {"kind": "normalised", "to": "best", "better": "higher"}
    criteria_set = built(leaf("a", 40, to_best), leaf("b", 60, to_best | {"better": "lower"}))
    units = {"x": {"a": Count(30), "b": Count(4)}, "y": {"a": Count(15), "b": Count(2)}}
    assert best_of(criteria_set, units.values()) == {"a": 30, "b": 2}
    points = {
        unit: (s.nodes["a"].points, s.nodes["b"].points)
        for unit, s in score_units(criteria_set, units).items()
    }
    assert points == {"x": (40, 30), "y": (20, 60)}


def test_a_leaf_normalised_to_an_unknown_best_is_unknown() -> None:
    made = scored({"kind": "normalised", "to": "best", "better": "higher"}, 10, Count(5))
    assert made.missing == ("a",)
    assert made.percent is None


def test_pooled_ballots_count_alike_and_weights_count_as_given() -> None:
    """Means by hand: (0.8·300 + 0.5·100)/400 = 0.725; 0.25·0.8 + 0.75·0.5 = 0.575."""
    measured = MeasuredGroups({"leaders": Measured(0.8, n=300), "delegates": Measured(0.5, n=100)})
    weighted = groups("leaders", "delegates", leaders=0.25, delegates=0.75)
    assert earned(SURVEY, 22, measured) == pytest.approx(22 * 0.725)
    assert earned(SURVEY | {"weighting": "weights", "groups": weighted}, 22, measured) == pytest.approx(
        22 * 0.575
    )


def test_a_group_that_is_missing_makes_the_leaf_unknown_not_smaller() -> None:
    made = scored(SURVEY, 22, MeasuredGroups({"leaders": Measured(0.8, n=300)}))
    assert made.nodes["a"].points is None
    assert made.missing == ("a",)


def test_one_group_takes_one_estimate() -> None:
    one = {"kind": "survey", "weighting": "pooled", "groups": groups("delegates")}
    assert earned(one, 20, Measured(0.9)) == pytest.approx(18)
    assert refused(SURVEY, Measured(0.9)) == ["wrong_input"]


def bonus_score(points: LeafInput, inside: float, *, bounded: bool = True) -> Score:
    rule = {"kind": "bonus_penalty", "each": 0.5, "lowest": -3, "highest": 2}
    criteria_set = built(leaf("a", 100), leaf("b", 2, rule, outside_base=True), bounded=bounded)
    return score(criteria_set, {"a": Points(inside), "b": points})


@pytest.mark.parametrize(
    ("given", "inside", "percent"),
    [(Count(2), 80, 81), (Count(9), 80, 82), (Points(-3), 80, 77), (Points(2), 99, 100), (Points(-3), 1, 0)],
)
def test_bonus_and_penalty_are_capped_and_keep_the_total_within_the_base(
    given: LeafInput, inside: float, percent: float
) -> None:
    assert bonus_score(given, inside).percent == pytest.approx(percent)


def test_an_unbounded_set_lets_the_bonus_pass_the_base() -> None:
    made = bonus_score(Points(2), 99, bounded=False)
    assert (made.percent, made.bonus, made.total.points) == (101, 2, 99)


def test_an_unknown_bonus_leaves_the_total_unknown() -> None:
    rule = {"kind": "bonus_penalty", "each": 0.5, "lowest": -3, "highest": 2}
    criteria_set = built(leaf("a", 100), leaf("b", 2, rule, outside_base=True))
    made = score(criteria_set, {"a": Points(70)})
    assert (made.percent, made.total.points, made.missing) == (None, 70, ("b",))


@pytest.mark.parametrize(
    ("rule", "given", "code"),
    [
        ({"kind": "direct"}, Points(10.5), "above_maximum"),
        ({"kind": "direct"}, Points(-1), "negative_input"),
        ({"kind": "direct"}, Points(float("inf")), "not_a_number"),
        ({"kind": "direct"}, Rate(1, 2), "wrong_input"),
        (LINEAR, Rate(1, 0), "zero_denominator"),
        (LINEAR, Rate(-1, 5), "negative_input"),
        (LINEAR, Count(5), "wrong_input"),
        (COUNT, Count(-1), "negative_input"),
        ({"kind": "external_index", "index": "sipas"}, Measured(100.5), "outside_scale"),
        ({"kind": "external_index", "index": "sipas"}, Measured(50, se=-1), "negative_input"),
        ({"kind": "external_index", "index": "sipas"}, Measured(50, se=float("nan")), "not_a_number"),
        (SURVEY, MeasuredGroups({"leaders": Measured(0.5)}), "sample_size_missing"),
        (SURVEY, MeasuredGroups({"citizens": Measured(0.5, n=5)}), "unknown_group"),
        (SURVEY, MeasuredGroups({"leaders": Measured(80, n=5)}), "outside_scale"),
        (LINEAR, NotApplicable("no procedures"), "not_exemptible"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(rule: dict[str, Any], given: LeafInput, code: str) -> None:
    assert refused(rule, given) == [code]


def test_all_refused_inputs_are_told_at_once() -> None:
    criteria_set = load_shipped("par-876-blocks")
    inputs: dict[str, LeafInput] = {"appraisal": Points(69), "sipas": Points(9), "area-1": Points(1)}
    with pytest.raises(RefusedInputs) as caught:
        score(criteria_set, inputs)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("appraisal", "above_maximum"),
        ("sipas", "wrong_input"),
        ("area-1", "unknown_leaf"),
    ]


def test_a_choice_refuses_an_option_that_is_not_there_and_steps_the_wrong_kind() -> None:
    criteria_set = load_shipped("par-illustration")
    inputs: dict[str, LeafInput] = {
        "1.1.1": ChosenOption("soon"),
        "1.1.2": Count(3),
        "5.2": Rate(1, 2),
        "9": Points(-2.5),
        "8.2": Points(1),
    }
    with pytest.raises(RefusedInputs) as caught:
        score(criteria_set, inputs, best={"7.9": 1, "7.3": -1})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("1.1.1", "unknown_option"),
        ("1.1.2", "wrong_input"),
        ("5.2", "wrong_input"),
        ("9", "below_lowest"),
        ("8.2", "input_for_parent"),
        ("7.9", "unknown_leaf"),
        ("7.3", "not_a_number"),
    ]
