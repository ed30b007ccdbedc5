"""What a browser is called where wrong codes are counted: it names nobody, and is no address (T19)."""

from __future__ import annotations

import hashlib

from flask import session

from survey.web.access import device_of_request


def browser_name() -> str:
    """Name the device, or else the browser by its page session, whose token a form has just shown."""
    device = device_of_request()
    if device is not None:
        return device.id.hex
    return hashlib.sha256(str(session["csrf_token"]).encode()).hexdigest()[:32]
