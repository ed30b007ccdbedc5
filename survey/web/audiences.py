"""All audiences of the site, each a blueprint of its own folder."""

from __future__ import annotations

from flask import Flask

from survey.web.analysis.views import analysis
from survey.web.api.views import api
from survey.web.fieldwork.views import fieldwork
from survey.web.health.views import health
from survey.web.kiosk.views import kiosk
from survey.web.office.views import office
from survey.web.personal.views import personal
from survey.web.phone.views import phone
from survey.web.public.views import public


def init(app: Flask) -> None:
    for blueprint in (
        public,
        phone,
        personal,
        kiosk,
        office,
        analysis,
        fieldwork,
        api,
        health,
    ):
        app.register_blueprint(blueprint)
