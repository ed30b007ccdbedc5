"""Who may call a route: each view says so, and a view that says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.services.accounts import Account, account_of_session
from survey.services.permissions import may
from survey.web import cookies
from survey.web.errors import NotAllowed
from survey.web.site import site

SESSION_COOKIE = "signed_in"
EVERYBODY = "everybody"
View = TypeVar("View", bound=Callable[..., Any])


def open_to_everybody(view: View) -> View:
    """Let anybody call a view."""
    view.access = EVERYBODY  # type: ignore[attr-defined]  # the mark that `rule_of` reads
    return view


def needs(right: str) -> Callable[[View], View]:
    """Let only accounts with a right call a view (services.permissions.RIGHTS)."""

    def mark(view: View) -> View:
        view.access = right  # type: ignore[attr-defined]  # the mark that `rule_of` reads
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """Give the access rule of a route: "everybody", a right, or None for a closed one."""
    if endpoint == "static":
        return EVERYBODY
    found: str | None = getattr(app.view_functions[endpoint], "access", None)
    return found


def account() -> Account:
    """Give the signed-in person of this request; only views with a right may ask."""
    found: Account = g.account
    return found


def init(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    from flask import current_app

    rule = rule_of(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]  # Flask's proxy
    if rule == EVERYBODY:
        return None
    if rule is None:
        raise NotAllowed(f"no access rule on {endpoint}")
    secret = cookies.read(SESSION_COOKIE)
    found = account_of_session(store=site().store, clock=site().clock, secret=secret) if secret else None
    if found is None:
        following = request.full_path.rstrip("?") if request.method == "GET" else url_for("office.rounds")
        return redirect(url_for("office.sign_in", next=following), 303)
    g.account = found
    if not may(found, rule):
        raise NotAllowed(f"{found.role} may not {rule}")
    return None
