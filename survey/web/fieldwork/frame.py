"""The frame of a round's fieldwork pages: the round's tabs, and below them the places of fieldwork."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.services.permissions import may
from survey.storage.models import RoundRow
from survey.web.access import account
from survey.web.office.frame import Tab, round_page

HUB = "fieldwork.hub"


def fieldwork_page(template: str, *, round_: RoundRow, place: str, **values: Any) -> str:
    """Render a page of a round's fieldwork; `place` is the endpoint of its place in the navigation."""
    return round_page(template, round_=round_, tab=HUB, **{"places": _places(round_, place), **values})


def _places(round_: RoundRow, current: str) -> list[Tab]:
    """List the places that this person may go to in this round, in the order of the work."""
    listed = (
        (_("Tổng quan"), HUB, "see", True),
    )
    return [
        Tab(label, url_for(endpoint, code=round_.code), endpoint == current)
        for label, endpoint, right, has in listed
        if has and may(account(), right)
    ]
