"""The cheapest plan costs what a brute force finds, and reaches its target when it is scored."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.scoring import (
    ChosenOption,
    Count,
    CriteriaSet,
    IncompleteScore,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
    RefusedTarget,
    UnsolvedPlan,
    load_shipped,
    rank,
    score,
)
from survey.scoring.prospects import Effort, Rivals, ToPercent, ToPlace, cheapest, programme
from survey.scoring.prospects.gains import gains
from tests.unit.scoring import sample
from tests.unit.scoring.sample import all_given, built, leaf

ILLUSTRATION = load_shipped("par-illustration")
BEST = {"7.3": 50.0, "7.4": 1.0}
OTHERS = Rivals.of({f"unit-{number}": (60 + number * 1.37, 0.4) for number in range(25)})


def options(*points: float) -> dict[str, Any]:
    listed = [
        {"id": f"o{place}", "name": sample.text("o"), "points": one} for place, one in enumerate(points)
    ]
    return {"kind": "choice", "options": listed}


def steps(*points: float) -> dict[str, Any]:
    ends: list[float | None] = [None, *(10.0 * (place + 1) for place in range(len(points) - 1)), None]
    spans = zip(itertools.pairwise(ends), points, strict=True)
    return {
        "kind": "steps",
        "of": "percent",
        "boundary": "lower",
        "steps": [{"from": low, "to": high, "points": one} for (low, high), one in spans],
    }


MAXIMUM = 10.0
HALVES = st.integers(0, 19).map(lambda half: half / 2)


@st.composite
def leaves(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], LeafInput]:
    """Draw a leaf of 10 points and an input for it."""
    kind = draw(st.sampled_from(["direct", "choice", "steps", "linear", "threshold_linear", "count"]))
    name = f"leaf-{number}"
    percent = draw(st.integers(0, 100))
    if kind in ("choice", "steps"):
        lower = sorted(draw(st.lists(HALVES, min_size=1, max_size=3, unique=True)))
        made = options(*lower, MAXIMUM) if kind == "choice" else steps(*lower, MAXIMUM)
        place = draw(st.integers(0, len(lower)))
        return leaf(name, MAXIMUM, made), ChosenOption(f"o{place}") if kind == "choice" else Rate(
            10 * place, 100
        )
    if kind == "count":
        return leaf(name, MAXIMUM, {"kind": "count", "each": 2.5}), Count(draw(st.integers(0, 5)))
    if kind == "threshold_linear":
        return leaf(name, MAXIMUM, {"kind": kind, "threshold": 70}), Rate(percent, 100)
    if kind == "linear":
        return leaf(name, MAXIMUM, {"kind": kind}), Rate(percent, 100)
    return leaf(name, MAXIMUM), Points(percent / 10)


@st.composite
def cases(draw: st.DrawFn) -> tuple[CriteriaSet, dict[str, LeafInput]]:
    size = draw(st.integers(1, 4))
    drawn = [draw(leaves(number)) for number in range(size)]
    made = built(*(one for one, _ in drawn), base=MAXIMUM * size)
    return made, {f"leaf-{number}": given for number, (_, given) in enumerate(drawn)}


def brute_force(
    criteria_set: CriteriaSet, inputs: Mapping[str, LeafInput], need: float, efforts: Mapping[str, Effort]
) -> dict[str, float] | None:
    """Try every choice of leaves and steps, amounts filled up cheapest first, for each objective."""
    open_, _ = gains(criteria_set, inputs, score(criteria_set, inputs), {})
    ways = [[None, *(one.steps or ["any"])] for one in open_]
    found: dict[str, float] = {}
    for way in itertools.product(*ways):
        for objective, prices in {
            "criteria": [Effort(1, 0)] * len(open_),
            "points": [Effort(0, 1)] * len(open_),
            "effort": [efforts[one.leaf.id] for one in open_],
        }.items():
            cost = price(list(zip(open_, way, prices, strict=True)), need)
            if cost is not None:
                found[objective] = min(cost, found.get(objective, math.inf))
    return found or None


def price(chosen: list[tuple[Any, Any, Effort]], need: float) -> float | None:
    fixed = [(one, step, effort) for one, step, effort in chosen if isinstance(step, float)]
    free = sorted(((e.per_point, one, e) for one, step, e in chosen if step == "any"), key=lambda x: x[0])
    got = [(one.factor * step, effort.start + effort.per_point * step) for one, step, effort in fixed]
    got += [(one.factor * one.low, effort.start + effort.per_point * one.low) for _, one, effort in free]
    lacking, cost = need - sum(percent for percent, _ in got), sum(paid for _, paid in got)
    for _, one, effort in free:
        more = min(max(lacking, 0) / one.factor, one.high - one.low)
        lacking, cost = lacking - more * one.factor, cost + effort.per_point * more
    return cost if lacking <= 1e-9 else None


EFFORT = st.builds(Effort, st.integers(0, 5), st.integers(0, 5))


@settings(max_examples=60, deadline=None)
@given(case=cases(), part=st.floats(0.01, 1), drawn=st.lists(EFFORT, min_size=4, max_size=4))
def test_no_plan_is_costlier_than_a_brute_force_and_each_reaches_its_target(
    case: tuple[CriteriaSet, dict[str, LeafInput]], part: float, drawn: list[Effort]
) -> None:
    criteria_set, inputs = case
    before = score(criteria_set, inputs).percent or 0
    target = before + part * (100 - before)
    assume(target > before + 1e-6)
    efforts = {f"leaf-{number}": effort for number, effort in enumerate(drawn) if f"leaf-{number}" in inputs}
    expected = brute_force(criteria_set, inputs, target - before, efforts)
    assert expected is not None
    for objective in ("criteria", "points", "effort"):
        plan = cheapest(criteria_set, inputs, ToPercent(target), objective=objective, efforts=efforts)
        assert plan.reached
        cost = {"criteria": len(plan.steps), "points": plan.points, "effort": plan.effort}[objective]
        assert cost == pytest.approx(expected[objective], abs=1e-6)
        applied = inputs | {step.leaf: step.given for step in plan.steps}
        assert score(criteria_set, applied).percent == pytest.approx(plan.after.score.percent, abs=1e-12)
        assert (plan.after.score.percent or 0) >= target - 1e-9
        assert all(step.gain > 0 for step in plan.steps)


@settings(max_examples=40, deadline=None)
@given(levels=st.lists(st.integers(0, 2), min_size=3, max_size=3), target=st.integers(1, 100))
def test_whole_choices_cost_what_trying_every_option_through_the_score_costs(
    levels: list[int], target: int
) -> None:
    """Independent of the programme: every option of every leaf is scored."""
    names = ["a", "b", "c"]
    parts = {"a": (0.0, 20.0, 50.0), "b": (0.0, 15.0, 30.0), "c": (5.0, 5.5, 20.0)}
    criteria_set = built(*(leaf(name, parts[name][-1], options(*parts[name])) for name in names))
    inputs: dict[str, LeafInput] = {
        name: ChosenOption(f"o{level}") for name, level in zip(names, levels, strict=True)
    }
    before = score(criteria_set, inputs).percent or 0

    def tried() -> Iterator[tuple[int, float]]:
        for way in itertools.product(range(3), repeat=3):
            made = score(criteria_set, {n: ChosenOption(f"o{o}") for n, o in zip(names, way, strict=True)})
            if (made.percent or 0) >= target and all(o >= was for o, was in zip(way, levels, strict=True)):
                changed = sum(o != was for o, was in zip(way, levels, strict=True))
                yield changed, (made.percent or 0) - before

    plan = cheapest(criteria_set, inputs, ToPercent(target))
    count, points = min(tried())
    assert plan.reached
    assert (len(plan.steps), plan.points) == (count, pytest.approx(points, abs=1e-9))


@settings(max_examples=25, deadline=None)
@given(level=st.floats(0.2, 0.8), place=st.integers(1, 26))
def test_a_place_is_reached_as_places_are_printed(level: float, place: int) -> None:
    inputs = all_given(ILLUSTRATION, level) | {"9": Points(0)}
    plan = cheapest(ILLUSTRATION, inputs, ToPlace(place), objective="points", rivals=OTHERS, best=BEST)
    assert plan.before.place is not None
    assert plan.after.place is not None
    assert plan.most.place is not None
    assert plan.reached == (plan.most.place.place <= place)
    assert plan.reached == (plan.after.place.place <= place)
    if plan.steps:
        totals = dict(zip(OTHERS.units, OTHERS.percents, strict=True))
        ranked = rank({**totals, "own": plan.after.score.percent})["own"]
        assert ranked is not None
        assert ranked.place == plan.after.place.place <= place < plan.before.place.place


def test_surveys_sipas_and_impact_are_left_alone_unless_named() -> None:
    inputs = all_given(ILLUSTRATION, 0.5)
    plan = cheapest(ILLUSTRATION, inputs, ToPercent(99.9), best=BEST)
    assert not plan.reached
    assert plan.steps == ()
    assert (plan.most.score.percent or 0) < 99.9
    assert plan.closed["8.1"] == plan.closed["1.5"] == plan.closed["8.2.1"] == "not_influenced"
    named = [name for name, reason in plan.closed.items() if reason == "not_influenced"]
    again = cheapest(ILLUSTRATION, inputs, ToPercent(99.9), best=BEST, also=named)
    assert again.reached
    moved = {step.leaf: step.given for step in again.steps}
    assert isinstance(moved["8.1"], Measured)
    assert isinstance(moved["5.3"], MeasuredGroups)


def test_what_is_out_of_reach_says_the_best_that_can_be() -> None:
    criteria_set = built(leaf("a", 60), leaf("b", 40, method="sipas"))
    plan = cheapest(
        criteria_set, {"a": Points(10), "b": Points(30)}, ToPlace(1), rivals=Rivals.of({"x": (95, 0)})
    )
    assert (plan.reached, plan.needed, plan.most.score.percent) == (False, 94.995, 90)
    assert plan.most.place is not None
    assert plan.most.place.place == 2
    assert plan.after == plan.before


def test_an_exempted_part_makes_each_point_worth_more() -> None:
    """86 of 100 points apply, so one percent is 0.86 points."""
    tree = [leaf("a", 86), leaf("b", 14, exemptible=True)]
    given = {"a": Points(43), "b": NotApplicable("x")}
    plan = cheapest(built(*tree), given, ToPercent(60))
    assert plan.points == pytest.approx(8.6)
    assert any("miễn" in words["vi"] for words in plan.assumptions)


def test_a_bonus_counts_a_point_of_the_base_each() -> None:
    bonus = {"kind": "bonus_penalty", "each": 0.5, "lowest": -2, "highest": 2}
    tree = [leaf("a", 70, options(0, 70)), leaf("b", 2, bonus, outside_base=True)]
    criteria_set = built(*tree, base=70)
    given = {"a": ChosenOption("o0"), "b": Count(1)}
    plan = cheapest(criteria_set, given, ToPercent(1.3))
    assert [(step.leaf, step.given, step.gain) for step in plan.steps] == [("b", Count(2), 0.5)]
    assert plan.after.score.percent == pytest.approx(100 / 70)


def test_a_penalty_falls_with_its_count() -> None:
    penalty = {"kind": "bonus_penalty", "each": -0.5, "lowest": -2, "highest": 0}
    tree = [leaf("a", 100), leaf("p", 0, penalty, outside_base=True)]
    given = {"a": Points(100), "p": Count(3)}
    plan = cheapest(built(*tree), given, ToPercent(99.4))
    assert [(step.leaf, step.given) for step in plan.steps] == [("p", Count(1))]


def test_the_fewest_wrong_papers_is_the_nearest_step_below() -> None:
    """5.2 of the illustration: fewer than 1 paper gives 4 points, fewer than 3 gives 2."""
    inputs = all_given(ILLUSTRATION, 1.0) | {"5.2": Count(7), "9": Points(0)}
    plan = cheapest(ILLUSTRATION, inputs, ToPercent(97.9), best=BEST, without=["9"])
    (step,) = plan.steps
    assert (step.leaf, step.given, step.after) == ("5.2", Count(2), 2)


def test_a_leaf_without_a_stated_effort_is_left_alone() -> None:
    criteria_set = built(leaf("a", 60), leaf("b", 40))
    given = {"a": Points(10), "b": Points(10)}
    plan = cheapest(criteria_set, given, ToPercent(30), objective="effort", efforts={"b": Effort(3, 2)})
    assert [(step.leaf, step.effort) for step in plan.steps] == [("b", pytest.approx(23))]
    assert plan.closed == {"a": "without_effort"}
    assert plan.effort == pytest.approx(23)


def test_a_target_that_is_reached_already_needs_nothing() -> None:
    plan = cheapest(built(leaf("a", 100)), {"a": Points(80)}, ToPercent(79))
    assert (plan.reached, plan.steps, plan.points, plan.effort) == (True, (), 0, 0)


def test_nobody_gets_above_the_base_of_a_bounded_set() -> None:
    plan = cheapest(built(leaf("a", 100)), {"a": Points(80)}, ToPercent(101))
    assert (plan.reached, plan.most.score.percent) == (False, 100)


@pytest.mark.parametrize(
    ("target", "more"),
    [
        (ToPlace(3), {}),
        (ToPlace(0), {"rivals": OTHERS}),
        (ToPercent(math.nan), {}),
        (ToPercent(50), {"also": ["nowhere"]}),
        (ToPercent(50), {"efforts": {"nowhere": Effort(1, 1)}}),
        (ToPercent(50), {"efforts": {"a": Effort(-1, 1)}}),
    ],
)
def test_what_cannot_be_meant_is_refused(target: ToPlace | ToPercent, more: dict[str, Any]) -> None:
    with pytest.raises(RefusedTarget):
        cheapest(built(leaf("a", 100)), {"a": Points(80)}, target, **more)


def test_an_unknown_total_has_no_plan() -> None:
    with pytest.raises(IncompleteScore) as caught:
        cheapest(built(leaf("a", 60), leaf("b", 40)), {"a": Points(1)}, ToPercent(50))
    assert caught.value.missing == ("b",)


BONUS = {"kind": "bonus_penalty", "each": 0.5, "lowest": -5, "highest": 5}


@settings(max_examples=60, deadline=None)
@given(
    first=st.integers(-5, 5),
    second=st.integers(-5, 5),
    limits=st.tuples(st.integers(-4, 0), st.integers(0, 4)),
    more=st.floats(0.1, 12),
    efforts=st.lists(EFFORT, min_size=3, max_size=3),
)
def test_limits_on_all_bonus_together_are_kept(
    first: int, second: int, limits: tuple[int, int], more: float, efforts: list[Effort]
) -> None:
    """The bonus that is idle below the lowest limit or useless above the highest is never bought."""
    tree = [leaf("a", 100), leaf("b", 5, BONUS, outside_base=True), leaf("c", 5, BONUS, outside_base=True)]
    limited = built(*tree, bounded=False, bonus_limits={"lowest": limits[0], "highest": limits[1]})
    given: dict[str, LeafInput] = {"a": Points(90), "b": Points(first), "c": Points(second)}
    stated = dict(zip("abc", efforts, strict=True))
    before = score(limited, given).percent or 0
    plan = cheapest(limited, given, ToPercent(before + more), objective="effort", efforts=stated)
    best = math.inf
    for way in itertools.product((False, True), repeat=3):
        for outside in (0.0, max(limits[0] - first - second, 0.0)):
            cost = bonus_cost(way, outside, (first, second), limits, more, efforts)
            best = min(best, cost)
    assert plan.reached == (best < math.inf)
    if plan.reached:
        assert (plan.after.score.percent or 0) >= before + more - 1e-9
        assert plan.effort == pytest.approx(best, abs=1e-6)


def bonus_cost(
    way: tuple[bool, ...],
    idle: float,
    have: tuple[int, int],
    limits: tuple[int, int],
    more: float,
    efforts: list[Effort],
) -> float:
    """The least effort with a chosen set of leaves: by the points that bonus shall bring, on a fine grid.

    The effort is linear between the corners, so the corners alone are enough: nothing, all that is
    needed, all that counts, all that the leaves have, and what the base leaves open.
    """
    held = min(max(sum(have), limits[0]), limits[1])
    room = limits[1] - held
    spaces = [5 - have[0] if way[1] else 0, 5 - have[1] if way[2] else 0]
    corners = {
        0.0,
        more,
        float(room),
        sum(spaces) - idle,
        more - 10,
        float(spaces[0]) - idle,
        spaces[1] - idle,
    }
    found = math.inf
    for bonus in corners:
        rest = more - bonus
        raw = bonus + max(limits[0] - sum(have), 0) if bonus > 0 else 0.0
        fits = 0 <= bonus <= room + 1e-9 and raw <= sum(spaces) + 1e-9 and rest + 1e-9 >= 0
        if fits and rest <= (10 if way[0] else 0) + 1e-9:
            start = sum(effort.start for effort, used in zip(efforts, way, strict=True) if used)
            cheap, dear = sorted(zip((efforts[1].per_point, efforts[2].per_point), spaces, strict=True))
            paid = cheap[0] * min(raw, cheap[1]) + dear[0] * max(raw - cheap[1], 0)
            found = min(found, start + efforts[0].per_point * max(rest, 0) + paid)
    return found


def test_a_dense_tie_rule_is_that_of_the_set() -> None:
    dense = built(leaf("a", 100), ranking={"tie": "dense"})
    rivals = Rivals.of({"x": (60.0, 0.0), "y": (60.0, 0.0), "z": (70.0, 0.0)})
    plan = cheapest(dense, {"a": Points(50)}, ToPlace(2), rivals=rivals)
    assert (plan.needed, plan.before.place.place if plan.before.place else None) == (59.995, 3)
    assert plan.after.place is not None
    assert plan.after.place.place == 2


def test_programmes_on_which_the_solver_stops_with_a_fault_are_solved_all_the_same() -> None:
    """HiGHS of scipy 1.17 stops with "Solve error" on these at some scales; found by the tests above."""
    two = built(leaf("a", 10), leaf("b", 10), base=20)
    for start, rate, target in itertools.product(range(3), (1, 5), (25, 40)):
        plan = cheapest(
            two,
            {"a": Points(0), "b": Points(0)},
            ToPercent(target),
            objective="effort",
            efforts=dict.fromkeys("ab", Effort(start, rate)),
        )
        assert plan.effort == pytest.approx(start + rate * target / 5)
        assert len(plan.steps) == 1


def test_a_solver_that_always_stops_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise programme.SolverFault

    monkeypatch.setattr(programme, "milp", stop)
    with pytest.raises(UnsolvedPlan):
        cheapest(built(leaf("a", 100)), {"a": Points(1)}, ToPercent(50))


def test_a_choice_that_only_the_tolerance_allowed_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that first claims a choice short of the need is asked again without that choice."""
    asked: list[int] = []
    honest = programme.milp

    def short(costs: Any, **more: Any) -> Any:
        asked.append(len(more["constraints"]))
        made = honest(costs, **more)
        if len(asked) == 1:
            made.x[:] = 0.0
        return made

    monkeypatch.setattr(programme, "milp", short)
    plan = cheapest(built(leaf("a", 100)), {"a": Points(1)}, ToPercent(50))
    assert plan.reached
    assert asked[1] == asked[0] + 1
