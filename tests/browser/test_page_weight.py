"""What a page costs a cheap phone, over the wire, headers and redirects included (P1, P2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from survey.services.slips.batches import NewBatch, make_batch
from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE, main_button, tap
from tests.browser.sites import COUNTER, HOUSEHOLDS, USERS, LiveSite, path_of
from tests.rounds import AGENCIES, COMMUNES

pytestmark = pytest.mark.browser

KB = 1_000
FIRST_PAGE, NEXT_PAGE, REQUESTS = 60 * KB, 8 * KB, 6
#: Of the first page, by kind (P1). The font is one file of both weights, for which P1 allows 17 kB each.
PARTS = {"page": 14 * KB, ".css": 10 * KB, ".woff2": 2 * 17 * KB, ".js": 20 * KB}
ROUNDS = {HOUSEHOLDS: COMMUNES[0], USERS: AGENCIES[0], COUNTER: COMMUNES[0]}


@dataclass
class Wire:
    """Counts what a page sends for and what comes, as Chromium's network layer tells it.

    Attributes:
        came: bytes over the wire of each request that was not answered from the cache.
    """

    came: list[tuple[str, int]] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, page: Page) -> Wire:
        wire = cls()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", wire._request)
        session.on("Network.requestServedFromCache", lambda told: wire._cached.add(told["requestId"]))
        session.on("Network.responseReceived", wire._response)
        session.on("Network.loadingFinished", wire._finished)
        session.send("Network.enable")
        return wire

    @property
    def bytes(self) -> int:
        return sum(size for _, size in self.came)

    def parts(self) -> dict[str, int]:
        """Give the bytes of each kind of file; what is none of the named kinds is left out."""
        sizes = dict.fromkeys(PARTS, 0)
        for address, size in self.came:
            path = path_of(address)
            kind = next((one for one in PARTS if path.endswith(one)), "" if "/static/" in path else "page")
            if kind:
                sizes[kind] += size
        return sizes

    def _request(self, told: dict[str, Any]) -> None:
        if "redirectResponse" in told:
            redirect = told["redirectResponse"]
            self.came.append((redirect["url"], int(redirect["encodedDataLength"])))
        self._asked[told["requestId"]] = told["request"]["url"]

    def _response(self, told: dict[str, Any]) -> None:
        if told["response"].get("fromDiskCache"):
            self._cached.add(told["requestId"])

    def _finished(self, told: dict[str, Any]) -> None:
        request = told["requestId"]
        address = self._asked.get(request, "")
        if request not in self._cached and address.startswith("http"):
            self.came.append((address, int(told["encodedDataLength"])))


def _begun(open_page: OpenPage, code: str) -> Page:
    page = open_page(**PHONE)
    page.goto(f"/r/{code}/?unit={ROUNDS[code]}")
    tap(page, main_button(page))
    return page


@pytest.mark.parametrize("code", ROUNDS)
def test_the_first_question_page_is_light_with_an_empty_cache(
    site: LiveSite, open_page: OpenPage, code: str
) -> None:
    """P1: at most 60 kB in at most 6 requests; `open_page` refuses any request to another host."""
    begun = _begun(open_page, code)
    cold = open_page(**PHONE)
    cold.context.add_cookies(begun.context.cookies())  # type: ignore[arg-type]  # what it gives, it takes
    wire = Wire.of(cold)
    cold.goto(begun.url, wait_until="networkidle")
    assert "/s/" in cold.url
    _require_light(wire)


@pytest.mark.parametrize("kind", ["open address", "typed slip", "scanned slip", "personal link", "home"])
def test_the_first_page_of_every_public_link_is_light(site: LiveSite, open_page: OpenPage, kind: str) -> None:
    """P1, with the redirect that takes a token out of the address."""
    new = NewBatch(COUNTER, COMMUNES[0], "Đất đai", site.clock.now().date(), 1)
    code = make_batch(store=site.store, clock=site.clock, actor="tests", new=new).codes[0]
    links = {
        "open address": f"/r/{COUNTER}/",
        "typed slip": "/c/",
        "scanned slip": f"/c/{code}",
        "personal link": f"/p/link/{site.link()}",
        "home": "/",
    }
    page = open_page(**PHONE)
    wire = Wire.of(page)
    page.goto(links[kind], wait_until="networkidle")
    _require_light(wire)
    if kind == "scanned slip":
        wire = Wire.of(page)
        tap(page, main_button(page))
        page.wait_for_load_state("networkidle")
        assert page.url == site.at(f"/c/{COUNTER}/start")
        assert wire.bytes <= NEXT_PAGE, wire.came


def _require_light(wire: Wire) -> None:
    assert wire.bytes <= FIRST_PAGE, wire.came
    assert len(wire.came) <= REQUESTS, wire.came
    heavy = {kind: size for kind, size in wire.parts().items() if size > PARTS[kind]}
    assert heavy == {}, wire.came
    fetched = " ".join(address for address, _ in wire.came)
    assert "citizen.css" in fetched, "a warm cache would prove nothing"
    assert ".woff2" in fetched


@pytest.mark.parametrize("code", ROUNDS)
def test_each_next_question_page_is_light(site: LiveSite, open_page: OpenPage, code: str) -> None:
    """P2: at most 8 kB from the press of the button to the next page, the redirect counted."""
    page = _begun(open_page, code)
    weights: dict[str, int] = {}
    if code == COUNTER:
        page.locator("label.option").first.tap()
    for _ in range(5):
        wire = Wire.of(page)
        with page.expect_navigation(wait_until="load"):
            main_button(page).tap()
        if page.url.endswith("/review"):
            break
        weights[page.url.rsplit("/", 1)[1]] = wire.bytes
    assert len(weights) > 1
    assert {section: weight for section, weight in weights.items() if weight > NEXT_PAGE} == {}, weights
