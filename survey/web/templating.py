"""What every template may use: the language, the language switch, numbers as the language writes them."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for

from survey.web import questions, spoken_words
from survey.web.languages import language, page_language
from survey.web.site import site


def init(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_always)
    spoken_words.init(app)
    questions.init(app)
    app.url_defaults(_versioned)
    app.jinja_env.globals["url_for"] = _address


def _always() -> dict[str, Any]:
    return {
        "lang": language(),
        "page_lang": page_language(),
        "help_phone": site().settings.help_phone,
        "help_hours": site().settings.help_hours,
        "language_url": url_for("public.switch_language"),
        "language_next": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "home_url": url_for("public.home"),
        "simulated": False,
    }


def _address(endpoint: str, **values: Any) -> str:
    """Give an address as Flask does; those of styles, scripts and signs, ten on a page, are made once."""
    if endpoint == "static":
        return _static_address(request.script_root, **values)
    return url_for(endpoint, **values)


@lru_cache(maxsize=256)
def _static_address(_root: str, filename: str) -> str:
    return url_for("static", filename=filename)


def _versioned(endpoint: str, values: dict[str, Any]) -> None:
    """Name the version of a style or script in its address, so that it can be cached for a year."""
    filename = values.get("filename", "")
    if endpoint == "static" and filename.endswith((".css", ".js")):
        values["v"] = _digest(filename)


@cache
def _digest(filename: str) -> str:
    path = Path(__file__).parent / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else "0"
