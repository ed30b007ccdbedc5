"""What a device posts: the code that enrols it, and a sign of life as JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.devices.errors import BadSign
from survey.services.devices.registry import Sign

_LONGEST_VERSION = 40
#: The most of each number that a device may tell.
_MOST = {"queue_length": 1_000_000, "queue_oldest_h": 100_000, "battery": 100}


class EnrolForm(FlaskForm):
    """The code that an official gave."""

    code = StringField()


def sign_of_life() -> Sign:
    """Read a sign of life; what a device does not know is left out or null.

    Raises:
        BadSign: not an object of the known names, each of its kind.
    """
    try:
        told = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise BadSign(str(error)) from error
    if not isinstance(told, dict) or not set(told) <= {"app_version", *_MOST}:
        raise BadSign("names")
    version = told.get("app_version")
    if version is not None and (not isinstance(version, str) or not version.isprintable()):
        raise BadSign("app_version")
    numbers = {name: _number(told.get(name), most) for name, most in _MOST.items()}
    return Sign(app_version=version[:_LONGEST_VERSION] if version else None, **numbers)


def _number(value: Any, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadSign(repr(value)[:40])
    return value
