"""The page for people who edit questionnaires keeps up with the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from survey.questionnaires import ANSWER_CATALOGUE, CATALOGUE, check
from survey.questionnaires.shape import SCHEMA_FILE, validator

PAGE = (Path(__file__).parents[3] / "docs" / "questionnaire-format.md").read_text(encoding="utf-8")
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def keys(schema: object) -> set[str]:
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        for inner in schema.values():
            found |= keys(inner)
    return found


@pytest.mark.parametrize("code", [*CATALOGUE, *ANSWER_CATALOGUE])
def test_every_problem_code_is_explained(code: str) -> None:
    assert f"`{code}`" in PAGE


@pytest.mark.parametrize("key", sorted(keys(SCHEMA)))
def test_every_key_is_explained(key: str) -> None:
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("enumeration", ["role", "combine", "measure", "direction", "kind"])
def test_every_allowed_word_is_explained(enumeration: str) -> None:
    words = re.findall(
        rf'"{enumeration}": {{\s*"enum": (\[[^\]]*\])', SCHEMA_FILE.read_text(encoding="utf-8")
    )
    assert words
    for word in (word for found in words for word in json.loads(found)):
        assert f"`{word}`" in PAGE


def test_the_example_on_the_page_is_sound() -> None:
    (example,) = re.findall(r"```json\n(\{\n  \"schema_version\".*?)```", PAGE, re.DOTALL)
    assert check(example.encode()) == []


def test_the_schema_refuses_unknown_keys_in_every_object() -> None:
    assert SCHEMA["$schema"].endswith("draft/2020-12/schema")
    for name, part in [("document", SCHEMA), *SCHEMA["$defs"].items()]:
        if "properties" in part:
            assert part["additionalProperties"] is False, name
    assert validator() is validator()
