"""People to walk through the site, and commands to run on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.integration.commands import Run, run_command
from tests.integration.journeys import Person


@pytest.fixture
def person(app: Flask) -> Callable[[], Person]:
    """Makes people, each with a browser of their own."""
    return lambda: Person(app)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Run:
    """Runs commands on the test's database and folder, in the language that a machine has at first."""
    monkeypatch.setenv("SURVEY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SURVEY_EXPORTS", str(tmp_path / "exports"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SECRET_KEY", "a secret of the tests, long enough to sign with")
    monkeypatch.delenv("SURVEY_LANG", raising=False)
    return run_command
