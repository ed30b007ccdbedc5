"""What the database itself guarantees: settings, migrations, constraints, no lost update."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from survey.storage import schema
from survey.storage.engine import open_engine, require_safe
from survey.storage.errors import DatabaseMissing, DatabaseOutOfDate, UnsafeDatabase
from survey.storage.models import Base
from survey.storage.store import Store, open_store
from tests.conftest import SetClock, both_databases
from tests.rounds import COMMUNES, make_round


@both_databases
def test_the_models_and_the_migrations_say_the_same(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_head_of_migrations() -> None:
    assert len(ScriptDirectory(str(schema.MIGRATIONS)).get_heads()) == 1


@both_databases
def test_a_migration_goes_down_and_up_again(store: Store) -> None:
    from alembic import command

    config = schema._config()
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(inspect(store.engine).get_table_names()) == {"alembic_version"}
    schema.upgrade(store.engine)
    schema.require_current(store.engine)


@both_databases
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("channel", "'telepathy'"),
        ("evidence", "'D'"),
        ("status", "'maybe'"),
        ("base_weight", "0"),
        ("payload_sha256", "'short'"),
        ("unit_id", "'a68-noi-vu'"),
        ("questionnaire_sha256", "'" + "0" * 64 + "'"),
    ],
)
def test_a_row_that_breaks_an_invariant_is_refused_by_the_database(
    store: Store, clock: SetClock, column: str, value: str
) -> None:
    make_round(store, clock)
    good = {
        "round_id": "(SELECT id FROM round)",
        "response_id": f"'{uuid4().hex}'",
        "questionnaire_sha256": "(SELECT questionnaire_sha256 FROM round)",
        "unit_id": f"'{COMMUNES[0]}'",
        "channel": "'phone'",
        "evidence": "'C'",
        "stratum": "'s'",
        "psu": "'p'",
        "base_weight": "1",
        "answers": "'{}'",
        "payload_sha256": "'" + "a" * 64 + "'",
        "day_received": f"'{date(2026, 3, 2)}'",
        "status": "'complete'",
        "simulated": "false",
    }

    def insert(values: dict[str, str]) -> None:
        with store.transaction() as session:
            columns, given = ", ".join(values), ", ".join(values.values())
            session.execute(text(f"INSERT INTO response ({columns}) VALUES ({given})".replace(":", r"\:")))

    insert(good)
    with pytest.raises(IntegrityError):
        insert({**good, "response_id": f"'{uuid4().hex}'", column: value})


def test_sqlite_is_opened_durable_and_checked(store: Store) -> None:
    with store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_an_unsafe_setting_stops_the_start_and_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.storage.engine._SQLITE_PRAGMAS", {"synchronous": "NORMAL"})
    engine = open_engine(str(store.engine.url))
    with pytest.raises(UnsafeDatabase, match="synchronous"):
        require_safe(engine)
    engine.dispose()


@pytest.mark.storage
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_postgresql_that_may_lose_commits_is_refused(database_url: str) -> None:
    engine = open_engine(f"{database_url}&options=-c%20synchronous_commit%3Doff")
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        require_safe(engine)
    engine.dispose()


def test_a_missing_database_is_named_not_created(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        open_store(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.execute("PRAGMA journal_mode=WAL")
    with pytest.raises(DatabaseOutOfDate):
        open_store(f"sqlite:///{path}", tmp_path)


def _count_up(url: str, times: int) -> None:
    store = open_store(url, Path())
    for _ in range(times):
        with store.transaction() as session:
            value = session.execute(text("SELECT year FROM round")).scalar_one()
            session.execute(text("UPDATE round SET year = :year"), {"year": value + 1})


def test_four_processes_that_read_then_write_lose_no_update(
    store: Store, clock: SetClock, database_url: str
) -> None:
    """dependencies.md finding 1: the driver's default loses two of three updates."""
    make_round(store, clock)
    with store.transaction() as session:
        session.execute(text("UPDATE round SET year = 2000"))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count_up, args=(database_url, 20)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    with store.reading() as session:
        assert session.execute(text("SELECT year FROM round")).scalar_one() == 2080
