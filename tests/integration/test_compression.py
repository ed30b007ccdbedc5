"""Pages are small over the wire, and what could spell out a secret is never compressed (BREACH)."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.storage.store import Store
from tests.conftest import SetClock
from tests.rounds import make_round

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
USERS = "sipas-service-users-2017"


@pytest.fixture
def code(store: Store, clock: SetClock) -> str:
    return make_round(
        store, clock, code="dich-vu", questionnaire=USERS, population="organisations", entry="open"
    )


def _get(app: Flask, address: str, headers: dict[str, str] | None = GZIP) -> TestResponse:
    response = app.test_client().get(address, headers=headers)
    response.get_data()
    response.close()
    return response


def _without_tokens(page: bytes) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", page.decode())


def test_a_page_is_the_same_page_compressed(app: Flask, code: str) -> None:
    plain, packed = _get(app, f"/r/{code}/", None), _get(app, f"/r/{code}/")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert _without_tokens(gzip.decompress(packed.data)) == _without_tokens(plain.data)
    assert len(packed.data) < 0.7 * len(plain.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("refusal", ["identity", "gzip;q=0", "br"])
def test_a_client_that_does_not_take_gzip_gets_none(app: Flask, code: str, refusal: str) -> None:
    assert "Content-Encoding" not in _get(app, f"/r/{code}/", {"Accept-Encoding": refusal}).headers


def test_a_page_that_shows_something_of_its_request_is_not_compressed(app: Flask, code: str) -> None:
    """BREACH needs a secret and a text of somebody else's choice in one compressed page."""
    reflected = _get(app, f"/r/{code}/?csrf_token=guess")
    assert "csrf_token=guess" in reflected.get_data(as_text=True)
    assert "Content-Encoding" not in reflected.headers
    posted = app.test_client().post(f"/r/{code}/", data={"unit": "guess"}, headers=GZIP)
    assert posted.status_code >= 400
    assert "Content-Encoding" not in posted.headers
    assert "Content-Encoding" not in _get(app, "/guess").headers


def test_the_length_of_a_page_tells_nothing_exact(app: Flask, code: str) -> None:
    """Padding of a random length: the same page has many lengths (Palacios and others 2022)."""
    client = app.test_client()
    lengths = {len(client.get(f"/r/{code}/", headers=GZIP).data) for _ in range(40)}
    assert len(lengths) > 10


def test_styles_are_compressed_and_still_known_by_their_etag(app: Flask, code: str) -> None:
    first = _get(app, "/static/css/citizen.css?v=12345678")
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["ETag"].startswith("W/")
    again = _get(app, "/static/css/citizen.css", {**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_what_is_not_text_is_sent_as_it_is(app: Flask, code: str) -> None:
    font = _get(app, "/static/fonts/noto-sans-vi-highland.woff2")
    assert "Content-Encoding" not in font.headers
    assert font.data[:4] == b"wOF2"
