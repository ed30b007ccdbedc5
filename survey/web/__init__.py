"""The site: one folder an audience, each with `views.py`, `forms.py` and `presenters.py`."""

from __future__ import annotations

from flask import Flask

from survey.services.clock import Clock, SystemClock
from survey.services.settings import Settings, read_settings
from survey.web import (
    access,
    audiences,
    ceiling,
    compression,
    configuration,
    errors,
    languages,
    security,
    sending,
    templating,
)
from survey.web.site import Site

__all__ = ["create_app"]


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Make the site.

    A missing or unsafe database does not stop it: each page says so with 503 until it is mended.
    """
    app = Flask("survey.web")
    settings = settings or read_settings()
    configuration.init(app, settings)
    app.extensions["survey"] = Site(settings, clock or SystemClock())
    errors.init(app)
    ceiling.init(app, settings.posts_per_minute)
    security.init(app)
    compression.init(app)
    sending.init(app)
    languages.init(app)
    templating.init(app)
    audiences.init(app)
    access.init(app)
    return app
