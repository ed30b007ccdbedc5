"""Every route says who may call it, and means it: the URL map is walked, not a list kept by hand."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey.services.accounts import add_account
from survey.services.permissions import RIGHTS
from survey.storage.models import ROLES
from survey.storage.store import Store
from survey.web.access import EVERYBODY, rule_of
from tests.conftest import SetClock, both_databases
from tests.rounds import COMMUNES, PROVINCE, make_round

#: Something for every variable part of an address: a round that is there.
PLACES = {
    "code": "quay-thu",
    "section": "rating",
    "unit": COMMUNES[0],
    "key": "0" * 20,
    "token": "x" * 22,
    "filename": "css/office.css",
    "snapshot": "quay-thu-0001",
    "formula": "satisfied-share",
}
PASSWORD = "mot mat khau du dai"


def _rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _address(app: Flask, rule: Rule, **places: str) -> str:
    with app.test_request_context():
        return app.url_for(
            rule.endpoint, **{name: {**PLACES, **places}[name] for name in rule.arguments}, _external=False
        )


def _signed_in(app: Flask, store: Store, clock: SetClock, role: str, unit_id: str = PROVINCE) -> Any:
    login = f"{role}.{unit_id}".lower()
    add_account(
        store=store,
        clock=clock,
        login=login,
        full_name="Người thử",
        role=role,
        unit_id=unit_id,
        password=PASSWORD,
    )
    client = app.test_client()
    page = client.get("/office/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, "login": login, "password": PASSWORD}
    assert client.post("/office/sign-in", data=sent).status_code == 303
    return client


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    rights = frozenset[str]().union(*RIGHTS.values())
    for rule, _method in _rules(app):
        found = rule_of(app, rule.endpoint)
        assert found == EVERYBODY or found in rights, rule


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
        if rule_of(app, rule.endpoint) == EVERYBODY:
            continue
        response = app.test_client().open(_address(app, rule), method=method)
        assert response.status_code in (303, 400), rule
        if response.status_code == 303:
            assert response.headers["Location"].startswith("/office/sign-in"), rule


@both_databases
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(
    app: Flask, store: Store, clock: SetClock, role: str
) -> None:
    make_round(store, clock)
    client = _signed_in(app, store, clock, role)
    for rule, method in _rules(app):
        right = rule_of(app, rule.endpoint)
        if right == EVERYBODY or method != "GET":
            continue
        response = client.get(_address(app, rule))
        status = response.status_code
        response.close()
        if right in RIGHTS[role]:
            assert status in (200, 303, 404), (rule, status)
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
            if "code" in rule.arguments:
                there = client.get(_address(app, rule))
                absent = client.get(_address(app, rule, code="no-such-round"))
                assert there.status_code == absent.status_code == 404, rule


@both_databases
def test_every_unsafe_request_without_a_token_is_refused_and_writes_nothing(
    app: Flask, store: Store, clock: SetClock
) -> None:
    """ASVS 3.5.1; the two routes that read no cookie of ours are the API and the language switch."""
    make_round(store, clock)
    client = _signed_in(app, store, clock, "analyst")
    before = _dump(store)
    for rule, method in _rules(app):
        if method == "GET":
            continue
        view = app.view_functions[rule.endpoint]
        response = client.open(_address(app, rule), method=method, data={"rating": "satisfied"})
        if getattr(view, "csrf", "") == "none":
            assert rule.endpoint in {"api.submit", "public.switch_language"}, rule
            continue
        assert response.status_code in (303, 400, 404), (rule, response.status_code)
        assert _dump(store) == before, rule


@both_databases
def test_no_get_changes_the_database(app: Flask, store: Store, clock: SetClock) -> None:
    """K23, ASVS 3.5.3: a crawler leaves every table as it was."""
    make_round(store, clock)
    client = _signed_in(app, store, clock, "analyst")
    before = _dump(store)
    for rule, method in _rules(app):
        if method == "GET":
            client.get(_address(app, rule)).close()
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
