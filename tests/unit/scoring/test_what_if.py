"""A what-if is the score of the changed inputs; whatever does not fit is refused with its path."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import (
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    NotApplicable,
    Points,
    Rate,
    RefusedInputs,
    load_shipped,
    score,
)
from survey.scoring.prospects import ItemShares, NewGroupMean, NewInput, NewShare, Rivals, what_if
from tests.unit.scoring import sample
from tests.unit.scoring.sample import all_given, built, groups, leaf, node

ILLUSTRATION = load_shipped("par-illustration")
OTHERS = {"7.3": 50.0, "7.4": 1.0}
LEAVES = [one.id for one in ILLUSTRATION.leaves() if not one.outside_base]
RIVALS = Rivals.of({f"unit-{number}": (50 + number * 1.9, 0.5) for number in range(25)})
ITEM = ItemShares(
    "E1",
    {"good": 0.5, "fair": 0.3, "bad": 0.1, "unknown": 0.1},
    {"good": 1.0, "fair": 0.5, "bad": 0.0, "unknown": None},
)


@settings(max_examples=60, deadline=None)
@given(
    level=st.floats(0, 1),
    moved=st.dictionaries(st.sampled_from(LEAVES), st.floats(0, 1), min_size=1, max_size=4),
)
def test_it_is_the_score_of_the_changed_inputs(level: float, moved: dict[str, float]) -> None:
    inputs = all_given(ILLUSTRATION, level) | {"9": Points(0)}
    leaves = {one.id: one for one in ILLUSTRATION.leaves()}
    changes = [NewInput(name, sample.given(leaves[name], to)) for name, to in moved.items()]
    found = what_if(ILLUSTRATION, inputs, changes, rivals=RIVALS, best=OTHERS)
    after = inputs | {change.leaf: change.given for change in changes if change.given}
    best = {"7.3": max(50.0, after["7.3"].value), "7.4": min(1.0, after["7.4"].value)}  # type: ignore[union-attr]  # both are counts
    assert found.after.score == score(ILLUSTRATION, after, best=best)
    tops = [one for one in found.nodes if one.after.depth == 1]
    assert math.fsum(one.points or 0 for one in tops) == pytest.approx(found.percent, abs=1e-9)
    parts = [one.points or 0 for one in found.parts if one.id in found.after.score.cuts["blocks"]]
    assert math.fsum(parts) == pytest.approx(found.percent, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(level=st.floats(0, 1), which=st.sampled_from(LEAVES), better=st.floats(0, 1))
def test_a_better_leaf_never_costs_a_place(level: float, which: str, better: float) -> None:
    inputs = all_given(ILLUSTRATION, level) | {"9": Points(0)}
    leaves = {one.id: one for one in ILLUSTRATION.leaves()}
    change = NewInput(which, sample.given(leaves[which], max(level, better)))
    found = what_if(ILLUSTRATION, inputs, [change], rivals=RIVALS, best=OTHERS)
    assert found.places is not None
    assert found.places >= 0
    assert all((one.points or 0) >= -1e-9 for one in found.nodes)


def test_the_changed_leaf_and_every_node_above_it_are_given_in_order() -> None:
    inputs = all_given(ILLUSTRATION, 0.5)
    found = what_if(ILLUSTRATION, inputs, [NewInput("1.1.2", Rate(95, 100))], best=OTHERS)
    assert [(one.id, one.points) for one in found.nodes] == [("1", 2), ("1.1", 2), ("1.1.2", 2)]
    assert found.changed == ("1.1.2",)
    assert found.before.place is found.after.place is found.places is None


SURVEY = {
    "kind": "survey",
    "weighting": "weights",
    "groups": groups("leaders", "delegates", leaders=0.6, delegates=0.4),
}
HALF = built(node("A", 60, leaf("a1", 10, SURVEY), leaf("a2", 50)), leaf("b", 40))
GIVEN: dict[str, LeafInput] = {
    "a1": MeasuredGroups({"leaders": Measured(0.7, se=0.02), "delegates": Measured(0.6, se=0.05)}),
    "a2": Points(30),
    "b": Points(20),
}


def test_a_group_mean_moves_the_total_by_its_weight() -> None:
    """10 points × 0.6 × (0.8 − 0.7) = 0.6; the error stays √((10·0.6·0.02)² + (10·0.4·0.05)²)."""
    found = what_if(HALF, GIVEN, [NewGroupMean("a1", 0.8, "leaders")])
    assert [(one.id, pytest.approx(one.points)) for one in found.nodes] == [("A", 0.6), ("a1", 0.6)]
    assert found.percent == pytest.approx(0.6)
    assert found.after.score.percent_se == pytest.approx(math.hypot(0.12, 0.2))
    assert any("giữ như đã đo" in words["vi"] for words in found.assumptions)


def test_the_share_of_an_option_moves_its_item_its_group_and_the_total() -> None:
    """Mean (0.5 + 0.15) / 0.9; with 0.6 good and 0.2 fair it is 0.7 / 0.9: 10 · 0.6 · 0.05 / 0.9 points."""
    change = NewShare("a1", "E1", "good", 0.6, "leaders", taken_from="fair")
    found = what_if(HALF, GIVEN, [change], items={("a1", "leaders"): [ITEM]})
    assert found.percent == pytest.approx(10 * 0.6 * 0.05 / 0.9)


def test_without_a_giver_all_other_options_give_way_in_proportion() -> None:
    """0.5 more of good leaves nothing else; of 0.25 more, fair gives 0.15, bad and unknown 0.05 each."""
    moved = ITEM.with_share("good", 0.75)
    assert moved.shares == pytest.approx({"good": 0.75, "fair": 0.15, "bad": 0.05, "unknown": 0.05})
    assert ITEM.with_share("good", 1.0).mean == 1.0


@settings(deadline=None)
@given(to=st.floats(0, 1), option=st.sampled_from(["good", "fair", "bad", "unknown"]))
def test_moved_shares_still_make_a_whole(to: float, option: str) -> None:
    moved = ITEM.with_share(option, to)
    assert math.fsum(moved.shares.values()) == pytest.approx(1)
    assert min(moved.shares.values()) >= 0


def test_two_items_of_a_group_weigh_as_stated() -> None:
    """The item has a third of the group's weight: 10 · 0.6 · ⅓ · 0.05 / 0.9 points."""
    other = ItemShares("E2", {"good": 1.0}, {"good": 1.0}, weight=2.0)
    change = NewShare("a1", "E1", "good", 0.6, "leaders", taken_from="fair")
    found = what_if(HALF, GIVEN, [change], items={("a1", "leaders"): [ITEM, other]})
    assert found.percent == pytest.approx(10 * 0.6 / 3 * 0.05 / 0.9)


def test_a_share_of_sipas_moves_on_the_scale_of_the_index() -> None:
    """An index of 0-100: the mean moves by 10 points of 100, of 40 points 4."""
    criteria_set = built(leaf("s", 40, {"kind": "external_index", "index": "sipas"}), leaf("b", 60))
    item = ItemShares("E1", {"yes": 0.8, "no": 0.2}, {"yes": 1.0, "no": 0.0})
    found = what_if(
        criteria_set,
        {"s": Measured(80.0), "b": Points(0)},
        [NewShare("s", "E1", "yes", 0.9)],
        items={("s", ""): [item]},
    )
    assert found.percent == pytest.approx(4)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (NewInput("nowhere", Points(1)), "nowhere", "unknown_leaf"),
        (NewInput("a2", Points(51)), "a2", "above_maximum"),
        (NewInput("A", Points(1)), "A", "input_for_parent"),
        (NewInput("b", NotApplicable("x")), "b", "not_exemptible"),
        (NewGroupMean("a1", 0.5, "citizens"), "a1/citizens", "unknown_group"),
        (NewGroupMean("a2", 0.5), "a2", "unknown_group"),
        (NewGroupMean("a1", 1.5, "leaders"), "a1", "outside_scale"),
        (NewShare("a1", "E9", "good", 0.5, "leaders"), "a1/leaders/E9/good", "unknown_item"),
        (NewShare("a1", "E1", "best", 0.5, "leaders"), "a1/leaders/E1/best", "unknown_option"),
        (NewShare("a1", "E1", "good", 1.5, "leaders"), "a1/leaders/E1/good", "share_outside"),
        (NewShare("a1", "E1", "good", 0.9, "leaders", "bad"), "a1/leaders/E1/good", "no_share_left"),
        (NewShare("a1", "E1", "good", 0.6, "leaders", "good"), "a1/leaders/E1/good", "no_share_left"),
        (NewShare("a1", "E1", "unknown", 1.0, "leaders"), "a1/leaders/E1/unknown", "no_share_left"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_its_path(change: Any, path: str, code: str) -> None:
    with pytest.raises(RefusedInputs) as caught:
        what_if(HALF, GIVEN, [change], items={("a1", "leaders"): [ITEM]})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, code)]


def test_several_misfits_are_all_told() -> None:
    with pytest.raises(RefusedInputs) as caught:
        what_if(HALF, GIVEN, [NewInput("x", None), NewGroupMean("a1", 0.5, "y")])
    assert [problem.path for problem in caught.value.problems] == ["x", "a1/y"]


def test_who_passes_the_best_of_the_others_gets_everything_and_it_is_said() -> None:
    inputs = all_given(ILLUSTRATION, 0.5) | {"7.3": Count(30), "7.4": Count(4)}
    found = what_if(
        ILLUSTRATION, inputs, [NewInput("7.3", Count(60)), NewInput("7.4", Count(2))], best=OTHERS
    )
    points = {one.id: (one.before.points, one.after.points) for one in found.nodes}
    assert points["7.3"] == (pytest.approx(3 * 30 / 50), 3)
    assert points["7.4"] == (pytest.approx(3 / 4), pytest.approx(3 / 2))
    assert found.best_moved == ("7.3",)
    assert any("chưa tính lại" in words["vi"] for words in found.assumptions)


def test_an_exemption_taken_away_leaves_the_total_unknown_until_there_is_an_input() -> None:
    criteria_set = built(leaf("a", 80), leaf("b", 20, exemptible=True))
    given: dict[str, LeafInput] = {"a": Points(40), "b": NotApplicable("x")}
    assert what_if(criteria_set, given, [NewInput("b", None)]).percent is None
    found = what_if(criteria_set, given, [NewInput("b", Points(20))])
    assert (found.before.score.percent, found.after.score.percent, found.percent) == (50, 60, 10)


def test_a_share_moves_every_leaf_that_draws_on_the_item() -> None:
    """Two leaves of 10 and 30 points take item E1 of one survey: (10 + 30) · 0.05 / 0.9 points."""
    sheet = {
        "id": "officials",
        "name": sample.text("officials"),
        "weighting": "pooled",
        "groups": groups("leaders"),
        "items": [{"id": "E1", "name": sample.text("E1")}],
    }
    rule = {"kind": "survey", "survey": "officials", "items": ["E1"]}
    criteria_set = built(leaf("a", 10, rule), leaf("b", 30, rule), leaf("c", 60), surveys=[sheet])
    one = MeasuredGroups({"leaders": Measured(0.65 / 0.9, n=100)})
    change = NewShare("a", "E1", "good", 0.6, "leaders", taken_from="fair")
    found = what_if(
        criteria_set,
        {"a": one, "b": one, "c": Points(0)},
        [change],
        items={("a", "leaders"): [ITEM], ("b", "leaders"): [ITEM]},
    )
    assert found.changed == ("a", "b")
    assert found.percent == pytest.approx(40 * 0.05 / 0.9)


def test_pooled_groups_weigh_by_their_ballots_as_in_hue() -> None:
    """Huế 2022: 46 + 65 + 264 + 29 = 404 ballots (parindex.md §2.1); 46 are the delegates'.

    A tenth more of the delegates' mean (a made-up one) is 22 · 0.1 · 46 / 404 points.
    """
    ballots = {"delegates": 46, "leaders": 65 + 264 + 29}
    assert sum(ballots.values()) == 404
    measured = MeasuredGroups({name: Measured(0.7, n=n) for name, n in ballots.items()})
    inputs: dict[str, LeafInput] = {"appraisal": Points(60), "survey": measured, "sipas": Measured(80)}
    found = what_if(load_shipped("par-876-blocks"), inputs, [NewGroupMean("survey", 0.8, "delegates")])
    assert found.percent == pytest.approx(22 * 0.1 * 46 / 404)
