"""A browser becomes a kiosk or a tablet by a one-time code (K10), and then tells that it lives."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from survey.errors import SurveyError
from survey.services.devices.enrolment import enrol
from survey.services.devices.registry import heartbeat
from survey.web import cookies
from survey.web.access import DEVICE_COOKIE, device, device_of_request, needs_device, open_to_everybody
from survey.web.browsers import browser_name
from survey.web.devices.forms import EnrolForm, sign_of_life
from survey.web.devices.presenters import FIRST_PAGES, enrolment_page, sign_seen
from survey.web.errors import PageExpired
from survey.web.languages import language
from survey.web.security import checks_itself, takes_json
from survey.web.site import site

devices = Blueprint("devices", __name__, url_prefix="/device")
device_api = Blueprint("device_api", __name__, url_prefix="/api/v1/devices")
#: Browsers keep no cookie longer; each sign of life begins it anew.
COOKIE_DAYS = 400


@devices.get("/")
@open_to_everybody
def show() -> str:
    """Ask for the code; a browser that is a device already is told so."""
    return enrolment_page(EnrolForm(), enrolled=device_of_request())


@devices.post("/")
@open_to_everybody
@checks_itself
def become() -> Any:
    """Make this browser the device of the code."""
    form = EnrolForm()
    if not form.validate():
        expired = PageExpired()
        return enrolment_page(form, enrolled=None, problem=expired.text(language())), expired.status
    try:
        made = enrol(
            store=site().store,
            clock=site().clock,
            code=str(form.code.data or ""),
            browser=browser_name(),
        )
    except SurveyError as refusal:
        page = enrolment_page(form, enrolled=None, problem=refusal.text(language()))
        return page, refusal.status
    response = redirect(FIRST_PAGES[made.device.kind], 303)
    cookies.write(response, DEVICE_COOKIE, made.secret, days=COOKIE_DAYS, strict=True)  # type: ignore[arg-type]  # redirect gives the base class
    return response


@device_api.post("/heartbeat")
@needs_device("kiosk", "tablet")
@takes_json
def sign() -> Response:
    """Note a sign of life; the answer tells a paused device that it is paused (K10, K20)."""
    heartbeat(store=site().store, clock=site().clock, device=device(), sign=sign_of_life())
    response = sign_seen(device())
    secret = cookies.read(DEVICE_COOKIE)
    if secret:
        cookies.write(response, DEVICE_COOKIE, secret, days=COOKIE_DAYS, strict=True)
    return response
