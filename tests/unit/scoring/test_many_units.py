"""Many units scored at once get the figures, and the refusals, that each gets alone."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import (
    ChosenOption,
    Count,
    CriteriaSet,
    LeafColumn,
    LeafColumns,
    LeafInput,
    Measured,
    MeasuredColumn,
    MeasuredGroups,
    NodeScore,
    NotApplicable,
    Points,
    Problem,
    RaggedColumns,
    Rate,
    RefusedInputs,
    Rule,
    Score,
    Scores,
    best_of,
    load_shipped,
    score,
    score_units,
    shipped,
)
from survey.scoring.batch.columns import exempted, known
from survey.scoring.batch.points import EARN, SOUND
from survey.scoring.batch.reading import read_columns
from survey.scoring.inputs import is_simulated
from survey.scoring.rules_measured import ExternalIndex, SurveyMean
from tests.unit.scoring import sample
from tests.unit.scoring.generated import criteria_sets, unit_inputs
from tests.unit.scoring.sample import all_given, built, leaf, node

Units = dict[str, dict[str, LeafInput]]
DICE = st.randoms(use_true_random=False)


def plain(kept: CriteriaSet, units: Units, correlations: dict[tuple[str, str], float]) -> dict[str, Score]:
    """Score one unit after another by the plain reading of the rules."""
    best = best_of(kept, units.values())
    return {unit: score(kept, one, best=best, correlations=correlations) for unit, one in units.items()}


def agree(found: Scores, expected: dict[str, Score]) -> None:
    """Compare every figure of every node, part and total of every unit."""
    assert found.units == tuple(expected)
    for column, one in enumerate(expected.values()):
        nodes = {**one.nodes, **one.parts, "": one.total}
        assert set(found.branches) == set(nodes)
        for row, name in enumerate(found.branches):
            agree_on_node(found, row, column, nodes[name])
        assert figures_of_totals(found, column) == pytest.approx(
            [nan(x) for x in (one.bonus, one.points, one.rescaled, one.percent)], abs=1e-9, nan_ok=True
        )
        assert known(found.totals.percent_se[column]) == near(one.percent_se)
    percents = found.percents()
    assert {unit: one.band for unit, one in expected.items()} == found.bands()
    assert all(percents[unit] == near(one.percent) for unit, one in expected.items())
    assert {unit: one.missing for unit, one in expected.items() if one.missing} == found.missing_leaves()
    agree_on_intervals(found, expected)


def agree_on_node(found: Scores, row: int, column: int, one: NodeScore) -> None:
    sums = found.sums
    for name in ("points", "known_points", "known_maximum", "applicable", "percent", "rescaled"):
        assert known(getattr(sums, name)[row, column]) == near(getattr(one, name)), (one.id, name)
    assert known(sums.se[row, column]) == near(one.se, 1e-7), one.id
    assert sums.missing[row, column] == len(one.missing)
    for name in ("exempt", "complete", "simulated"):
        assert bool(getattr(sums, name)[row, column]) == getattr(one, name), (one.id, name)
    if one.se:
        assert sums.df[row, column] == pytest.approx(math.inf if one.df is None else one.df, rel=1e-6)


def agree_on_intervals(found: Scores, expected: dict[str, Score]) -> None:
    whole = found.percent_intervals()
    for column, one in enumerate(expected.values()):
        assert list(whole[:, column]) == pytest.approx(
            [math.nan] * 2 if one.percent_ci is None else one.percent_ci, abs=1e-6, nan_ok=True
        )
    for name in found.branches:
        bounds = found.intervals(name)
        for column, one in enumerate(expected.values()):
            node = {**one.nodes, **one.parts, "": one.total}[name]
            assert list(bounds[:, column]) == pytest.approx(
                [math.nan] * 2 if node.ci is None else node.ci, abs=1e-6, nan_ok=True
            )


def figures_of_totals(found: Scores, column: int) -> list[float]:
    totals = found.totals
    return [one[column] for one in (totals.bonus, totals.points, totals.rescaled, totals.percent)]


def nan(figure: float | None) -> float:
    return math.nan if figure is None else figure


def near(figure: float | None, tolerance: float = 1e-9) -> Any:
    return None if figure is None else pytest.approx(figure, abs=tolerance, rel=tolerance)


@st.composite
def cases(draw: st.DrawFn, *, missing: float = 0.05) -> tuple[CriteriaSet, Units]:
    kept = draw(criteria_sets())
    dice = draw(DICE)
    units = draw(st.integers(1, 6))
    return kept, {f"u{at}": unit_inputs(kept, dice, missing=missing) for at in range(units)}


@settings(max_examples=100, deadline=None)
@given(case=cases(), rho=st.sampled_from([None, 0.0, 0.4, 0.9]), dice=DICE)
def test_every_figure_of_every_node_is_that_of_one_unit_alone(
    case: tuple[CriteriaSet, Units], rho: float | None, dice: random.Random
) -> None:
    """Against `score`, the plain reading of the rules, at 1e-9 (standard errors 1e-7: a difference of squares)."""
    kept, units = case
    names = [leaf.id for leaf in kept.leaves()]
    pairs = {(a, b): rho for a in names for b in names if rho is not None and a < b and dice.random() < 0.5}
    agree(score_units(kept, units, correlations=pairs), plain(kept, units, pairs))


@pytest.mark.parametrize("name", shipped())
def test_the_shipped_sets_give_the_same_figures(name: str) -> None:
    kept = load_shipped(name)
    units: Units = {f"u{at}": all_given(kept, at / 10) for at in range(11)}
    units["nothing"] = {}
    agree(score_units(kept, units), plain(kept, units, {}))


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_a_score_asked_for_by_name_is_the_unit_s_own(case: tuple[CriteriaSet, Units]) -> None:
    kept, units = case
    found = score_units(kept, units)
    by_name, alone = dict(found), plain(kept, units, {})
    agree(found, by_name)
    for unit, one in alone.items():
        asked = by_name[unit]
        for name in ("exempt", "missing", "simulated", "band", "cuts", "level", "is_illustration"):
            assert getattr(asked, name) == getattr(one, name)
        assert asked.percent == near(one.percent)


def told(unit: dict[str, LeafInput]) -> dict[str, LeafInput]:
    """Say of groups that they were simulated where one of them was: columns keep no more than that."""
    return {name: dataclasses.replace(one, simulated=is_simulated(one)) for name, one in unit.items()}


@settings(max_examples=60, deadline=None)
@given(case=cases())
def test_columns_hold_what_was_read_into_them(case: tuple[CriteriaSet, Units]) -> None:
    kept, units = case
    columns = read_columns([leaf.id for leaf in kept.leaves()], units)
    assert [columns.given(row) for row in range(len(units))] == [told(one) for one in units.values()]
    first, second = score_units(kept, columns), score_units(kept, units)
    for field in dataclasses.fields(first.totals):
        np.testing.assert_array_equal(getattr(first.totals, field.name), getattr(second.totals, field.name))


def spoiled(given: LeafInput, dice: random.Random) -> LeafInput:
    """Make an input that most rules refuse."""
    return dice.choice(
        [
            Points(-1.0),
            Points(math.nan),
            Points(1e6),
            Rate(1, 0),
            Rate(-1, 5),
            Rate(1e308, 1e-308),
            Count(-2.0),
            Count(math.inf),
            ChosenOption("no such option"),
            Measured(math.nan),
            Measured(0.5, se=math.nan),
            Measured(0.5, se=-1.0),
            Measured(0.5, df=-1, n=-1),
            Measured(1e9),
            MeasuredGroups({"strangers": Measured(0.5, n=5)}),
            MeasuredGroups({"leaders": Measured(0.5)}),
            NotApplicable("x"),
            given,
        ]
    )


def problems_of(work: Callable[[], object]) -> tuple[Problem, ...]:
    """Give what is refused, nothing where nothing is."""
    try:
        work()
    except RefusedInputs as refused:
        return refused.problems
    return ()


@settings(max_examples=120, deadline=None)
@given(case=cases(), dice=DICE)
def test_the_refusals_are_those_of_the_first_unit_that_does_not_fit(
    case: tuple[CriteriaSet, Units], dice: random.Random
) -> None:
    kept, units = case
    for one in units.values():
        for name in [name for name in one if dice.random() < 0.1]:
            one[name] = spoiled(one[name], dice)
        if dice.random() < 0.1:
            one[dice.choice(["no-such-leaf", kept.tree[0].id])] = Points(1.0)
    assert problems_of(lambda: score_units(kept, units)) == problems_of(lambda: plain(kept, units, {}))


def test_an_input_of_a_kind_that_scoring_does_not_know_is_refused() -> None:
    with pytest.raises(RefusedInputs) as caught:
        score_units(built(leaf("a", 100)), {"u": {"a": "fifty"}})  # type: ignore[dict-item]  # what a caller without types may pass
    assert [problem.code for problem in caught.value.problems] == ["wrong_input"]


def test_an_input_type_of_somebody_s_own_counts_as_the_one_it_derives_from() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Agreed(Points):
        minutes: str = ""

    found = score_units(built(leaf("a", 100)), {"u": {"a": Agreed(42.0, minutes="12/BB")}})
    assert found.percents() == {"u": 42.0}


def test_every_kind_of_rule_has_its_columns() -> None:
    kinds = {rule.kind for rule in get_args(Rule)}
    measured = {ExternalIndex.kind, SurveyMean.kind}
    assert set(EARN) == set(SOUND) == kinds - measured


def test_columns_can_be_filled_without_an_object_for_each_input() -> None:
    """By hand: 30 of 40 by points, 80 % of 20, half of 40 by a survey; the second unit has no leaf b."""
    one_group = {"kind": "survey", "weighting": "pooled", "groups": sample.groups("leaders")}
    kept = built(leaf("a", 40), leaf("b", 20, {"kind": "linear"}, exemptible=True), leaf("c", 40, one_group))
    columns = LeafColumns(
        ("x", "y"),
        {
            "a": LeafColumn.of_points([30, 20]),
            "b": LeafColumn.of_rates([80, np.nan], 100).exempting({1: "không có"}),
            "c": LeafColumn.of_measured(MeasuredColumn.of([0.5, 0.5], se=0.02, df=30, survey="r1")),
        },
    )
    found = score_units(kept, columns)
    assert found.percents() == {"x": pytest.approx(66), "y": pytest.approx(50)}
    assert found["y"].exempt == {"b": "không có"}
    assert list(found.totals.percent_se) == pytest.approx([0.8, 1.0])


def test_columns_of_options_counts_groups_and_exempted_areas() -> None:
    weights = {"leaders": 0.5, "delegates": 0.5}
    groups = {"kind": "survey", "weighting": "weights", "groups": sample.groups(*weights, **weights)}
    options = [
        {"id": name, "name": sample.text(name), "points": worth} for name, worth in (("no", 0), ("yes", 10))
    ]
    kept = built(
        node(
            "1", 20, leaf("1.1", 10, {"kind": "choice", "options": options}), leaf("1.2", 10), exemptible=True
        ),
        leaf("2", 30, {"kind": "count", "each": 10}),
        leaf("3", 50, groups),
    )
    columns = LeafColumns(
        ("x", "y", "z"),
        {
            "1": exempted(3, {2: "không có"}),
            "1.1": LeafColumn.of_options(["yes", "no", None]),
            "1.2": LeafColumn.of_points([10, 10, np.nan]),
            "2": LeafColumn.of_counts([2, 9, 1]),
            "3": LeafColumn.of_groups(
                {"leaders": MeasuredColumn.of([1, 0.5, 0.5]), "delegates": MeasuredColumn.of([0, 0.5, 0.5])}
            ),
        },
    )
    found = score_units(kept, columns)
    assert found.percents() == {
        "x": pytest.approx(65),
        "y": pytest.approx(65),
        "z": pytest.approx(35 / 80 * 100),
    }
    agree(found, plain(kept, {unit: columns.given(row) for row, unit in enumerate("xyz")}, {}))


def test_refused_columns_say_what_is_wrong_with_the_first_unit() -> None:
    columns = LeafColumns(("x", "y"), {"a": LeafColumn.of_points([100, 101])})
    with pytest.raises(RefusedInputs) as caught:
        score_units(built(leaf("a", 100)), columns)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [("a", "above_maximum")]


@pytest.mark.parametrize("units", [("x",), ("x", "y", "z"), ("x", "x")])
def test_columns_have_one_row_for_each_unit(units: tuple[str, ...]) -> None:
    with pytest.raises(RaggedColumns):
        LeafColumns(units, {"a": LeafColumn.of_points([1, 2])})


def test_no_units_have_no_scores() -> None:
    assert dict(score_units(load_shipped("par-illustration"), {})) == {}


def test_a_unit_or_a_node_that_is_not_there_is_a_key_error() -> None:
    found = score_units(built(leaf("a", 100)), {"u": {"a": Points(1)}})
    with pytest.raises(KeyError):
        found["v"]
    with pytest.raises(KeyError):
        found.percents("b")
