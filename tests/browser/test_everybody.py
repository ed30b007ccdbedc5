"""What axe cannot see: without colours, with forced colours, without motion, turned round, by name (WCAG 1.1.1,
1.3.1, 1.3.4, 1.4.1, 1.4.11, 2.3.3, 2.5.7, 3.1.2, 3.3.7, 4.1.2, 4.1.3)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.questionnaires import TRIAL_LANGUAGE, Item, load_shipped
from tests.browser.accessibility import too_wide
from tests.browser.conftest import OpenPage
from tests.browser.devices import KIOSK, PHONE, begin, begin_at_kiosk, main_button, tap
from tests.browser.sites import COUNTER, HOUSEHOLDS, LiveSite
from tests.rounds import COMMUNES

pytestmark = pytest.mark.browser

COUNTER_ITEMS = load_shipped("service-counter")
#: How an answer is drawn: its line, its ground, and what surrounds it.
_LOOK = """(option) => {
  const style = getComputedStyle(option);
  return [style.borderTopWidth, style.borderTopStyle, style.borderTopColor, style.backgroundColor, style.boxShadow,
    style.outlineStyle, style.outlineWidth].join(" ");
}"""
_MOVING = """() => [...document.querySelectorAll("*")].filter((e) => ["", "::before", "::after"].some((part) => {
  const style = getComputedStyle(e, part || undefined);
  return style.animationName !== "none" || style.transitionDuration.split(",").some((one) => parseFloat(one) > 0);
})).map((e) => e.outerHTML.slice(0, 80))"""
#: Passages in a language that their surroundings are not in, and say so nowhere.
_UNMARKED = """() => [...document.querySelectorAll("main *")].filter((e) => [...e.childNodes].some((node) =>
    node.nodeType === 3 && node.data.includes("ƀ")) && e.closest("[lang]").lang !== "qaa")
  .map((e) => e.outerHTML.slice(0, 120))"""


def _first_section(page: Page, code: str = COUNTER) -> Page:
    return begin(page, f"/r/{code}/?unit={COMMUNES[0]}")


def _answers(item: Item) -> list[str]:
    assert item.scale is not None
    return [option.label.in_("vi") for option in item.scale.options]


def test_the_name_of_every_answer_holds_its_question(site: LiveSite, open_page: OpenPage) -> None:
    """1.3.1, 4.1.2: each answer is announced within the group that its question names."""
    page = _first_section(open_page(**PHONE), HOUSEHOLDS)
    asked = load_shipped("sipas-households-2024").sections[0].items
    for item in (item for item in asked if item.kind == "single"):
        group = page.get_by_role("group", name=item.text.in_("vi"))
        for answer in _answers(item):
            expect(group.get_by_role("radio", name=answer, exact=True)).to_have_count(1)
    screen = begin_at_kiosk(open_page(**KIOSK), site.kiosk())
    rating = COUNTER_ITEMS.item("rating")
    group = screen.get_by_role("group", name=rating.text.in_("vi"))
    for answer in _answers(rating):
        expect(group.get_by_role("button", name=answer, exact=True)).to_have_count(1)


def test_five_faces_differ_without_any_colour(site: LiveSite, open_page: OpenPage) -> None:
    """1.1.1, 1.4.1: the drawing alone tells them apart; the words stand beside it."""
    page = begin_at_kiosk(open_page(**KIOSK), site.kiosk())
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(".option, .face { color: #000 !important; border-color: #000 !important }");
        document.adoptedStyleSheets = [sheet]; }"""
    )
    faces = page.locator("button.option .face")
    pictures = [face.screenshot() for face in faces.all()]
    assert len(pictures) == len(set(pictures)) == 5
    assert [words.strip() for words in page.locator("button.option").all_inner_texts()] == _answers(
        COUNTER_ITEMS.item("rating")
    )


def test_with_forced_colours_answers_the_choice_and_the_focus_are_seen(
    site: LiveSite, open_page: OpenPage
) -> None:
    """1.4.1, 1.4.11: high contrast drops grounds and shadows; lines must tell."""
    page = _first_section(open_page(**PHONE, forced_colors="active"))
    options = page.locator("label.option")
    plain = options.nth(0).evaluate(_LOOK)
    assert plain.split()[1] != "none"
    assert plain.split()[0] != "0px"
    options.nth(0).tap()
    page.locator("h1").first.click()
    assert options.nth(0).evaluate(_LOOK) != options.nth(1).evaluate(_LOOK)
    page.locator("label.option input").nth(1).focus()
    page.keyboard.press("ArrowDown")
    focused = options.nth(2).evaluate(_LOOK)
    assert "solid" in focused.split()[-2]
    assert float(focused.split()[-1].removesuffix("px")) >= 2
    screen = begin_at_kiosk(open_page(**KIOSK, forced_colors="active"), site.kiosk())
    drawn = screen.locator("button.option").first.evaluate(_LOOK)
    assert drawn.split()[1] == "solid"


@pytest.mark.parametrize("device", [PHONE, KIOSK], ids=["phone", "kiosk"])
def test_who_asks_for_less_motion_sees_none(
    site: LiveSite, open_page: OpenPage, device: dict[str, Any]
) -> None:
    """2.3.3."""
    page = open_page(**device, reduced_motion="reduce")
    if device is KIOSK:
        page.goto(site.kiosk())
        assert page.evaluate(_MOVING) == []
        begin_at_kiosk(page, site.kiosk())
    else:
        _first_section(page)
    assert page.evaluate(_MOVING) == []


def test_a_phone_on_its_side_shows_the_same_page_without_sideways_scroll(
    site: LiveSite, open_page: OpenPage
) -> None:
    """1.3.4; the kiosk's two ways up are among the ways of test_every_page.py."""
    page = _first_section(open_page(**{**PHONE, "viewport": {"width": 740, "height": 360}}))
    assert too_wide(page) == []
    expect(page.locator("label.option").first).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("xoay")


def test_every_passage_of_a_pack_is_marked_and_nothing_else_is(
    site: LiveSite, open_page: OpenPage, trial_packs: None
) -> None:
    """3.1.2, on the phone's pages from first to last and on the kiosk's."""
    page = open_page(**PHONE)
    page.context.add_cookies([{"name": "language", "value": TRIAL_LANGUAGE, "url": site.address}])
    page.goto(f"/r/{COUNTER}/?unit={COMMUNES[0]}")
    unmarked = page.evaluate(_UNMARKED)
    tap(page, main_button(page))
    page.locator("label.option").first.tap()
    while not page.url.endswith("/receipt"):
        unmarked += page.evaluate(_UNMARKED)
        for passage in page.locator(f"main span[lang={TRIAL_LANGUAGE}]").all_inner_texts():
            assert "ƀ" in passage
        tap(page, main_button(page))
    unmarked += page.evaluate(_UNMARKED)
    assert unmarked == []


def test_nothing_is_asked_twice_in_one_form(site: LiveSite, open_page: OpenPage) -> None:
    """3.3.7: the place that was chosen is not asked for again, and what was answered is there on the way back."""
    page = _first_section(open_page(**PHONE))
    page.locator("label.option").nth(1).tap()
    tap(page, main_button(page))
    expect(page.locator("select, [name=unit]")).to_have_count(0)
    tap(page, page.locator(".back"))
    expect(page.locator("label.option input").nth(1)).to_be_checked()


def test_what_changes_without_a_new_page_is_a_status(open_page: OpenPage) -> None:
    """4.1.3: letters left are told politely, and never by an alert."""
    page = _first_section(open_page(**PHONE))
    page.locator("label.option").first.tap()
    tap(page, main_button(page))
    tap(page, main_button(page))
    page.locator("#comment").fill("Cảm ơn")
    expect(page.get_by_role("status").filter(has_text="ký tự")).to_have_text("Còn 994 ký tự.")
