"""Who may call a route: each view says so, and a view that says nothing is closed."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.services.accounts import Account, account_of_session, is_signed_in
from survey.services.devices.errors import NotEnrolled
from survey.services.devices.registry import Device, device_of_secret
from survey.services.permissions import may, round_for
from survey.storage.models import RoundRow
from survey.web import cookies
from survey.web.errors import NotAllowed
from survey.web.site import site

SESSION_COOKIE = "signed_in"
DEVICE_COOKIE = "device"
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


def needs_device(*kinds: str) -> Callable[[View], View]:
    """Let only enrolled devices of some kinds ("kiosk", "tablet") call a view.

    With `needs` beside it, the view asks for both: a device, and a person with the right.
    """

    def mark(view: View) -> View:
        view.devices = kinds  # type: ignore[attr-defined]  # the mark that `devices_of` reads
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> str | None:
    """Give the access rule of a route: "everybody", a right, or None for one without a rule for persons."""
    if endpoint == "static":
        return EVERYBODY
    found: str | None = getattr(app.view_functions[endpoint], "access", None)
    return found


def devices_of(app: Flask, endpoint: str) -> tuple[str, ...]:
    """Give the kinds of devices that may call a route; none where a route asks for no device."""
    found: tuple[str, ...] = getattr(app.view_functions[endpoint], "devices", ())
    return found


def account() -> Account:
    """Give the signed-in person of this request; only views with a right may ask."""
    found: Account = g.account
    return found


def round_asked(code: str) -> RoundRow:
    """Give the round of an address, within the signed-in person's units.

    Raises:
        NoSuchRound: it is elsewhere or nowhere; the answer does not tell which.
    """
    return round_for(store=site().store, account=account(), code=code)


def device() -> Device:
    """Give the device of this request; only views that need one may ask."""
    found: Device = g.device
    return found


def device_of_request() -> Device | None:
    """Find the device of this browser, on a view that needs none."""
    secret = cookies.read(DEVICE_COOKIE)
    return device_of_secret(store=site().store, clock=site().clock, secret=secret) if secret else None


def staff_marks() -> tuple[str, ...]:
    """Give the words that mark a citizen's answer from officials' own browsers and networks (K19).

    The words are all that is kept: not who, and no address. An enrolled kiosk stands in the office's
    network by design, so its network marks nothing.
    """
    secret = cookies.read(SESSION_COOKIE)
    signed_in = secret is not None and is_signed_in(store=site().store, secret=secret)
    inside = "device" not in g and _is_inside(request.remote_addr or "")
    return ("staff_browser",) * signed_in + ("staff_network",) * inside


def _is_inside(address: str) -> bool:
    """Say whether an address lies in a network of offices' own computers; it is compared and forgotten."""
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in ip_network(network) for network in site().settings.staff_networks)


def init(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    from flask import current_app

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's proxy
    rule, kinds = rule_of(app, endpoint), devices_of(app, endpoint)
    if kinds:
        refused = _guard_device(kinds)
        if refused is not None or rule is None:
            return refused
    if rule == EVERYBODY:
        return None
    if rule is None:
        raise NotAllowed(f"no access rule on {endpoint}")
    return _guard_person(rule)


def _guard_device(kinds: tuple[str, ...]) -> Response | None:
    found = device_of_request()
    if found is None or found.kind not in kinds:
        if request.method == "GET" and not request.path.startswith("/api/"):
            return redirect(url_for("devices.show"), 303)
        raise NotEnrolled(f"no device of {kinds}")
    g.device = found
    return None


def _guard_person(rule: str) -> Response | None:
    secret = cookies.read(SESSION_COOKIE)
    found = account_of_session(store=site().store, clock=site().clock, secret=secret) if secret else None
    if found is None:
        following = request.full_path.rstrip("?") if request.method == "GET" else url_for("office.rounds")
        return redirect(url_for("office.sign_in", next=following), 303)
    g.account = found
    if not may(found, rule):
        raise NotAllowed(f"{found.role} may not {rule}")
    return None
