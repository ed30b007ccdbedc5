"""The first page, the privacy notice, and the switch of language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from survey.services.rounds import open_rounds
from survey.web.access import open_to_everybody
from survey.web.languages import back_to, language
from survey.web.public.presenters import home_page, privacy_page
from survey.web.security import without_cookies
from survey.web.site import site

public = Blueprint("public", __name__)


@public.get("/")
@open_to_everybody
def home() -> str:
    """List the rounds that take answers now."""
    return home_page(open_rounds(store=site().store, clock=site().clock))


@public.get("/privacy")
@open_to_everybody
def privacy() -> str:
    """Say what is kept, who sees it and for how long."""
    return privacy_page()


@public.post("/language")
@open_to_everybody
@without_cookies
def switch_language() -> Any:
    """Switch the language and go back to the page; it only sets a cookie of taste, so it needs no token."""
    return back_to(request.form.get("next", "/"), language())
