"""What every template may use: the language, the language switch, numbers as the language writes them."""

from __future__ import annotations

from typing import Any

from flask import Flask, request, url_for

from survey.web.languages import language


def init(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_always)


def _always() -> dict[str, Any]:
    return {
        "lang": language(),
        "language_url": url_for("public.switch_language"),
        "language_next": request.full_path.rstrip("?") if request.method == "GET" else request.path,
        "home_url": url_for("public.home"),
        "simulated": False,
    }
