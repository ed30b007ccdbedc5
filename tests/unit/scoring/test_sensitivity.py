"""Sensitivity says what a point is worth in places, and the points it names do what it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.scoring import ChosenOption, IncompleteScore, LeafInput, Measured, Points, Rate, load_shipped
from survey.scoring.prospects import Rivals, place_among, sensitivity
from tests.unit.scoring import sample
from tests.unit.scoring.sample import all_given, built, leaf

ILLUSTRATION = load_shipped("par-illustration")
BEST = {"7.3": 50.0, "7.4": 1.0}
TWO = built(leaf("a", 60), leaf("s", 40, {"kind": "external_index", "index": "sipas"}, method="sipas"))
GIVEN: dict[str, LeafInput] = {"a": Points(50), "s": Measured(80, se=0.75)}


@settings(max_examples=60, deadline=None)
@given(
    own=st.integers(0, 6000).map(lambda cent: cent / 100),
    totals=st.lists(st.integers(0, 10000).map(lambda cent: cent / 100), min_size=1, max_size=8),
)
def test_the_points_to_gain_and_to_fall_a_place_do_it_and_no_fewer(own: float, totals: list[float]) -> None:
    rivals = Rivals.of({str(number): (total, 0.0) for number, total in enumerate(totals)})
    found = sensitivity(TWO, GIVEN | {"a": Points(own), "s": Measured(50, se=0)}, rivals)
    first = found.leaves[0]
    percent = own + 20

    def place(change: float) -> int:
        return place_among(percent + change, 0.0, rivals).place

    if first.points_to_gain is None:
        assert found.place.place == 1
    else:
        assert place(first.points_to_gain) < found.place.place <= place(first.points_to_gain - 1e-6)
    if first.points_to_fall is None:
        assert found.place.place == found.place.of
    elif first.points_to_fall < percent:
        assert place(-first.points_to_fall) <= found.place.place < place(-first.points_to_fall - 1e-6)


def test_what_a_leaf_can_still_gain_bounds_what_it_can_do() -> None:
    """82 against 83 (se 0.4 each half): 0.995 points are enough as printed; Φ(10/0.5), Φ(−0.005/0.5)."""
    rivals = Rivals.of({"up": (83.0, 0.4), "down": (80.0, 0.4), "far": (95.0, 0.4)})
    found = sensitivity(TWO, GIVEN, rivals)
    one, survey = found.leaves
    assert found.score.percent_se == pytest.approx(0.3)
    assert (one.factor, one.can_gain, one.can_lose) == (1, 10, 50)
    assert (one.points_to_gain, one.least_gain) == (pytest.approx(0.995), pytest.approx(0.995))
    assert one.points_to_fall == pytest.approx(82 - 79.995)
    assert (one.places_per_point, one.places_at_most) == (1, 1)
    assert one.chance_real == pytest.approx(0.496011, abs=1e-6)
    assert one.chance_at_most == pytest.approx(1.0)
    assert survey.can_gain == pytest.approx(8)
    assert found.above is not None
    assert found.below is not None
    assert (found.above.unit, found.below.unit) == ("up", "down")
    assert found.above.chance == pytest.approx(0.977250, abs=1e-6)
    assert found.below.chance == pytest.approx(0.999968, abs=1e-6)


def test_whole_options_gain_the_place_only_by_a_whole_option() -> None:
    options = {
        "kind": "choice",
        "options": [
            {"id": name, "name": sample.text(name), "points": points}
            for name, points in (("no", 0), ("late", 6), ("on-time", 10))
        ],
    }
    criteria_set = built(leaf("a", 10, options), leaf("b", 90))
    rivals = Rivals.of({"x": (57.0, 0.0), "y": (95.0, 0.0)})
    found = sensitivity(criteria_set, {"a": ChosenOption("late"), "b": Points(50)}, rivals)
    first, second = found.leaves
    assert (first.points_to_gain, first.least_gain) == (pytest.approx(0.995), 4)
    assert second.least_gain == pytest.approx(0.995)


def test_a_leaf_that_has_everything_cannot_gain_the_place() -> None:
    found = sensitivity(TWO, GIVEN | {"a": Points(60)}, Rivals.of({"x": (99.0, 0.1)}))
    assert (found.leaves[0].can_gain, found.leaves[0].least_gain) == (0, None)
    assert found.leaves[0].chance_real is None
    assert found.leaves[1].least_gain == pytest.approx(98.995 - 92)


def test_the_last_cannot_fall_and_the_first_cannot_gain() -> None:
    last = sensitivity(TWO, GIVEN, Rivals.of({"x": (99.0, 0.1)}))
    assert (last.below, last.leaves[0].points_to_fall) == (None, None)
    first = sensitivity(TWO, GIVEN, Rivals.of({"x": (9.0, 0.1)}))
    assert (first.above, first.leaves[0].points_to_gain, first.leaves[0].places_per_point) == (None, None, 0)


def test_every_leaf_of_a_set_is_there_surveys_included_and_exempted_ones_not() -> None:
    inputs = all_given(ILLUSTRATION, 0.5)
    rivals = Rivals.of({f"u{number}": (40 + number, 0.5) for number in range(30)})
    found = sensitivity(ILLUSTRATION, inputs, rivals, best=BEST)
    assert [one.leaf for one in found.leaves] == [one.id for one in ILLUSTRATION.leaves()]
    assert all(one.expected_per_point and one.expected_per_point > 0 for one in found.leaves)


def test_an_unknown_error_leaves_the_chance_unknown() -> None:
    found = sensitivity(TWO, GIVEN, Rivals.of({"x": (85.0, None), "y": (70.0, 0.2)}))
    assert found.above is not None
    assert found.above.chance is None
    assert found.leaves[0].chance_real is None
    assert found.leaves[0].expected_per_point is None
    assert found.place.unknown_errors == 1


def test_a_unit_without_a_total_has_no_sensitivity() -> None:
    with pytest.raises(IncompleteScore):
        sensitivity(TWO, {"a": Points(1)}, Rivals.of({"x": (1.0, 0.0)}))


def test_a_threshold_just_missed_is_one_whole_jump() -> None:
    """79 % of a rate that counts from 80: the least gain is 8 of 10 points, whatever is needed."""
    criteria_set = built(leaf("a", 10, {"kind": "threshold_linear", "threshold": 80}), leaf("b", 90))
    rivals = Rivals.of({"x": (51.0, 0.0)})
    found = sensitivity(criteria_set, {"a": Rate(79, 100), "b": Points(50)}, rivals)
    assert found.leaves[0].least_gain == pytest.approx(8)


BONUS = {"kind": "bonus_penalty", "each": 0.5, "lowest": -2, "highest": 2}


@pytest.mark.parametrize(
    ("points", "to_gain", "to_fall"), [(0.0, 0.995, 2.005), (1.5, None, 2.505), (-2.0, 1.995, None)]
)
def test_limits_on_all_bonus_together_bound_what_it_can_do(
    points: float, to_gain: float | None, to_fall: float | None
) -> None:
    """Held to −1 … +1: at 1.5 only 1 counts, so 0.5 can be lost for nothing and no more gained."""
    tree = [leaf("a", 100), leaf("b", 2, BONUS, outside_base=True), leaf("c", 2, BONUS, outside_base=True)]
    limited = built(*tree, bonus_limits={"lowest": -1, "highest": 1})
    inputs: dict[str, LeafInput] = {"a": Points(50), "b": Points(points), "c": Points(0)}
    held = min(max(points, -1), 1)
    rivals = Rivals.of({"up": (51.0 + held, 0.0), "down": (48.0 + held, 0.0)})
    found = {one.leaf: one for one in sensitivity(limited, inputs, rivals).leaves}
    assert found["b"].points_to_gain == (None if to_gain is None else pytest.approx(to_gain))
    assert found["b"].points_to_fall is None
    assert found["a"].points_to_fall == pytest.approx(2.005)
    near = Rivals.of({"down": (held + 49.5, 0.0)})
    fell = {one.leaf: one for one in sensitivity(limited, inputs, near).leaves}["b"].points_to_fall
    assert fell == (None if to_fall is None else pytest.approx(to_fall - 1.5))


def test_dense_ties_count_totals_and_not_units() -> None:
    dense = built(leaf("a", 100), ranking={"tie": "dense"})
    rivals = Rivals.of({"x": (60.0, 0.0), "y": (60.0, 0.0), "z": (70.0, 0.0)})
    found = sensitivity(dense, {"a": Points(59.5)}, rivals)
    assert (found.place.place, found.leaves[0].places_per_point) == (3, 1)
    assert found.leaves[0].points_to_gain == pytest.approx(0.495)
