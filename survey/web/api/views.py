"""A whole form in one request, for a client that keeps it until it is acknowledged (O1-O4)."""

from __future__ import annotations

from flask import Blueprint, Response

from survey.services.collection import submit_response
from survey.services.places import open_link_respondent
from survey.web.access import open_to_everybody
from survey.web.api.forms import submitted_form
from survey.web.api.presenters import acknowledged
from survey.web.security import without_cookies
from survey.web.site import site

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.post("/rounds/<code>/responses")
@open_to_everybody
@without_cookies
def submit(code: str) -> Response:
    """Keep a form exactly once. It came by an open address, so its evidence is grade C."""
    sent = submitted_form()
    respondent = open_link_respondent(
        clock=site().clock, round_code=code, unit_id=sent.unit, response_id=sent.response_id
    )
    receipt = submit_response(
        store=site().store,
        clock=site().clock,
        respondent=respondent,
        raw=sent.answers,
        questionnaire_sha256=sent.questionnaire_sha256,
    )
    return acknowledged(receipt)
