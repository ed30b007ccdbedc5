"""The first page of a round's fieldwork: what there is to do, place by place."""

from __future__ import annotations

from flask import Blueprint

from survey.services.fieldwork_overview import fieldwork_counts
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.frame import HUB, fieldwork_page, places_of
from survey.web.fieldwork.presenters import cards
from survey.web.site import site

fieldwork = Blueprint("fieldwork", __name__, url_prefix="/office/rounds/<code>/fieldwork")


@fieldwork.get("/")
@needs("see")
def hub(code: str) -> str:
    """Show the places of fieldwork of a round."""
    round_ = round_asked(code)
    counts = fieldwork_counts(store=site().store, clock=site().clock, account=account(), code=code)
    return fieldwork_page(
        "fieldwork/hub.html", round_=round_, place=HUB, cards=cards(places_of(round_), counts)
    )
