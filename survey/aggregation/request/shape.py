"""Whether a request has the shape of its schema, which is the one that docs/ publishes.

Turns the validator's findings into problems that name their JSON path. Not what the keys mean together
(building.py) or with the data, which is found where they are used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from survey.aggregation.request.document import Json
from survey.aggregation.request.errors import Problem, RequestRefused

SCHEMA_FILE = Path(__file__).with_name("estimate-request.schema.json")

_TYPES = {
    "object": "{…}",
    "array": "[…]",
    "string": '"text"',
    "integer": "1, 2, 3…",
    "number": "0.5",
    "boolean": "true / false",
}


@cache
def validator() -> Draft202012Validator:
    """Compile the schema once."""
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_shape(told: Json) -> None:
    """Refuse a request that departs from the schema, naming every departure once.

    Raises:
        RequestRefused.
    """
    found = {one.path + one.en: one for error in validator().iter_errors(told) for one in _problems(error)}
    if found:
        raise RequestRefused(sorted(found.values(), key=lambda one: one.path))


def at(path: str, key: str | int) -> str:
    """Extend a JSON path by a key or an index: `statistics[2].items`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _path(error: ValidationError) -> str:
    path = ""
    for key in error.absolute_path:
        path = at(path, key)
    return path


def _problems(error: ValidationError) -> Iterator[Problem]:
    rule, path = str(error.validator), _path(error)
    if rule in ("oneOf", "anyOf") and error.context:
        yield from _of_the_branch_meant(error)
    elif rule == "additionalProperties":
        yield from _unknown_keys(error, path)
    elif rule == "required":
        yield from _missing_keys(error, path)
    elif rule in _SENTENCES:
        vi, en, reading = _SENTENCES[rule]
        shown = reading(_any(error))
        yield Problem(path, vi.format(shown), en.format(shown))
    else:  # a `false` schema: the key does not go with the others
        yield Problem(
            path, "khóa này không dùng cùng các khóa khác ở đây", "the key does not go with the others"
        )


def _of_the_branch_meant(error: ValidationError) -> Iterator[Problem]:
    """Report the alternative that fits best: the one of the right type, with the fewest departures."""
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    meant = min(branches.values(), key=lambda found: (any(_misses(one, error) for one in found), len(found)))
    if all(_misses(one, error) for one in meant):
        yield _none_fits(error, list(branches.values()))
        return
    for inner in meant:
        yield from _problems(inner)


def _misses(inner: ValidationError, outer: ValidationError) -> bool:
    """Say whether an alternative is another kind of value altogether."""
    same_place = len(inner.absolute_path) == len(outer.absolute_path)
    return same_place and inner.validator in ("type", "const", "enum")


def _none_fits(error: ValidationError, branches: list[list[ValidationError]]) -> Problem:
    said = " | ".join(dict.fromkeys(_wanted(found[0]) for found in branches))
    return Problem(_path(error), f"cần {said}", f"{said} is needed")


def _wanted(error: ValidationError) -> str:
    return _SENTENCES[str(error.validator)][2](_any(error)) if str(error.validator) in _SENTENCES else "…"


def _unknown_keys(error: ValidationError, path: str) -> Iterator[Problem]:
    schema: Any = error.schema
    known = schema.get("properties", {})
    for key in _any(error).instance:
        if key not in known:
            keys = ", ".join(sorted(known))
            yield Problem(
                at(path, key), f"không có khóa này; các khóa: {keys}", f"unknown key; the keys are {keys}"
            )


def _missing_keys(error: ValidationError, path: str) -> Iterator[Problem]:
    for key in _any(error).validator_value:
        if key not in _any(error).instance:
            yield Problem(at(path, key), "thiếu khóa bắt buộc", "a required key is missing")


def _any(error: ValidationError) -> Any:
    """Take a finding's values for plain JSON."""
    return error


def _types(error: Any) -> str:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    return " | ".join(_TYPES[str(one)] for one in wanted)


def _allowed(error: Any) -> str:
    values = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    return ", ".join(json.dumps(one, ensure_ascii=False) for one in values)


def _form(error: Any) -> str:
    return str(error.schema.get("title", error.validator_value))


def _limit(error: Any) -> str:
    return str(error.validator_value)


#: By rule of the schema: what is said in Vietnamese and in English, and how its value is shown.
_SENTENCES: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "type": ("sai kiểu, cần {}", "wrong type, {} is needed", _types),
    "enum": ("chỉ nhận {}", "must be one of {}", _allowed),
    "const": ("chỉ nhận {}", "must be {}", _allowed),
    "pattern": ("không đúng dạng {}", "must be of the form {}", _form),
    "minLength": ("không được để trống", "must not be empty", _limit),
    "minItems": ("cần ít nhất {} phần tử", "needs at least {} elements", _limit),
    "maxItems": ("có nhiều hơn {} phần tử", "has more than {} elements", _limit),
    "minProperties": ("cần ít nhất {} khóa", "needs at least {} keys", _limit),
    "uniqueItems": ("có giá trị lặp lại", "holds a value twice", _limit),
    "minimum": ("nhỏ hơn {}", "is below {}", _limit),
    "maximum": ("lớn hơn {}", "is above {}", _limit),
    "exclusiveMinimum": ("phải lớn hơn {}", "must be above {}", _limit),
    "exclusiveMaximum": ("phải nhỏ hơn {}", "must be below {}", _limit),
}
