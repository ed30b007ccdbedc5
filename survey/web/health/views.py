"""Whether the database answers: 200, or the 503 of whatever is wrong."""

from __future__ import annotations

from flask import Blueprint, Response

from survey.services.rounds import open_rounds
from survey.web.access import open_to_everybody
from survey.web.health.presenters import healthy
from survey.web.site import site

health = Blueprint("health", __name__)


@health.get("/health")
@open_to_everybody
def check() -> Response:
    """Read from the database, as every page must be able to."""
    open_rounds(store=site().store, clock=site().clock)
    return healthy()
