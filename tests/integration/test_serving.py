"""The site as `survey serve --processes 2` serves it: a process that is killed loses nothing and comes back (F1)."""

from __future__ import annotations

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from threading import Event
from uuid import UUID, uuid4

import psutil
from sqlalchemy import select

from benchmarks.clients import Client
from benchmarks.sites import AGENCIES, LONG, ServedSite, served_site
from benchmarks.visits import twenty_five_answers
from survey.questionnaires import load_shipped
from survey.storage.models import ResponseRow

FORMS = 200
ASKED = load_shipped("sipas-service-users-2017")


def _keeps_sending(site: ServedSite, form: UUID) -> str:
    """Send one form until it is acknowledged, as a device does; give its receipt."""
    body = json.dumps(
        {
            "response_id": form.hex,
            "unit": AGENCIES[0],
            "questionnaire_sha256": ASKED.sha256,
            "answers": twenty_five_answers(ASKED),
        }
    ).encode()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError, ValueError), closing(Client(site.port)) as client:
            answer = client.post_json(f"/api/v1/rounds/{LONG}/responses", body)
            if answer.status == 201:
                return str(json.loads(answer.body)["receipt"])
        time.sleep(0.05)
    raise AssertionError("not acknowledged within a minute")


def _serving(site: ServedSite) -> list[psutil.Process]:
    return psutil.Process(site.process.pid).children()


def _both(site: ServedSite) -> list[psutil.Process]:
    """Wait for both processes, at most as long as a restart may take."""
    end = time.monotonic() + 5
    while len(found := _serving(site)) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    return found


def test_processes_killed_under_load_lose_no_form_and_double_none() -> None:
    with served_site(processes=2) as site, ThreadPoolExecutor(8) as pool:
        over = Event()

        def kill_now_and_then() -> int:
            killed = 0
            while not over.wait(0.7):
                for one in _serving(site)[:1]:
                    os.kill(one.pid, signal.SIGKILL)
                    killed += 1
            return killed

        killer = pool.submit(kill_now_and_then)
        forms = [uuid4() for _ in range(FORMS)]
        receipts: dict[UUID, str] = {}
        begun = time.monotonic()
        while time.monotonic() - begun < 5:
            receipts |= zip(forms, pool.map(lambda form: _keeps_sending(site, form), forms), strict=True)
        over.set()
        assert killer.result() >= 5
        assert len(set(receipts.values())) == FORMS
        with site.store.reading() as session:
            kept = session.scalars(select(ResponseRow.response_id)).all()
        assert sorted(kept) == sorted(forms)
        assert len(_both(site)) == 2


def test_a_signal_ends_every_process() -> None:
    with served_site(processes=2) as site:
        serving = _both(site)
        assert len(serving) == 2
        assert _keeps_sending(site, uuid4())
        site.process.terminate()
        site.process.wait(10)
        assert not [one for one in serving if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_connections_are_shared_evenly_and_nobody_waits_for_a_process_that_hangs() -> None:
    """Of eight clients that keep their connections, one process once served all eight."""
    with served_site(processes=2) as site, ExitStack() as opened:
        for _ in range(8):
            _stays_connected(site, opened)
        assert sorted(_connections_of(one) for one in _both(site)) == [4, 4]
        hanging = _serving(site)[0]
        hanging.suspend()
        begun = time.monotonic()
        for _ in range(2):
            _stays_connected(site, opened)
        assert time.monotonic() - begun < 10
        hanging.resume()


def _stays_connected(site: ServedSite, opened: ExitStack) -> None:
    client = opened.enter_context(closing(Client(site.port)))
    assert client.get("/health").status == 200


def _connections_of(process: psutil.Process) -> int:
    return sum(one.status == psutil.CONN_ESTABLISHED for one in process.net_connections())
