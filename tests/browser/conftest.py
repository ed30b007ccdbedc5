"""A real Chromium, the sites it visits, and people at phones, kiosks and desks.

Chromium keeps its back/forward cache here, as on a real device: Playwright would turn it off, and
the tests of shared screens would then pass whatever the site did (K28).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from survey.questionnaires import TRIAL_LANGUAGE
from survey.services.languages.packs import withdraw_pack
from tests.browser.chromium import ARGUMENTS, Chromium, find_chromium, this_machine
from tests.browser.sites import ASKED, LiveSite, compute, fill, served
from tests.browser.troubles import Troubles
from tests.conftest import BOTH, database_at, in_server
from tests.packs import publish_trial

#: A machine that runs the suite may be busy with other things.
PATIENCE = 20_000
ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
#: Makes a page for somebody with a browser of their own; options are Playwright's for a context.
OpenPage = Callable[..., Page]


def both_sites(function: object) -> object:
    """Mark a journey to run on a site over SQLite and on one over PostgreSQL."""
    parametrised = pytest.mark.parametrize("site", BOTH, indirect=True)
    return pytest.mark.storage(parametrised(function))  # type: ignore[operator]  # marks wrap what they are given


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, request: pytest.FixtureRequest) -> Chromium:
    """The Chromium of this run, said aloud; where there is none, every test that needs it fails."""
    found = find_chromium(this_machine(lambda: playwright.chromium.executable_path), _aloud(request))
    _aloud(request)(str(found))
    return found


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: Chromium) -> Iterator[Browser]:
    started = playwright.chromium.launch(
        executable_path=chromium.path,
        args=list(ARGUMENTS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield started
    started.close()


@pytest.fixture(scope="session")
def sqlite_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The whole site: rounds, answers, snapshots, indices, a score, every role's account."""
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}"
    with served(url, folder) as site:
        fill(site.store, site.clock)
        compute(site.store, site.clock)
        yield site


@pytest.fixture(scope="session")
def postgresql_site(
    postgresql_server: str, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The same rounds and answers over PostgreSQL, for the journeys of citizens and delegates."""
    in_server(postgresql_server, f"CREATE DATABASE browser_site TEMPLATE {postgresql_template}")
    url = database_at(postgresql_server, "browser_site")
    with served(url, tmp_path_factory.mktemp("postgresql_site")) as site:
        fill(site.store, site.clock)
        yield site


@pytest.fixture(scope="session")
def bare_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site without any round."""
    folder = tmp_path_factory.mktemp("bare")
    with served(f"sqlite:///{shutil.copy(sqlite_template, folder / 'survey.sqlite3')}", folder) as site:
        yield site


@pytest.fixture(scope="session")
def broken_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site whose database is missing."""
    folder = tmp_path_factory.mktemp("broken")
    with served(f"sqlite:///{folder / 'gone.sqlite3'}", folder) as site:
        yield site


@pytest.fixture
def site(request: pytest.FixtureRequest) -> LiveSite:
    """The site of a test: over SQLite unless it asks for both."""
    found: LiveSite = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_site")
    return found


@pytest.fixture
def trial_packs(sqlite_site: LiveSite) -> Iterator[None]:
    """Offer a test pack on every round with answers for as long as a test runs."""
    for code, questionnaire in ASKED.items():
        publish_trial(sqlite_site.store, sqlite_site.clock, code, questionnaire)
    yield
    for code in ASKED:
        withdraw_pack(
            store=sqlite_site.store,
            clock=sqlite_site.clock,
            round_code=code,
            language=TRIAL_LANGUAGE,
            actor="tests",
        )


@pytest.fixture
def open_page(browser: Browser, site: LiveSite, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Makes pages; when the test is over none may have troubled the console or asked another host."""
    with ExitStack() as opened:
        contexts: list[BrowserContext] = []
        watched: list[Troubles] = []

        def open_one(*, expected: str | None = None, **options: Any) -> Page:
            context = browser.new_context(base_url=site.address, **options)
            opened.callback(context.close)
            contexts.append(context)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            watched.append(Troubles(page, expected=expected))
            return page

        yield open_one
        if getattr(request.node, "failed", False):
            _take_pictures(request.node.name, contexts)
        else:
            assert [one for page in watched for one in page.seen] == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]  # read by `open_page`
    return report


def _take_pictures(test: str, contexts: list[BrowserContext]) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", test)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=ARTIFACTS / f"{name}-{number}.png", full_page=True)
        (ARTIFACTS / f"{name}-{number}.html").write_text(page.content(), encoding="utf-8")


def _aloud(request: pytest.FixtureRequest) -> Callable[[str], None]:
    capture = request.config.pluginmanager.getplugin("capturemanager")
    terminal = request.config.pluginmanager.getplugin("terminalreporter")

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.write_line(f"\n{line}")

    return say
