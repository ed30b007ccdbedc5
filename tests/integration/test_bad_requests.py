"""Whatever is sent, the answer is a clear page with a stable code, and nothing is written (F12, F13)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from survey.questionnaires import load_shipped
from survey.services.rounds import board
from survey.services.settings import Settings
from survey.storage.store import Store
from survey.web import create_app
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import COMMUNES, COUNTER, make_round

SHA256 = load_shipped("service-counter").sha256


def _body(**changes: Any) -> dict[str, Any]:
    return {
        "response_id": str(uuid4()),
        "unit": COMMUNES[0],
        "questionnaire_sha256": SHA256,
        "answers": COUNTER,
        **changes,
    }


def _send(app: Flask, code: str, body: Any, **kwargs: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return app.test_client().post(
        f"/api/v1/rounds/{code}/responses", data=raw, content_type="application/json", **kwargs
    )


@both_databases
def test_a_whole_form_is_acknowledged_with_a_receipt_and_its_hash(
    app: Flask, store: Store, clock: SetClock
) -> None:
    code = make_round(store, clock, entry="open")
    body = _body()
    first, second = _send(app, code, body), _send(app, code, body)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["receipt"] == second.json["receipt"]
    assert len(first.json["sha256"]) == 64
    assert (first.json["replayed"], second.json["replayed"]) == (False, True)
    changed = _send(app, code, {**body, "answers": {"rating": "neutral"}})
    assert (changed.status_code, changed.json["error"]["code"]) == (409, "SVY-409-90")
    assert board(store=store, code=code).complete == 1


@both_databases
@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"\xff\xfe\x00", 400, "SVY-400-02"),
        (b"{", 400, "SVY-400-03"),
        (b"[" * 30_000, 400, "SVY-400-03"),
        (b'{"a": 1, "a": 2}', 400, "SVY-400-03"),
        (b"null", 400, "SVY-400-03"),
        (_body(response_id="not-an-id"), 400, "SVY-400-90"),
        (_body(response_id=None), 400, "SVY-400-90"),
        (_body(response_id="0" * 32), 400, "SVY-400-90"),
        (_body(answers=[1]), 400, "SVY-400-03"),
        (_body(extra=1), 400, "SVY-400-03"),
        (_body(unit=7), 400, "SVY-400-03"),
        (_body(unit=""), 400, "SVY-400-03"),
        (_body(unit="\ud800"), 400, "SVY-400-03"),
        (_body(unit="\0"), 400, "SVY-400-03"),
        (_body(unit=f"{COMMUNES[0]}\n"), 400, "SVY-400-03"),
        (_body(unit="x" * 41), 400, "SVY-400-03"),
        (_body(questionnaire_sha256="\ud800"), 400, "SVY-400-03"),
        (_body(questionnaire_sha256="\0" * 64), 400, "SVY-400-03"),
        (_body(questionnaire_sha256="F" * 64), 400, "SVY-400-03"),
        (_body(unit="a68-noi-vu"), 404, "SVY-404-96"),
        (_body(questionnaire_sha256="f" * 64), 404, "SVY-404-95"),
        (_body(answers={"rating": 5}), 422, "SVY-422-11"),
        (_body(answers={"rating": {"$ne": ""}}), 422, "SVY-422-11"),
        (_body(answers={"rating": "satisfied", "comment": "\ud800"}), 422, "SVY-422-11"),
        (_body(answers={"rating": "satisfied", "\ud800": "\0"}), 422, "SVY-422-11"),
        (b"x" * (64 * 1024 + 1), 413, "SVY-413-01"),
    ],
)
def test_a_malformed_submission_is_named_and_writes_nothing(
    app: Flask, store: Store, clock: SetClock, body: Any, status: int, error: str
) -> None:
    code = make_round(store, clock, entry="open")
    response = _send(app, code, body)
    assert (response.status_code, response.json["error"]["code"]) == (status, error)
    assert set(response.json["error"]["message"]) == {"vi", "en"}
    assert board(store=store, code=code).complete == 0


#: Every character that JSON can carry: with halves of a pair, which are no text, and NUL.
TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(["\ud800", "\0", "a\0b", "satisfied"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=5,
)


@both_databases
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    field=st.sampled_from(["response_id", "unit", "questionnaire_sha256", "answers"]),
    value=TEXTS
    | ANYTHING
    | st.dictionaries(st.sampled_from(["rating", "reasons", "comment", "x"]) | TEXTS, ANYTHING),
)
@example(field="unit", value="\ud800")
@example(field="unit", value="\0")
@example(field="questionnaire_sha256", value="\ud800")
def test_nothing_whatsoever_in_any_field_breaks_the_site(
    app: Flask, store: Store, clock: SetClock, field: str, value: Any
) -> None:
    with store.reading() as session:
        from survey.storage.rounds import round_by_code

        known = round_by_code(session, "fuzz")
    code = "fuzz" if known else make_round(store, clock, code="fuzz", entry="open")
    response = _send(app, code, _body(**{field: value}))
    assert response.status_code in (201, 400, 404, 422), response.get_data(as_text=True)


@both_databases
@pytest.mark.parametrize("unit", ["", "\0", "a68-noi-vu", "x" * 5_000, "ế", "'; --"])
def test_a_form_about_a_unit_that_is_not_there_asks_to_choose_again(
    app: Flask, store: Store, clock: SetClock, unit: str
) -> None:
    make_round(store, clock, code="quay-thu")
    somebody = Person(app)
    somebody.open("/r/quay-thu/")
    page = somebody.send({"unit": unit})
    assert (page.status, page.address) == (422, "/r/quay-thu/")
    assert "Hãy chọn nơi" in page.text


@both_databases
def test_wrong_bytes_in_a_form_are_named(app: Flask, store: Store, clock: SetClock) -> None:
    make_round(store, clock, code="quay-thu")
    response = app.test_client().post(
        "/r/quay-thu/", data=b"unit=%FF%FE", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 400
    assert "SVY-400-02" in response.get_data(as_text=True)


@both_databases
@pytest.mark.parametrize("address", ["/r/quay-thu/", "/api/v1/rounds/quay-thu/responses", "/language"])
def test_a_huge_body_is_refused_with_413(app: Flask, store: Store, clock: SetClock, address: str) -> None:
    make_round(store, clock)
    response = app.test_client().post(
        address, data=b"a=" + b"x" * 100_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code in (413, 415)
    assert "SVY-41" in response.get_data(as_text=True)


@both_databases
@pytest.mark.parametrize(
    "address",
    ["/r/none/", "/r/%00/", "/r/..%2f..%2f/", "/p/none/", "/nowhere", "/kiosk/a/b/c/", "/r/none/s/none"],
)
def test_an_address_that_leads_nowhere_is_a_page_with_a_code(
    app: Flask, store: Store, clock: SetClock, address: str
) -> None:
    make_round(store, clock)
    page = Person(app).open(address)
    assert page.status == 404
    assert "SVY-404" in page.text
    assert "Traceback" not in page.html


@both_databases
def test_a_section_without_a_form_leads_to_the_start_of_its_round(
    app: Flask, store: Store, clock: SetClock
) -> None:
    make_round(store, clock)
    page = Person(app).open("/r/quay-thu/s/none")
    assert (page.status, page.address) == (200, "/r/quay-thu/")


@pytest.mark.parametrize("door", ["/r", "/c"])
@pytest.mark.parametrize("code", ["a%0Ab", "a,b", "a%C2%A0b", "…"])
def test_a_browser_without_a_form_may_leave_any_address_whatever_its_letters(
    app: Flask, store: Store, clock: SetClock, door: str, code: str
) -> None:
    """The address would name the cookie that is taken away; a name that no cookie can have is none."""
    person = Person(app)
    person.open(f"/r/{make_round(store, clock, entry='open')}/")
    token = dict(person.page.form.fields)["csrf_token"]
    left = person.client.post(f"{door}/{code}/leave", data={"csrf_token": token})
    assert left.status_code == 303


def test_a_missing_database_is_a_503_that_says_what_to_do(settings: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'gone.sqlite3'}"))
    page = Person(app).open("/")
    assert page.status == 503
    assert "survey init" in page.text
    assert page.headers["Retry-After"] == "10"
    assert app.test_client().get("/health").status_code == 503


def test_an_error_nobody_foresaw_is_a_page_without_a_traceback(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("survey.web.public.views.open_rounds", broken)
    page = Person(app).open("/")
    assert page.status == 500
    assert "a secret detail" not in page.html
    assert "SVY-500-00" in page.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_only_trusted_hosts_are_answered(settings: Settings, host: str) -> None:
    """T14."""
    from dataclasses import replace

    app = create_app(replace(settings, trusted_hosts=("localhost",)))
    assert app.test_client().get("/privacy", headers={"Host": host}).status_code == 400
    assert app.test_client().get("/privacy", headers={"Host": "localhost"}).status_code == 200
