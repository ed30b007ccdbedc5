"""Reading the bytes of a file as JSON, and saying everything that is wrong with them.

Encoding, syntax, keys written twice, absurd depth. Which keys there should be is `shape`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from survey.questionnaires.places import Json, at, leaves
from survey.questionnaires.problems import Problem, problem

MAX_BYTES = 1_048_576
MAX_DEPTH = 40


class Object(dict[str, Json]):
    """A JSON object that remembers the keys written twice in it."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Json]]) -> Object:
    read = Object(pairs)
    if len(read) < len(pairs):
        keys = [key for key, _ in pairs]
        read.repeated = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
    return read


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON number")


def read_json(raw: bytes) -> tuple[Json, list[Problem]]:
    """Parse a file; the document is None when it cannot be read at all."""
    if len(raw) > MAX_BYTES:
        return None, [problem("file-too-large", "", limit=MAX_BYTES)]
    found = [problem("byte-order-mark", "")] if raw.startswith(codecs.BOM_UTF8) else []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [*found, problem("not-utf8", "", offset=error.start)]
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        return None, [*found, problem("too-deep", "", limit=MAX_DEPTH)]
    except ValueError as error:
        return None, [*found, _not_json(error)]
    if _is_too_deep(document):
        return None, [*found, problem("too-deep", "", limit=MAX_DEPTH)]
    return document, [*found, *_repeated_keys(document)]


def _not_json(error: ValueError) -> Problem:
    if isinstance(error, json.JSONDecodeError):
        return problem("not-json", "", line=error.lineno, column=error.colno, reason=error.msg)
    return problem("not-json", "", line=1, column=1, reason=error)


def _is_too_deep(document: Json) -> bool:
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level for inner in _content(value)]
    return bool(level)


def _content(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _repeated_keys(document: Json) -> Iterator[Problem]:
    for path, value in leaves(document):
        if isinstance(value, Object):
            for key in value.repeated:
                yield problem("duplicate-key", at(path, key), key=key)
