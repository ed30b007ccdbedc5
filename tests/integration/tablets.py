"""Tablets without a browser: enrolled, signed in, with forms to send as the page's own scripts would."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.questionnaires import Questionnaire, answers_sha256, load_shipped
from survey.services.accounts import add_account
from survey.services.clock import Clock
from survey.services.tablets.assignments import NewAssignment, make_assignments
from survey.storage.store import Store
from tests.rounds import COMMUNES, PROVINCE, enrolled_tablet

PASSWORD = "một mật khẩu dài để thử"
LOGIN = "dieu-tra-1"
PLACE = "Thôn 3"


def milliseconds(moment: datetime) -> float:
    """Write a moment as a browser does."""
    return moment.timestamp() * 1000


def add_enumerator(store: Store, clock: Clock, login: str = LOGIN) -> str:
    add_account(
        store=store,
        clock=clock,
        login=login,
        full_name="Trần Thị Điều Tra",
        role="enumerator",
        unit_id=PROVINCE,
        password=PASSWORD,
    )
    return login


def assign(store: Store, clock: Clock, code: str, login: str = LOGIN, wanted: int = 100, **more: Any) -> UUID:
    """Give an enumerator one assignment in a round."""
    new = NewAssignment(login, COMMUNES[0], PLACE, wanted, **more)
    return make_assignments(store=store, clock=clock, actor="tests", round_code=code, new=[new])[0]


@dataclass
class Tablet:
    """An enrolled tablet with an enumerator signed in."""

    client: FlaskClient
    clock: Clock
    device_id: UUID
    grant: str

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.grant}"}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers, **options)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.grant}"})

    def send(self, *records: Any, sent_at: datetime | None = None) -> list[dict[str, Any]]:
        """Send a batch and give what became of each record."""
        moment = milliseconds(sent_at or self.clock.now())
        answer = self.post("/sync", {"records": list(records), "sent_at": moment})
        while answer.status_code == 429:  # others are sending
            assert answer.headers["Retry-After"] == "3"
            time.sleep(0.05)
            answer = self.post("/sync", {"records": list(records), "sent_at": moment})
        assert answer.status_code == 200, answer.get_json()
        assert answer.get_json()["srv"] == "http://localhost"
        results: list[dict[str, Any]] = answer.get_json()["results"]
        return results


def tablet_of(app: Flask, store: Store, clock: Clock, login: str = LOGIN) -> Tablet:
    """Enrol a tablet and sign an enumerator in on it."""
    made = enrolled_tablet(store, clock)
    client = app.test_client()
    client.set_cookie("device", made.secret)
    answer = client.post("/api/v1/tablet/sign-in", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.get_json()
    return Tablet(client, clock, made.device.id, answer.get_json()["grant"])


def record(
    code: str,
    assignment: UUID,
    completed: datetime,
    answers: dict[str, Any] | None = None,
    questionnaire: Questionnaire | None = None,
    **other: Any,
) -> dict[str, Any]:
    """Make one completed form as a tablet sends it."""
    asked = questionnaire or load_shipped("service-counter")
    given = {"rating": "satisfied"} if answers is None else answers
    return {
        "response_id": uuid4().hex,
        "round": code,
        "assignment": assignment.hex,
        "questionnaire_sha256": asked.sha256,
        "sha256": answers_sha256(asked, given),
        "language": "vi",
        "assisted_by": None,
        "begun_at": milliseconds(completed) - 300_000,
        "completed_at": milliseconds(completed),
        "duration_s": 300,
        "answers": given,
        **other,
    }
