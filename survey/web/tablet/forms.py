"""What a tablet posts, as JSON: a sign-in, a batch of forms, a raw record that could not be taken."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from flask import request

from survey.services.review.quarantine import RECORD_LIMIT
from survey.services.tablets.errors import BatchTooLarge, RecordTooLarge
from survey.web.errors import MalformedRequest, WrongEncoding

#: One sending: 25 forms of 60 items are about 100 KiB, so this leaves room for comments in every one.
BATCH_LIMIT = 2 * 1024 * 1024
MOST_RECORDS = 100
_LONGEST_LOGIN, _LONGEST_PASSWORD = 80, 128
_LONGEST_SEALED = 4_096


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as they were sent; `single` where one came without a batch around it."""

    records: list[Any]
    sent_at: Any
    single: bool


def batch() -> Batch:
    """Read a batch: {"sent_at", "records": […]}, or one record with or without "sent_at".

    Raises:
        MalformedRequest, WrongEncoding, BatchTooLarge: nothing is written.
    """
    if len(request.get_data()) > BATCH_LIMIT:
        raise BatchTooLarge()
    body = _object()
    sent_at = body.pop("sent_at", None)
    if "records" not in body:
        return Batch([body], sent_at, single=True)
    records = body["records"]
    if set(body) != {"records"} or not isinstance(records, list):
        raise MalformedRequest("records")
    if len(records) > MOST_RECORDS:
        raise BatchTooLarge(str(len(records)))
    return Batch(records, sent_at, single=False)


def signing_in() -> tuple[str, str]:
    """Read a login and a password.

    Raises:
        MalformedRequest: they are not there, or no texts.
    """
    body = _object()
    login, password = body.get("login"), body.get("password")
    if not isinstance(login, str) or not isinstance(password, str) or set(body) != {"login", "password"}:
        raise MalformedRequest("login and password are needed")
    return login[:_LONGEST_LOGIN], password[: _LONGEST_PASSWORD + 1]


def sealed_key() -> bytes:
    """Read a data key as it lies sealed on the tablet.

    Raises:
        MalformedRequest: it is not there, or no base64.
    """
    body = _object()
    sealed = body.get("sealed")
    if not isinstance(sealed, str) or set(body) != {"sealed"} or len(sealed) > _LONGEST_SEALED:
        raise MalformedRequest("sealed is needed")
    try:
        return base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise MalformedRequest(str(error)) from error


def raw_record() -> bytes:
    """Read a raw record, whatever it holds.

    Raises:
        RecordTooLarge: it is larger than a form may be.
    """
    raw = request.get_data()
    if len(raw) > RECORD_LIMIT:
        raise RecordTooLarge(str(len(raw)))
    return raw


def _object() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data().decode("utf-8"), object_pairs_hook=_without_doubles)
    except UnicodeDecodeError as error:
        raise WrongEncoding(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise MalformedRequest(str(error)[:200]) from error
    if not isinstance(body, dict):
        raise MalformedRequest("an object is needed")
    return body


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)
