"""What an enrolled kiosk carries along: its screens in every language, and where its visits go (K18).

The screens are the very pages that the server shows without scripts, so there is one way of writing them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from survey.errors import LANGUAGES
from survey.services.sealed_box import public_key
from survey.web.kiosk.place import Place
from survey.web.languages import page_language_of
from survey.web.site import site
from survey.web.tablet.shell import version

Screen = Callable[..., str]
#: Of no visit: a kiosk that goes on by itself names its visits itself.
NOBODY = UUID(int=0)


def carried_by(place: Place, screens: Mapping[str, Screen]) -> dict[str, Any] | None:
    """Give what the script needs; None for a browser that is no device.

    Args:
        screens: by name, each gives its page for a `place`, a `lang` and a `page_lang`.
    """
    if place.device is None:
        return None
    asked = place.state.questionnaire
    first, *others = asked.items
    return {
        "screens": {lang: _pages(place, screens, lang) for lang in _languages(place)},
        "again": {lang: _again(lang) for lang in LANGUAGES},
        "server": site().settings.public_base_url,
        "key": base64.b64encode(public_key(site().store.keys)).decode(),
        "round": place.code,
        "device": place.device.id.hex,
        "questionnaire": asked.sha256,
        "order": place.option_order,
        "first": first.id,
        "items": [{"id": item.id, "kind": item.kind, "most": item.max_choices} for item in others],
        "steps": {step: place.address(step) for step in ("begin", "restart", "rate", "send")},
        "responses": url_for("kiosk_api.submit"),
        "quarantine": url_for("tablet_api.take_raw"),
        "heartbeat": url_for("device_api.sign"),
        "enrol": url_for("devices.show"),
        "watch": url_for("static", filename="js/kiosk.js"),
        "worker": url_for("tablet.worker"),
        "version": version(),
        "paused": place.is_paused,
    }


def _languages(place: Place) -> list[str]:
    return [*LANGUAGES, *(pack.language for pack in place.state.packs)]


def _pages(place: Place, screens: Mapping[str, Screen], lang: str) -> dict[str, str]:
    words = page_language_of(lang)
    with force_locale(words):
        return {name: screen(place=place, lang=lang, page_lang=words) for name, screen in screens.items()}


def _again(lang: str) -> str:
    with force_locale(lang):
        return _("Chưa gửi được. Xin Ông/Bà chạm gửi lần nữa.")
