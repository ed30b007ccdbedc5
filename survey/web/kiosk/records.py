"""A kiosk's visits as JSON: sealed records in, an acknowledgement for each out (K18, O2, O11).

The acknowledgement repeats the hash of the sealed box, never that of the answers: few answers exist,
so their hash would tell them to whoever reads along.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from survey.services.devices.kiosk_records import SentBox, take_box
from survey.services.review.quarantine import Fate
from survey.services.tablets.records import clocks
from survey.web.access import device, needs_device
from survey.web.errors import MalformedRequest
from survey.web.security import takes_json
from survey.web.site import site

kiosk_api = Blueprint("kiosk_api", __name__, url_prefix="/api/v1/kiosk")
_MOST_RECORDS = 25
#: Seconds of a wait that are still reckoned with; `keep_record` says what is believed of it.
_LONGEST_WAIT = 10**10


@kiosk_api.post("/responses")
@needs_device("kiosk")
@takes_json
def submit() -> Any:
    """Keep each record exactly once; one alone is answered by its own status, several by a list."""
    sent = _records()
    if len(sent) > 1:
        return _answer({"results": [_told(_taken(one), one) for one in sent]})
    fate = _taken(sent[0])
    if fate.error is not None and not fate.is_held:
        raise fate.error
    return _answer(_told(fate, sent[0])), fate.status


def _taken(one: SentBox) -> Fate:
    return take_box(store=site().store, clock=site().clock, device=device(), sent=one)


def _told(fate: Fate, sent: SentBox) -> dict[str, Any]:
    """Tell what became of a record; the hash says that the site has it, so the device may let go of it."""
    told: dict[str, Any] = {"response_id": fate.response_id, "status": fate.status}
    if fate.is_held:
        told["sealed_sha256"] = hashlib.sha256(sent.box).hexdigest()
    if fate.receipt is not None:
        told |= {"receipt": fate.receipt.code, "replayed": fate.receipt.replayed}
    if fate.error is not None:
        message = {"vi": fate.error.text("vi"), "en": fate.error.text("en")}
        told |= {"quarantined": fate.is_held, "code": fate.error.code, "message": message}
    return told


def _answer(told: dict[str, Any]) -> Response:
    return jsonify(srv=site().settings.public_base_url, **told)


def _records() -> list[SentBox]:
    """Read the request's JSON.

    Raises:
        MalformedRequest: nothing is written.
    """
    try:
        told = json.loads(request.get_data())
        listed = told["records"]
        if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_RECORDS:
            raise ValueError("records")
        offset = clocks(told.get("sent_at"), site().clock.now()).offset_s
        return [_record(one, offset) for one in listed]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise MalformedRequest(str(error)[:200]) from error


def _record(told: Any, offset_s: int | None) -> SentBox:
    if not isinstance(told["response_id"], str) or len(told["response_id"]) != 32:
        raise ValueError("response_id")
    waited = told.get("waited_s", 0)
    if not isinstance(waited, int) or isinstance(waited, bool):
        raise TypeError("waited_s")
    box = base64.b64decode(told["sealed"], validate=True)
    wait = timedelta(seconds=min(max(waited, -_LONGEST_WAIT), _LONGEST_WAIT))
    return SentBox(told["response_id"], box, wait, offset_s)
