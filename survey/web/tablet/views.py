"""The enumerators' page and worker, and the API that a tablet works with: sign-in, work, sending (O1-O13)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, current_app, request

from survey.services.accounts import Account
from survey.services.review.quarantine import quarantine
from survey.services.tablets.errors import SyncBusy
from survey.services.tablets.former_keys import former_key
from survey.services.tablets.records import clocks
from survey.services.tablets.sign_in import collector_of, sign_in_on_tablet
from survey.services.tablets.syncing import Sender, sync
from survey.services.tablets.work import questionnaire_bytes, work_of
from survey.web.access import device, needs_device, open_to_everybody
from survey.web.security import takes_json
from survey.web.site import site
from survey.web.tablet import presenters
from survey.web.tablet.forms import BATCH_LIMIT, batch, raw_record, sealed_key, signing_in
from survey.web.tablet.shell import worker_script

tablet = Blueprint("tablet", __name__)
#: Batches that one process takes at once.
_turns = BoundedSemaphore(2)
tablet_api = Blueprint("tablet_api", __name__, url_prefix="/api/v1")


@tablet.get("/tablet/")
@needs_device("tablet")
def show() -> str:
    """Show the page that everything on a tablet happens in; it holds no answer and no name of a person."""
    return presenters.tablet_page(device())


@tablet.get("/sw.js")
@open_to_everybody
def worker() -> Response:
    """Give the worker that keeps the page for the time without a network; browsers ask anew each time."""
    response = Response(worker_script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@tablet.get("/tablet/manifest.webmanifest")
@open_to_everybody
def manifest() -> Response:
    """Say how the page is installed as an app."""
    return presenters.manifest()


@tablet_api.url_value_preprocessor
def _allow_a_batch(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a batch be larger than a form, on purpose, and before anything reads the body."""
    if endpoint == "tablet_api.take":
        request.max_content_length = BATCH_LIMIT


@tablet_api.post("/sync")
@needs_device("tablet")
@takes_json
def take() -> Response:
    """Keep what a tablet collected; each record is acknowledged, or not, for itself (O2, O11)."""
    sender = Sender(device().id, _person().login)
    sent = batch()
    told = clocks(sent.sent_at, site().clock.now())
    with _turn():
        fates = sync(store=site().store, clock=site().clock, sender=sender, records=sent.records, clocks=told)
    return presenters.fates_told(fates, single=sent.single)


@tablet_api.post("/quarantine")
@needs_device("tablet", "kiosk")
@takes_json
def take_raw() -> Response:
    """Keep a raw record that could not be taken otherwise; the same bytes are kept once (O4)."""
    raw = raw_record()
    digest = quarantine(
        store=site().store,
        clock=site().clock,
        raw=raw,
        reason="sent by device",
        device_id=device().id,
        limited=True,
    )
    return presenters.raw_kept(digest)


@tablet_api.post("/tablet/sign-in")
@needs_device("tablet")
@takes_json
def sign_in() -> Response:
    """Let an enumerator collect with this tablet for seven days."""
    login, password = signing_in()
    grant = sign_in_on_tablet(
        store=site().store,
        clock=site().clock,
        secret_key=_secret_key(),
        device_id=device().id,
        login=login,
        password=password,
    )
    return presenters.signed_in(grant)


@tablet_api.post("/tablet/former-key")
@needs_device("tablet")
@takes_json
def give_back() -> Response:
    """Give an enumerator whose password was changed the key of what waits on this tablet."""
    person = _person()
    key = former_key(
        store=site().store,
        clock=site().clock,
        device_id=device().id,
        login=person.login,
        sealed=sealed_key(),
    )
    return presenters.key_told(key)


@tablet_api.get("/tablet/work")
@needs_device("tablet")
def work() -> Response:
    """Give an enumerator's assignments and rounds, for the tablet to keep."""
    person = _person()
    return presenters.work_told(work_of(store=site().store, login=person.login), person)


@tablet_api.get("/tablet/questionnaires/<sha256>")
@needs_device("tablet")
def questionnaire(sha256: str) -> Response:
    """Give a questionnaire exactly as it was published."""
    return Response(questionnaire_bytes(store=site().store, sha256=sha256), mimetype="application/json")


@contextmanager
def _turn() -> Iterator[None]:
    """Let few batches in at once: fifty tablets on one evening must not hold every thread of the site.

    Raises:
        SyncBusy: the tablet comes back.
    """
    if not _turns.acquire(blocking=False):
        raise SyncBusy()
    try:
        yield
    finally:
        _turns.release()


def _person() -> Account:
    secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return collector_of(
        store=site().store,
        clock=site().clock,
        secret_key=_secret_key(),
        device_id=device().id,
        secret=secret,
    )


def _secret_key() -> str:
    return str(current_app.config["SECRET_KEY"])
