"""Lost points are everything below the maximum, and say what the unit did not claim and what was cut."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import LeafInput, Measured, NotApplicable, Points, load_shipped, score
from survey.scoring.losses import lost_points, self_score_gaps
from tests.unit.scoring import sample
from tests.unit.scoring.sample import built, leaf, node

AREAS = load_shipped("par-2948-areas")
ILLUSTRATION = load_shipped("par-illustration")
BEST = {"7.3": 50.0, "7.4": 0.0}
LEVELS = st.lists(st.floats(0, 1), min_size=2, max_size=7)


def test_dak_lak_2017_lost_24_63_most_of_it_in_area_5() -> None:
    """7.14, 4.88, 4.5, 2.77, 1.96, 1.84, 1.54 and 0 lost leave 75.37 (parindex.md §1.4, §8)."""
    lost = {"5": 7.14, "7": 4.88, "1": 4.5, "4": 2.77, "6": 1.96, "2": 1.84, "8": 1.54, "3": 0.0}
    made = score(AREAS, {one.id: Points((one.maximum or 0) - lost[one.id]) for one in AREAS.leaves()})
    found = lost_points(AREAS, made)
    assert [one.leaf for one in found.leaves] == ["5", "7", "1", "4", "6", "2", "8"]
    assert [one.place for one in found.leaves] == [1, 2, 3, 4, 5, 6, 7]
    assert found.lost == pytest.approx(24.63)
    assert found.leaves[0].share == pytest.approx(7.14 / 24.63)
    assert made.percent == pytest.approx(100 - found.lost)
    assert found.cut is None


@settings(max_examples=40, deadline=None)
@given(levels=LEVELS)
def test_what_is_lost_is_what_is_missing_to_the_base(levels: list[float]) -> None:
    leaves = ILLUSTRATION.leaves()
    inputs = {one.id: sample.given(one, levels[place % len(levels)]) for place, one in enumerate(leaves)}
    made = score(ILLUSTRATION, inputs, best=BEST)
    found = lost_points(ILLUSTRATION, made)
    penalty = max(-(made.bonus or 0), 0)
    assert found.lost == pytest.approx((made.total.lost or 0) + penalty, abs=1e-9)
    assert math.fsum(one.share for one in found.leaves) == pytest.approx(1 if found.leaves else 0)
    assert math.fsum(found.by_method().values()) == pytest.approx(found.lost)
    assert [one.lost for one in found.leaves] == pytest.approx(
        sorted((one.lost for one in found.leaves), reverse=True)
    )


TREE = [
    node("A", 60, leaf("a1", 20), leaf("a2", 40), exemptible=True),
    leaf("s", 20, {"kind": "external_index", "index": "sipas"}, method="sipas"),
    leaf("b", 20, exemptible=True),
]
SET = built(*TREE)
OWN = score(SET, {"a1": Points(20), "a2": Points(30), "b": Points(10)})
APPRAISED = score(SET, {"a1": Points(15), "a2": Points(30), "s": Measured(75), "b": Points(15)})


def test_a_loss_splits_into_what_was_not_claimed_and_what_was_cut() -> None:
    found = {one.leaf: one for one in lost_points(SET, APPRAISED, OWN).leaves}
    assert {name: (one.lost, one.admitted, one.cut) for name, one in found.items()} == {
        "a2": (10, 10, 0),
        "a1": (5, 0, 5),
        "s": (5, None, None),
        "b": (5, 10, -5),
    }
    assert [found[name].place for name in ("a2", "a1", "s", "b")] == [1, 2, 2, 2]
    assert found["a1"].above == (sample.text("A"),)
    assert found["s"].above == ()
    assert found["s"].method == "sipas"
    assert all(one.lost == (one.admitted or 0) + (one.cut or 0) for one in found.values() if one.leaf != "s")


def test_self_score_against_appraised_score_by_node_leaves_out_what_nobody_scores_himself() -> None:
    found = {one.id: one for one in self_score_gaps(SET, OWN, APPRAISED)}
    assert list(found) == ["", "A", "a1", "a2", "s", "b"]
    total = found[""]
    assert (total.own, total.appraised, total.gap, total.maximum) == (60, 60, 0, 80)
    assert total.left_out == ("s",)
    assert (found["A"].own, found["A"].appraised, found["A"].gap) == (50, 45, 5)
    assert (found["s"].own, found["s"].gap) == (None, None)
    assert found["b"].gap == -5


@pytest.mark.parametrize(("own", "appraised", "gap"), [(64.75, 62.62, 2.13), (65.17, 61.46, 3.71)])
def test_nam_dinh_2020_claimed_more_than_it_was_given(own: float, appraised: float, gap: float) -> None:
    """Means of the departments and of the districts, base 70 (parindex.md §3, §5)."""
    seventy = built(leaf("a", 50), leaf("b", 20), base=70)
    mine, given = (score(seventy, {"a": Points(50), "b": Points(total - 50)}) for total in (own, appraised))
    total = self_score_gaps(seventy, mine, given)[0]
    assert (total.maximum, total.gap) == (70, pytest.approx(gap))
    assert lost_points(seventy, given, mine).cut == pytest.approx(gap)


def test_an_unknown_leaf_lost_nothing_that_is_known_and_is_named() -> None:
    found = lost_points(SET, score(SET, {"a1": Points(15)}))
    assert [one.leaf for one in found.leaves] == ["a1"]
    assert found.unknown == ("a2", "s", "b")


def test_what_is_exempted_lost_nothing() -> None:
    inputs: dict[str, LeafInput] = {"A": NotApplicable("x"), "s": Measured(100), "b": Points(20)}
    found = lost_points(SET, score(SET, inputs))
    assert (found.leaves, found.lost, found.unknown) == ((), 0, ())


def test_a_penalty_is_a_loss_and_a_bonus_not_earned_is_none() -> None:
    bonus = {"kind": "bonus_penalty", "each": 0.5, "lowest": -2, "highest": 2}
    criteria_set = built(leaf("a", 100), leaf("b", 2, bonus, outside_base=True))
    inputs: dict[str, LeafInput] = {"a": Points(99), "b": Points(-1.5)}
    first = lost_points(criteria_set, score(criteria_set, inputs)).leaves[0]
    assert (first.leaf, first.lost, first.is_penalty) == ("b", 1.5, True)
    assert len(lost_points(criteria_set, score(criteria_set, inputs | {"b": Points(0)})).leaves) == 1
