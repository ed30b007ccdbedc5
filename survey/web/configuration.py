"""Telling Flask what the settings say, and the limits on what a request may carry."""

from __future__ import annotations

import secrets

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.services.settings import Settings

ANSWERS_LIMIT = 64 * 1024


def init(app: Flask, settings: Settings) -> None:
    prefix = "__Host-" if settings.secure else ""
    app.config.update(
        # Without a key the database is not set up either: every page is 503, and nothing is signed for long.
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        MAX_CONTENT_LENGTH=ANSWERS_LIMIT,
        MAX_FORM_MEMORY_SIZE=ANSWERS_LIMIT,
        MAX_FORM_PARTS=300,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME=f"{prefix}page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
        # No text of WTForms reaches a page; looking for its catalogue costs every form five file look-ups.
        WTF_I18N_ENABLED=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
    if settings.behind_proxy:
        hops = settings.behind_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way
