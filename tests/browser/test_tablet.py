"""An enumerator's tablet in real Chromium: from airplane mode in the morning to the last form acknowledged (O1-O13)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.questionnaires import load_shipped
from survey.services.accounts import add_account, set_password
from survey.services.clock import day_in_vietnam
from survey.services.devices.registry import revoke
from survey.services.tablets.assignments import NewAssignment, make_assignments
from survey.services.tablets.queue_files import import_queue
from survey.storage.models import ParadataRow, ResponseRow
from tests.browser.accessibility import violations
from tests.browser.conftest import OpenPage
from tests.browser.sites import PASSWORD, LiveSite, served
from tests.rounds import COMMUNES, PROVINCE, enrolled_tablet, make_round

pytestmark = pytest.mark.browser

TABLET: dict[str, Any] = {"viewport": {"width": 800, "height": 1280}, "has_touch": True}
LOGIN, HOUSEHOLDS, COUNTER = "dieu-tra-1", "ho-dan", "quay"
#: The order of the assignments, by their places.
ORDER = (COUNTER, HOUSEHOLDS)
#: True when the page with this progress was left, or its problems are shown.
LEFT = """step => document.querySelector('.progress')?.innerText !== step || !document.getElementById('form').checkVisibility()"""
#: What these tests provoke themselves.
_EXPECTED = (
    "ERR_INTERNET_DISCONNECTED|status 40|status 503|Failed to load|ERR_FAILED|status 422: .*/former-key$"
)
#: Everything that the tablet's database holds, as text.
DUMP = """async () => {
  const database = await new Promise((done) => { const asked = indexedDB.open("tablet"); asked.onsuccess = () => done(asked.result); });
  const seen = [], letters = new TextDecoder();
  const shown = (value) => value instanceof Uint8Array ? letters.decode(value) : value && typeof value === "object" ? Object.entries(value).map(([name, one]) => name + shown(one)).join(" ") : String(value);
  for (const name of database.objectStoreNames) {
    const all = await new Promise((done) => { const asked = database.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result); });
    seen.push(name, ...all.filter((one) => typeof one !== "string" || !one.startsWith("{\\n")).map(shown));
  }
  return seen.join("\\n") + JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
}"""


@pytest.fixture(scope="module")
def tablet_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site whose clock is right, with two rounds, an enumerator and their assignments."""
    folder = tmp_path_factory.mktemp("tablet")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}"
    with served(url, folder) as site:
        site.clock.moment = datetime.now(UTC)
        today = day_in_vietnam(site.clock.now())
        days: dict[str, Any] = {"opens_on": today - timedelta(30), "closes_on": today + timedelta(30)}
        make_round(site.store, site.clock, code=COUNTER, entry="open", **days)
        make_round(
            site.store,
            site.clock,
            code=HOUSEHOLDS,
            entry="open",
            questionnaire="sipas-households-2024",
            **days,
        )
        add_account(
            store=site.store,
            clock=site.clock,
            login=LOGIN,
            full_name="Trần Thị Điều Tra",
            role="enumerator",
            unit_id=PROVINCE,
            password=PASSWORD,
        )
        for number, code in enumerate(ORDER, start=1):
            new = NewAssignment(
                LOGIN, COMMUNES[0], f"Thôn {number}, xã Đạ Tẻh", 5, due_on=today + timedelta(7)
            )
            make_assignments(store=site.store, clock=site.clock, actor="tests", round_code=code, new=[new])
        yield site


@pytest.fixture
def site(tablet_site: LiveSite) -> LiveSite:
    return tablet_site


@pytest.fixture
def tablet(site: LiveSite, open_page: OpenPage) -> Page:
    """A tablet that was enrolled and has no enumerator yet."""
    page = open_page(expected=_EXPECTED, **TABLET)
    made = enrolled_tablet(site.store, site.clock)
    page.context.add_cookies([{"name": "device", "value": made.secret, "url": site.address}])
    return page


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill(LOGIN)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def in_the_morning(page: Page) -> None:
    """Open the app with a network, once, so that the rest of the day needs none."""
    page.goto("/tablet/")
    sign_in(page)
    expect(page.get_by_role("button", name="Phỏng vấn mới").first).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")


def interview(page: Page, number: int = 0) -> None:
    """Answer a short form to the end."""
    page.get_by_role("button", name="Phỏng vấn mới").nth(number).click()
    answer(page)


def answer(page: Page) -> None:
    expect(page.locator("#form")).to_be_visible()
    while page.locator("#form").is_visible():
        step = page.locator(".progress").inner_text()
        for question in page.locator("#answers fieldset").all():
            question.locator("label.option").first.click()
        page.get_by_role("button", name="Tiếp tục").click()
        page.wait_for_function(LEFT, arg=step)
    page.get_by_text("Không, người trả lời tự trả lời").click()
    page.get_by_role("button", name="Hoàn thành phiếu").click()
    expect(page.get_by_role("heading", name="Phiếu đã lưu và khóa trong máy")).to_be_visible()


def start(page: Page, code: str) -> None:
    """Begin an interview in a round."""
    page.get_by_role("button", name="Phỏng vấn mới").nth(ORDER.index(code)).click()
    expect(page.locator("#form")).to_be_visible()


def next_page(page: Page) -> None:
    step = page.locator(".progress").inner_text()
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_function(LEFT, arg=step)


def require_accessible(page: Page) -> None:
    """A1: axe-core finds nothing, and nothing is wider than the window."""
    assert violations(page) == []
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over == 0


def responses_of(site: LiveSite) -> list[Any]:
    with site.store.reading() as session:
        found = select(ResponseRow, ParadataRow).join(
            ParadataRow, ParadataRow.response_id == ResponseRow.response_id
        )
        return [tuple(row) for row in session.execute(found)]


def test_a_day_without_a_network_arrives_whole_in_the_evening(site: LiveSite, tablet: Page) -> None:
    """O10, O1, O2, O8: signed in yesterday; airplane mode from the start of the day; acknowledged in the evening."""
    before = {row[0].response_id for row in responses_of(site)}
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    tablet.reload()
    sign_in(tablet)
    interview(tablet)
    expect(tablet.locator("#done-queue")).to_have_text("1 phiếu chưa gửi")
    assert {row[0].response_id for row in responses_of(site)} == before
    tablet.goto("/tablet/#/queue")
    tablet.context.set_offline(False)
    tablet.get_by_role("button", name="Gửi ngay").click()
    expect(tablet.locator("#count-sent")).to_have_text("1")
    expect(tablet.locator("#count-waiting")).to_have_text("0")
    [(response, paradata)] = [row for row in responses_of(site) if row[0].response_id not in before]
    assert (response.channel, response.evidence, response.unit_id) == ("tablet", "A", COMMUNES[0])
    assert (paradata.collected_by, paradata.assisted_by, paradata.late) == (LOGIN, None, False)


def test_a_long_form_with_branches_is_filled_and_read_on_the_server(site: LiveSite, tablet: Page) -> None:
    """K21 without a network: sixty questions page by page; a question that follows appears on its page at once."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    interview(tablet, 1)
    tablet.context.set_offline(False)
    expect(tablet.locator("#done-queue")).to_have_text("0 phiếu chưa gửi", timeout=40_000)
    kept = {row[0].questionnaire_sha256 for row in responses_of(site)}
    assert load_shipped("sipas-households-2024").sha256 in kept


def test_a_branch_opens_as_soon_as_its_answer_is_given(tablet: Page) -> None:
    """eq #1744: what follows from an answer is asked on the same page, and goes when the answer changes."""
    in_the_morning(tablet)
    start(tablet, HOUSEHOLDS)
    while not tablet.locator("input[name='A8.used']").count():
        next_page(tablet)
    assert not tablet.locator("input[name='A8.trips']").count()
    tablet.locator("label.option", has=tablet.locator("input[name='A8.used'][value='yes']")).click()
    expect(tablet.locator("input[name='A8.trips']").first).to_be_visible()
    tablet.locator("label.option", has=tablet.locator("input[name='A8.used'][value='no']")).click()
    expect(tablet.locator("input[name='A8.trips']")).to_have_count(0)


def test_an_interview_survives_the_tab_and_is_said_to_be_kept(site: LiveSite, tablet: Page) -> None:
    """F23: the tab is killed in the middle; the draft is there after signing in, with every answer."""
    in_the_morning(tablet)
    start(tablet, COUNTER)
    tablet.locator("label.option", has_text="Không hài lòng").first.click()
    expect(tablet.locator("#saved")).to_have_text("Đã lưu trong máy")
    context = tablet.context
    tablet.close()
    again = context.new_page()
    context.set_offline(True)
    again.goto(f"{site.address}/tablet/")
    sign_in(again)
    again.get_by_role("button", name="Làm tiếp").click()
    expect(again.locator("input[name=rating]:checked")).to_have_value("dissatisfied")
    answer(again)
    expect(again.locator("#done-queue")).to_have_text("1 phiếu chưa gửi")


def test_a_draft_that_cannot_be_kept_is_said_to_be_lost(tablet: Page) -> None:
    """F23: never silent: the page says CHƯA LƯU while the disk is full, and the form cannot be called complete."""
    in_the_morning(tablet)
    start(tablet, COUNTER)
    tablet.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    tablet.locator("label.option").first.click()
    expect(tablet.locator("#saved")).to_contain_text("CHƯA LƯU")
    while tablet.locator("#form").is_visible():
        next_page(tablet)
    tablet.get_by_text("Người nhà giúp").click()
    tablet.get_by_role("button", name="Hoàn thành phiếu").click()
    expect(tablet.locator("#review-problem")).to_contain_text("CHƯA LƯU")


def test_what_lies_on_the_tablet_opens_with_the_password_alone(tablet: Page) -> None:
    """O7: a wrong password opens nothing; neither the password nor an answer stands anywhere in the browser."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    start(tablet, COUNTER)
    tablet.locator("label.option").first.click()
    while tablet.locator("#form").is_visible():
        if tablet.locator("textarea").count():
            tablet.locator("textarea").first.fill("Một điều bí mật")
        next_page(tablet)
    tablet.get_by_text("Người nhà giúp").click()
    tablet.get_by_role("button", name="Hoàn thành phiếu").click()
    expect(tablet.get_by_role("heading", name="Phiếu đã lưu và khóa trong máy")).to_be_visible()
    kept = tablet.evaluate(DUMP)
    assert "records" in kept
    for secret in ("Một điều bí mật", PASSWORD, "very_satisfied"):
        assert secret not in kept, secret
    tablet.get_by_role("button", name="Khóa máy").click()
    sign_in(tablet, "không phải mật khẩu này")
    expect(tablet.locator("#sign-in-problem")).to_contain_text("mật khẩu không đúng")
    sign_in(tablet)
    expect(tablet.locator("#home-queue")).to_have_text("1 phiếu chưa gửi")


NEW_PASSWORD = "một mật khẩu mới dài để thử"


@pytest.fixture
def changed_password(site: LiveSite) -> Iterator[Callable[[], None]]:
    """Give what changes the enumerator's password; afterwards it is the former one again."""

    def change(password: str = NEW_PASSWORD) -> None:
        set_password(store=site.store, clock=site.clock, login=LOGIN, password=password)

    yield change
    change(PASSWORD)


def waiting_and_under_way(page: Page) -> None:
    """Leave one form unsent and one half filled on a tablet, and lock it."""
    in_the_morning(page)
    page.context.set_offline(True)
    interview(page)
    page.goto("/tablet/#/home")
    start(page, COUNTER)
    page.locator("label.option", has_text="Không hài lòng").first.click()
    expect(page.locator("#saved")).to_have_text("Đã lưu trong máy")
    page.get_by_role("button", name="Khóa máy").click()
    page.context.set_offline(False)


def test_a_changed_password_loses_nothing_that_waits_on_the_tablet(
    site: LiveSite, tablet: Page, changed_password: Callable[[], None]
) -> None:
    """O7, O8: the key sealed to the server comes back; the draft goes on, the unsent form is sent."""
    before = len(responses_of(site))
    waiting_and_under_way(tablet)
    changed_password()
    sign_in(tablet, NEW_PASSWORD)
    tablet.get_by_role("button", name="Làm tiếp").click()
    expect(tablet.locator("input[name=rating]:checked")).to_have_value("dissatisfied")
    answer(tablet)
    expect(tablet.locator("#done-queue")).to_have_text("0 phiếu chưa gửi", timeout=40_000)
    assert len(responses_of(site)) == before + 2
    tablet.get_by_role("button", name="Khóa máy").click()
    tablet.context.set_offline(True)
    sign_in(tablet, PASSWORD)
    expect(tablet.locator("#sign-in-problem")).to_contain_text("mật khẩu không đúng")
    sign_in(tablet, NEW_PASSWORD)
    expect(tablet.get_by_role("button", name="Phỏng vấn mới").first).to_be_visible()


def test_what_no_key_opens_is_told_kept_aside_and_never_written_over(
    site: LiveSite, tablet: Page, changed_password: Callable[[], None]
) -> None:
    """F23, O8: the server cannot open the key either: work is fetched anew, the draft lies aside, forms go by file."""
    waiting_and_under_way(tablet)
    changed_password()
    refusal = {"status": 422, "json": {"error": {"code": "SVY-422-245", "message": {"vi": "x", "en": "x"}}}}
    tablet.context.route("**/api/v1/tablet/former-key", lambda route: route.fulfill(**refusal))
    tablet.context.route("**/api/v1/tablet/work", lambda route: route.abort())
    sign_in(tablet, NEW_PASSWORD)
    notices = tablet.locator("#home-notices")
    expect(notices).to_contain_text("Không mở được việc đã tải về")
    expect(notices).to_contain_text("1 phiếu làm dở không mở được")
    expect(notices).to_contain_text("1 phiếu chưa gửi được khóa bằng mật khẩu cũ")
    require_accessible(tablet)
    tablet.context.unroute("**/api/v1/tablet/work")
    tablet.get_by_role("button", name="Đồng bộ ngay").click()
    start(tablet, COUNTER)
    tablet.locator("label.option").first.click()
    expect(tablet.locator("#saved")).to_have_text("Đã lưu trong máy")
    aside = "new Promise((done) => { const asked = indexedDB.open('tablet'); asked.onsuccess = () => { const got = asked.result.transaction('kept').objectStore('kept').get('aside:%s'); got.onsuccess = () => done(got.result.length); }; })"
    assert tablet.evaluate(aside % LOGIN) == 1
    tablet.goto("/tablet/#/queue")
    with tablet.expect_download() as download:
        tablet.get_by_role("button", name="Xuất dự phòng").click()
    raw = Path(download.value.path()).read_bytes()
    told = import_queue(store=site.store, clock=site.clock, actor="tests", raw=raw)
    assert (told.kept, told.unread) == (1, 0)


def test_a_key_that_could_not_be_asked_for_is_asked_for_again(
    tablet: Page, changed_password: Callable[[], None]
) -> None:
    """F21: no new key is made because the network was weak: at the next sign-in everything opens."""
    waiting_and_under_way(tablet)
    changed_password()
    tablet.context.route("**/api/v1/tablet/former-key", lambda route: route.abort())
    sign_in(tablet, NEW_PASSWORD)
    expect(tablet.locator("#sign-in-problem")).to_contain_text("Hãy đăng nhập lại")
    tablet.context.unroute("**/api/v1/tablet/former-key")
    sign_in(tablet, NEW_PASSWORD)
    expect(tablet.get_by_role("button", name="Làm tiếp")).to_be_visible()


def test_a_sign_in_lasts_seven_days_without_a_network(tablet: Page) -> None:
    """O10: on the eighth day the tablet asks for a network; the queue is still there."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    tablet.clock.set_system_time(datetime.now(UTC) + timedelta(days=8))
    tablet.get_by_role("button", name="Khóa máy").click()
    sign_in(tablet)
    expect(tablet.locator("#sign-in-problem")).to_contain_text("Đã quá 7 ngày")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"status": 200, "content_type": "text/html", "body": "<html>wifi</html>"}, "Mạng cần đăng nhập"),
        ({"status": 401, "json": {"error": {"code": "SVY-401-240"}}}, "yêu cầu đăng nhập lại"),
        ({"status": 503, "json": {}}, "Máy chủ đang bận"),
    ],
)
def test_the_screen_says_why_nothing_was_sent(tablet: Page, told: dict[str, Any], said: str) -> None:
    """F21, O4: a captive portal, a refused sign-in, a busy server: the form stays and the reason is said."""
    in_the_morning(tablet)
    tablet.context.route("**/api/v1/sync", lambda route: route.fulfill(**told))
    interview(tablet)
    tablet.goto("/tablet/#/queue")
    expect(tablet.locator("#count-waiting")).to_have_text("1")
    tablet.get_by_role("button", name="Gửi ngay").click()
    expect(tablet.locator("#queue-notices")).to_contain_text(said)
    expect(tablet.locator("#count-waiting")).to_have_text("1")


def test_forms_that_wait_long_are_warned_of(tablet: Page) -> None:
    """O9: a warning on the third day, an alarm on the fifth, before a browser deletes on the seventh."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    interview(tablet)
    for days, said in ((3, "3 ngày chưa gửi"), (6, "xuất dự phòng ngay hôm nay")):
        tablet.clock.set_system_time(datetime.now(UTC) + timedelta(days=days, hours=1))
        tablet.goto(f"/tablet/#/{'queue' if days == 3 else 'home'}")
        notices = "#queue-notices" if days == 3 else "#home-notices"
        expect(tablet.locator(notices)).to_contain_text(said)


def test_the_file_of_last_resort_is_read_by_the_server_alone(site: LiveSite, tablet: Page) -> None:
    """O8: exported without a network, sealed; taken in by an official; sent later by the tablet it counts once."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    interview(tablet)
    before = len(responses_of(site))
    tablet.goto("/tablet/#/queue")
    with tablet.expect_download() as download:
        tablet.get_by_role("button", name="Xuất dự phòng").click()
    raw = Path(download.value.path()).read_bytes()
    assert b"rating" not in raw
    told = import_queue(store=site.store, clock=site.clock, actor="tests", raw=raw)
    assert (told.kept, told.unread, told.quarantined) == (1, 0, 0)
    tablet.context.set_offline(False)
    tablet.get_by_role("button", name="Gửi ngay").click()
    expect(tablet.locator("#count-sent")).to_have_text("1")
    assert len(responses_of(site)) == before + 1


def test_a_revoked_tablet_keeps_its_forms_sealed_and_sends_nothing(site: LiveSite, tablet: Page) -> None:
    """O7: a lost tablet is revoked; what is on it opens with the password alone and goes nowhere."""
    in_the_morning(tablet)
    tablet.context.set_offline(True)
    interview(tablet)
    before = len(responses_of(site))
    device = tablet.evaluate("document.body.dataset.device")
    revoke(store=site.store, clock=site.clock, actor="tests", device_id=UUID(hex=device))
    tablet.context.set_offline(False)
    tablet.goto("/tablet/#/queue")
    tablet.get_by_role("button", name="Gửi ngay").click()
    expect(tablet.locator("#queue-notices")).to_contain_text("bị thu hồi")
    expect(tablet.locator("#count-waiting")).to_have_text("1")
    assert len(responses_of(site)) == before


def test_three_hundred_forms_of_sixty_answers_take_less_than_five_megabytes(tablet: Page) -> None:
    """O10: sealed as they lie on the tablet."""
    in_the_morning(tablet)
    asked = load_shipped("sipas-households-2024")
    answers = {item.id: item.scale.options[0].id for item in asked.items[:60] if item.scale}
    size = tablet.evaluate(
        """async (answers) => {
          const { openQueue } = await import("/static/js/queue.js");
          const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"]);
          const seal = async (record) => {
            const iv = crypto.getRandomValues(new Uint8Array(12));
            const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(record)));
            return [...iv, ...new Uint8Array(box)];
          };
          const queue = await openQueue({ name: "size", server: "S", seal });
          for (let at = 0; at < 300; at += 1) await queue.add({ id: `r${at}`, record: { answers, sha256: "0".repeat(64) }, about: {} });
          return (await queue.contents()).reduce((bytes, { sealed }) => bytes + sealed.length, 0);
        }""",
        answers,
    )
    assert 100_000 < size < 5_000_000


def test_the_app_renews_itself_only_when_no_form_is_open(site: LiveSite, tablet: Page) -> None:
    """F22, enketo #1474: a new version waits while a form is open, and a queued form goes on being sent."""
    in_the_morning(tablet)
    start(tablet, COUNTER)
    tablet.locator("label.option").first.click()
    expect(tablet.locator("#saved")).to_have_text("Đã lưu trong máy")
    tablet.context.route(
        "**/sw.js",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('"version": "', '"version": "new-'),
            content_type="text/javascript",
            headers={"Cache-Control": "no-cache"},
        ),
    )
    states = "navigator.serviceWorker.getRegistration().then((r) => [r.active?.state, r.waiting?.state])"
    tablet.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    tablet.wait_for_function(f"{states}.then(([, waiting]) => waiting === 'installed')")
    expect(tablet.locator("input[name=rating]:checked")).to_have_count(1)
    answer(tablet)
    with tablet.expect_navigation():
        tablet.get_by_role("link", name="Về danh sách việc").click()
        tablet.wait_for_function(f"{states}.then(([active, waiting]) => active === 'activated' && !waiting)")


@pytest.mark.parametrize("width", [320, 800])
def test_the_screens_are_accessible_and_nothing_is_too_small(tablet: Page, width: int) -> None:
    """A1: axe-core on every screen, at 320 px too."""
    tablet.set_viewport_size({"width": width, "height": 900})
    tablet.goto("/tablet/")
    expect(tablet.get_by_label("Mật khẩu")).to_be_visible()
    require_accessible(tablet)
    sign_in(tablet)
    expect(tablet.get_by_role("button", name="Phỏng vấn mới").first).to_be_visible()
    require_accessible(tablet)
    start(tablet, COUNTER)
    require_accessible(tablet)
    tablet.get_by_role("button", name="Tiếp tục").click()
    expect(tablet.locator("#error-summary")).to_be_focused()
    require_accessible(tablet)
    answer(tablet)
    require_accessible(tablet)
    tablet.goto("/tablet/#/queue")
    expect(tablet.locator("#queue")).to_be_visible()
    require_accessible(tablet)
