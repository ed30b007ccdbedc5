"""Every letter of the languages here is in the pages' own font, and marks stand on their letter (L2, L4).

Chromium says which fonts drew a text: a letter missing in the font brings in another one, or on a machine that has
none the box of a missing letter, which is recognised by its picture.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ARTIFACTS, OpenPage
from tests.browser.devices import PHONE
from tests.browser.sites import LiveSite

pytestmark = pytest.mark.browser

#: Letters beyond basic Latin, small; the test adds the capitals. Highland letters: experience.md §2.2.
VIETNAMESE = "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ"
HIGHLAND = ["ƀ", "č", "đ", "ñ", "ă", "ĕ", "ĭ", "ŏ", "ŭ", "ê̆", "ô̆", "ơ̆", "ư̆"]
LETTERS = [*VIETNAMESE.replace(" ", ""), *HIGHLAND]
_WRITE = """(letters) => {
  const place = document.createElement("p");
  place.id = "letters";
  place.style.cssText = "font-size: 40px; line-height: 1.8; padding: 8px";
  for (const letter of letters) {
    const one = document.createElement("span");
    one.textContent = letter;
    one.style.cssText = "display: inline-block; margin-right: 14px";
    place.append(one);
  }
  document.querySelector("main").replaceChildren(place);
  return document.fonts.ready.then(() => true);
}"""
_WIDTHS = """(pairs) => pairs.map((pair) => pair.map((words) => {
  const one = document.createElement("span");
  one.textContent = words.repeat(40);
  document.getElementById("letters").append(one);
  const width = one.getBoundingClientRect().width / 40;
  one.remove();
  return width;
}))"""

#: Letters that look like one that no font has.
_BOXES = """(letters) => {
  const picture = (words) => {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
    [canvas.width, canvas.height] = [80, 80];
    pen.font = "40px 'Noto Sans Highland'";
    pen.fillText(words, 8, 60);
    return pen.getImageData(0, 0, 80, 80).data.join();
  };
  const box = picture("\\u0378");
  return letters.filter((letter) => picture(letter) === box);
}"""


def _written(page: Page) -> list[str]:
    letters = [one for letter in LETTERS for one in dict.fromkeys((letter, letter.upper()))]
    page.goto("/privacy")
    page.evaluate(_WRITE, letters)
    page.evaluate("document.fonts.ready")
    return letters


def _fonts(page: Page, selector: str) -> list[dict[str, Any]]:
    """Ask Chromium which fonts drew what stands at a place."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    found: list[dict[str, Any]] = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return found


def _strangers(page: Page, number: int) -> list[str]:
    """Name the fonts that drew a letter and are not the pages' own."""
    fonts = _fonts(page, f"#letters span:nth-child({number})")
    assert fonts
    return [font["familyName"] for font in fonts if not font["isCustomFont"]]


def test_every_letter_is_drawn_by_the_pages_own_font(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(**{**PHONE, "viewport": {"width": 760, "height": 900}})
    letters = _written(page)
    strangers = {letter: _strangers(page, number) for number, letter in enumerate(letters, start=1)}
    assert len(letters) > 150
    assert {letter: fonts for letter, fonts in strangers.items() if fonts} == {}
    assert page.evaluate(_BOXES, letters) == []
    ARTIFACTS.mkdir(exist_ok=True)
    page.locator("#letters").screenshot(path=ARTIFACTS / "letters.png")


def test_a_letter_that_the_font_lacks_would_be_noticed(site: LiveSite, open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    _written(page)
    page.evaluate("document.querySelector('#letters span').textContent = 'ཀ'")
    assert _strangers(page, 1) or page.evaluate(_BOXES, ["ཀ"]) == ["ཀ"]


def test_a_breve_stands_on_its_letter_and_takes_no_room_of_its_own(
    site: LiveSite, open_page: OpenPage
) -> None:
    """The font has anchors for U+0306 over ê ô ơ ư: the pair is as wide as the letter and drawn otherwise."""
    page = open_page(**PHONE)
    _written(page)
    pairs = [[letter[0], letter] for one in HIGHLAND[-4:] for letter in (one, one.upper())]
    for (plain, marked), letter in zip(page.evaluate(_WIDTHS, pairs), pairs, strict=True):
        assert marked == pytest.approx(plain, abs=0.5), letter
    for plain, marked in pairs:
        drawn = []
        for words in (plain, marked):
            page.evaluate(
                "(words) => { document.querySelector('#letters span').textContent = words; }", words
            )
            drawn.append(page.locator("#letters span").first.screenshot())
        assert drawn[0] != drawn[1], marked
