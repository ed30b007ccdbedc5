"""The review with full queues: every state of its pages is right for everybody, and works by keyboard alone.

The empty queues are walked with every other page (test_every_page.py).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey.services.accounts import add_account
from survey.services.errors import OtherAnswersKept
from survey.services.indices import recompute
from survey.services.review.alarms import raise_alarms, review_alarm
from survey.services.review.exclusions import ask_exclusion_by_alarm
from survey.services.review.quarantine import quarantine
from survey.services.snapshots import freeze_snapshot
from tests.browser.accessibility import NARROW, TWICE, cut_when_spaced, too_small, too_wide, violations
from tests.browser.conftest import OpenPage
from tests.browser.sites import PASSWORD, LiveSite, served
from tests.integration.test_review import ASKS, left_out, night, slips, taps, waiting
from tests.rounds import COMMUNES, PROVINCE, answer, enrolled_kiosk, make_round, somebody

pytestmark = pytest.mark.browser
CODE = "quay-ra-soat"
REVIEW = f"/office/rounds/{CODE}/fieldwork/review"
#: Login → role and unit.
PEOPLE = {
    "lan.nt": ("official", PROVINCE),
    "van.th": ("administrator", PROVINCE),
    "xa.tt": ("official", COMMUNES[0]),
}
PAGES = (
    ("lan.nt", f"{REVIEW}/"),
    ("lan.nt", f"{REVIEW}/?status=justified"),
    ("lan.nt", f"{REVIEW}/quarantine"),
    ("lan.nt", f"{REVIEW}/conflicts"),
    ("lan.nt", f"{REVIEW}/requests"),
    ("van.th", f"{REVIEW}/requests"),
    ("lan.nt", f"{REVIEW}/exclusions"),
    ("lan.nt", f"/office/rounds/{CODE}/results"),
    ("xa.tt", f"/office/units/{COMMUNES[0]}/"),
)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own: no other test's round gets alarms by it."""
    folder = tmp_path_factory.mktemp("review")
    with served(f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}", folder) as made:
        _fill(made)
        yield made


def _fill(site: LiveSite) -> None:
    store, clock = site.store, site.clock
    for login, (role, unit) in PEOPLE.items():
        add_account(
            store=store, clock=clock, login=login, full_name="Lan", role=role, unit_id=unit, password=PASSWORD
        )
    make_round(store, clock, code=CODE, counted_grades="AB")
    for unit in COMMUNES:
        slips(store, clock, CODE, ["satisfied", "neutral", "dissatisfied", "very_satisfied"] * 10, unit)
    device = enrolled_kiosk(store, clock, CODE).device
    night(clock)
    ids = taps(store, clock, CODE, device, 40)
    raise_alarms(store=store, clock=clock, code=CODE, actor="tests")
    alarm = waiting(store, CODE)[0].id
    review_alarm(
        store=store, clock=clock, account=ASKS, code=CODE, alarm_id=alarm, justified=True, note="Đúng vậy"
    )
    ask_exclusion_by_alarm(store=store, clock=clock, account=ASKS, code=CODE, alarm_id=alarm, reason="Bấm hộ")
    left_out(store, clock, CODE, ids[:3])
    who = somebody(CODE)
    for rating in ("satisfied", "dissatisfied"):
        try:
            answer(store, clock, CODE, {"rating": rating}, who)
        except OtherAnswersKept:
            continue
    raw = b'{"answers": {"rating": "satisfied", "' + b"x" * 300 + b'": "1"}}'
    quarantine(store=store, clock=clock, raw=raw, reason="SVY-404-95", round_code=CODE)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=CODE, actor="tests")
    recompute(store=store, clock=clock, snapshot_code=frozen.code, actor="tests")
    clock.move(days=3)


def _sign_in(page: Page, login: str) -> None:
    page.goto("/office/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page).to_have_url(re.compile(r"/office/(units/[^/]+/)?$"))


@pytest.mark.parametrize(("login", "address"), PAGES)
def test_a_full_queue_is_right_for_everybody(open_page: OpenPage, login: str, address: str) -> None:
    page = open_page()
    _sign_in(page, login)
    page.goto(address)
    page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
    found = violations(page) + too_small(page, 24) + cut_when_spaced(page)
    for window in (NARROW, TWICE):
        page.set_viewport_size(window)
        found += too_wide(page)
    assert found == []


def test_an_alarm_is_explained_away_by_keyboard_and_a_missing_note_keeps_the_page(
    open_page: OpenPage, site: LiveSite
) -> None:
    page = open_page(expected="422")
    _sign_in(page, "lan.nt")
    page.goto(f"{REVIEW}/")
    before = page.locator("main section.panel").count()
    page.locator("main section.panel input[name=note]").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_visible()
    page.locator("main section.panel input[name=note]").first.fill("Ngày hội cơ sở, đông người")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.is-good")).to_be_visible()
    expect(page.locator("main section.panel")).to_have_count(before - 1)
