"""People to walk through the site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.integration.journeys import Person


@pytest.fixture
def person(app: Flask) -> Callable[[], Person]:
    """Makes people, each with a browser of their own."""
    return lambda: Person(app)
