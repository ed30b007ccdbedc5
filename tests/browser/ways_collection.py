"""Ways to the pages of collection beside the open address: slips, enrolled devices, paper, review, fieldwork.

What they show is made once a site, when the first of them is walked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from playwright.sync_api import Page, expect

from survey.services.accounts import account_of_session
from survey.services.review.rechecks import draw, waiting
from survey.services.slips.batches import NewBatch, make_batch
from tests.browser.devices import DESK, KIOSK, PHONE, without_refresh
from tests.browser.sites import CLOSED, COUNTER, HOUSEHOLDS, LiveSite
from tests.browser.ways import CHOSEN, press, sign_in_as, way
from tests.integration.paper_desk import keyed, line, person, returned
from tests.rounds import COMMUNES, enrolled_kiosk, enrolled_tablet, make_round

TABLET: dict[str, Any] = {"viewport": {"width": 800, "height": 1280}, "has_touch": True}
#: A browser without workers asks the site for every page, in the language of the day.
NO_WORKERS: dict[str, Any] = {"service_workers": "block"}
_KIOSK_SCRIPTS = re.compile(r"/static/js/kiosk")
PAPER = "phieu-giay"
FIELDWORK = f"/office/rounds/{PAPER}/fieldwork"


@dataclass(frozen=True, slots=True)
class Stage:
    """What the pages are about.

    Attributes:
        slips: codes that were not used yet; each opens one form.
        disputed: the number of a form that two persons keyed differently; to_key: of one to key.
        recheck: an answer to ask again.
        keyer: the session of somebody who may key.
        kiosk, tablet: secrets of devices; device: the id of one.
    """

    slips: tuple[str, ...]
    counter_slip: str
    disputed: str
    to_key: str
    recheck: str
    keyer: str
    kiosk: str
    tablet: str
    device: str


@cache
def stage(site: LiveSite) -> Stage:
    """Make slips, devices and a paper round with a dispute and a re-check."""
    store, clock = site.store, site.clock
    make_round(store, clock, code=PAPER, entry="open", counted_grades="A", simulated=True)
    numbers = returned(store, clock, line(4), code=PAPER)
    keyers = [person(store, clock, login) for login in ("nhap.mot", "nhap.hai", "nhap.ba")]
    keyed(store, clock, keyers[0], numbers[0], {"rating": "satisfied"})
    keyed(store, clock, keyers[1], numbers[0], {"rating": "neutral", "comment": "Chờ lâu"})
    for keyer in keyers[:2]:
        keyed(store, clock, keyer, numbers[1], {"rating": "satisfied"})
    draw(store=store, clock=clock, actor="tests", code=PAPER, percent=10)
    made = make_batch(
        store=store,
        clock=clock,
        actor="tests",
        new=NewBatch(HOUSEHOLDS, COMMUNES[0], "Hộ tịch", date(2026, 3, 1), 5),
    )
    counter = make_batch(
        store=store,
        clock=clock,
        actor="tests",
        new=NewBatch(COUNTER, COMMUNES[0], "Hộ tịch", date(2026, 3, 1), 1),
    )
    kiosk, tablet = enrolled_kiosk(store, clock, COUNTER), enrolled_tablet(store, clock)
    secret = site.session("nhap.ba", password="mot mat khau du dai")
    account = account_of_session(store=store, clock=clock, secret=secret)
    assert account is not None
    again = waiting(store=store, account=account)
    return Stage(
        made.codes,
        counter.codes[0],
        numbers[0],
        numbers[2],
        str(again[0].id),
        secret,
        kiosk.secret,
        tablet.secret,
        str(kiosk.device.id),
    )


def _cookie(page: Page, site: LiveSite, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": site.address}])


# ---- slips ----


@way("slip.entry")
def slip_entry(page: Page, site: LiveSite) -> None:
    page.goto("/c/")


@way("slip.entry", "with a code that was mistyped", status=422)
def slip_mistyped(page: Page, site: LiveSite) -> None:
    page.goto("/c/")
    page.locator("main input[name=slip], main input[type=text], main input:not([type])").first.fill("ABC")
    press(page)


@way("slip.scan", "from the code on a slip")
def slip_scanned(page: Page, site: LiveSite) -> None:
    page.goto(f"/c/{stage(site).slips[0]}")


@way("slip.start")
def slip_start(page: Page, site: LiveSite) -> None:
    slip_scanned(page, site)
    press(page)


@way("slip.section")
def slip_section(page: Page, site: LiveSite) -> None:
    slip_start(page, site)
    press(page, "main a.button")


@way("slip.review", "without an answer")
def slip_review(page: Page, site: LiveSite) -> None:
    slip_section(page, site)
    page.goto(f"/c/{HOUSEHOLDS}/review")


@way("slip.receipt")
def slip_receipt(page: Page, site: LiveSite) -> None:
    page.goto(f"/c/{stage(site).counter_slip}")
    press(page)
    press(page, "main a.button")
    page.locator("label.option").first.click()
    for _ in range(4):
        press(page)


# ---- enrolled devices ----


@way("devices.show", "", DESK)
def enrol_page(page: Page, site: LiveSite) -> None:
    page.goto("/device/")


@way("devices.show", "with a wrong code", DESK, status=422)
def enrol_refused(page: Page, site: LiveSite) -> None:
    page.goto("/device/")
    page.locator("#code").fill("SAI")
    press(page)


@way(
    "tablet.show",
    "before anybody signed in",
    TABLET | NO_WORKERS,
    without_help="an app of staff, with its own menu",
)
def tablet_page(page: Page, site: LiveSite) -> None:
    _cookie(page, site, "device", stage(site).tablet)
    page.goto("/tablet/")
    page.locator("#login").wait_for()


@way("tablet.show", "without a network", TABLET, only="vi", without_help="an app of staff")
def tablet_offline(page: Page, site: LiveSite) -> None:
    tablet_page(page, site)
    page.context.set_offline(True)
    expect(page.locator("#network")).not_to_be_empty()
    page.context.set_offline(False)


def _kiosk(page: Page, site: LiveSite) -> None:
    _cookie(page, site, "device", stage(site).kiosk)
    page.goto(f"/kiosk/{CHOSEN}")


# With its script the first screen is always Vietnamese: the person before is forgotten.
@way("kiosk.attract", "", KIOSK | NO_WORKERS, lasting=False, only="vi")
def kiosk_attract(page: Page, site: LiveSite) -> None:
    _kiosk(page, site)


@way("kiosk.question", "without its script", KIOSK | NO_WORKERS, lasting=False)
def kiosk_question(page: Page, site: LiveSite) -> None:
    page.route(_KIOSK_SCRIPTS, lambda route: route.fulfill(body="", content_type="text/javascript"))
    _kiosk(page, site)
    press(page, "main button")


@way("kiosk.further", "without its script", KIOSK | NO_WORKERS, lasting=False)
def kiosk_further(page: Page, site: LiveSite) -> None:
    kiosk_question(page, site)
    press(page, "main button")


@way("kiosk.thanks", "without its script", KIOSK | NO_WORKERS)
def kiosk_thanks(page: Page, site: LiveSite) -> None:
    _cookie(page, site, "device", stage(site).kiosk)
    without_refresh(page, "**/thanks")
    page.route(_KIOSK_SCRIPTS, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/kiosk/thanks")


# ---- officials ----


def _fieldwork(
    endpoint: str, under: str, state: str = "", device: dict[str, Any] = DESK, who: str = "can-bo"
) -> None:
    @way(endpoint, state, device)
    def walk(page: Page, site: LiveSite) -> None:
        there = stage(site)
        sign_in_as(page, site, who)
        page.goto(FIELDWORK + under.format(disputed=there.disputed, to_key=there.to_key, device=there.device))


for _endpoint, _under in (
    ("fieldwork.hub", "/"),
    ("review.alarms", "/review/"),
    ("review.quarantined", "/review/quarantine"),
    ("review.conflicts", "/review/conflicts"),
    ("review.requests", "/review/requests"),
    ("review.exclusions", "/review/exclusions"),
    ("fieldwork_slips.show", "/slips/"),
    ("fieldwork_assignments.show", "/assignments/"),
    ("fieldwork_imports.show", "/imports/"),
    ("fieldwork_pages.show", "/pages/"),
    ("fieldwork_invitations.show", "/invitations/"),
    ("fieldwork_devices.show", "/devices/"),
    ("fieldwork_devices.one", "/devices/{device}"),
    ("paper.desk", "/paper/"),
    ("paper.keyed", "/paper/keyed"),
    ("paper.differences", "/paper/forms/{disputed}/differences"),
    ("paper.form", "/paper/forms/{to_key}/"),
    ("rechecks.show", "/rechecks/"),
):
    _fieldwork(_endpoint, _under)
for _endpoint, _under in (
    ("fieldwork.hub", "/"),
    ("paper.desk", "/paper/"),
    ("fieldwork_devices.show", "/devices/"),
):
    _fieldwork(_endpoint, _under, "on a phone", PHONE)


def _reopening(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo")
    page.goto(f"/office/rounds/{CLOSED}/fieldwork/reopening/")


@way("fieldwork_reopening.show", "", DESK)
def reopening(page: Page, site: LiveSite) -> None:
    _reopening(page, site)


@way("fieldwork_reopening.show", "on a phone", PHONE)
def reopening_on_a_phone(page: Page, site: LiveSite) -> None:
    _reopening(page, site)


@way("own.unit", "", DESK)
def own_unit(page: Page, site: LiveSite) -> None:
    sign_in_as(page, site, "can-bo-xa")
    page.goto(f"/office/units/{COMMUNES[0]}/")


# ---- keyers ----


def _keying(page: Page, site: LiveSite, under: str) -> None:
    _cookie(page, site, "signed_in", stage(site).keyer)
    page.goto(f"/keying/{under}")


@way("keying.desk", "", DESK)
def keying_desk(page: Page, site: LiveSite) -> None:
    _keying(page, site, "")


@way("keying.form", "", DESK)
def keying_form(page: Page, site: LiveSite) -> None:
    _keying(page, site, f"forms/{stage(site).to_key}/")


@way("keying.again", "", DESK)
def keying_again(page: Page, site: LiveSite) -> None:
    _keying(page, site, "again/")


@way("keying.ask", "", DESK)
def keying_ask(page: Page, site: LiveSite) -> None:
    _keying(page, site, f"again/{stage(site).recheck}/")
