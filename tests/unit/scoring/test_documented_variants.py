"""One generic tree covers every documented local variant (parindex.md §3): each scores as its province says.

What is documented stands in tests/data/criteria_sets/README.md; the inputs are minh họa.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as given_
from hypothesis import strategies as st

from survey.scoring import (
    ChosenOption,
    Count,
    LeafInput,
    Measured,
    MeasuredGroups,
    Points,
    Rate,
    RefusedInputs,
    check,
    document_of,
    dump,
    exempted_by,
    framework_problems,
    load,
    rank_in_blocks,
    score,
    score_units,
)
from tests.unit.scoring.sample import all_given
from tests.unit.scoring.variants import FOLDER, NAMES, variant


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_passes_the_checker_and_says_that_it_is_an_illustration(name: str) -> None:
    assert check((FOLDER / f"{name}.json").read_bytes()) == []
    assert variant(name).is_illustration


@pytest.mark.parametrize("name", NAMES)
def test_every_variant_is_written_as_it_was_read(name: str) -> None:
    kept = variant(name)
    again = load(dump(kept))
    assert replace(again, sha256=kept.sha256) == kept
    assert document_of(again) == document_of(kept)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"ha-noi-commune-framework"}))
def test_every_variant_gives_everything_for_the_best_inputs(name: str) -> None:
    kept = variant(name)
    best: dict[str, LeafInput] = {
        leaf.id: Count(0) if getattr(leaf.rule, "higher_is_better", True) is False else given
        for leaf, given in zip(kept.leaves(), all_given(kept, 1.0).values(), strict=True)
    }
    made = score_units(kept, {"one": best})["one"]
    assert made.percent == pytest.approx(100)
    assert made.total.points == pytest.approx(kept.base)


APPRAISED: dict[str, LeafInput] = {
    "plan": ChosenOption("late"),  # 5 of 10
    "on-time": Rate(90, 100),  # at least 80 %: 0.9 × 40 = 36
    "tasks": Rate(3, 4),  # 0.75 × 20 = 15
}


def test_without_its_optional_survey_the_old_set_of_hanoi_is_rescaled_to_100() -> None:
    """5 + 36 + 15 = 56 of 70, so 56 / 70 × 100 = 80; both the raw and the rescaled figure are there."""
    kept = variant("ha-noi-old-optional-survey")
    made = score(kept, {**APPRAISED, **exempted_by(kept, ["no-survey"])})
    assert made.points == pytest.approx(56)
    assert made.rescaled == pytest.approx(80)
    assert made.percent == pytest.approx(80)
    assert made.exempt == {"survey": "Không tổ chức điều tra xã hội học"}


def test_with_its_survey_the_old_set_of_hanoi_adds_30_points() -> None:
    """56 + 0.8 × 30 = 80 of 100."""
    made = score(variant("ha-noi-old-optional-survey"), {**APPRAISED, "survey": Measured(0.8, n=200)})
    assert made.points == pytest.approx(80)
    assert made.percent == pytest.approx(80)


def test_a_district_of_hanoi_divides_only_what_the_framework_leaves_to_it() -> None:
    frame, local = variant("ha-noi-commune-framework"), variant("ha-noi-commune-local")
    assert [leaf.maximum for leaf in frame.leaves()] == [None] * 4
    assert framework_problems(local, frame) == []
    # 0.8 × 15 + 0.6 × 25 + 0.9 × 45 + 10 = 12 + 15 + 40.5 + 10 = 77.5
    given: dict[str, LeafInput] = {
        "1.1": Rate(8, 10), "1.2": Rate(6, 10), "2.1": Rate(9, 10), "2.2": Points(10),
    }  # fmt: skip
    assert score(local, given).percent == pytest.approx(77.5)


def test_a_framework_by_itself_scores_nothing_and_says_what_is_missing() -> None:
    made = score(variant("ha-noi-commune-framework"), {"1.1": Rate(8, 10)})
    assert made.percent is None
    assert "1.1" in made.missing


HANAM: dict[str, LeafInput] = {"1": Rate(8, 10), "7.1": Points(16)}  # 40 of 50, 16 of 20


def test_a_unit_of_ha_nam_without_procedures_keeps_a_base_of_70() -> None:
    """20 + 7 + 3 points do not apply: 56 of 70 is 80 on the full base; area 7 keeps 20 of its 30."""
    kept = variant("ha-nam-2023-exemptions")
    made = score(kept, {**HANAM, **exempted_by(kept, ["no-procedures"])})
    assert made.points == pytest.approx(56)
    assert made.total.applicable == pytest.approx(70)
    assert made.rescaled == pytest.approx(80)
    assert made.nodes["7"].applicable == pytest.approx(20)
    assert made.nodes["7"].percent == pytest.approx(80)
    assert made.nodes["3"].exempt


def test_a_ground_that_a_set_does_not_have_is_refused() -> None:
    with pytest.raises(RefusedInputs) as refused:
        exempted_by(variant("ha-nam-2023-exemptions"), ["no-budget"])
    assert [one.code for one in refused.value.problems] == ["unknown_exemption"]


def test_two_grounds_leave_a_node_to_the_one_above_it() -> None:
    kept = variant("ha-nam-2023-exemptions")
    inner = replace(kept.exemptions[0], id="inner", nodes=("3.1",))
    both = replace(kept, exemptions=(*kept.exemptions, inner))
    assert set(exempted_by(both, ["inner", "no-procedures"])) == {"3", "7.3", "7.5"}


def test_the_base_of_nam_dinh_is_70() -> None:
    """62.62 / 70 = 89.457 %, which the province printed as 89.45; 61.46 / 70 = 87.80 % (parindex.md §3)."""
    kept = variant("nam-dinh-2020-base-70")
    assert score(kept, {"total": Points(62.62)}).percent == pytest.approx(89.457, abs=0.0005)
    assert score(kept, {"total": Points(61.46)}).percent == pytest.approx(87.80, abs=0.005)


def contents(share: float) -> dict[str, LeafInput]:
    return {str(number): Rate(share, 100) for number in range(1, 9)}


@pytest.mark.parametrize(
    ("share", "initiatives", "lapses", "bonus", "points"),
    [
        (90, 2, 2, 1.0, 91.0),  # 2 × 1 − 2 × 0.5 = 1
        (90, 5, 0, 3.0, 93.0),  # five initiatives earn 3 at most, no more than all together
        (90, 0, 12, -4.0, 86.0),  # −5 by its own limit, −4 by the limit of all
        (100, 3, 0, 3.0, 100.0),  # the total stays within the base
    ],
)
def test_bonus_and_penalty_stand_outside_the_base_and_are_held_together(
    share: float, initiatives: int, lapses: int, bonus: float, points: float
) -> None:
    given = {**contents(share), "9.1": Count(initiatives), "9.2": Count(lapses)}
    made = score(variant("ha-noi-2025-bonus"), given)
    assert made.total.points == pytest.approx(share)
    assert made.bonus == pytest.approx(bonus)
    assert made.points == pytest.approx(points)


@pytest.mark.parametrize(
    ("points", "band"),
    [(85, "tot"), (84.9994, "kha"), (84.9995, "tot"), (70, "kha"), (69.999, "trung-binh"), (0, "trung-binh")],
)
def test_classes_are_data_and_are_placed_on_three_decimals(points: float, band: str) -> None:
    made = score(variant("lam-dong-2025-classes"), {"all": Points(points)})
    assert made.band is not None
    assert made.band.id == band


def test_three_groups_judge_the_departments_of_gia_lai_by_the_weights_of_the_survey() -> None:
    """0.5 × 0.9 + 0.3 × 0.8 + 0.2 × 0.6 = 0.81, of 5 points 4.05, six times 24.3; 0.8 × 70 = 56; 80.3."""
    groups = {
        "delegates": Measured(0.9, n=60), "commune-leaders": Measured(0.8, n=270),
        "commune-offices": Measured(0.6, n=135),
    }  # fmt: skip
    kept = variant("gia-lai-2025-groups")
    survey = {f"s{number}": MeasuredGroups(groups) for number in range(1, 7)}
    made = score(kept, {"appraised": Rate(80, 100), **survey})
    assert made.nodes["s1"].points == pytest.approx(4.05)
    assert made.percent == pytest.approx(80.3)
    rule = kept.leaves()[1].rule
    assert rule is not None
    assert rule.kind == "survey"
    assert (rule.survey, rule.items) == ("so-2025", ("s1.q1", "s1.q2"))


def test_a_tree_of_five_levels_adds_up_from_its_lowest_leaves() -> None:
    """Units A and B: 85 % falls in the middle step (20); 40 against the best 50 is 0.8 × 25 = 20;
    8 against a target of 4, lower being better, is 0.5 × 40 = 20: 60 in all. B is the best: 35 + 25 + 40."""
    made = score_units(
        variant("five-levels"),
        {
            "A": {"1.1.1.1.1": Rate(85, 100), "1.1.1.1.2": Count(40), "1.2": Count(8)},
            "B": {"1.1.1.1.1": Rate(90, 100), "1.1.1.1.2": Count(50), "1.2": Count(3)},
        },
    )
    assert made["A"].percent == pytest.approx(60)
    assert made["B"].percent == pytest.approx(100)
    assert made["A"].nodes["1.1.1.1"].depth == 4


def given_points(appraised: float, satisfaction: float) -> dict[str, LeafInput]:
    return {"a": Points(appraised), "b": Measured(satisfaction)}


def test_wards_are_ranked_apart_from_communes_and_special_zones() -> None:
    """Points are a + SIPAS / 100 × 20: P1 60 + 16, P2 62 + 14 (equal at 76), P3 70 + 18; xã and đặc khu by themselves.
    P1 stands before P2 because the set breaks ties by satisfaction."""
    kept = variant("hai-phong-2025-communes")
    given = {
        "P1": given_points(60, 80), "P2": given_points(62, 70), "P3": given_points(70, 90),
        "X1": given_points(50, 80), "X2": given_points(50, 80), "DK": given_points(40, 80),
    }  # fmt: skip
    kinds = {
        "P1": "ward", "P2": "ward", "P3": "ward", "X1": "commune", "X2": "commune", "DK": "special_zone",
    }  # fmt: skip
    wards, communes = rank_in_blocks(kept, score_units(kept, given), kinds)
    assert {unit: str(place) for unit, place in wards.ranks.items()} == {"P1": "2", "P2": "3", "P3": "1"}
    assert {unit: str(place) for unit, place in communes.ranks.items()} == {
        "X1": "1-2",
        "X2": "1-2",
        "DK": "3",
    }


def test_special_bodies_are_scored_and_have_no_place() -> None:
    kept = variant("hai-phong-2025-departments")
    given = {
        "van-phong-ubnd": given_points(80, 99),
        "so-noi-vu": given_points(70, 80),
        "?": given_points(1, 1),
    }
    kinds = {"van-phong-ubnd": "agency", "so-noi-vu": "agency", "?": "ward"}
    ranked, special, others = rank_in_blocks(kept, score_units(kept, given), kinds)
    assert {unit: str(place) for unit, place in ranked.ranks.items()} == {"so-noi-vu": "1"}
    assert special.ranks == {"van-phong-ubnd": None}
    assert others.block is None
    assert others.ranks == {"?": None}


def test_an_incomplete_score_has_no_place_and_takes_none() -> None:
    kept = variant("nam-dinh-2020-base-70")
    scores = score_units(kept, {"full": {"total": Points(50)}, "empty": {}})
    (ranked,) = rank_in_blocks(kept, scores)
    assert str(ranked.ranks["full"]) == "1"
    assert ranked.ranks["empty"] is None


@given_(share=st.floats(0, 1))
def test_an_exemption_is_neutral_where_the_rest_earns_the_same_share(share: float) -> None:
    """Renormalising keeps the percent when the exempted part would have earned the same share."""
    kept = variant("ha-nam-2023-exemptions")
    everything = all_given(kept, share)
    rest = {name: everything[name] for name in ("1", "7.1")}
    freed = score(kept, {**rest, **exempted_by(kept, ["no-procedures"])})
    assert freed.percent == pytest.approx(score(kept, everything).percent, abs=1e-9)
