"""Forms that form.js sends itself, so that it can say when one did not arrive (P8).

It marks its request; where the answer would be a redirect it is told the address instead, and goes
there; where it would be a page that asks for something, it is told to send in the browser's own way. The
mark on the answer says that it came from this site and not from a network's sign-in page.
"""

from __future__ import annotations

import json

from flask import Flask, request
from werkzeug.wrappers import Response

MARK = "X-Survey-Send"


def init(app: Flask) -> None:
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if request.method != "POST" or request.headers.get(MARK) != "1":
        return response
    response.headers[MARK] = "1"
    if response.status_code < 500:
        response.set_data(json.dumps({"to": response.headers.pop("Location", None)}))
        response.status_code, response.mimetype = 200, "application/json"
    return response
