"""A small but whole site for the browser: every questionnaire has a round with answers, served by waitress.

Filled by the same services as a real one, as the demonstration does with more people.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from survey.services.accounts import sign_in
from survey.services.clock import Clock
from survey.services.demo.plan import Plan, read_plan
from survey.services.links.invitations import Invitee, invite
from survey.services.places import kiosk_key
from survey.services.rounds import board, set_status
from survey.services.scores import record_points, score_unit
from survey.services.settings import Settings
from survey.storage.store import Store, open_store
from survey.web import create_app
from tests.accounts import make_account
from tests.conftest import SetClock
from tests.planned_rounds import fill_planned
from tests.rounds import COMMUNES, PROVINCE, freeze_and_compute, make_round

PASSWORD = "một mật khẩu dài để thử"
#: The rounds of the site, by what they are for.
HOUSEHOLDS, USERS, COUNTER, LEADERS, DELEGATES = (
    "sipas-2026",
    "dich-vu-2026",
    "quay-2026",
    "lanh-dao-2026",
    "dai-bieu-2026",
)
#: What each of them asks.
ASKED = {
    HOUSEHOLDS: "sipas-households-2024",
    USERS: "sipas-service-users-2017",
    COUNTER: "service-counter",
    LEADERS: "leaders-assessment",
    DELEGATES: "delegates-assessment",
}
#: A round that nobody answered yet, and one that is closed.
EMPTY, CLOSED = "chua-co-phieu", "da-dong"
#: Login → role and unit; the clerk's commune has no rounds of its own.
ACCOUNTS = {
    "can-bo": ("official", PROVINCE),
    "phan-tich": ("analyst", PROVINCE),
    "quan-tri": ("administrator", PROVINCE),
    "can-bo-xa": ("official", COMMUNES[0]),
}
#: How few people the demonstration's plan asks here.
_FEW = {"clusters": 2, "people": 1}


@dataclass(frozen=True, slots=True, eq=False)
class LiveSite:
    """A site that is being served: its address, and what stands behind it."""

    address: str
    settings: Settings
    store: Store
    clock: SetClock
    app: Flask

    def at(self, path: str) -> str:
        return self.address + path

    def kiosk(self, code: str = COUNTER, unit: str = COMMUNES[0]) -> str:
        """Give the address of a counter's kiosk."""
        assert self.settings.secret_key
        return self.at(f"/kiosk/{code}/{unit}/{kiosk_key(self.settings.secret_key, code, unit)}/")

    def received(self, code: str) -> int:
        """Count the whole forms of a round."""
        return board(store=self.store, code=code).complete

    def link(self, code: str = DELEGATES) -> str:
        """Invite three people, as the site refuses fewer in one place, and give one's token."""
        group = "Đại biểu Hội đồng nhân dân tỉnh"
        alike = [Invitee(f"Người dùng thử {number}", PROVINCE, group, "thử") for number in range(3)]
        made = invite(store=self.store, clock=self.clock, round_code=code, invitees=alike)
        return made[0].token

    def session(self, login: str, password: str = PASSWORD) -> str:
        """Sign an account in and give the secret that its cookie holds."""
        return sign_in(store=self.store, clock=self.clock, login=login, password=password)


@contextmanager
def served(url: str, folder: Path) -> Iterator[LiveSite]:
    """Serve a site on a free port of this machine; its database must be prepared."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    clock = SetClock()
    settings = Settings(
        instance=folder,
        exports=folder / "exports",
        database_url=url,
        secret_key="a secret of the browser tests, long enough to sign with",
        public_base_url=address,
        trusted_hosts=(),
        behind_proxy=0,
        language="vi",
        help_phone="1022",
        help_hours="7 giờ – 17 giờ",
    )
    app = create_app(settings, clock)
    server = create_server(app, sockets=[listening], threads=8, ident=None)
    store = open_store(url, folder, check=False)
    thread = Thread(target=server.run, name=f"site at {address}", daemon=True)
    thread.start()
    try:
        yield LiveSite(address, settings, store, clock, app)
    finally:
        # Its own thread must close the sockets that it is waiting on.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()
        store.engine.dispose()
        opened = app.extensions["survey"]._store
        if opened is not None:
            opened.engine.dispose()


def fill(store: Store, clock: Clock) -> None:
    """Make a round of every questionnaire with a few simulated answers, and every role's account."""
    plan = _small_plan()
    for wanted in plan.rounds:
        fill_planned(store, clock, plan, wanted)
    make_round(store, clock, code=EMPTY, entry="open")
    make_round(store, clock, code=CLOSED, entry="open")
    set_status(store=store, clock=clock, code=CLOSED, status="closed", actor="tests")
    for login, (role, unit) in ACCOUNTS.items():
        make_account(store, clock, login, role, unit, full_name="Nguyễn Thị Thử", password=PASSWORD)


def compute(store: Store, clock: Clock) -> Mapping[str, str]:
    """Freeze and compute every round that has answers, and the score; give each round's snapshot."""
    plan, frozen = _small_plan(), {}
    for wanted in plan.rounds:
        frozen[wanted["code"]] = freeze_and_compute(store, clock, wanted["code"])[0].code
    scored: dict[str, Any] = {
        "store": store,
        "clock": clock,
        "unit_id": PROVINCE,
        "year": plan.year,
        "criteria_set": plan.score["criteria_set"],
        "actor": "tests",
    }
    appraised = plan.score["appraised"]
    record_points(
        leaf=appraised["leaf"], points=appraised["points"], source="mô phỏng", simulated=True, **scored
    )
    score_unit(feeds=plan.score["feeds"], **scored)
    return frozen


def path_of(address: str) -> str:
    """Give the path of an address, without its host and query."""
    return urlsplit(address).path


def _small_plan() -> Plan:
    plan = read_plan()
    return replace(plan, rounds=tuple(_smaller(wanted) for wanted in plan.rounds))


def _smaller(wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    sample = wanted["sample"]
    if "clusters" not in sample or wanted["judged"] == "agencies":
        return wanted
    return {**wanted, "sample": {**sample, **_FEW}}
