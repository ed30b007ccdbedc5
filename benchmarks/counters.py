"""A province's counters: many enrolled kiosks, each visit one sealed record. Not the pressing."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from threading import Lock
from uuid import UUID, uuid4

from sqlalchemy import insert

from benchmarks.clients import Client
from benchmarks.sites import COMMUNE, COUNTER, ServedSite
from benchmarks.visits import Step, expect
from survey.questionnaires import load_shipped
from survey.services.sealed_box import public_key, seal
from survey.storage import rounds
from survey.storage.models import DeviceRow
from survey.storage.store import Store

ASKED = load_shipped("service-counter")
#: More than any server here can serve, so that no client runs out.
_VISITS_A_SECOND_EACH = 150
#: At that pace each kiosk's turn comes again after more than five seconds (K8).
_KIOSKS_EACH = 800


@dataclass(frozen=True, slots=True)
class Kiosk:
    """An enrolled kiosk, as its browser knows itself."""

    secret: str
    id: UUID


def enrol_kiosks(store: Store, count: int) -> Sequence[Kiosk]:
    """Enrol many kiosks at one counter, without the one-time codes that people type."""
    kiosks = [Kiosk(secrets.token_urlsafe(32), uuid4()) for _ in range(count)]
    now = datetime.now(UTC)
    with store.transaction() as session:
        round_ = rounds.round_by_code(session, COUNTER)
        assert round_ is not None
        session.execute(
            insert(DeviceRow),
            [
                {
                    "id": one.id,
                    "kind": "kiosk",
                    "unit_id": COMMUNE,
                    "stand": f"Quầy {number}",
                    "option_order": "written",
                    "made_at": now,
                    "made_by": "benchmark",
                    "status": "active",
                    "round_id": round_.id,
                    "secret_hash": hashlib.sha256(one.secret.encode()).hexdigest(),
                    "enrolled_at": now,
                }
                for number, one in enumerate(kiosks)
            ],
        )
    return kiosks


def sealed_visits(store: Store, kiosks: Sequence[Kiosk], count: int) -> Iterator[bytes]:
    """Give visits as kiosks in turn send them, sealed before the clock starts: they do it, not the server."""
    public = public_key(store.keys)
    rating = ASKED.items[0]
    assert rating.scale is not None
    for number in range(count):
        response_id = uuid4()
        options = rating.scale.options
        kiosk = kiosks[number % len(kiosks)]
        yield _body(response_id, kiosk, public, options[number % len(options)].id)


def sends_visits(site: ServedSite, clients: int, seconds: float) -> list[Step]:
    """Make clients that send one visit after another, each from the next kiosk of theirs.

    They have kiosks enough that none sends twice within its cool-down, and visits enough for the time. All
    draw from one line: a client that is served faster than others does not come round to its kiosks sooner.
    """
    kiosks = enrol_kiosks(site.store, clients * _KIOSKS_EACH)
    visits = list(sealed_visits(site.store, kiosks, int(clients * seconds * _VISITS_A_SECOND_EACH)))
    turns, taking = zip(cycle(kiosks), visits, strict=False), Lock()

    def take() -> tuple[Kiosk, bytes]:
        with taking:
            return next(turns)

    return [_client(site, take) for _ in range(clients)]


def _client(site: ServedSite, take: Callable[[], tuple[Kiosk, bytes]]) -> Step:
    client = Client(site.port)

    def step() -> None:
        kiosk, body = take()
        client.carry("device", kiosk.secret)
        expect(client.post_json("/api/v1/kiosk/responses", body), 201)

    return step


def _body(response_id: UUID, kiosk: Kiosk, public: bytes, option: str) -> bytes:
    visit = {
        "id": response_id.hex,
        "device": kiosk.id.hex,
        "round": COUNTER,
        "questionnaire": ASKED.sha256,
        "status": "complete",
        "answers": {ASKED.items[0].id: option},
        "order": "written",
        "language": "vi",
        "duration_s": 12,
    }
    box = seal(public, json.dumps(visit).encode())
    record = {"response_id": response_id.hex, "sealed": base64.b64encode(box).decode(), "waited_s": 0}
    return json.dumps({"records": [record]}).encode()
