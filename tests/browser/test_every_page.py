"""Every page in every language, in its ordinary and its wrong states: axe finds nothing, 320 pixels and 200 %
are enough, spacing cuts nothing off, targets are large, help is at its place, and the console stays silent
(A1, WCAG 2.2 AA and best practice; 1.4.4, 1.4.10, 1.4.12, 2.5.8, 3.2.6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from survey.questionnaires import TRIAL_LANGUAGE, Questionnaire, Section
from survey.web.languages import ASKING, page_language_of
from tests.browser import ways_collection  # noqa: F401 - adds its ways
from tests.browser.accessibility import (
    NARROW,
    TWICE,
    cut_when_spaced,
    too_small,
    too_wide,
    violations,
    without_help,
)
from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE
from tests.browser.sites import LiveSite
from tests.browser.ways import CITIZENS, KIOSKS, NO_PAGES, WAYS, Way, open_form, sections

pytestmark = pytest.mark.browser

LANGUAGES = ("vi", "en")
#: Targets in CSS pixels: WCAG asks 24; citizens have 48, and 20 mm on a kiosk (96 pixels an inch).
LEAST, LEAST_CITIZENS, LEAST_KIOSK = 24, 48, 75.6
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


def _languages(way: Way) -> tuple[str, ...]:
    """Give the languages of a page: a test pack speaks where questions are asked, on the site with rounds."""
    if way.only:
        return (way.only,)
    asks = way.endpoint.split(".")[0] in ASKING and way.site == "sqlite"
    return (*LANGUAGES, TRIAL_LANGUAGE) if asks else LANGUAGES


def _least(way: Way) -> float:
    audience = way.endpoint.split(".")[0]
    if audience in KIOSKS:
        return LEAST_KIOSK
    return LEAST_CITIZENS if audience in CITIZENS else LEAST


@pytest.mark.parametrize(("site", "way"), CASES, indirect=["site"])
def test_a_page_is_right_for_everybody_in_every_language(
    site: LiveSite, open_page: OpenPage, way: Way, trial_packs: None
) -> None:
    """Silence is what `open_page` asks of every page: no error, no refused script, no other host."""
    page = open_page(expected="registration blocked by Playwright", **way.device)
    statuses: list[int] = []
    page.on(
        "response",
        lambda told: statuses.append(told.status) if told.request.is_navigation_request() else None,
    )
    wrong: dict[str, list[str]] = {}
    for lang in _languages(way):
        _speak(page, site, lang)
        page.set_viewport_size(way.device["viewport"])
        if lang == LANGUAGES[0] or not way.lasting:
            way.walk(page, site)
        else:
            page.reload()
        assert statuses[-1] == way.status
        assert page.get_attribute("html", "lang") == page_language_of(lang)
        found = violations(page) + too_small(page, _least(way)) + cut_when_spaced(page)
        found += [] if way.without_help else without_help(page)
        for window in (NARROW, TWICE):
            page.set_viewport_size(window)
            found += too_wide(page)
        wrong[lang] = found
    assert {lang: found for lang, found in wrong.items() if found} == {}


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
