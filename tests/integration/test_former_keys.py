"""A tablet's data key given back after a changed password: to its own enumerator on its own tablet (O7, O8)."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from survey.services.sealed_box import public_key, seal
from survey.storage.models import AuditEventRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.tablets import LOGIN, Tablet, add_enumerator, tablet_of

KEY = secrets.token_bytes(32)


@pytest.fixture
def tablet(app: Flask, store: Store, clock: SetClock) -> Tablet:
    add_enumerator(store, clock)
    return tablet_of(app, store, clock)


def _sealed(store: Store, device_id: UUID, login: str = LOGIN, key: bytes = KEY) -> str:
    told = {"login": login, "device": device_id.hex, "key": base64.b64encode(key).decode()}
    return _box(store, json.dumps(told).encode())


def _box(store: Store, content: bytes) -> str:
    return base64.b64encode(seal(public_key(store.keys), content)).decode()


@both_databases
def test_an_enumerator_gets_back_the_key_of_their_own_tablet_and_the_log_says_so(
    tablet: Tablet, store: Store
) -> None:
    answer = tablet.post("/tablet/former-key", {"sealed": _sealed(store, tablet.device_id)})
    assert answer.status_code == 200
    assert base64.b64decode(answer.get_json()["key"]) == KEY
    with store.reading() as session:
        logged = session.scalars(
            select(AuditEventRow).where(AuditEventRow.action == "tablet key given back")
        ).one()
    assert (logged.actor, logged.subject, logged.details) == (LOGIN, tablet.device_id.hex, {})


def test_nobody_gets_a_key_of_another_person_another_tablet_or_another_site(
    tablet: Tablet, store: Store
) -> None:
    """O7: whoever copies a tablet's database gains nothing by signing in as somebody else."""
    foreign = base64.b64encode(secrets.token_bytes(200)).decode()
    for sealed in (
        _sealed(store, tablet.device_id, login="dieu-tra-2"),
        _sealed(store, uuid4()),
        _sealed(store, tablet.device_id, key=b"short"),
        _box(store, b"[]"),
        _box(store, b"\xff"),
        foreign,
        "",
    ):
        answer = tablet.post("/tablet/former-key", {"sealed": sealed})
        assert answer.status_code == 422, sealed
        assert "key" not in answer.get_json()


@pytest.mark.parametrize(
    "body", [{}, {"sealed": 1}, {"sealed": "é"}, {"sealed": "x" * 5000}, {"sealed": "", "x": 1}]
)
def test_a_malformed_question_for_a_key_is_refused(tablet: Tablet, body: dict[str, Any]) -> None:
    assert tablet.post("/tablet/former-key", body).status_code == 400


def test_a_key_is_given_to_nobody_who_is_not_signed_in(tablet: Tablet, store: Store) -> None:
    body = {"sealed": _sealed(store, tablet.device_id)}
    tablet.grant = "x"
    assert tablet.post("/tablet/former-key", body).status_code == 401
    tablet.client.delete_cookie("device")
    assert tablet.post("/tablet/former-key", body).status_code == 403
