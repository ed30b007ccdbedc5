"""The health page as JSON."""

from __future__ import annotations

from flask import Response, jsonify

from survey import __version__


def healthy() -> Response:
    return jsonify(status="ok", version=__version__)
