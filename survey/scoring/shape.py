"""From the bytes of a file to JSON of the right shape, every misfit named with its path.

Not what the values mean (meaning_*.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from survey.scoring.problems import Problem, problem

LARGEST = 4 * 1024 * 1024
DEEPEST = 40
LARGEST_NUMBER = 1e15

#: JSON types in both languages, for messages.
TYPES = {
    "object": "object (đối tượng)",
    "array": "array (danh sách)",
    "string": "string (văn bản)",
    "number": "number (số)",
    "integer": "integer (số nguyên)",
    "boolean": "boolean (đúng/sai)",
    "null": "null (trống)",
}


def read_document(raw: bytes) -> tuple[Any, list[Problem]]:
    """Read bytes as JSON; the document is None when there is none to look at."""
    if len(raw) > LARGEST:
        return None, [problem("", "too_large", limit=LARGEST)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return None, [problem("", "not_utf8", at=fault.start)]
    return read_text(text)


def read_text(text: str) -> tuple[Any, list[Problem]]:
    found: list[Problem] = []

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        found.extend(problem("", "duplicate_key", key=key) for key in repeated(keys))
        return dict(pairs)

    def number(word: str) -> float:
        value = float(word)  # NaN, Infinity and 1e999 come here too
        if not abs(value) < LARGEST_NUMBER:
            found.append(problem("", "not_finite", got=shown(word)))
            return 0.0
        return int(value) if word.lstrip("-").isdigit() else value

    hooks: dict[str, Any] = {"parse_int": number, "parse_float": number, "parse_constant": number}
    try:
        document = json.loads(text, object_pairs_hook=no_duplicates, **hooks)
    except json.JSONDecodeError as fault:
        return None, [problem("", "not_json", line=fault.lineno, column=fault.colno)]
    except RecursionError:
        return None, [problem("", "nested_too_deep")]
    if is_too_deep(document):
        return None, [problem("", "nested_too_deep")]
    return document, [*found, *half_characters(document)]


def half_characters(document: Any) -> Iterator[Problem]:
    """Find a lone surrogate (written \\ud800 in JSON), which no page and no sheet could show."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as fault:
        yield problem("", "not_utf8", at=fault.start)


def repeated(words: list[str]) -> list[str]:
    """Give every word that stands more than once, in order of its first standing."""
    return [word for word, times in Counter(words).items() if times > 1]


def is_too_deep(document: Any) -> bool:
    layer, depth = [document], 0
    while layer and depth <= DEEPEST:
        layer = [inner for outer in layer for inner in inside(outer)]
        depth += 1
    return bool(layer)


def inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


@cache
def validator() -> Draft202012Validator:
    raw = files("survey.scoring").joinpath("criteria-set.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(raw))


def shape_problems(document: Any) -> Iterator[Problem]:
    """Find every place where the document does not have the shape of the format."""
    for error in validator().iter_errors(document):
        yield from said(error)


def said(error: ValidationError) -> Iterator[Problem]:
    """Say one finding of the JSON Schema validator in the words of the catalogue."""
    path = pointer(error.absolute_path)
    if error.validator in ("anyOf", "oneOf"):
        yield problem(path, "wrong_form", got=shown(error.instance))
    else:
        yield from SAYINGS.get(str(error.validator), say_other)(error, path)


def pointer(path: Any) -> str:
    """Write a path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def say_missing(error: ValidationError, path: str) -> Iterator[Problem]:
    instance: Any = error.instance
    wanted: Any = error.validator_value
    keys = wanted if isinstance(wanted, list) else sorted({key for keys in wanted.values() for key in keys})
    # the validator reports each missing key by itself; the message's first word is that key
    missing = [key for key in keys if key not in instance and error.message.startswith(repr(key))]
    yield from (problem(f"{path}/{key}", "missing_key", key=key) for key in missing)


def say_unknown(error: ValidationError, path: str) -> Iterator[Problem]:
    instance: Any = error.instance
    schema: Any = error.schema
    unknown = [key for key in instance if key not in schema.get("properties", {})]
    yield from (problem(path + pointer([key]), "unknown_key", key=key) for key in unknown)


def say_type(error: ValidationError, path: str) -> Iterator[Problem]:
    wanted: Any = error.validator_value
    words = [wanted] if isinstance(wanted, str) else wanted
    yield problem(path, "wrong_type", expected=", ".join(TYPES[word] for word in words))


def say_choice(error: ValidationError, path: str) -> Iterator[Problem]:
    wanted = error.validator_value
    words = wanted if isinstance(wanted, list) else [wanted]
    yield problem(path, "not_allowed", got=shown(error.instance), expected=", ".join(map(str, words)))


def say_range(error: ValidationError, path: str) -> Iterator[Problem]:
    yield problem(path, "out_of_range", got=error.instance, limit=error.validator_value)


def say_form(error: ValidationError, path: str) -> Iterator[Problem]:
    yield problem(path, "wrong_form", got=shown(error.instance))


def say_short(error: ValidationError, path: str) -> Iterator[Problem]:
    yield problem(path, "too_few")


def say_other(error: ValidationError, path: str) -> Iterator[Problem]:
    yield problem(path, "wrong_shape", keyword=error.validator)


SAYINGS: dict[str, Callable[[ValidationError, str], Iterator[Problem]]] = {
    "required": say_missing,
    "dependentRequired": say_missing,
    "additionalProperties": say_unknown,
    "type": say_type,
    "enum": say_choice,
    "const": say_choice,
    "minimum": say_range,
    "maximum": say_range,
    "exclusiveMinimum": say_range,
    "pattern": say_form,
    "minLength": say_short,
    "minItems": say_short,
}
