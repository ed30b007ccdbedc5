"""Headers of every response, and the check that an unsafe request comes from a page of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from survey.web.errors import NoSuchPage, PageExpired, WrongEncoding
from survey.web.site import site

_csrf = CSRFProtect()
View = TypeVar("View", bound=Callable[..., Any])

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
    )
)


def checks_itself(view: View) -> View:
    """Mark a view whose own form checks the token, so that what was typed can be shown again."""
    view.csrf = "form"  # type: ignore[attr-defined]  # the mark that `_check` reads
    return view


def without_cookies(view: View) -> View:
    """Mark a view that reads no cookie, so that no page elsewhere can borrow one."""
    view.csrf = "none"  # type: ignore[attr-defined]  # the mark that `_check` reads
    return view


def init(app: Flask) -> None:
    _csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_headers)


def _check() -> None:
    if "\0" in request.path:
        raise NoSuchPage(request.path)
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint is None:
        return
    _require_text()
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "csrf", "always") != "always":
        return
    try:
        _csrf.protect()
    except CSRFError as error:
        raise PageExpired(str(error.description)) from error


def _require_text() -> None:
    """Refuse a form whose bytes are not UTF-8: the parser would silently write something else."""
    raw = request.get_data(cache=True)
    if request.mimetype == "application/x-www-form-urlencoded":
        raw = unquote_to_bytes(raw)
    elif request.mimetype != "multipart/form-data":
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongEncoding(request.endpoint or "") from error


def _headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if site().settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    return response
