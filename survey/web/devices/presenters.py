"""The enrolment page, and what a sign of life is answered with."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template

from survey.services.devices.registry import HEARTBEAT, Device
from survey.web.longform_pages import PageProblem
from survey.web.site import site

#: Where a device's work begins, by its kind.
FIRST_PAGES = {"kiosk": "/kiosk/", "tablet": "/tablet/"}


def enrolment_page(form: Any, *, enrolled: Device | None, problem: str | None = None) -> str:
    return render_template(
        "devices/enrol.html",
        form=form,
        enrolled=enrolled,
        first_page=FIRST_PAGES[enrolled.kind] if enrolled else None,
        problems=[PageProblem("code", problem)] if problem else [],
    )


def sign_seen(device: Device) -> Response:
    """Answer a sign of life: what the device is to do, and the server's time (O6)."""
    return jsonify(
        status=device.status,
        round=device.round_code,
        srv=site().settings.public_base_url,
        now=site().clock.now().isoformat(timespec="seconds"),
        next_s=int(HEARTBEAT.total_seconds()),
    )
