"""A kiosk's queue in real Chromium: whose refusal it believes, whose visits it brings, when it lets go (O2-O4, F21)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from survey.services.devices.enrolment import Enrolled
from survey.services.rounds import set_status
from survey.storage.models import ParadataRow, QuarantinedRow, ResponseRow
from tests.browser.conftest import OpenPage
from tests.browser.devices import KIOSK
from tests.browser.sites import LiveSite, served
from tests.browser.test_tablet_queue import answers, results
from tests.rounds import COMMUNES, enrolled_kiosk, make_round

pytestmark = pytest.mark.browser

#: A queue at which nobody stands: `send` answers with the report and what is left.
_OPEN = """async () => {
  const { openQueue } = await import("/static/js/queue.js");
  const words = new TextEncoder(), letters = new TextDecoder();
  window.queue = await openQueue({
    name: "test", server: "S", unattended: true,
    seal: (record) => words.encode(JSON.stringify(record)),
    prepare: async ({ sealed }) => {
      const record = JSON.parse(letters.decode(sealed));
      return { record, expects: { sha256: record.sha256 } };
    },
  });
  window.fill = async (...ids) => { for (const id of ids) await queue.add({ id, record: { response_id: id, sha256: `h-${id}` } }); };
  window.send = async () => ({ ...(await queue.send({ url: "/test/sync" })), ...(await queue.counts()) });
}"""
#: How many records of the kiosk's queue still hold their content.
_FULL = """() => new Promise((done) => {
  const opening = indexedDB.open("kiosk");
  opening.onsuccess = () => {
    const all = opening.result.transaction("records").objectStore("records").getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.filter((one) => one.sealed).length); };
  };
})"""


@pytest.fixture(scope="module")
def counters(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of these tests alone: they close its rounds."""
    folder = tmp_path_factory.mktemp("counters")
    with served(f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}", folder) as made:
        yield made


@pytest.fixture
def site(counters: LiveSite) -> LiveSite:
    return counters


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page with an empty queue; what its sending is answered with, a test says."""
    made = open_page(expected="ERR_|status 4|Failed to load")
    made.goto("/privacy")
    made.evaluate(_OPEN)
    return made


class Counter:
    """A kiosk's screen in a round of its own, enrolled an hour ago."""

    def __init__(self, site: LiveSite, page: Page, code: str) -> None:
        self.site, self.page, self.code = site, page, make_round(site.store, site.clock, code=code)
        self.made = self.enrolled(COMMUNES[0])
        self.becomes(self.made)
        page.goto("/kiosk/")
        page.locator("#screens").wait_for(state="detached")

    def enrolled(self, unit: str) -> Enrolled:
        self.site.clock.move(hours=-1)
        made = enrolled_kiosk(self.site.store, self.site.clock, self.code, unit)
        self.site.clock.move(hours=1, minutes=2)
        return made

    def becomes(self, made: Enrolled) -> None:
        cookie = {"name": "device", "value": made.secret, "url": self.site.address, "sameSite": "Strict"}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of its names

    def touch(self, words: str) -> None:
        self.page.wait_for_timeout(400)
        self.page.get_by_role("button", name=words, exact=True).tap()

    def visit(self) -> None:
        for words in ("Chạm để đánh giá", "Không hài lòng", "Gửi đánh giá"):
            self.touch(words)
        expect(self.page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()

    def home(self) -> None:
        expect(self.page.get_by_role("button", name="Chạm để đánh giá")).to_be_visible(timeout=7_000)

    def all_of(self, row: type[Any]) -> list[Any]:
        with self.site.store.reading() as session:
            return list(session.scalars(select(row)))

    def waits_until(self, holds: Callable[[], bool]) -> None:
        for _ in range(100):
            if holds():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{self.all_of(QuarantinedRow)}, {self.page.evaluate(_FULL)} in the queue")

    def quarantined(self) -> list[QuarantinedRow]:
        return [one for one in self.all_of(QuarantinedRow) if one.device_id == self.made.device.id]


@pytest.mark.parametrize("body", [{}, {"code": 422}, {"error": "login"}, {"srv": "another", "code": "E-1"}])
@pytest.mark.parametrize("status", [202, 401, 403, 404, 409, 410, 413, 422])
def test_a_networks_sign_in_page_that_speaks_json_lets_no_record_go(
    page: Page, status: int, body: dict[str, Any]
) -> None:
    """F21, O4: a refusal is this site's by its name or by its code; every other one keeps the record."""
    answers(page, {"status": status, "body": body})
    page.evaluate("fill('a')")
    report = page.evaluate("send()")
    assert (report["waiting"], report["quarantined"], report["trouble"]) == (1, 0, "portal")
    answers(page, {"body": results()})
    assert page.evaluate("send()")["sent"] == 1


@pytest.mark.parametrize("body", [{"srv": "S"}, {"error": {"code": "SVY-422-212"}}, {"code": "SVY-409-90"}])
@pytest.mark.parametrize("status", [409, 413, 422])
def test_this_sites_own_refusal_puts_the_record_aside(page: Page, status: int, body: dict[str, Any]) -> None:
    """O4: so that it holds up nothing."""
    answers(page, {"status": status, "body": body})
    page.evaluate("fill('a')")
    report = page.evaluate("send()")
    assert (report["waiting"], report["quarantined"], report["trouble"]) == (0, 1, None)


@pytest.mark.parametrize("status", [202, 409])
def test_where_nobody_stands_a_record_goes_only_when_the_server_says_that_it_has_it(
    page: Page, status: int
) -> None:
    """O4: the word "quarantined" and its own hash; a tablet keeps it for its enumerator (test_tablet_queue.py)."""
    answers(page, {"body": results(status, quarantined=True, sha256="h-other")})
    page.evaluate("fill('a')")
    assert page.evaluate("send()")["quarantined"] == 1
    answers(page, {"body": results(status, quarantined=True)})
    page.evaluate("fill('b')")
    page.evaluate("send()")
    assert [one["id"] for one in page.evaluate("queue.contents()")] == ["a"]


def test_a_visit_that_no_round_takes_waits_for_a_person_here_and_leaves_the_kiosk(
    site: LiveSite, open_page: OpenPage
) -> None:
    """O4, O7: opened in quarantine, once; the kiosk, where nobody could do anything, lets go of it."""
    kiosk = Counter(site, open_page(expected="410", **KIOSK), "quay-het-han")
    set_status(store=site.store, clock=site.clock, code=kiosk.code, status="closed", actor="tests")
    kiosk.visit()
    kiosk.waits_until(lambda: bool(kiosk.quarantined()) and kiosk.page.evaluate(_FULL) == 0)
    (row,) = kiosk.quarantined()
    assert (row.reason, row.round_code) == ("SVY-410-90", kiosk.code)
    assert b'"rating":"dissatisfied"' in row.raw


def test_a_queue_that_another_device_brings_is_booked_where_it_was_filled(
    site: LiveSite, open_page: OpenPage
) -> None:
    """K10, K12: whole visits and unfinished ones; the browser became the kiosk of another unit meanwhile."""
    kiosk = Counter(site, open_page(expected="net::ERR_INTERNET_DISCONNECTED", **KIOSK), "quay-doi-may")
    kiosk.page.context.set_offline(True)
    kiosk.visit()
    kiosk.home()
    kiosk.touch("Chạm để đánh giá")
    kiosk.touch("Hài lòng")
    kiosk.page.wait_for_timeout(300)
    kiosk.touch("Làm lại từ đầu")
    kiosk.becomes(kiosk.enrolled(COMMUNES[1]))
    kiosk.page.context.set_offline(False)
    kiosk.waits_until(lambda: len(of_own(kiosk)) == 2)
    assert {told.flags[0] for told in of_own(kiosk)} == {"other_device"}
    ids = {told.response_id for told in of_own(kiosk)}
    rows = [row for row in kiosk.all_of(ResponseRow) if row.response_id in ids]
    assert {(row.unit_id, row.stratum) for row in rows} == {(COMMUNES[0], COMMUNES[0])}
    assert sorted(row.status for row in rows) == ["complete", "partial"]


def of_own(kiosk: Counter) -> list[ParadataRow]:
    return [one for one in kiosk.all_of(ParadataRow) if one.device_id == kiosk.made.device.id]


def test_a_box_that_the_site_cannot_open_is_told_raw_once_though_its_receipt_was_lost(
    site: LiveSite, open_page: OpenPage
) -> None:
    """O3, O4: what is told of it is the same at every time, however long it waited meanwhile."""
    kiosk = Counter(site, open_page(expected="422|ERR_", **KIOSK), "quay-niem-phong")
    told: list[str] = []

    def refused(route: Route) -> None:
        route.fulfill(status=422, json={"error": {"code": "SVY-422-212", "message": {"vi": "", "en": ""}}})

    def lost_once(route: Route) -> None:
        told.append(route.request.post_data or "")
        if len(told) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    kiosk.page.route("**/api/v1/kiosk/responses", refused)
    kiosk.page.route("**/api/v1/quarantine", lost_once)
    kiosk.visit()
    kiosk.waits_until(lambda: len(kiosk.quarantined()) == 1)
    assert kiosk.page.evaluate(_FULL) == 1
    kiosk.home()
    kiosk.visit()
    kiosk.waits_until(lambda: kiosk.page.evaluate(_FULL) == 0)
    assert len(told) == 3
    assert len(kiosk.quarantined()) == 2
