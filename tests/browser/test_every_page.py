"""Every page in both languages, in its ordinary and its wrong states: axe finds nothing, 320 pixels are
enough, and the console stays silent (A1, WCAG 2.2 AA and best practice; 1.4.10)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from survey.questionnaires import Questionnaire, Section
from tests.browser.accessibility import NARROW, too_wide, violations
from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE
from tests.browser.sites import LiveSite
from tests.browser.ways import NO_PAGES, WAYS, Way, open_form, sections

pytestmark = pytest.mark.browser

LANGUAGES = ("vi", "en")
CASES = [pytest.param(one.site, one, id=str(one)) for one in WAYS]
SECTIONS = [pytest.param(code, asked, id=asked.id) for code, asked in sections()]


def _speak(page: Page, site: LiveSite, lang: str) -> None:
    page.context.add_cookies([{"name": "language", "value": lang, "url": site.address}])


def _pages_of(app: Flask) -> set[str]:
    """Give every route that answers GET with a page."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - set(
        NO_PAGES
    )


def test_every_route_with_a_page_is_among_those_tested(site: LiveSite) -> None:
    """A new page without an axe test fails here: give it a way in tests/browser/ways.py."""
    # Sections are walked one by one, below.
    assert {one.endpoint for one in WAYS} == _pages_of(site.app)


@pytest.mark.parametrize(("site", "way"), CASES, indirect=["site"])
def test_a_page_has_no_violation_fits_a_narrow_window_and_is_silent(
    site: LiveSite, open_page: OpenPage, way: Way
) -> None:
    """Silence is what `open_page` asks of every page: no error, no refused script, no other host."""
    page = open_page(**way.device)
    statuses: list[int] = []
    page.on(
        "response",
        lambda told: statuses.append(told.status) if told.request.is_navigation_request() else None,
    )
    wrong: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        _speak(page, site, lang)
        page.set_viewport_size(way.device["viewport"])
        if lang == LANGUAGES[0] or not way.lasting:
            way.walk(page, site)
        else:
            page.reload()
        assert statuses[-1] == way.status
        assert page.get_attribute("html", "lang") == lang
        found = violations(page)
        page.set_viewport_size(NARROW)
        wrong[lang] = found + too_wide(page)
    assert wrong == {lang: [] for lang in LANGUAGES}


@pytest.mark.parametrize(("code", "questionnaire"), SECTIONS)
def test_every_section_fits_a_narrow_window_and_each_kind_of_section_has_no_violation(
    site: LiveSite, open_page: OpenPage, code: str, questionnaire: Questionnaire
) -> None:
    page = open_page(**{**PHONE, "viewport": NARROW})
    under = open_form(page, site, code)
    wrong: dict[tuple[str, str], list[str]] = {}
    kinds = set(_new_kinds(questionnaire))
    for section in questionnaire.sections:
        for lang in LANGUAGES:
            _speak(page, site, lang)
            answered = page.goto(under + section.id)
            assert answered is not None
            assert answered.ok, f"{section.id} is off the path of an empty form"
            found = too_wide(page) + (violations(page) if section.id in kinds else [])
            if found:
                wrong[section.id, lang] = found
    assert wrong == {}


def _new_kinds(questionnaire: Questionnaire) -> Iterator[str]:
    """Give the sections that show a kind of question, or a scale, that no section before them shows."""
    known: set[tuple[object, ...]] = set()
    for section in questionnaire.sections:
        kinds = _kinds(section)
        if not kinds <= known:
            known |= kinds
            yield section.id


def _kinds(section: Section) -> set[tuple[object, ...]]:
    return {
        (
            item.kind,
            item.hint is None,
            item.required,
            item.scale and tuple(one.id for one in item.scale.options),
        )
        for item in section.items
    }
