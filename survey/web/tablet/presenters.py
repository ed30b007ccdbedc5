"""What a tablet is told: its page, its work, what became of each form."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from survey.services.accounts import Account
from survey.services.devices.registry import Device
from survey.services.review.quarantine import Fate
from survey.services.sealed_box import public_key
from survey.services.tablets.sign_in import Grant
from survey.services.tablets.work import Work
from survey.units import load_units
from survey.web.languages import language
from survey.web.site import site
from survey.web.tablet.shell import version


def tablet_page(device: Device) -> str:
    return render_template(
        "tablet/app.html",
        device=device,
        server=site().settings.public_base_url,
        version=version(),
    )


def manifest() -> Response:
    """Describe the app that a tablet installs."""
    icons = [("icons/favicon.svg", "any", "image/svg+xml")]
    icons += [(f"icons/app-{size}.png", f"{size}x{size}", "image/png") for size in (192, 512)]
    told = {
        "name": _("Điều tra mức độ hài lòng"),
        "short_name": _("Điều tra"),
        "lang": language(),
        "start_url": url_for("tablet.show"),
        "scope": url_for("tablet.show"),
        "display": "standalone",
        "background_color": "#f2f5f6",
        "theme_color": "#0a5060",
        "icons": [
            {"src": url_for("static", filename=name), "sizes": sizes, "type": kind}
            for name, sizes, kind in icons
        ],
    }
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json; charset=utf-8")


def signed_in(grant: Grant) -> Response:
    return _told(
        login=grant.login,
        full_name=grant.full_name,
        until=int(grant.until.timestamp() * 1000),
        grant=grant.secret,
        public_key=base64.b64encode(public_key(site().store.keys)).decode(),
    )


def work_told(work: Work, person: Account) -> Response:
    return _told(
        login=person.login,
        full_name=person.full_name,
        rounds={
            round_.code: {
                "title": {"vi": round_.title_vi, "en": round_.title_en},
                "questionnaire": round_.questionnaire_sha256,
                "opens_on": round_.opens_on.isoformat(),
                "closes_on": round_.closes_on.isoformat(),
                "open": round_.status == "open",
                "simulated": round_.simulated,
            }
            for round_ in work.rounds
        },
        assignments=[
            {
                "id": one.id.hex,
                "round": one.round_code,
                "unit": load_units().get(one.unit_id).full_name,
                "place": one.place,
                "wanted": one.wanted,
                "done": one.done,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in work.assignments
        ],
    )


def fates_told(fates: Iterable[Fate], *, single: bool) -> Response:
    """Answer a batch record by record (O11); one form sent alone is answered as itself (O2)."""
    results = [_fate(fate) for fate in fates]
    if not single:
        return _told(results=results)
    response = _told(**results[0])
    response.status_code = results[0]["status"]
    return response


def key_told(key: bytes) -> Response:
    return _told(key=base64.b64encode(key).decode())


def raw_kept(sha256: str) -> Response:
    response = _told(raw_sha256=sha256)
    response.status_code = 201
    return response


def _fate(fate: Fate) -> dict[str, Any]:
    told: dict[str, Any] = {"response_id": fate.response_id, "status": fate.status}
    if fate.receipt is not None:
        told |= {
            "receipt": fate.receipt.code,
            "sha256": fate.receipt.payload_sha256,
            "replayed": fate.receipt.replayed,
        }
    if fate.error is not None:
        told |= {
            "quarantined": fate.is_held,
            "code": fate.error.code,
            "message": {language: fate.error.text(language) for language in ("vi", "en")},
        }
    return told


def _told(**values: Any) -> Response:
    """Answer with the site's name: an answer without it is not from here (O2)."""
    return jsonify(srv=site().settings.public_base_url, **values)
