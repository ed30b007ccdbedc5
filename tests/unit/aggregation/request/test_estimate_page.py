"""docs/estimate.md keeps up with the schema and the code, and its requests can be run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey.aggregation.request import SCHEMA_FILE, errors, estimate
from survey.errors import SurveyError

ROOT = Path(__file__).resolve().parents[4]
PAGE = (ROOT / "docs" / "estimate.md").read_text(encoding="utf-8")
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
REQUESTS = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)]


def keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "if" not in schema:
            yield from schema["properties"]
        for name, inner in schema.items():
            if name not in ("if", "then", "else"):
                yield from keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner)


def choices(name: str) -> list[str]:
    told = (
        SCHEMA["$defs"][name] if name in SCHEMA["$defs"] else SCHEMA["$defs"]["statistic"]["properties"][name]
    )
    return [one for one in told["enum"] if isinstance(one, str)]


def test_every_key_of_the_schema_is_explained() -> None:
    found = set(keys(SCHEMA))
    assert len(found) > 45
    assert [key for key in sorted(found) if f"`{key}`" not in PAGE and f'"{key}"' not in PAGE] == []


@pytest.mark.parametrize("name", ["kind", "interval_method", "deff", "missing", "combination"])
def test_every_choice_is_explained(name: str) -> None:
    listed = choices(name)
    assert len(listed) >= 2
    assert [one for one in listed if f"`{one}`" not in PAGE and f'"{one}"' not in PAGE] == []


def test_kinds_of_calibration_and_rules_for_lonely_psus_are_explained() -> None:
    told = SCHEMA["$defs"]
    for listed in (
        told["calibrate"]["properties"]["kind"]["enum"],
        told["design"]["properties"]["lonely"]["enum"],
    ):
        assert [one for one in listed if f"`{one}`" not in PAGE] == []


def test_every_error_of_this_part_is_in_the_table() -> None:
    codes = [
        one.code
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, SurveyError) and one.__module__ == errors.__name__
    ]
    assert len(codes) >= 15
    said = PAGE.replace("SVY-422-157, -158", "SVY-422-157 SVY-422-158")
    assert [code for code in codes if code not in said] == []


@pytest.mark.parametrize("told", REQUESTS, ids=range(len(REQUESTS)))
def test_every_request_of_the_page_is_answered(told: dict[str, Any]) -> None:
    data = told["data"] if isinstance(told["data"], dict) else {"path": told["data"]}
    data = data | {"path": str(ROOT / "tests" / "data" / "stats" / data["path"])}
    answer = estimate(told | {"data": data})
    assert all(line.estimate.value is not None for line in answer.lines)
    assert len(answer.comparisons) == len(told.get("compare", []))


def test_the_first_number_of_the_page_is_the_number() -> None:
    told = REQUESTS[0] | {"data": str(ROOT / "tests" / "data" / "stats" / "apistrat.csv")}
    line = estimate(told).line("mean_1", "api00").estimate
    value, se = re.findall(r": (\d+\.\d+), standard error (\d+\.\d+)\.", PAGE)[0]
    assert line.value == pytest.approx(float(value), rel=1e-12)
    assert line.se == pytest.approx(float(se), rel=1e-12)
