"""Pass 1 of the checker: the shape of a document, by the JSON Schema beside this file.

Turns the validator's findings into problems with stable codes and paths. What the parts mean
together is pass 2, the `rules_*` modules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, ValidationError

from survey.questionnaires.places import Json, at
from survey.questionnaires.problems import Problem, problem

SCHEMA_FILE = Path(__file__).with_name("questionnaire.schema.json")

EXPECTED = {
    "object": "object {…}",
    "array": "list […]",
    "string": "“text”",
    "integer": "1, 2, 3…",
    "number": "0.5",
    "boolean": "true / false",
}


@cache
def validator(file: Path = SCHEMA_FILE) -> Draft202012Validator:
    """Compile a schema once."""
    schema = json.loads(file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_shape(document: Json, file: Path = SCHEMA_FILE) -> Iterator[Problem]:
    """Report every departure of a document from a schema, the questionnaire's unless named."""
    for error in validator(file).iter_errors(document):
        path = ""
        for key in error.absolute_path:
            path = at(path, key)
        yield from _reports(error, path)


def _reports(error: ValidationError, path: str) -> Iterator[Problem]:
    rule, wanted, found = str(error.validator), _json(error.validator_value), _json(error.instance)
    if rule == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        for key in found:
            if key not in known:
                yield problem("unknown-key", at(path, key), key=key)
    elif rule == "required":
        for key in wanted:
            if key not in found:
                yield problem("missing-key", at(path, key), key=key)
    elif rule in SIMPLE:
        code, place, reading = SIMPLE[rule]
        yield problem(code, path, **{place: reading(wanted)})
    else:  # minProperties and dependentRequired, which only a rule uses
        yield problem("bad-rule", path)


def _json(value: Json) -> Json:
    """Take a value of the validator for plain JSON, as it is once an error is complete."""
    return value


def _allowed(value: Json) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(json.dumps(one, ensure_ascii=False) for one in values)


SIMPLE: dict[str, tuple[str, str, Callable[[Json], object]]] = {
    "type": ("wrong-type", "expected", lambda value: EXPECTED.get(value, value)),
    "enum": ("not-allowed", "allowed", _allowed),
    "const": ("not-allowed", "allowed", _allowed),
    "pattern": ("bad-format", "pattern", str),
    "maxLength": ("too-long", "limit", str),
    "minItems": ("too-few", "limit", str),
    "maxItems": ("too-many", "limit", str),
    "minimum": ("out-of-range", "limit", str),
    "maximum": ("out-of-range", "limit", str),
    "uniqueItems": ("repeated-value", "limit", str),
}
