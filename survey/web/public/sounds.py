"""Sending recordings: whole or in the parts that a player asks for, cached while they stay the same."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request, send_file

from survey.services.languages.recordings import Sound

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=300"


def sound_file(found: Sound) -> Response:
    """Answer with a recording; an address without its present version is not kept for long."""
    response = send_file(BytesIO(found.sound), mimetype=found.media_type, conditional=True, etag=found.sha256)
    named = request.args.get("v") == found.sha256[:8]
    response.headers["Cache-Control"] = FOR_GOOD if named else FOR_NOW
    return response
