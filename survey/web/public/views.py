"""The first page, the privacy notice, and the switch of language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from survey.services.languages.recordings import sound_of
from survey.services.rounds import open_rounds
from survey.web.access import open_to_everybody
from survey.web.languages import DEFAULT, back_to, switched
from survey.web.public.presenters import accessibility_page, home_page, privacy_page
from survey.web.public.sounds import sound_file
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


@public.get("/accessibility")
@open_to_everybody
def accessibility() -> str:
    """Say what was done so that everybody can answer, what is not yet, and who hears of barriers."""
    return accessibility_page(site().settings.accessibility_contact)


@public.get("/sound/<language>/<words>")
@open_to_everybody
def sound(language: str, words: str) -> Response:
    """Give the recording of some words, named by how their SHA-256 begins."""
    return sound_file(sound_of(store=site().store, language=language, begins=words))


@public.post("/language")
@open_to_everybody
@without_cookies
def switch_language() -> Any:
    """Switch the language and go back to the page; it only sets a cookie of taste, so it needs no token."""
    return back_to(request.form.get("next", "/"), switched() or DEFAULT)
