"""A judged unit looks at itself (K14). It sees no round, no other unit, no device and no text."""

from __future__ import annotations

from flask import Blueprint

from survey.services.review.own_view import own_view
from survey.web.access import account, needs
from survey.web.own.presenters import unit_page
from survey.web.site import site

own = Blueprint("own", __name__, url_prefix="/office/units")


@own.get("/<unit>/")
@needs("own")
def unit(unit: str) -> str:
    """Show a unit what it may see of itself."""
    shown = own_view(store=site().store, clock=site().clock, account=account(), unit_id=unit)
    return unit_page(unit, shown)
