"""The checker reports what a setting of a criteria set cannot mean, each with its path."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from survey.scoring import check, framework_problems
from tests.unit.scoring.sample import built, document, groups, leaf, node, raw, text
from tests.unit.scoring.variants import variant


def found(made: Any) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check(raw(made))]


SHEET = {
    "id": "l", "name": text("l"), "weighting": "pooled", "groups": groups("g"),
    "items": [{"id": "q1", "name": text("q1")}],
}  # fmt: skip


def survey(**more: Any) -> dict[str, Any]:
    return leaf("a", 100, {"kind": "survey", **more})


@pytest.mark.parametrize(
    ("tree", "more", "expected"),
    [
        (survey(survey="nowhere"), {}, ("/tree/0/rule/survey", "unknown_survey")),
        (survey(survey="l", items=["q1", "q9"]), {"surveys": [SHEET]}, ("/tree/0/rule/items/1", "unknown_survey_item")),
        (survey(weighting="pooled", groups=groups("g"), items=["q1"]), {}, ("/tree/0/rule/items", "items_without_survey")),
        (survey(survey="l", groups=groups("g")), {"surveys": [SHEET]}, ("/tree/0/rule/groups", "groups_twice")),
        (survey(survey="l", weighting="pooled"), {"surveys": [SHEET]}, ("/tree/0/rule/weighting", "groups_twice")),
        (leaf("a", 100), {"surveys": [SHEET, SHEET]}, ("/surveys", "duplicate_id")),
        (leaf("a", 100), {"surveys": [SHEET | {"weighting": "weights"}]}, ("/surveys/0/groups/0/weight", "weight_missing")),
        (leaf("a", 100), {"surveys": [SHEET | {"items": SHEET["items"] * 2}]}, ("/surveys/0/items", "duplicate_id")),
        (leaf("a", 100), {"replaces": {"id": "sample", "version": "1"}}, ("/replaces", "replaces_itself")),
        (leaf("a", 100), {"rounding": {"percent": 3}}, ("/ranking/places", "ranked_coarser_than_shown")),
        (leaf("a", 100), {"ranking": {"places": 1}}, ("/ranking/places", "out_of_range")),
        (leaf("a", 100), {"ranking": {"tie": "lots"}}, ("/ranking/tie", "not_allowed")),
        (leaf("a", 100), {"ranking": {"tie_break": ["a", "z"]}}, ("/ranking/tie_break/1", "unknown_node")),
        (leaf("a", 100), {"bonus_limits": {"lowest": -1, "highest": 1}}, ("/bonus_limits", "bonus_limits_unused")),
        (leaf("a", 100), {"blocks": [{"id": "b", "name": text("b")}]}, ("/blocks/0", "block_empty")),
        (
            leaf("a", 100),
            {"blocks": [{"id": "b", "name": text("b"), "kinds": ["ward"]}, {"id": "c", "name": text("c"), "kinds": ["commune", "ward"]}]},
            ("/blocks/1/kinds", "block_overlap"),
        ),
        (
            leaf("a", 100),
            {"blocks": [{"id": "b", "name": text("b"), "units": ["x", "x"]}]},
            ("/blocks/0/units", "block_overlap"),
        ),
        (leaf("a", 100), {"exemptions": [{"id": "e", "name": text("e"), "scope": "unit", "nodes": ["z"]}]}, ("/exemptions/0/nodes/0", "unknown_node")),
        (leaf("a", 100), {"exemptions": [{"id": "e", "name": text("e"), "scope": "unit", "nodes": ["a"]}]}, ("/exemptions/0/nodes/0", "exempted_not_exemptible")),
        (
            leaf("a", 100, exemptible=True),
            {"exemptions": [{"id": "e", "name": text("e"), "scope": "all", "nodes": ["a", "a"]}]},
            ("/exemptions/0/nodes/1", "exemption_nested"),
        ),
        (
            leaf("a", 100, exemptible=True),
            {"exemptions": [{"id": "e", "name": text("e"), "scope": "all", "nodes": ["a"], "sources": ["no"]}]},
            ("/exemptions/0/sources", "unknown_source"),
        ),
        (
            node("a", 100, leaf("b", 100, exemptible=True), exemptible=True),
            {"exemptions": [{"id": "e", "name": text("e"), "scope": "all", "nodes": ["a", "b"]}]},
            ("/exemptions/0/nodes/1", "exemption_nested"),
        ),
        (node("a", 100, leaf("b", None, {"kind": "choice", "options": []}, confidence="delegated")), {}, ("/tree/0/children/0/rule/options", "too_few")),
        (node("a", 100, leaf("b", None, {"kind": "count", "each": 1}, confidence="delegated")), {}, ("/tree/0/children/0/rule", "delegated_rule")),
        (node("a", 100, leaf("b", None, {"kind": "threshold_linear", "threshold": 120}, confidence="delegated")), {}, ("/tree/0/children/0/rule/threshold", "threshold_above_full")),
        (node("a", 100, leaf("b", 100, confidence="delegated")), {}, ("/tree/0/children/0/confidence", "given_but_delegated")),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_named(
    tree: dict[str, Any], more: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert found(document(tree, **more)) == [expected]


def test_what_is_left_to_a_lower_authority_lies_within_a_known_maximum() -> None:
    unframed = document(leaf("a", None, confidence="delegated"), leaf("b", 100))
    assert found(unframed) == [("/tree/0/confidence", "delegated_without_frame")]


def test_a_damaged_block_does_not_hide_what_is_wrong_with_another() -> None:
    blocks = [{"id": "b"}, {"id": "c", "name": text("c")}]
    assert found(document(leaf("a", 100), blocks=blocks)) == [
        ("/blocks/0/name", "missing_key"),
        ("/blocks/1", "block_empty"),
    ]


FRAME = "ha-noi-commune-framework"


def test_a_local_set_that_changes_what_the_framework_fixes_is_named() -> None:
    frame, local = variant(FRAME), variant("ha-noi-commune-local")
    moved = replace(
        local,
        tree=(
            replace(local.tree[0], maximum=50),
            replace(local.tree[1], children=local.tree[1].children[:1]),
        ),
    )
    assert [(one.path, one.code) for one in framework_problems(moved, frame)] == [
        ("/tree/0/maximum", "framework_maximum"),
        ("/tree/1", "framework_missing"),
    ]
    renamed = replace(local, tree=(replace(local.tree[0], id="x"), local.tree[1]))
    assert [(one.path, one.code) for one in framework_problems(renamed, frame)] == [
        ("/tree", "framework_missing"),
        ("/tree/0/id", "framework_extra"),
    ]


def test_a_local_set_of_another_framework_is_named() -> None:
    frame, local = variant(FRAME), variant("ha-noi-commune-local")
    other = replace(frame, version="2")
    assert [one.code for one in framework_problems(local, other)] == ["framework_other"]
    assert [one.code for one in framework_problems(built(leaf("a", 100)), frame)] == ["framework_other"]
