"""Reading a submission from JSON: its shape is checked here, its answers by the questionnaire."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request

from survey.services.errors import BadIdentifier
from survey.web.errors import MalformedRequest, NotJson, WrongEncoding

_NAMES = {"response_id", "unit", "questionnaire_sha256", "answers"}
#: What no unit or questionnaire is called never reaches the database, which may not know its letters.
_SHAPES = {"unit": re.compile(r"[a-z0-9.\-]{1,40}"), "questionnaire_sha256": re.compile(r"[0-9a-f]{64}")}


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """A whole form as a client sends it."""

    response_id: UUID
    unit: str
    questionnaire_sha256: str
    answers: dict[str, object]


def submitted_form() -> SubmittedForm:
    """Read the request's JSON.

    Raises:
        NotJson, WrongEncoding, MalformedRequest, BadIdentifier: nothing is written.
    """
    if request.mimetype != "application/json":
        raise NotJson(request.mimetype)
    body = _json(request.get_data())
    if not isinstance(body, dict) or set(body) != _NAMES or not isinstance(body["answers"], dict):
        raise MalformedRequest(f"an object with {sorted(_NAMES)} is needed")
    for name, shape in _SHAPES.items():
        if not isinstance(body[name], str) or not shape.fullmatch(body[name]):
            raise MalformedRequest(f"{name} does not match {shape.pattern}")
    return SubmittedForm(
        _identifier(body["response_id"]), body["unit"], body["questionnaire_sha256"], body["answers"]
    )


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles)
    except UnicodeDecodeError as error:
        raise WrongEncoding(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(str(error)) from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _identifier(value: Any) -> UUID:
    try:
        found = UUID(hex=value)
    except (ValueError, AttributeError, TypeError) as error:
        raise BadIdentifier(repr(value)[:80]) from error
    # Half of the bits zero is a counter. Fewer would refuse some random id of every few ten thousand.
    if found.int >> 64 == 0:
        raise BadIdentifier("not random")
    return found
