"""Collecting answers over HTTP: the real site in its own process, eight clients, a bounded time.

Forms sent to the address for machines, sections saved on a phone, visits to a kiosk, first pages; on
SQLite and on PostgreSQL. Beside them, in the same run and in turns of a few seconds: the disk's own
limit (one row a durable commit, no server), and the least Flask endpoint (bare_site.py).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psutil
from sqlalchemy import text

from benchmarks.bare_site import durable
from benchmarks.clients import Client, Load, press
from benchmarks.counters import sends_visits
from benchmarks.figures import Bound, Figure
from benchmarks.sites import LONG, ServedSite, free_port, postgresql_database, served_site, wait_until_served
from benchmarks.visits import (
    Step,
    expect,
    opens_the_first_page,
    saves_sections,
    sends_whole_forms,
    twenty_five_answers,
    visits_a_kiosk,
)
from survey.questionnaires import load_shipped
from survey.services.rounds import board

CLIENTS = 8
TURNS = 5
SECONDS, PEER_SECONDS, OTHER_SECONDS = 20.0, 6.0, 5.0
#: As many as the machine of the bounds has cores.
PROCESSES = 2
WARM_UP_SECONDS = 2.0
FORMS_PER_SECOND, VISITS_PER_SECOND = Bound(300, at_least=True), Bound(400, at_least=True)
STEPS_PER_SECOND, P95_MS = Bound(300, at_least=True), Bound(100)


@dataclass
class Pressed:
    """What clients did to one server in all their turns."""

    server: psutil.Process
    steps: Sequence[Step]
    loads: list[Load] = field(default_factory=list)
    cpu: float = 0.0

    def turn(self, seconds: float) -> None:
        before = self._cpu_so_far()
        self.loads.append(press(CLIENTS, seconds, self.steps.__getitem__))
        self.cpu += self._cpu_so_far() - before

    @property
    def load(self) -> Load:
        """All turns as one."""
        done = sum(load.done for load in self.loads)
        seconds = sum(load.seconds for load in self.loads)
        cores = sum(load.client_cores * load.seconds for load in self.loads) / seconds
        return Load(done, seconds, tuple(sorted(one for load in self.loads for one in load.latencies)), cores)

    def _cpu_so_far(self) -> float:
        times = [one.cpu_times() for one in (self.server, *self.server.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    def note(self) -> str:
        return f"{self.load}; server {self.cpu / self.load.done * 1000:.1f} ms CPU each"


def run() -> list[Figure]:
    """Measure everything on both databases."""
    with served_site(processes=PROCESSES) as site:
        figures = [*_submissions(site), *_bounded(site, "SQLite"), *_pages(site, "SQLite")]
    with postgresql_database() as url, served_site(url, processes=PROCESSES) as site:
        sent = _press(site, sends_whole_forms, OTHER_SECONDS * 2)
        figures.append(Figure(_form("PostgreSQL"), sent.load.per_second, "/s", note=sent.note()))
        figures.append(_all_kept(site, sent.load.done))
        return [*figures, *_bounded(site, "PostgreSQL"), *_pages(site, "PostgreSQL")]


def _as_after_a_minute(site: ServedSite) -> None:
    """Do on a server what its autovacuum does within a minute, which is longer than a measurement here.

    Until then plans stand that were made over empty tables, and each form reads all of its round.
    """
    if site.store.engine.dialect.name == "sqlite":
        return
    with site.store.engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _submissions(site: ServedSite) -> list[Figure]:
    with _bare_site() as (port, process):
        ours = Pressed(psutil.Process(site.process.pid), _steps(site, sends_whole_forms))
        peer = Pressed(psutil.Process(process.pid), [_sends_to_bare_site(port) for _ in range(CLIENTS)])
        for _ in range(TURNS):
            ours.turn(SECONDS / TURNS)
            peer.turn(PEER_SECONDS / TURNS)
    load, bare = ours.load, peer.load
    disk = _durable_commits_per_second(site.store.folder)
    return [
        Figure(_form("SQLite"), load.per_second, "/s", FORMS_PER_SECOND, note=ours.note()),
        Figure("  p95", load.percentile(0.95), "ms", P95_MS, (bare.percentile(0.95), "bare Flask endpoint")),
        Figure(
            "  beside the least Flask endpoint",
            load.per_second,
            "/s",
            peer=(bare.per_second, "bare Flask endpoint"),
            note=peer.note(),
        ),
        Figure(
            "  beside the disk", load.per_second, "/s", peer=(disk, "durable commits, one loop, no server")
        ),
        _all_kept(site, load.done),
    ]


def _bounded(site: ServedSite, database: str) -> list[Figure]:
    """Measure what is bounded on both databases: a counter's visits, and the steps of a long form."""
    visits = Pressed(
        psutil.Process(site.process.pid), sends_visits(site, CLIENTS, OTHER_SECONDS * 2 + WARM_UP_SECONDS)
    )
    steps = Pressed(psutil.Process(site.process.pid), _steps(site, saves_sections))
    figures = []
    for what, pressed, bound in (
        ("sealed visits of enrolled kiosks acknowledged", visits, VISITS_PER_SECOND),
        ("a section saved and the next page opened", steps, STEPS_PER_SECOND),
    ):
        # The first seconds of a pair of processes load what later ones find loaded.
        pressed.turn(WARM_UP_SECONDS)
        _as_after_a_minute(site)
        pressed.loads.clear()
        pressed.cpu = 0.0
        pressed.turn(OTHER_SECONDS * 2)
        load = pressed.load
        figures += [
            Figure(f"{what}, {database}", load.per_second, "/s", bound, note=pressed.note()),
            Figure("  p95", load.percentile(0.95), "ms", P95_MS),
        ]
    return figures


def _pages(site: ServedSite, database: str) -> list[Figure]:
    return [
        Figure(f"{what}, {database}", (pressed := _press(site, make, OTHER_SECONDS)).load.per_second, "/s",
               note=pressed.note())
        for what, make in (
            ("a whole kiosk visit by its pages (3 forms sent, 3 pages opened)", visits_a_kiosk),
            ("the first page opened", opens_the_first_page),
        )
    ]  # fmt: skip


def _press(site: ServedSite, make: Callable[[ServedSite], Step], seconds: float) -> Pressed:
    pressed = Pressed(psutil.Process(site.process.pid), _steps(site, make))
    pressed.turn(seconds)
    return pressed


def _steps(site: ServedSite, make: Callable[[ServedSite], Step]) -> list[Step]:
    """Make the clients and let each take a first step, so that everything is loaded."""
    steps = [make(site) for _ in range(CLIENTS)]
    for step in steps:
        step()
    return steps


def _all_kept(site: ServedSite, acknowledged: int) -> Figure:
    kept = board(store=site.store, code=LONG).complete
    told = acknowledged + CLIENTS  # each client's first step was not timed
    return Figure("  rows kept for each form acknowledged", kept / told, "", Bound(1, at_least=True),
                  note=f"{kept} rows, {told} acknowledged")  # fmt: skip


def _form(database: str) -> str:
    return f"forms of 25 answers sent and acknowledged, {CLIENTS} clients, {database}"


def _sends_to_bare_site(port: int) -> Step:
    client = Client(port)
    answers = twenty_five_answers(load_shipped("sipas-service-users-2017"))

    def step() -> None:
        body = {"response_id": uuid4().hex, "answers": answers}
        expect(client.post_json("/responses", json.dumps(body).encode()), 201)

    step()
    return step


@contextmanager
def _bare_site() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    folder, port = tempfile.mkdtemp(prefix="survey-bare-"), free_port()
    command = [sys.executable, "-m", "benchmarks.bare_site", str(port), f"{folder}/bare.sqlite3"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_until_served(port, process)
        yield port, process
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _durable_commits_per_second(beside: Path) -> float:
    """Commit one row after another for some seconds, each as long as a form, on the site's own disk."""
    connection = durable(str(beside / "commits.sqlite3"))
    body = json.dumps(twenty_five_answers(load_shipped("sipas-service-users-2017")))
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < PEER_SECONDS / 2:
        connection.execute("INSERT INTO response VALUES (?, ?)", (uuid4().hex, body))
        done += 1
    connection.close()
    return done / (time.perf_counter() - begun)
