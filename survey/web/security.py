"""Headers of every response, and the check that an unsafe request comes from a page of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from survey.web.errors import NoSuchPage, NotJson, PageExpired, WrongEncoding
from survey.web.site import site
from survey.web.uploads import admit_file, takes_a_file

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


def takes_json(view: View) -> View:
    """Mark a view that reads the device's cookie and takes JSON alone.

    A page elsewhere cannot send JSON without asking first, and the cookie is SameSite=Strict.
    """
    view.csrf = "json"  # type: ignore[attr-defined]  # the mark that `_check` reads
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
    view = current_app.view_functions[request.endpoint]
    checked = getattr(view, "csrf", "always")
    # Before anything reads the body: such a route may take a longer one than a form.
    if checked == "json" and request.mimetype != "application/json":
        raise NotJson(request.mimetype)
    if takes_a_file(view):
        admit_file(view)
    else:
        _require_text()
    if checked != "always":
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
    if request.endpoint not in ("static", "public.sound"):
        headers["Cache-Control"] = "no-store"
    if _may_change_in_place():
        headers["Cache-Control"] = "no-cache"
    return response


def _may_change_in_place() -> bool:
    """Say whether what is asked keeps its address when it changes: the worker, modules named by modules."""
    module = request.endpoint == "static" and request.path.endswith(".js") and "v" not in request.args
    return module or request.endpoint == "tablet.worker"
