"""Every route says who may call it, and means it: the URL map is walked, not a list kept by hand."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey.services.links.invitations import Invitee, invite
from survey.services.permissions import RIGHTS
from survey.services.places import kiosk_key
from survey.services.slips.batches import NewBatch, make_batch
from survey.storage.models import ROLES
from survey.storage.models.devices import DEVICE_KINDS
from survey.storage.store import Store
from survey.web.access import EVERYBODY, devices_of, rule_of
from tests.accounts import PASSWORD, make_account
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.integration.paper_desk import DISPUTED, RECHECK, TO_KEY, paper_places
from tests.rounds import (
    COMMUNES,
    COUNTER,
    PROVINCE,
    answer,
    enrolled_kiosk,
    freeze_and_compute,
    make_round,
)

#: Something for every variable part of an address: a round that is there.
PLACES = {
    "code": "quay-thu",
    "section": "rating",
    "unit": COMMUNES[0],
    "token": "x" * 22,
    "filename": "css/office.css",
    "snapshot": "quay-thu-0001",
    "formula": "satisfied-share",
    "device": "00000000-0000-4000-8000-000000000000",
    "deed": "pause",
    "number": DISPUTED,
    "sheet": TO_KEY,
    "batch": "1",
    "part": "1",
    "recheck": RECHECK,
    "scanned": "7KQ-M4X-TPZ",
    "language": "vi",
    "words": "0123456789abcdef",
    "assignment": "0" * 32,
    "sha256": "0" * 64,
}


def _rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _address(app: Flask, rule: Rule, **places: str) -> str:
    there = {**PLACES, **places}
    there.setdefault("key", kiosk_key(app.config["SECRET_KEY"], there["code"], there["unit"]))
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: there[name] for name in rule.arguments}, _external=False)


def _computed_round(store: Store, clock: SetClock) -> None:
    """Make the round of PLACES with results, so that every page about it is there."""
    code = make_round(store, clock)
    for _ in range(3):
        answer(store, clock, code, COUNTER)
    PLACES["device"] = str(enrolled_kiosk(store, clock, code).device.id)
    frozen, _ = freeze_and_compute(store, clock, code)
    assert frozen.code == PLACES["snapshot"]
    paper_places(store, clock, code)


def _under_way(app: Flask, store: Store, clock: SetClock, client: Any) -> dict[str, dict[str, str]]:
    """Begin a form at each audience; give what differs there: places of addresses, and the form's mark."""
    person = Person(app)
    person.client = client
    marks = {}
    person.open("/r/quay-thu/")
    marks["phone"] = dict(person.send({"unit": COMMUNES[0]}).form.fields)["form"]
    made = enrolled_kiosk(store, clock, "quay-thu")
    client.set_cookie("device", made.secret)
    person.open("/kiosk/")
    person.send()
    marks["kiosk"] = marks["signed_kiosk"] = dict(person.send({"rating": "satisfied"}).form.fields)["form"]
    sheet = NewBatch("quay-thu", COMMUNES[0], "Đất đai", clock.now().date(), 1)
    person.open(f"/c/{make_batch(store=store, clock=clock, actor='tests', new=sheet).codes[0]}")
    person.send()
    marks["slip"] = dict(person.open("/c/quay-thu/s/rating").form.fields)["form"]
    by_link = make_round(
        store, clock, code="dai-bieu", questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=(PROVINCE,),
    )  # fmt: skip
    people = [Invitee(f"Đại biểu {number}", PROVINCE, "Đại biểu") for number in range(3)]
    token = invite(store=store, clock=clock, round_code=by_link, invitees=people)[0].token
    section = next(link for link in person.open(f"/p/link/{token}").links if "/s/" in link)
    marks["personal"] = dict(person.open(section).form.fields)["form"]
    places = {"personal": {"code": by_link, "section": section.rsplit("/", 1)[1], "unit": PROVINCE}}
    return {audience: {"form": mark, **places.get(audience, {})} for audience, mark in marks.items()}


def _signed_in(app: Flask, store: Store, clock: SetClock, role: str, unit_id: str = PROVINCE) -> Any:
    login = f"{role}.{unit_id}".lower().replace("_", "-")
    make_account(store, clock, login, role, unit_id)
    client = app.test_client()
    page = client.get("/office/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, "login": login, "password": PASSWORD}
    assert client.post("/office/sign-in", data=sent).status_code == 303
    return client


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    rights = frozenset[str]().union(*RIGHTS.values())
    for rule, _method in _rules(app):
        found, kinds = rule_of(app, rule.endpoint), devices_of(app, rule.endpoint)
        assert found == EVERYBODY or found in rights or (found is None and kinds), rule
        assert set(kinds) <= set(DEVICE_KINDS), rule


def test_every_role_of_the_database_has_its_rights_written() -> None:
    assert set(RIGHTS) == set(ROLES)


def test_a_route_that_says_nothing_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert app.test_client().get("/forgotten").status_code == 403


@both_databases
def test_a_stranger_is_sent_to_sign_in_from_every_closed_route(
    app: Flask, store: Store, clock: SetClock
) -> None:
    make_round(store, clock)
    for rule, method in _rules(app):
        kinds = devices_of(app, rule.endpoint)
        if rule_of(app, rule.endpoint) == EVERYBODY and not kinds:
            continue
        response = app.test_client().open(_address(app, rule), method=method)
        if method == "GET" and rule.rule.startswith("/api/"):
            assert response.status_code == 403, rule
        elif method == "GET":
            first = "/device/" if kinds else "/office/sign-in"
            assert response.status_code == 303, rule
            assert response.headers["Location"].startswith(first), rule
        else:
            checked = getattr(app.view_functions[rule.endpoint], "csrf", "")
            refused = {"json": 415, "form": 403 if kinds else 400}
            assert response.status_code == refused.get(checked, 400), rule


@both_databases
def test_a_browser_that_is_no_device_reaches_nothing_of_a_device(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """K10: neither without a cookie nor with a made-up one, whatever right the person has."""
    _computed_round(store, clock)
    client = _signed_in(app, store, clock, "administrator")
    client.set_cookie("device", "x" * 43)
    for rule, method in _rules(app):
        if not devices_of(app, rule.endpoint):
            continue
        if getattr(app.view_functions[rule.endpoint], "csrf", "") == "json":
            assert client.open(_address(app, rule), method=method, json={}).status_code == 403, rule
        elif method == "GET":
            response = client.get(_address(app, rule))
            assert response.status_code == (403 if rule.rule.startswith("/api/") else 303), rule


@both_databases
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(
    app: Flask, store: Store, clock: SetClock, role: str
) -> None:
    _computed_round(store, clock)
    client = _signed_in(app, store, clock, role)
    for rule, method in _rules(app):
        right = rule_of(app, rule.endpoint)
        if right == EVERYBODY or method != "GET" or devices_of(app, rule.endpoint):
            continue
        response = client.get(_address(app, rule))
        status = response.status_code
        response.close()
        if right in RIGHTS[role]:
            assert status == 200, (rule, status)
        else:
            assert status == 403, (rule, status)


@both_databases
def test_a_round_of_another_province_is_as_good_as_absent(app: Flask, store: Store, clock: SetClock) -> None:
    """T10: 404, not 403, on every route that names a round, whatever the role."""
    make_round(store, clock)
    for role in ROLES:
        client = _signed_in(app, store, clock, role, "p34-52")
        for rule, method in _rules(app):
            right = rule_of(app, rule.endpoint)
            if method != "GET" or right == EVERYBODY or right not in RIGHTS[role]:
                continue
            if devices_of(app, rule.endpoint):
                continue
            if "code" in rule.arguments:
                there = client.get(_address(app, rule))
                absent = client.get(_address(app, rule, code="no-such-round"))
                assert there.status_code == absent.status_code == 404, rule


@both_databases
def test_every_unsafe_request_without_a_token_is_refused_and_writes_nothing(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """ASVS 3.5.1; the two routes that read no cookie of ours are the API and the language switch."""
    _computed_round(store, clock)
    client = _signed_in(app, store, clock, "analyst")
    begun = _under_way(app, store, clock, client)
    before = _dump(store)
    for rule, method in _rules(app):
        if method == "GET":
            continue
        view = app.view_functions[rule.endpoint]
        there = begun.get(rule.endpoint.split(".")[0], {})
        sent = {"rating": "satisfied", "form": there.get("form", "")}
        response = client.open(_address(app, rule, **there), method=method, data=sent)
        if getattr(view, "csrf", "") == "none":
            assert rule.endpoint in {"api.submit", "public.switch_language"}, rule
            continue
        refused = 415 if getattr(view, "csrf", "") == "json" else 400
        assert response.status_code == refused, (rule, response.status_code)
        assert _dump(store) == before, rule


@both_databases
def test_no_get_changes_the_database(app: Flask, store: Store, clock: SetClock) -> None:
    """K23, ASVS 3.5.3: a crawler leaves every table as it was."""
    _computed_round(store, clock)
    client = _signed_in(app, store, clock, "analyst")
    begun = _under_way(app, store, clock, client)
    before = _dump(store)
    for rule, method in _rules(app):
        if method == "GET":
            client.get(_address(app, rule, **begun.get(rule.endpoint.split(".")[0], {}))).close()
            assert _dump(store) == before, rule


def test_every_response_carries_the_headers(app: Flask) -> None:
    for address in ("/", "/nowhere", "/static/css/office.css", "/privacy"):
        response = app.test_client().get(address)
        headers = response.headers
        response.close()
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def _dump(store: Store) -> dict[str, int | list[Any]]:
    from sqlalchemy import text

    tables = (
        "response",
        "draft",
        "response_conflict",
        "invitation",
        "snapshot",
        "result",
        "score",
        "audit_event",
    )
    with store.reading() as session:
        return {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))] for table in tables
        }
