"""Reading aloud: only when asked, all of a question or nothing, stopped at will (K17, L5; WCAG 1.4.2).

The voice of the device is a stand-in that writes down what it was given; recordings are real files of silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from survey.questionnaires import TRIAL_LANGUAGE, load_pack, load_shipped, text_places
from survey.services.languages import recordings
from survey.services.languages.recordings import record_folder
from survey.storage.models import RecordingRow
from tests.browser.conftest import OpenPage
from tests.browser.devices import KIOSK, PHONE, begin, begin_at_kiosk, main_button, tap
from tests.browser.sites import COUNTER, HOUSEHOLDS, LiveSite
from tests.packs import silence, trial_bytes
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

ASKED = load_shipped("service-counter")
QUESTION = ASKED.item("rating").text.in_("vi")
SCALE = ASKED.scales[0]
ANSWERS = [option.label.in_("vi") for option in SCALE.options]
#: A device's voices; what they speak is written down, and takes as many milliseconds as `slow` says.
_VOICE = """({ lang, slow }) => {
  const told = { spoken: [], cancelled: 0 };
  window.told = told;
  window.SpeechSynthesisUtterance = class { constructor(words) { this.words = words; } };
  const voices = { getVoices: () => (lang ? [{ lang }] : []), addEventListener() {}, cancel() { told.cancelled += 1; },
    speak(one) { told.spoken.push(one.words); setTimeout(() => one.onend && one.onend(), slow); } };
  Object.defineProperty(window, "speechSynthesis", { value: voices });
}"""


def _with_voice(page: Page, lang: str | None = "vi-VN", slow: int = 5) -> Page:
    told = f"{{ lang: {f'{lang!r}' if lang else 'null'}, slow: {slow} }}"
    page.add_init_script(f"({_VOICE})({told})")
    return page


def _question(page: Page) -> Page:
    return begin(page, f"/r/{COUNTER}/?unit={COMMUNES[0]}")


def _spoken(page: Page) -> list[str]:
    found: list[str] = page.evaluate("told.spoken")
    return found


def _listen(page: Page) -> None:
    page.get_by_role("button", name="Nghe", exact=True).first.tap()


def test_nothing_sounds_until_somebody_asks(site: LiveSite, open_page: OpenPage) -> None:
    for page in (
        _question(_with_voice(open_page(**PHONE))),
        begin_at_kiosk(_with_voice(open_page(**KIOSK)), site.kiosk()),
    ):
        expect(page.get_by_role("button", name="Nghe", exact=True)).to_have_count(1)
        assert _spoken(page) == []


def test_the_device_s_vietnamese_voice_reads_the_question_and_every_answer_in_order(
    open_page: OpenPage,
) -> None:
    page = _question(_with_voice(open_page(**PHONE)))
    _listen(page)
    expect(page.locator(".listen.is-on")).to_have_count(0)
    assert _spoken(page) == [QUESTION, *ANSWERS]
    expect(page.get_by_role("button", name="Nghe", exact=True)).to_be_visible()


def test_the_kiosk_names_each_answer_by_its_face_and_colour(site: LiveSite, open_page: OpenPage) -> None:
    page = begin_at_kiosk(_with_voice(open_page(**KIOSK)), site.kiosk())
    _listen(page)
    expect(page.locator(".tool.is-on")).to_have_count(0)
    spoken = _spoken(page)
    for words in ANSWERS[:5]:
        face = spoken[spoken.index(words) - 1]
        assert face.startswith("Mặt ")
        assert ", màu " in face
    assert len({spoken[spoken.index(words) - 1] for words in ANSWERS[:5]}) == 5


def test_pressing_again_stops_and_marks_no_answer_any_more(open_page: OpenPage) -> None:
    page = _question(_with_voice(open_page(**PHONE), slow=60_000))
    _listen(page)
    expect(page.locator(".is-said")).to_have_count(1)
    page.get_by_role("button", name="Dừng nghe").tap()
    expect(page.locator(".is-said")).to_have_count(0)
    expect(page.get_by_role("button", name="Nghe", exact=True)).to_be_visible()
    assert _spoken(page) == [QUESTION]
    assert page.evaluate("told.cancelled") > 0


def test_without_a_vietnamese_voice_or_scripts_there_is_no_button_and_the_page_is_whole(
    open_page: OpenPage,
) -> None:
    for page in (
        _question(_with_voice(open_page(**PHONE), "en-US")),
        _question(_with_voice(open_page(**PHONE), None)),
        _question(open_page(**PHONE, java_script_enabled=False)),
    ):
        expect(page.locator(".listen:visible")).to_have_count(0)
        expect(page.locator("label.option")).to_have_count(len(ANSWERS))


def test_the_english_page_is_not_read_by_the_vietnamese_voice(site: LiveSite, open_page: OpenPage) -> None:
    page = _with_voice(open_page(**PHONE))
    page.context.add_cookies([{"name": "language", "value": "en", "url": site.address}])
    expect(_question(page).locator(".listen:visible")).to_have_count(0)


def test_every_question_of_a_long_page_has_its_own_button_and_one_silences_the_other(
    open_page: OpenPage,
) -> None:
    page = _with_voice(open_page(**PHONE), slow=60_000)
    page.goto(f"/r/{HOUSEHOLDS}/?unit={COMMUNES[0]}")
    tap(page, main_button(page))
    buttons = page.locator(".listen:visible")
    assert buttons.count() == page.locator("form .question").count() > 1
    buttons.nth(0).tap()
    buttons.nth(1).tap()
    expect(page.locator(".listen.is-on")).to_have_count(1)


def test_the_kiosk_s_warning_is_spoken_only_to_somebody_who_listened(
    site: LiveSite, open_page: OpenPage
) -> None:
    page = _with_voice(open_page(**KIOSK))
    page.clock.install()
    begin_at_kiosk(page, site.kiosk())
    page.clock.fast_forward(60_000)
    expect(page.locator("dialog")).to_be_visible()
    assert _spoken(page) == []
    page.locator("[data-answer=stay]").tap()
    _listen(page)
    page.clock.run_for(2_000)
    page.clock.fast_forward(60_000)
    expect(page.locator("dialog")).to_be_visible()
    page.clock.run_for(1_000)
    assert "Ông/Bà còn làm tiếp không?" in _spoken(page)


# ---- recordings ----


@pytest.fixture
def recorded(site: LiveSite, trial_packs: None, tmp_path: Path) -> Iterator[list[str]]:
    """Record the question and all its answers in the test pack, but not the comment; give their keys."""
    spoken = [key for key in text_places(ASKED) if key.startswith(("item.rating", f"option.{SCALE.id}"))]
    for number, key in enumerate(spoken):
        (tmp_path / f"{key}.ogg").write_bytes(silence(5 + number))
    pack = load_pack(trial_bytes(), ASKED)
    record_folder(
        store=site.store, clock=site.clock, questionnaire=ASKED, pack=pack, folder=tmp_path, actor="tests"
    )
    # The site serves in this process and would notice within a minute.
    recordings._known.clear()
    yield spoken
    with site.store.transaction() as session:
        session.execute(delete(RecordingRow))
    recordings._known.clear()


def test_recordings_are_fetched_when_asked_for_and_played_to_the_end(
    site: LiveSite, open_page: OpenPage, recorded: list[str]
) -> None:
    page = _with_voice(open_page(**PHONE))
    page.context.add_cookies([{"name": "language", "value": TRIAL_LANGUAGE, "url": site.address}])
    fetched: list[str] = []
    page.on("request", lambda told: fetched.append(told.url) if "/sound/" in told.url else None)
    _question(page)
    button = page.locator(".listen")
    expect(button).to_be_visible()
    assert fetched == []
    button.tap()
    expect(button).to_have_class("listen is-on")
    expect(button).to_have_class("listen")
    assert len({address.split("?")[0] for address in fetched}) == len(recorded)
    assert _spoken(page) == []


def test_the_kiosk_fetches_its_screen_s_recordings_at_once_and_plays_none(
    site: LiveSite, open_page: OpenPage, recorded: list[str]
) -> None:
    page = _with_voice(open_page(**KIOSK))
    page.goto(site.kiosk() + "?chosen")
    page.context.add_cookies([{"name": "language", "value": TRIAL_LANGUAGE, "url": site.address}])
    page.goto(site.kiosk() + "?chosen")
    fetched: list[str] = []
    page.on("request", lambda told: fetched.append(told.url) if "/sound/" in told.url else None)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main button").tap()
    assert len(fetched) == len(recorded)
    expect(page.locator(".is-said")).to_have_count(0)


def test_a_question_of_which_one_answer_was_not_recorded_has_no_button(
    site: LiveSite, open_page: OpenPage, recorded: list[str]
) -> None:
    """All or nothing: an answer left unsaid would be chosen less often."""
    page = _with_voice(open_page(**PHONE))
    page.context.add_cookies([{"name": "language", "value": TRIAL_LANGUAGE, "url": site.address}])
    _question(page)
    page.locator("label.option").first.tap()
    tap(page, main_button(page))
    assert "/reasons" in page.url
    expect(page.locator(".listen:visible")).to_have_count(0)
