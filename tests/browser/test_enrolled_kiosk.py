"""An enrolled kiosk in one document: without a network, with Back and Forward, paused, walked away from (K1-K20, F24).

Chromium keeps its back/forward cache here (test_shared_screen.py shows that it does).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.services.devices.registry import pause, resume, revoke
from survey.storage.models import DeviceRow, ParadataRow, ResponseRow
from tests.browser.conftest import OpenPage, both_sites
from tests.browser.devices import KIOSK, option
from tests.browser.history import go
from tests.browser.sites import COUNTER, LiveSite
from tests.rounds import enrolled_kiosk

pytestmark = pytest.mark.browser

WORDS = "Câu này chỉ của tôi"
_LEFT = """(words) => [
  ...[...document.querySelectorAll("input:checked")].map((e) => `ticked: ${e.value}`),
  ...[...document.querySelectorAll("textarea")].filter((e) => e.value).map((e) => `typed: ${e.value}`),
  ...(document.body.innerText.includes(words) ? ["the words are on the page"] : []),
]"""
_STORED = """async () => {
  const told = [];
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
    for (const store of opened.objectStoreNames) {
      const all = opened.transaction(store).objectStore(store).getAll();
      await new Promise((done) => { all.onsuccess = done; });
      for (const one of all.result) {
        const sealed = one.sealed ?? one.box;
        told.push(JSON.stringify(one) + (sealed ? new TextDecoder("latin1").decode(sealed) : ""));
      }
    }
    opened.close();
  }
  return [...told, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join(" ");
}"""


class Counter:
    """A counter's screen and the device behind it."""

    def __init__(self, site: LiveSite, page: Page) -> None:
        self.site, self.page = site, page
        # Enrolled an hour ago, on a clock that stands still: no wait is believed from before.
        site.clock.move(hours=-1)
        self.made = enrolled_kiosk(site.store, site.clock, COUNTER)
        site.clock.move(hours=1, minutes=2)
        page.context.add_cookies(
            [{"name": "device", "value": self.made.secret, "url": site.address, "sameSite": "Strict"}]
        )
        self.arrive()

    def arrive(self) -> None:
        self.page.goto("/kiosk/")
        # The script takes over once its storage is open: its own screens carry no token of the server's.
        self.page.locator("#screens").wait_for(state="detached")

    def touch(self, words: str) -> None:
        self.page.wait_for_timeout(400)
        self.page.get_by_role("button", name=words, exact=True).tap()

    def rate(self, words: str = "Không hài lòng") -> None:
        self.touch("Chạm để đánh giá")
        self.touch(words)
        expect(self.page.get_by_role("button", name="Gửi đánh giá")).to_be_visible()

    def comment(self, words: str = WORDS) -> None:
        self.page.wait_for_timeout(400)
        option(self.page, "reasons", "waiting").tap()
        self.page.get_by_text("Viết góp ý").tap()
        self.page.locator("#comment").fill(words)

    def send(self) -> None:
        self.touch("Gửi đánh giá")
        expect(self.page.get_by_role("heading", name="Xin cảm ơn Ông/Bà")).to_be_visible()

    def kept(self) -> list[tuple[str, str, Any, list[str]]]:
        """Give status, grade, answers and marks of what came from this device."""
        with self.site.store.reading() as session:
            rows = session.query(ResponseRow, ParadataRow).join(
                ParadataRow,
                (ParadataRow.round_id == ResponseRow.round_id)
                & (ParadataRow.response_id == ResponseRow.response_id),
            )
            mine = rows.filter(ParadataRow.device_id == self.made.device.id)
            return [(one.status, one.evidence, one.answers, list(told.flags)) for one, told in mine]

    def waits_for_worker(self) -> None:
        """Wait until the worker has kept the document for the time without a network."""
        for _ in range(100):
            if self.page.evaluate("caches.match('/kiosk/').then((kept) => Boolean(kept))"):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the document was never kept")

    def waits_until(self, count: int) -> None:
        for _ in range(100):
            if len(self.kept()) == count:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{len(self.kept())} rows instead of {count}")


@pytest.fixture
def counter(site: LiveSite, open_page: OpenPage) -> Callable[..., Counter]:
    def make(**options: Any) -> Counter:
        return Counter(site, open_page(**{**KIOSK, **options}))

    return make


@both_sites
def test_a_visit_of_three_taps_arrives_with_grade_b_and_the_screen_returns(
    counter: Callable[..., Counter],
) -> None:
    """K1, K6, K12."""
    kiosk = counter()
    kiosk.rate("Hài lòng")
    kiosk.send()
    kiosk.waits_until(1)
    ((status, grade, answers, _flags),) = kiosk.kept()
    assert (status, grade, answers) == ("complete", "B", {"rating": "satisfied"})
    expect(kiosk.page.get_by_role("button", name="Chạm để đánh giá")).to_be_visible(timeout=7_000)


def test_every_answer_takes_the_same_taps_and_ends_in_the_same_thanks(
    site: LiveSite, counter: Callable[..., Counter]
) -> None:
    """K3 and K4: nothing on the last screen depends on what was tapped."""
    kiosk = counter()
    thanks = set()
    for words in ("Rất hài lòng", "Bình thường", "Rất không hài lòng"):
        site.clock.move(minutes=1)
        kiosk.rate(words)
        kiosk.send()
        shown = kiosk.page.evaluate("document.body.innerHTML")
        thanks.add(re.sub(r'name="csrf_token" value="[^"]*"', "", shown))
        kiosk.arrive()
    kiosk.waits_until(3)
    assert len(thanks) == 1


def test_with_the_network_down_visits_go_on_and_arrive_when_it_is_back(
    counter: Callable[..., Counter],
) -> None:
    """K18: nothing alarming on the screen, nothing lost, also over a restart of the browser's page."""
    kiosk = counter(expected="net::ERR_INTERNET_DISCONNECTED")
    kiosk.waits_for_worker()
    kiosk.page.context.set_offline(True)
    for words in ("Hài lòng", "Rất không hài lòng"):
        kiosk.rate(words)
        kiosk.send()
        kiosk.page.wait_for_timeout(5_200)
    kiosk.arrive()
    expect(kiosk.page.get_by_role("button", name="Chạm để đánh giá")).to_be_visible()
    assert kiosk.kept() == []
    kiosk.page.context.set_offline(False)
    kiosk.waits_until(2)
    assert {answers["rating"] for _s, _g, answers, _f in kiosk.kept()} == {"satisfied", "very_dissatisfied"}


def test_what_waits_on_the_device_cannot_be_read_on_the_device(counter: Callable[..., Counter]) -> None:
    """O7: no answer, no word and no hash of an answer stands in any storage of the browser."""
    kiosk = counter(expected="net::ERR_INTERNET_DISCONNECTED")
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.comment()
    kiosk.send()
    stored = kiosk.page.evaluate(_STORED)
    assert "sealed" in stored
    for secret in (WORDS, "dissatisfied", "waiting", "comment", "rating"):
        assert secret not in stored.replace('"state":"waiting"', ""), secret


@pytest.mark.parametrize("walk", [(-1, 1), (-1, -1, 1, 1), (0,), (-1, 0, 1, 0)], ids=str)
@pytest.mark.parametrize("step", ["at reasons", "at thanks"])
def test_no_way_back_or_forward_shows_a_former_visit(
    counter: Callable[..., Counter], walk: tuple[int, ...], step: str
) -> None:
    """K27, F24: Back, Forward and reload at each step, the back/forward cache on."""
    kiosk = counter()
    kiosk.rate()
    kiosk.comment()
    if step == "at thanks":
        kiosk.send()
    seen = []
    for steps in walk:
        go(kiosk.page, steps)
        seen += kiosk.page.evaluate(_LEFT, WORDS)
    assert seen == []


def test_a_visit_walked_away_from_is_kept_as_unfinished_and_its_comment_is_not(
    counter: Callable[..., Counter],
) -> None:
    """K6 and K7: what nobody sent is not counted; the words typed so far are nobody's to keep."""
    kiosk = counter()
    kiosk.rate()
    kiosk.comment()
    kiosk.touch("Làm lại từ đầu")
    kiosk.waits_until(1)
    assert kiosk.kept() == [("partial", "B", {"rating": "dissatisfied"}, [])]


def test_a_tab_that_vanished_in_mid_visit_leaves_its_answer_as_unfinished(
    counter: Callable[..., Counter],
) -> None:
    """K7: found at the next start of the same device."""
    kiosk = counter()
    kiosk.rate()
    kiosk.page.wait_for_timeout(300)
    address, context = kiosk.page.url, kiosk.page.context
    kiosk.page.close(run_before_unload=False)
    kiosk.page = context.new_page()
    kiosk.page.goto(address)
    kiosk.waits_until(1)
    assert [status for status, *_ in kiosk.kept()] == ["partial"]


def test_idle_wipes_the_screen_after_a_warning_that_each_touch_extends(
    site: LiveSite, open_page: OpenPage
) -> None:
    """K6 and WCAG 2.2.1: a minute, twenty seconds of warning, at least ten extensions."""
    page = open_page(**KIOSK)
    page.clock.install()
    kiosk = Counter(site, page)
    page.clock.resume()
    kiosk.rate()
    kiosk.comment()
    stay = page.get_by_role("button", name="Tôi làm tiếp")
    for _ in range(11):
        page.clock.fast_forward(61_000)
        expect(stay).to_be_visible()
        stay.tap()
        expect(stay).to_be_hidden()
        assert page.locator("#comment").input_value() == WORDS
    page.clock.fast_forward(61_000)
    page.clock.fast_forward(21_000)
    expect(page.get_by_role("button", name="Chạm để đánh giá")).to_be_visible()
    assert page.evaluate(_LEFT, WORDS) == []


def test_a_paused_kiosk_says_so_and_goes_on_when_resumed(
    site: LiveSite, counter: Callable[..., Counter]
) -> None:
    """K20: at its next sign of life; a visit under way may end, and is marked."""
    kiosk = counter()
    deed: dict[str, Any] = {
        "store": site.store,
        "clock": site.clock,
        "actor": "tests",
        "device_id": kiosk.made.device.id,
    }
    kiosk.rate("Bình thường")
    pause(**deed)
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    kiosk.send()
    kiosk.waits_until(1)
    assert kiosk.kept()[0][3] == ["while_paused"]
    paused = kiosk.page.get_by_role("heading", name="Máy đang tạm dừng")
    expect(paused).to_be_visible(timeout=8_000)
    resume(**deed)
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(kiosk.page.get_by_role("button", name="Chạm để đánh giá")).to_be_visible()


def test_a_revoked_kiosk_ends_at_the_enrolment_page(site: LiveSite, counter: Callable[..., Counter]) -> None:
    """K10: at the next sign of life."""
    kiosk = counter(expected="403")
    revoke(store=site.store, clock=site.clock, actor="tests", device_id=kiosk.made.device.id)
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    kiosk.page.wait_for_url("**/device/")


def test_the_board_hears_of_version_and_queue(site: LiveSite, counter: Callable[..., Counter]) -> None:
    """K10, O9."""
    kiosk = counter()
    kiosk.page.wait_for_timeout(500)
    with site.store.reading() as session:
        row = session.get_one(DeviceRow, kiosk.made.device.id)
    assert row.app_version
    assert row.queue_length == 0


def test_the_language_changes_without_the_network_and_keeps_what_was_chosen(
    counter: Callable[..., Counter],
) -> None:
    kiosk = counter(expected="net::ERR_INTERNET_DISCONNECTED")
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.comment()
    kiosk.touch("English")
    assert kiosk.page.get_attribute("html", "lang") == "en"
    assert kiosk.page.locator("#comment").input_value() == WORDS
    expect(kiosk.page.locator('input[value="waiting"]')).to_be_checked()
    kiosk.page.wait_for_timeout(400)
    kiosk.page.locator("header .tools form").last.locator("button").tap()
    assert kiosk.page.get_attribute("html", "lang") == "vi"
