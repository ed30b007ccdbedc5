"""Tablets coming home: 50 devices send 300 queued forms each at once, over a bad line, while pages answer.

Exactly once is counted, not believed: the acknowledged ids are held against the rows (F20). Not a browser:
the queue's own script is tested in one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from random import Random
from threading import Event
from uuid import UUID, uuid4

from sqlalchemy import select

from benchmarks.clients import Client, Load
from benchmarks.figures import Bound, Figure
from benchmarks.sites import (
    COMMUNE,
    HOUSEHOLDS,
    PROVINCE,
    SECRET,
    ServedSite,
    postgresql_database,
    served_site,
)
from benchmarks.visits import opens_the_first_page, saves_sections
from survey.questionnaires import Questionnaire, answers_sha256, load_shipped, on_path
from survey.services.accounts import add_account
from survey.services.clock import SystemClock
from survey.services.devices.enrolment import enrol, enrolment_code
from survey.services.devices.registry import make_device
from survey.services.tablets.assignments import NewAssignment, make_assignments
from survey.services.tablets.errors import SyncBusy
from survey.services.tablets.sign_in import sign_in_on_tablet
from survey.storage.models import ResponseRow
from survey.storage.store import Store

DEVICES, FORMS, BATCH, READERS = 50, 300, 25, 4
#: Answers that never come back, of a hundred; the batch is sent again.
LOST = 5
#: What the site's Retry-After says when others are sending (services/tablets/errors.py).
COME_BACK_S = SyncBusy.retry_after
ARRIVED_S, PAGES_P95_MS = Bound(600), Bound(300)
_PASSWORD = "a password of the benchmarks"  # noqa: S105  # of accounts that live for minutes


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled tablet with its enumerator's grant and a full queue."""

    secret: str
    grant: str
    queue: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Homecoming:
    """What happened from the first batch to the last acknowledgement."""

    seconds: float
    acknowledged: tuple[str, ...]
    batches: tuple[float, ...]
    pages: Load


def run() -> list[Figure]:
    """Measure it on both databases."""
    with served_site() as site:
        figures = _figures(site, "SQLite")
    with postgresql_database() as url, served_site(url) as site:
        return figures + _figures(site, "PostgreSQL")


def _figures(site: ServedSite, database: str) -> list[Figure]:
    devices = _devices(site.store)
    came = _come_home(site, devices)
    wanted = {name for device in devices for name, _body in device.queue}
    with site.store.reading() as session:
        rows = [one.hex for one in session.scalars(select(ResponseRow.response_id)) if one.hex in wanted]
    exactly = sum(name in wanted for name in set(came.acknowledged) & set(rows))
    batches = sorted(came.batches)
    return [
        Figure(f"{DEVICES} devices × {FORMS} forms arrive ({database})", came.seconds, "s", ARRIVED_S,
               note=f"{len(wanted) / came.seconds:.0f} forms/s, batches of {BATCH}, {LOST} % lost; "
               f"batch p50 {batches[len(batches) // 2]:.0f} ms"),
        Figure("  forms acknowledged that have one row", exactly, "", Bound(len(wanted), at_least=True),
               note=f"{len(rows)} rows, {len(came.acknowledged)} acknowledgements"),
        Figure("  p95 of pages meanwhile", came.pages.percentile(0.95), "ms", PAGES_P95_MS,
               note=f"{READERS} people; {came.pages}"),
    ]  # fmt: skip


def _come_home(site: ServedSite, devices: Sequence[Device]) -> Homecoming:
    over = Event()
    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(len(devices) + READERS) as pool:
        readers = [pool.submit(_read_pages, site, number, over) for number in range(READERS)]
        senders = [pool.submit(_empty, site, device, number) for number, device in enumerate(devices)]
        sent = [one.result() for one in senders]
        seconds = time.perf_counter() - begun
        over.set()
        latencies = sorted(one for reader in readers for one in reader.result())
    pages = Load(len(latencies), seconds, tuple(latencies), (time.process_time() - cpu) / seconds)
    names = tuple(name for acknowledged, _times in sent for name in acknowledged)
    return Homecoming(seconds, names, tuple(one for _names, times in sent for one in times), pages)


def _empty(site: ServedSite, device: Device, number: int) -> tuple[list[str], list[float]]:
    """Send a queue until all of it is acknowledged, as the queue's script does."""
    chance, left = Random(number), list(device.queue)  # noqa: S311  # faults, not secrets
    acknowledged: list[str] = []
    times: list[float] = []
    while left:
        part = left[:BATCH]
        begun = time.perf_counter()
        statuses = _send(site, device, [body for _name, body in part])
        if not statuses:
            time.sleep(COME_BACK_S * (1 + 0.2 * chance.random()))
            continue
        times.append((time.perf_counter() - begun) * 1000)
        if chance.randrange(100) < LOST:
            continue
        done = {name for name, status in statuses.items() if status == 201}
        acknowledged += done
        left = [one for one in left if one[0] not in done]
    return acknowledged, times


def _send(site: ServedSite, device: Device, bodies: Sequence[bytes]) -> dict[str, int]:
    client = Client(site.port)
    client.carry("device", device.secret)
    body = b'{"sent_at":%d,"records":[%s]}' % (time.time() * 1000, b",".join(bodies))
    headers = {"Authorization": f"Bearer {device.grant}"}
    answer = client.exchange(client.request("POST", "/api/v1/sync", body, "application/json", headers))
    client.close()
    if answer.status == SyncBusy.status:
        return {}
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.text[:200]}")
    return {one["response_id"]: one["status"] for one in json.loads(answer.body)["results"]}


def _read_pages(site: ServedSite, number: int, over: Event) -> list[float]:
    step: Callable[[], None] = (opens_the_first_page if number % 2 else saves_sections)(site)
    latencies = []
    while not over.is_set():
        begun = time.perf_counter()
        step()
        latencies.append((time.perf_counter() - begun) * 1000)
        over.wait(0.05)
    return latencies


def _devices(store: Store) -> list[Device]:
    clock, asked = SystemClock(), load_shipped("sipas-households-2024")
    answers = _answers(asked)
    return [_device(store, clock, number, asked, answers) for number in range(DEVICES)]


def _device(
    store: Store, clock: SystemClock, number: int, asked: Questionnaire, answers: dict[str, object]
) -> Device:
    login = f"dieu-tra-{number:02}"
    add_account(
        store=store, clock=clock, login=login, full_name="Mô phỏng", role="enumerator",
        unit_id=PROVINCE, password=_PASSWORD,
    )  # fmt: skip
    new = NewAssignment(login, COMMUNE, f"Thôn {number}", FORMS)
    [assignment] = make_assignments(
        store=store, clock=clock, actor="benchmarks", round_code=HOUSEHOLDS, new=[new]
    )
    made = make_device(
        store=store, clock=clock, actor="benchmarks", kind="tablet", unit_id=COMMUNE, stand=f"Máy {number}"
    )
    code = enrolment_code(store=store, clock=clock, actor="benchmarks", device_id=made.id).code
    secret = enrol(store=store, clock=clock, code=code, browser="benchmarks").secret
    grant = sign_in_on_tablet(
        store=store, clock=clock, secret_key=SECRET, device_id=made.id, login=login, password=_PASSWORD
    )
    queue = tuple(_forms(asked, answers, assignment, clock.now()))
    return Device(secret, grant.secret, queue)


def _forms(
    asked: Questionnaire, answers: dict[str, object], assignment: UUID, now: datetime
) -> Iterator[tuple[str, bytes]]:
    kept = on_path(asked, answers)  # type: ignore[arg-type]  # as JSON has them
    told = {
        "round": HOUSEHOLDS,
        "assignment": assignment.hex,
        "questionnaire_sha256": asked.sha256,
        "sha256": answers_sha256(asked, kept),
        "language": "vi",
        "assisted_by": None,
        "begun_at": now.timestamp() * 1000 - 900_000,
        "completed_at": now.timestamp() * 1000,
        "duration_s": 900,
        "answers": dict(kept),
    }
    for _ in range(FORMS):
        name = uuid4().hex
        yield name, json.dumps({"response_id": name, **told}).encode()


def _answers(asked: Questionnaire) -> dict[str, object]:
    """Answer every item with its first option."""
    answers: dict[str, object] = {}
    for item in asked.items:
        if item.scale is not None:
            first = item.scale.options[0].id
            answers[item.id] = [first] if item.kind == "multiple" else first
    return answers
