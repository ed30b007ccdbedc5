"""From year to year: contributions that add up, nodes matched by id or by mapping, breaks marked."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.rounding import round_half_up
from survey.scoring import (
    CriteriaSet,
    Known,
    LeafInput,
    Measured,
    MeasuredGroups,
    NoPublishedUnit,
    NotApplicable,
    Points,
    Rate,
    RefusedInputs,
    RefusedMatches,
    Unknown,
    load_shipped,
    score,
    standing_of,
    years,
)
from survey.scoring.trends import (
    Point,
    Predecessor,
    Year,
    change_between,
    constructed,
    decisions,
    published_series,
    read_matches,
    series,
)
from survey.scoring.trends.change import apportioned
from tests.unit.scoring import sample
from tests.unit.scoring.sample import all_given, built, leaf, node

ILLUSTRATION = load_shipped("par-illustration")
BEST = {"7.3": 50.0, "7.4": 0.0}
LEVEL = st.floats(0, 1)
ALL_63 = frozenset(f"unit-{number}" for number in range(63))


def year(when: int, criteria_set: CriteriaSet, inputs: dict[str, LeafInput], **more: Any) -> Year:
    return Year(
        when, criteria_set, score(criteria_set, inputs, best=BEST if "7.3" in inputs else None), **more
    )


def leveled(levels: list[float]) -> dict[str, LeafInput]:
    leaves = ILLUSTRATION.leaves()
    return {one.id: sample.given(one, levels[place % len(levels)]) for place, one in enumerate(leaves)}


@settings(max_examples=50, deadline=None)
@given(
    first=st.lists(LEVEL, min_size=2, max_size=7),
    second=st.lists(LEVEL, min_size=2, max_size=7),
    exempt=st.sampled_from(["", "2.2", "3"]),
)
def test_what_the_areas_contributed_adds_up_to_the_change(
    first: list[float], second: list[float], exempt: str
) -> None:
    """Also with a part exempted in the second year, and with bonus held within the base."""
    after = leveled(second)
    if exempt:
        after = {name: given for name, given in after.items() if not name.startswith(exempt)}
        after[exempt] = NotApplicable("minh họa")
    found = change_between(year(2024, ILLUSTRATION, leveled(first)), year(2025, ILLUSTRATION, after))
    assert found.percent is not None
    assert math.fsum(one.percent for one in found.contributions) == pytest.approx(found.percent, abs=1e-9)
    printed = found.printed_contributions()
    totals = [round_half_up(one.score.percent or 0) for one in (found.before, found.after)]
    assert round(sum(printed.values()), 6) == round(totals[1] - totals[0], 6)
    assert all(abs(printed[one.id] - one.percent) < 0.02 for one in found.contributions)
    assert found.like_for_like


@settings(max_examples=30, deadline=None)
@given(first=st.lists(LEVEL, min_size=2, max_size=7), second=st.lists(LEVEL, min_size=2, max_size=7))
def test_the_nodes_below_a_node_contribute_what_it_does(first: list[float], second: list[float]) -> None:
    found = change_between(
        year(2024, ILLUSTRATION, leveled(first)), year(2025, ILLUSTRATION, leveled(second))
    )
    by_id = {one.after.id: one for one in found.nodes if one.after}
    for parent in ILLUSTRATION.walk():
        if parent.children:
            below = [by_id[child.id].contribution or 0 for child in parent.children]
            assert math.fsum(below) == pytest.approx(by_id[parent.id].contribution, abs=1e-9)
            changed = [by_id[child.id].points or 0 for child in parent.children]
            assert math.fsum(changed) == pytest.approx(by_id[parent.id].points, abs=1e-9)


@settings(deadline=None)
@given(
    parts=st.dictionaries(
        st.text("abcdef", min_size=1, max_size=2), st.floats(-50, 50), min_size=1, max_size=9
    ),
    slip=st.integers(-3, 3),
)
def test_rounded_parts_add_up_to_the_rounded_whole(parts: dict[str, float], slip: int) -> None:
    whole = round(round_half_up(math.fsum(parts.values())) + slip / 100, 2)
    made = apportioned(parts, whole, 2)
    assert round(sum(made.values()) * 100) == round(whole * 100)
    assert list(made) == list(parts)


def test_86_60_against_85_42_is_1_18_and_one_place_up() -> None:
    """Đắk Nông 2023 → 2024: 86.60 − 1.18 = 85.42, ranks 51 → 50, survey ranks 61 → 34 (parindex.md §0, §8).

    The split into blocks is made up (minh họa); only the totals and the places were published.
    """
    blocks = load_shipped("par-876-blocks")
    groups = MeasuredGroups({name: Measured(0.8, n=200) for name in ("leaders", "delegates")})

    def points(total: float) -> dict[str, LeafInput]:
        return {
            "appraisal": Points(total - 22 * 0.8 - 8.2),
            "survey": groups,
            "sipas": Measured(82.0),
        }

    before = year(2023, blocks, points(85.42), places={"": 51, "survey": 61}, population=ALL_63)
    after = year(2024, blocks, points(86.60), places={"": 50, "survey": 34}, population=ALL_63)
    found = change_between(before, after)
    assert round_half_up(found.percent or 0) == 1.18
    assert found.places == 1
    assert {one.after.id: one.places for one in found.nodes if one.after}["survey"] == 27
    assert found.printed_contributions() == {"appraisal": 1.18, "survey": 0.0, "sipas": 0.0}
    assert found.breaks == ()


OLD = built(node("1", 40, leaf("1.1", 30), leaf("1.2", 10)), leaf("2", 60), version="1")
NEW = built(node("1", 50, leaf("1.1", 30), leaf("1.3", 20)), leaf("2", 30), leaf("4", 20), version="2")
OLD_YEAR = year(2023, OLD, {"1.1": Points(20), "1.2": Points(5), "2": Points(50)}, population=ALL_63)
NEW_INPUTS: dict[str, LeafInput] = {"1.1": Points(24), "1.3": Points(10), "2": Points(20), "4": Points(15)}
NEW_YEAR = year(2024, NEW, NEW_INPUTS, population=ALL_63)


def mapping(*pairs: tuple[str | None, str | None], **more: Any) -> bytes:
    listed = [{"before": before, "after": after} for before, after in pairs]
    made = {
        "schema_version": 1,
        "before": "sample 1",
        "after": "sample 2",
        "sources": ["minh họa"],
        "pairs": listed,
    }
    return json.dumps(made | more).encode()


def test_another_set_marks_a_break_and_shows_unmatched_nodes_apart() -> None:
    found = change_between(OLD_YEAR, NEW_YEAR)
    assert found.percent == pytest.approx(69 - 75)
    assert [one.after.id for one in found.nodes if one.after] == ["1", "1.1", "2"]
    assert [one.before.id for one in found.dropped if one.before] == ["1.2"]
    assert [one.after.id for one in found.added if one.after] == ["1.3", "4"]
    assert [(one.code, one.id) for one in found.breaks] == [
        ("set_changed", ""),
        ("maximum_changed", "1"),
        ("maximum_changed", "2"),
        ("node_dropped", "1.2"),
        ("node_added", "1.3"),
        ("node_added", "4"),
    ]
    assert found.breaks[1].text["vi"] == "Điểm tối đa của “1” thay đổi: 40 → 50."
    like = {one.after.id: one.like_for_like for one in found.nodes if one.after}
    assert like == {"1": False, "1.1": True, "2": False}
    assert {one.id: one.percent for one in found.contributions} == pytest.approx({"1": 9, "2": -30, "4": 15})
    assert found.added[1].contribution == pytest.approx(15)
    assert found.dropped[0].contribution == pytest.approx(-5)


def test_a_mapping_matches_renumbered_nodes_and_unmatches_what_it_says() -> None:
    matches = read_matches(mapping(("2", "4"), ("1.2", "1.3"), ("1.1", None)))
    found = change_between(OLD_YEAR, NEW_YEAR, matches)
    pairs = [(one.before.id, one.after.id) for one in found.nodes if one.before and one.after]
    assert pairs == [("1", "1"), ("1.2", "1.3"), ("2", "4")]
    assert [one.before.id for one in found.dropped if one.before] == ["1.1"]
    assert [one.after.id for one in found.added if one.after] == ["1.1", "2"]
    assert math.fsum(one.percent for one in found.contributions) == pytest.approx(found.percent)
    assert {one.id for one in found.contributions} == {"1", "2", "4"}


def test_the_same_leaves_under_another_rule_break_too() -> None:
    one, other = built(leaf("a", 100)), built(leaf("a", 100, {"kind": "linear"}))
    found = change_between(year(2023, one, {"a": Points(50)}), year(2024, other, {"a": Rate(60, 100)}))
    assert [mark.code for mark in found.breaks] == ["set_changed", "rule_changed"]
    assert not found.nodes[0].like_for_like


def test_another_base_breaks() -> None:
    """Nam Định scored against a base of 70 (parindex.md §3): 62.62 of 70 is 89.457 %, of 100 it is 62.62."""
    seventy, hundred = built(leaf("a", 70), base=70), built(leaf("a", 100))
    found = change_between(year(2020, seventy, {"a": Points(62.62)}), year(2021, hundred, {"a": Points(90)}))
    assert [mark.code for mark in found.breaks] == ["set_changed", "base_changed", "maximum_changed"]
    assert found.percent == pytest.approx(90 - 62.62 / 70 * 100)
    assert found.nodes[0].points == pytest.approx(27.38)


def test_a_new_file_that_changes_no_point_breaks_nothing() -> None:
    renamed = built(leaf("a", 100) | {"name": sample.text("b")}, version="2")
    found = change_between(
        year(2023, built(leaf("a", 100)), {"a": Points(50)}), year(2024, renamed, {"a": Points(60)})
    )
    assert found.like_for_like


def test_places_among_other_units_are_not_compared() -> None:
    """63 provinces until 30/06/2025, 34 after (Nghị quyết 202/2025/QH15)."""
    fewer = frozenset(f"new-{number}" for number in range(34))
    one = built(leaf("a", 100))
    before = year(2024, one, {"a": Points(50)}, places={"": 50, "a": 3}, population=ALL_63)
    after = year(2025, one, {"a": Points(60)}, places={"": 20, "a": 1}, population=fewer)
    found = change_between(before, after)
    assert (found.percent, found.places, found.nodes[0].places) == (10, None, None)
    assert [mark.text["vi"] for mark in found.breaks] == ["Tập đơn vị được xếp hạng thay đổi: 63 → 34."]


def test_an_unknown_total_has_no_contributions() -> None:
    one = built(leaf("a", 60), leaf("b", 40))
    found = change_between(
        year(2023, one, {"a": Points(1)}), year(2024, one, {"a": Points(2), "b": Points(2)})
    )
    assert (found.percent, found.contributions, found.printed_contributions()) == (None, (), {})
    assert [one.points for one in found.nodes] == [1, None]


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        (b"\xff", "", "not_utf8"),
        (b"{", "", "not_json"),
        (b"[]", "", "wrong_type"),
        (mapping(pairs={}), "/pairs", "wrong_type"),
        (mapping(pairs=[{"before": "1"}]), "/pairs/0", "missing_key"),
        (mapping(pairs=[{"before": 1, "after": None}]), "/pairs/0/before", "wrong_type"),
        (mapping(pairs=["1"]), "/pairs/0", "wrong_type"),
        (mapping(before="other 1"), "/before", "other_set"),
        (mapping(("9", "1")), "/pairs/0/before", "unknown_node"),
        (mapping(("1.1", "1.1"), ("1.2", "1.1")), "/pairs/0/after", "matched_twice"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_its_path(raw: bytes, path: str, code: str) -> None:
    with pytest.raises(RefusedMatches) as caught:
        change_between(OLD_YEAR, NEW_YEAR, read_matches(raw))
    first = caught.value.problems[0]
    assert (first.path, first.code) == (path, code)


def test_a_mapping_without_its_keys_says_each() -> None:
    with pytest.raises(RefusedMatches) as caught:
        read_matches(b"{}")
    assert len(caught.value.problems) == 5


def printed(when: int, value: float, place: int, **more: Any) -> Point:
    known = {"unit": "lam-dong", "criteria_set": "892", "population": "63"} | more
    return Point(
        when, value=Known(value, "s", "seen"), place=Known(place, "s", "seen"), kind="printed", **known
    )


def test_the_published_trend_of_dak_nong_breaks_where_the_set_changed() -> None:
    """Sets 1149 until 2021, 876 in 2022 and 2023, 892 from 2024 (parindex.md §1.1); 84.66, 85.42, 86.60."""
    found = published_series("Đắk Nông")
    values = {one.year: one.value.value for one in found.points if isinstance(one.value, Known)}
    assert (values[2022], values[2023], values[2024]) == (84.66, 85.42, 86.60)
    last, before_last = found.steps[-1], found.steps[-2]
    assert [mark.code for mark in last.breaks] == ["set_changed"]
    assert isinstance(last.points, Known)
    assert isinstance(last.places, Known)
    assert (last.points.value, last.places.value) == (1.18, 1)
    assert before_last.breaks == ()
    assert isinstance(before_last.places, Known)
    assert before_last.places.value == -14  # the score rose and the rank fell (parindex.md §4)
    assert [one.year for one in found.segments[-1]] == [2024]
    assert [one.year for one in found.segments[-2]] == [2022, 2023]


def test_the_decisions_are_those_of_every_published_year() -> None:
    assert set(decisions()) == set(years("par"))
    assert decisions()[2024].confidence == "inferred"


def test_sipas_has_no_criteria_set_to_break_it() -> None:
    found = published_series("Đắk Nông", "sipas")
    assert all(mark.code != "set_changed" for one in found.steps for mark in one.breaks)


def test_nothing_printed_is_said() -> None:
    with pytest.raises(NoPublishedUnit):
        published_series("Atlantis")


def test_a_merged_unit_is_another_unit_among_others_under_its_old_name() -> None:
    """Lâm Đồng from 01/07/2025 is Lâm Đồng, Đắk Nông and Bình Thuận (Nghị quyết 202/2025/QH15); 2025: minh họa."""
    found = series(
        [
            printed(2025, 88, 20, unit="lam-dong-2025", population="34"),
            printed(2024, 86, 52),
            printed(2023, 85, 53),
        ]
    )
    before, step = found.steps
    assert isinstance(before.points, Known)
    assert before.points.value == 1
    assert [mark.code for mark in step.breaks] == ["unit_changed", "population_changed"]
    assert isinstance(step.points, Unknown)
    assert isinstance(step.places, Unknown)
    assert [[one.year for one in segment] for segment in found.segments] == [[2023, 2024], [2025]]


def test_after_a_population_change_alone_values_compare_and_places_do_not() -> None:
    step = series([printed(2024, 86, 52), printed(2025, 88, 20, population="34")]).steps[0]
    assert isinstance(step.points, Known)
    assert (step.points.value, type(step.places)) == (2, Unknown)


def test_a_missing_year_breaks_the_line() -> None:
    found = series([printed(2020, 84, 5), printed(2024, 86, 5)])
    assert [mark.text["vi"] for mark in found.steps[0].breaks] == ["Thiếu số liệu các năm 2021–2023."]
    assert isinstance(found.steps[0].points, Unknown)


EQUAL = {"vi": "trọng số bằng nhau", "en": "equal weights"}


def test_a_constructed_figure_says_its_weights_and_is_never_joined_to_printed_ones() -> None:
    """Mean of 86.60 and 88.27, Đắk Nông and Kon Tum 2024, as an arithmetic example (minh họa)."""
    parts = [Predecessor(unit, standing_of(unit, 2024).value, 1.0) for unit in ("Đắk Nông", "Kon Tum")]
    made = constructed(2024, "new", parts, EQUAL)
    assert isinstance(made.value, Known)
    assert (made.value.value, made.value.confidence, made.kind) == (87.44, "inferred", "constructed")
    assert [one.weight for one in made.predecessors] == [0.5, 0.5]
    assert isinstance(made.place, Unknown)
    assert "trọng số bằng nhau" in (made.method or {})["vi"]
    found = series([made, printed(2025, 88, 20, unit="new")])
    assert [mark.code for mark in found.steps[0].breaks] == ["kind_changed"]
    assert isinstance(found.steps[0].points, Unknown)
    assert len(found.segments) == 2
    assert found.is_broken


def test_weights_are_divided_by_their_sum() -> None:
    parts = [Predecessor("a", Known(80.0, "s", "seen"), 30), Predecessor("b", Known(90.0, "t", "seen"), 10)]
    made = constructed(2024, "new", parts, EQUAL)
    assert isinstance(made.value, Known)
    assert (made.value.value, made.value.source) == (82.5, "s ; t")


def test_lam_dong_cannot_be_constructed_while_former_units_are_unknown() -> None:
    """The 2024 values of Lâm Đồng and Bình Thuận were not found (parindex.md §4, §7)."""
    names = ("Lâm Đồng", "Đắk Nông", "Bình Thuận")
    regions = dict.fromkeys(names, "x")
    parts = [Predecessor(name, standing_of(name, 2024, "par", regions).value, 1.0) for name in names]
    made = constructed(2024, "lam-dong-2025", parts, EQUAL)
    assert isinstance(made.value, Unknown)
    assert made.value.text("vi") == "Chưa biết giá trị của: Lâm Đồng, Bình Thuận."


def test_all_given_changes_nothing_between_equal_years() -> None:
    same = year(2024, ILLUSTRATION, all_given(ILLUSTRATION, 0.7))
    found = change_between(same, Year(2025, ILLUSTRATION, same.score))
    assert found.percent == 0
    assert all(one.percent == 0 for one in found.contributions)


def test_blocks_are_compared_by_id_with_their_places() -> None:
    """The survey block of Đắk Nông: place 61 in 2023, 34 in 2024 (parindex.md §0); points are made up."""
    before = year(2023, ILLUSTRATION, all_given(ILLUSTRATION, 0.5))
    after = year(2024, ILLUSTRATION, all_given(ILLUSTRATION, 0.75))
    (blocks,) = (parts for parts in before.score.cuts.values() if len(parts) == 3)
    renamed = {blocks[1]: 61}, {blocks[1]: 34}
    found = change_between(replace(before, places=renamed[0]), replace(after, places=renamed[1]))
    survey = next(one for one in found.parts if one.after and one.after.id == blocks[1])
    assert survey.points == pytest.approx(22 * 0.25)
    assert (survey.places, survey.like_for_like) == (27, True)


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_that_is_none_is_refused_with_its_unit(weight: float) -> None:
    with pytest.raises(RefusedInputs) as caught:
        constructed(2024, "new", [Predecessor("a", Known(80.0, "s", "seen"), weight)], EQUAL)
    assert [problem.path for problem in caught.value.problems] == ["a"]


def test_a_figure_is_not_constructed_from_nothing() -> None:
    with pytest.raises(RefusedInputs):
        constructed(2024, "new", [], EQUAL)
