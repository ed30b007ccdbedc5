"""All audiences of the site, each a blueprint of its own folder."""

from __future__ import annotations

from flask import Flask

from survey.web.analysis.views import analysis
from survey.web.api.views import api
from survey.web.devices.views import device_api, devices
from survey.web.fieldwork.assignments.views import fieldwork_assignments
from survey.web.fieldwork.devices.views import fieldwork_devices
from survey.web.fieldwork.imports.views import fieldwork_imports
from survey.web.fieldwork.invitations.views import fieldwork_invitations
from survey.web.fieldwork.pages.views import fieldwork_pages
from survey.web.fieldwork.paper.views import paper
from survey.web.fieldwork.rechecks.views import rechecks
from survey.web.fieldwork.reopening.views import fieldwork_reopening
from survey.web.fieldwork.review.views import review
from survey.web.fieldwork.slips.views import fieldwork_slips
from survey.web.fieldwork.views import fieldwork
from survey.web.health.views import health
from survey.web.keying.views import keying
from survey.web.kiosk.records import kiosk_api
from survey.web.kiosk.views import kiosk, signed_kiosk
from survey.web.office.views import office
from survey.web.own.views import own
from survey.web.personal.views import personal
from survey.web.phone.views import phone
from survey.web.public.views import public
from survey.web.slip.views import slip
from survey.web.tablet.views import tablet, tablet_api


def init(app: Flask) -> None:
    for blueprint in (
        public,
        phone,
        slip,
        personal,
        kiosk,
        signed_kiosk,
        kiosk_api,
        office,
        own,
        analysis,
        fieldwork,
        review,
        fieldwork_slips,
        paper,
        rechecks,
        keying,
        fieldwork_assignments,
        fieldwork_imports,
        fieldwork_invitations,
        fieldwork_pages,
        fieldwork_reopening,
        devices,
        device_api,
        fieldwork_devices,
        tablet,
        tablet_api,
        api,
        health,
    ):
        app.register_blueprint(blueprint)
