"""The site over each database, and people to walk through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from survey.services.settings import Settings
from survey.web import create_app
from survey.web.site import Site
from tests.conftest import SetClock
from tests.integration.journeys import Person


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    made = create_app(settings, clock)
    yield made
    site: Site = made.extensions["survey"]
    if site._store is not None:
        site._store.engine.dispose()


@pytest.fixture
def person(app: Flask) -> Callable[[], Person]:
    """Makes people, each with a browser of their own."""
    return lambda: Person(app)
