"""How far people come in a round's forms, page by page (K25)."""

from __future__ import annotations

from flask import Blueprint

from survey.services.page_counts import drop_offs
from survey.web.access import needs, round_asked
from survey.web.fieldwork.pages.presenters import drop_off_page
from survey.web.site import site

fieldwork_pages = Blueprint("fieldwork_pages", __name__, url_prefix="/office/rounds/<code>/fieldwork/pages")


@fieldwork_pages.get("/")
@needs("see")
def show(code: str) -> str:
    """Show how many opened and completed each page; no person's id is behind it."""
    round_ = round_asked(code)
    return drop_off_page(round_, drop_offs(store=site().store, round_=round_))
