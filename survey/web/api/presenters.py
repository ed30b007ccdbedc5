"""The acknowledgement of a submission (experience.md O2): only this lets a client forget its copy."""

from __future__ import annotations

from flask import Response, jsonify

from survey.services.collection import Receipt
from survey.web.site import site


def acknowledged(receipt: Receipt) -> Response:
    response = jsonify(
        receipt=receipt.code,
        sha256=receipt.payload_sha256,
        srv=site().settings.public_base_url,
        replayed=receipt.replayed,
    )
    response.status_code = 201
    return response
