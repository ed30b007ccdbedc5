"""The checker reports every problem of a criteria-set file, each with its path."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import LANGUAGES
from survey.scoring import (
    CorruptCriteriaSet,
    MissingCriteriaSet,
    check,
    load,
    load_file,
    load_shipped,
    shipped,
)
from survey.scoring.loading import SETS
from survey.scoring.meaning_set import scale_problems
from survey.scoring.problems import CATALOGUE
from tests.unit.scoring.sample import document, groups, leaf, node, raw

FORMAT = Path(__file__).parents[3] / "docs" / "criteria-set-format.md"


def found(made: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check(raw(made))]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_set_is_without_problems(name: str) -> None:
    assert check(SETS.joinpath(f"{name}.json").read_bytes()) == []
    assert load_shipped(name).id == name


def test_three_sets_are_shipped() -> None:
    assert shipped() == ("par-2948-areas", "par-876-blocks", "par-illustration")


def test_one_file_tells_all_of_its_faults_at_once() -> None:
    made = document(
        leaf("a", 40, {"kind": "choice", "options": [option("x", 10), option("x", 5)]}),
        node("b", 50, leaf("b", 20), leaf("b2", 20)),
        leaf("c", None),
        valid_to="2024-02-30",
        title={"vi": "Bộ tiêu chí", "en": "A set"},
        status="wrong",
        colour="red",
    )
    del made["tree"][1]["children"][1]["rule"]
    assert sorted(found(made)) == sorted(
        [
            ("/status", "not_allowed"),
            ("/colour", "unknown_key"),
            ("/valid_to", "not_a_date"),
            ("/tree/0/rule/options", "duplicate_id"),
            ("/tree/0/rule/options", "choice_maximum"),
            ("/tree/1/maximum", "maxima_do_not_add_up"),
            ("/tree/1/children/0/id", "duplicate_id"),
            ("/tree/1/children/1/rule", "leaf_without_rule"),
            ("/tree/2/note", "unknown_without_note"),
            ("/tree/2/confidence", "unknown_but_confident"),
        ]
    )


def option(name: str, points: float) -> dict[str, Any]:
    return {"id": name, "name": {"vi": name, "en": name}, "points": points}


def test_a_damaged_node_does_not_hide_the_others() -> None:
    made = document(leaf("a", 50), node("b", 50, leaf("b1", "many"), node("b2", 20, leaf("b21", 30))))
    assert found(made) == [
        ("/tree/1/children/0/maximum", "wrong_type"),
        ("/tree/1/children/1/maximum", "maxima_do_not_add_up"),
    ]


@pytest.mark.parametrize(
    ("raw_bytes", "code"),
    [
        (b"\xff\xfe{}", "not_utf8"),
        (b'{"id": ', "not_json"),
        (b"", "not_json"),
        (b"[" * 100_000, "nested_too_deep"),
        (b"[" * 60 + b"]" * 60, "nested_too_deep"),
        (b'{"base": NaN}', "not_finite"),
        (b'{"id": "a", "id": "b"}', "duplicate_key"),
        (b'{"id": "\\ud800"}', "not_utf8"),
        (b" " * (4 * 1024 * 1024 + 1), "too_large"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b"9" * 5000, "not_finite"),
        (b'{"base": 1e999}', "not_finite"),
        (b'{"base": -Infinity}', "not_finite"),
    ],
)
def test_bytes_that_are_no_criteria_set_are_named(raw_bytes: bytes, code: str) -> None:
    assert code in [problem.code for problem in check(raw_bytes)]


def test_missing_keys_are_named_one_by_one() -> None:
    missing = {path for path, code in found({}) if code == "missing_key"}
    assert {"/tree", "/base", "/title", "/valid_to", "/sources"} <= missing


def step(low: float | None, high: float | None, points: float, **more: str) -> dict[str, Any]:
    return {"from": low, "to": high, "points": points} | more


def steps(*listed: dict[str, Any], boundary: str = "lower") -> dict[str, Any]:
    return {"kind": "steps", "of": "percent", "boundary": boundary, "steps": list(listed)}


def survey(*listed: dict[str, Any], weighting: str = "weights") -> dict[str, Any]:
    return {"kind": "survey", "weighting": weighting, "groups": list(listed)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (steps(step(None, 70, 0), step(80, None, 100)), ("steps/1", "gap")),
        (steps(step(None, 70, 0), step(60, None, 100)), ("steps/1", "overlap")),
        (steps(step(None, 70, 0), step(70, None, 100, includes="neither")), ("steps/1", "gap")),
        (steps(step(None, 70, 0, includes="upper"), step(70, None, 100)), ("steps/1", "overlap")),
        (steps(step(0, 70, 0), step(70, None, 100)), ("steps/0", "gap")),
        (steps(step(None, 70, 0), step(70, 100, 100)), ("steps/1", "gap")),
        (
            steps(step(None, 70, 0), step(90, 80, 5), step(70, None, 100)),
            ("steps/1", "interval_reversed"),
        ),
        (steps(step(None, 70, 0), step(70, None, 90)), ("steps", "steps_maximum")),
        ({"kind": "choice", "options": [option("x", 0), option("y", 120)]}, ("options", "choice_maximum")),
        ({"kind": "threshold_linear", "threshold": 120}, ("threshold", "threshold_above_full")),
        ({"kind": "normalised", "to": "target", "better": "higher"}, ("target", "target_missing")),
        ({"kind": "normalised", "to": "best", "better": "lower", "target": 3}, ("target", "target_unused")),
        (survey(*groups("l", "d", l=0.6, d=0.5)), ("groups", "weights_do_not_add_up")),
        (survey(*groups("l", "d", l=1.0)), ("groups/1/weight", "weight_missing")),
        (survey(*groups("l", "d", l=1.0), weighting="pooled"), ("groups/0/weight", "weight_unused")),
        (survey(*groups("l", "l"), weighting="pooled"), ("groups", "duplicate_id")),
    ],
)
def test_a_rule_that_cannot_be_meant_is_named(rule: dict[str, Any], expected: tuple[str, str]) -> None:
    path, code = expected
    assert found(document(leaf("a", 100, rule))) == [(f"/tree/0/rule/{path}", code)]


def test_a_span_within_another_does_not_pass_for_a_gap() -> None:
    nested = steps(step(None, 90, 0), step(10, 20, 5), step(90, None, 100))
    assert found(document(leaf("a", 100, nested))) == [("/tree/0/rule/steps/1", "overlap")]


BONUS = {"kind": "bonus_penalty", "each": 1, "lowest": -2, "highest": 2}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (
            [leaf("a", 100, rule={"kind": "linear"}), leaf("b", 2, BONUS)],
            ("/tree/1/rule", "bonus_inside_base"),
        ),
        ([leaf("a", 100), leaf("b", 2, outside_base=True)], ("/tree/1/rule", "outside_base_rule")),
        (
            [leaf("a", 100), leaf("b", 3, BONUS, outside_base=True)],
            ("/tree/1/rule/highest", "bonus_maximum"),
        ),
        (
            [leaf("a", 100), leaf("b", 0, BONUS | {"lowest": 0, "highest": 0}, outside_base=True)],
            ("/tree/1/rule/lowest", "bonus_range"),
        ),
        ([leaf("a", 100) | {"children": [leaf("b", 100)]}], ("/tree/0", "parent_with_rule")),
        ([leaf("a", 90)], ("/base", "maxima_do_not_add_up")),
        ([leaf("a", 100, confidence="not_found")], ("/tree/0/confidence", "given_but_not_found")),
        ([leaf("a", 100, confidence="seen")], ("/tree/0/sources", "source_missing")),
        ([leaf("a", 100, sources=["nowhere"])], ("/tree/0/sources", "unknown_source")),
        ([leaf("a", 100, parts=["nowhere"])], ("/tree/0/parts", "unknown_part")),
    ],
)
def test_a_tree_that_cannot_be_meant_is_named(tree: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    assert expected in found(document(*tree))


def test_a_bonus_deep_in_the_tree_is_named() -> None:
    made = document(node("a", 100, leaf("a1", 100), leaf("a2", 2, BONUS, outside_base=True)))
    assert ("/tree/0/children/1/outside_base", "outside_base_below_top") in found(made)


def test_six_levels_are_one_too_many() -> None:
    made = leaf("bottom", 100)
    for level in range(5):
        made = node(f"level-{level}", 100, made)
    assert found(document(made)) == [
        ("/tree/0/children/0/children/0/children/0/children/0/children/0", "too_deep")
    ]


UNKNOWN = {"confidence": "not_found", "note": {"vi": "chưa biết", "en": "not known"}}


def test_a_parent_may_be_known_while_its_children_are_not() -> None:
    made = document(node("a", 100, leaf("a1", 30), leaf("a2", None, **UNKNOWN)))
    assert found(made) == []


def test_known_children_cannot_exceed_their_parent() -> None:
    made = document(node("a", 100, leaf("a1", 130), leaf("a2", None, **UNKNOWN)))
    assert found(made) == [("/tree/0/maximum", "maxima_exceed")]


def test_a_sum_that_is_known_is_not_left_unknown() -> None:
    made = document(node("a", None, leaf("a1", 30), leaf("a2", 70), **UNKNOWN))
    assert found(made) == [("/tree/0/maximum", "maximum_is_known")]


def test_an_unknown_maximum_takes_only_points_and_no_exemption() -> None:
    made = document(
        leaf("a", 100), node("b", 0, leaf("b1", None, {"kind": "linear"}, exemptible=True, **UNKNOWN))
    )
    assert found(made) == [
        ("/tree/1/children/0/exemptible", "unknown_maximum_exempt"),
        ("/tree/1/children/0/rule", "unknown_maximum_rule"),
    ]


def test_maxima_add_up_to_a_base_other_than_100() -> None:
    assert found(document(leaf("a", 45.5), leaf("b", 24.5), base=70)) == []


def test_an_official_set_names_its_decision_and_holds_no_illustration() -> None:
    made = document(leaf("a", 100), status="official")
    assert found(made) == [
        ("/decision", "decision_missing"),
        ("/tree/0/confidence", "illustration_in_official"),
    ]


def test_an_illustration_says_so_in_both_languages() -> None:
    made = document(leaf("a", 100), title={"vi": "Bộ minh họa", "en": "A set"})
    assert found(made) == [("/title", "illustration_not_said")]


def test_a_set_does_not_end_before_it_begins() -> None:
    made = document(leaf("a", 100), valid_from="2025-10-31", valid_to="2025-10-30")
    assert found(made) == [("/valid_to", "dates_reversed")]


def cut(*parts: tuple[str, float], complete: bool = True) -> dict[str, Any]:
    listed = [
        {"id": name, "name": {"vi": name, "en": name}, "maximum": maximum, "confidence": "illustration"}
        for name, maximum in parts
    ]
    return {"id": "blocks", "name": {"vi": "khối", "en": "blocks"}, "complete": complete, "parts": listed}


def test_a_complete_cut_holds_every_leaf_once_and_adds_up() -> None:
    tree = [leaf("a", 60, parts=["x", "y"]), leaf("b", 40)]
    made = document(*tree, cuts=[cut(("x", 60), ("y", 50))])
    assert found(made) == [
        ("/cuts/0/parts/1/maximum", "maxima_do_not_add_up"),
        ("/tree/0/parts", "part_twice"),
        ("/tree/1/parts", "part_missing"),
    ]


def test_a_part_of_an_open_cut_may_hold_more_than_its_leaves_but_not_less() -> None:
    tree = [leaf("a", 60, parts=["x"]), leaf("b", 40, parts=["y"])]
    made = document(*tree, cuts=[cut(("x", 70), ("y", 30), complete=False)])
    assert found(made) == [("/cuts/0/parts/1/maximum", "maxima_exceed")]


def test_bands_that_leave_a_gap_or_overlap_are_named() -> None:
    scale = {
        "id": "own",
        "name": {"vi": "a", "en": "a"},
        "bands": [band("A", 90, None), band("B", 80, 85), band("C", None, 82)],
    }
    made = document(leaf("a", 100), bands=scale)
    assert found(made) == [("/bands/bands/0", "gap"), ("/bands/bands/1", "overlap")]


def band(name: str, low: float | None, high: float | None) -> dict[str, Any]:
    ends = {"from": low, "to": high, "includes": "lower"}
    return {"id": name, "name": {"vi": name, "en": name}, "confidence": "illustration"} | ends


def test_a_scale_has_all_thresholds_or_none() -> None:
    half = band("B", None, 90)
    del half["from"], half["to"], half["includes"]
    scale = {"id": "own", "name": {"vi": "a", "en": "a"}, "bands": [band("A", 90, None), half]}
    assert found(document(leaf("a", 100), bands=scale)) == [("/bands/bands", "half_known_scale")]
    assert found(document(leaf("a", 100), bands="nowhere")) == [("/bands", "unknown_scale")]


def test_the_shipped_scales_pass_the_checker() -> None:
    listed = json.loads(SETS.joinpath("..", "bands.json").read_text("utf-8"))
    assert [problem for scale in listed["scales"] for problem in scale_problems("", scale)] == []


def test_a_corrupted_file_is_refused_with_all_of_its_problems() -> None:
    broken = raw(document(leaf("a", 90, status="x"), bands="nowhere"))
    with pytest.raises(CorruptCriteriaSet) as refused:
        load(broken)
    assert refused.value.status == 422
    assert list(refused.value.problems) == check(broken)
    assert "3 lỗi" in refused.value.text("vi")


def test_a_file_that_is_not_there_is_said_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(MissingCriteriaSet) as missing:
        load_file(tmp_path / "set.json")
    assert missing.value.text("en") == "There is no criteria set “set.json”."
    with pytest.raises(MissingCriteriaSet):
        load_shipped("../errors")


def test_the_same_file_has_the_same_hash_from_disk(tmp_path: Path) -> None:
    kept = SETS.joinpath("par-876-blocks.json").read_bytes()
    (tmp_path / "set.json").write_bytes(kept)
    assert load_file(tmp_path / "set.json") == load_shipped("par-876-blocks")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 200) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else [])
    return [here, *(path for key, item in inside for path in paths(item, (*here, key)))]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_damage_is_reported_and_never_breaks_the_checker(data: st.DataObject) -> None:
    made = json.loads(SETS.joinpath("par-illustration.json").read_text("utf-8"))
    *way, last = data.draw(st.sampled_from(paths(made)[1:]))
    inside = made
    for key in way:
        inside = inside[key]
    inside[last] = data.draw(JSON)
    problems = check(json.dumps(made).encode())
    if not problems:
        assert load(raw(made)).sha256
    assert all(problem.text("vi") and problem.text("en") for problem in problems)


def test_every_problem_code_stands_in_the_format_document() -> None:
    written = set(re.findall(r"`([a-z0-9_]+)`", FORMAT.read_text("utf-8").split("## Problem codes")[1]))
    assert set(CATALOGUE) <= written


def test_every_problem_is_said_in_every_language_with_the_same_places() -> None:
    for code, texts in CATALOGUE.items():
        assert len(texts) == len(LANGUAGES)
        vi, en = (set(re.findall(r"{(\w+)}", words)) for words in texts)
        assert vi == en, code
