"""A kiosk's visits as JSON: sealed records in, an acknowledgement for each out (K18, O2, O11).

The acknowledgement repeats the hash of the sealed box, never that of the answers: few answers exist,
so their hash would tell them to whoever reads along.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from survey.errors import SurveyError
from survey.services.devices.errors import BadRecord
from survey.services.devices.kiosk_records import keep_record, record_in_box
from survey.services.keeping import LATE, Receipt
from survey.web.access import device, needs_device
from survey.web.errors import MalformedRequest
from survey.web.security import takes_json
from survey.web.site import site

kiosk_api = Blueprint("kiosk_api", __name__, url_prefix="/api/v1/kiosk")
_MOST_RECORDS = 25
#: A queue older than the late days of a round is of no use; of less, `keep_record` says what is believed.
_LONGEST_WAIT = int(LATE.total_seconds())


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """One record as it was sent.

    Attributes:
        response_id: the id that the device knows it by; the one inside the box must be the same.
    """

    response_id: str
    box: bytes
    waited: timedelta


@kiosk_api.post("/responses")
@needs_device("kiosk")
@takes_json
def submit() -> Any:
    """Keep each record exactly once; one alone is answered by its own status, several by a list."""
    sent = _records()
    if len(sent) == 1:
        return _answer(_kept(sent[0])), 201
    return _answer({"results": [_result(one) for one in sent]})


def _result(one: SealedRecord) -> dict[str, Any]:
    try:
        return {"response_id": one.response_id, "status": 201, **_kept(one)}
    except SurveyError as error:
        told = {"vi": error.text("vi"), "en": error.text("en")}
        return {"response_id": one.response_id, "status": error.status, "code": error.code, "message": told}


def _kept(one: SealedRecord) -> dict[str, Any]:
    store, clock = site().store, site().clock
    record = record_in_box(store=store, box=one.box)
    if record.response_id.hex != one.response_id:
        raise BadRecord("another id in the box")
    receipt = keep_record(store=store, clock=clock, device=device(), record=record, waited=one.waited)
    return _told(receipt, one.box)


def _told(receipt: Receipt, box: bytes) -> dict[str, Any]:
    hashed = hashlib.sha256(box).hexdigest()
    return {"receipt": receipt.code, "sealed_sha256": hashed, "replayed": receipt.replayed}


def _answer(told: dict[str, Any]) -> Response:
    return jsonify(srv=site().settings.public_base_url, **told)


def _records() -> list[SealedRecord]:
    """Read the request's JSON.

    Raises:
        MalformedRequest: nothing is written.
    """
    try:
        told = json.loads(request.get_data())
        listed = told["records"]
        if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_RECORDS:
            raise ValueError("records")
        return [_record(one) for one in listed]
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise MalformedRequest(str(error)[:200]) from error


def _record(told: Any) -> SealedRecord:
    if not isinstance(told["response_id"], str) or len(told["response_id"]) != 32:
        raise ValueError("response_id")
    waited = told.get("waited_s", 0)
    if not isinstance(waited, int) or isinstance(waited, bool):
        raise TypeError("waited_s")
    box = base64.b64decode(told["sealed"], validate=True)
    return SealedRecord(told["response_id"], box, timedelta(seconds=min(max(waited, 0), _LONGEST_WAIT)))
