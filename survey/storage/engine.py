"""Opening the database safely: one rule for SQLite's locks, one check of what makes a commit durable.

Not the tables, and not what is asked of them.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, OperationalError

from survey.storage.errors import DatabaseMissing, UnsafeDatabase

BUSY_TIMEOUT_MS = 10_000
#: A connection that rested longer may have been cut meanwhile.
_RESTED_S = 1.0
#: Marks a session that only reads, so that on SQLite it does not take the writer's lock.
READ_ONLY = "survey_read_only"

_SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "busy_timeout": str(BUSY_TIMEOUT_MS),
    "trusted_schema": "OFF",
    # So that INSERT OR REPLACE, which deletes, meets the triggers of append-only tables.
    "recursive_triggers": "ON",
}
_SQLITE_MUST_BE: dict[str, tuple[Any, ...]] = {
    "journal_mode": ("wal",),
    "synchronous": (2,),
    "foreign_keys": (1,),
}
_POSTGRES_MUST_BE: dict[str, tuple[Any, ...]] = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}


def open_engine(url: str) -> Engine:
    """Open the database at a URL; nothing is read or created yet.

    SQLite sessions begin with BEGIN IMMEDIATE: with a deferred BEGIN, a read followed by a write
    fails under concurrency whatever the timeout, and with the driver's default it loses updates.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        # What people answered must not stand in the text of an error, and so in a log.
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=5,
        # Most that is asked of it is one statement that reads. A transaction around it would cost two trips,
        # and the ROLLBACK at its end every statement that psycopg had prepared on the connection.
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
    )
    event.listen(engine, "checkin", _note_the_time)
    event.listen(engine, "checkout", _require_alive)
    return engine


def in_transactions(engine: Engine, level: str = "READ COMMITTED") -> Engine:
    """Give the same engine with connections that take transactions; those of SQLite always do."""
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level=level)


def _note_the_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _require_alive(connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that rested whether it still stands; one that was used just now need not be asked."""
    idle_since = record.info.get("idle_since")
    if idle_since is None or time.monotonic() - idle_since < _RESTED_S:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except connection.Error as error:
        raise DisconnectionError(str(error)) from error


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        max_overflow=32,
        pool_timeout=5,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma, value in _SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={value}")


def _begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(READ_ONLY)
    statement = "BEGIN" if only_reads else "BEGIN IMMEDIATE"
    # Said to the driver itself: it opens every session, and by way of SQLAlchemy takes ten times as long.
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


def require_safe(engine: Engine) -> None:
    """Refuse to run on a database whose settings could lose an acknowledged response.

    Raises:
        DatabaseMissing: the SQLite file does not exist.
        UnsafeDatabase: a setting is not what docs/operations.md asks for, naming it.
    """
    sqlite = engine.dialect.name == "sqlite"
    if sqlite and not is_there(engine):
        raise DatabaseMissing(str(engine.url))
    wanted = _SQLITE_MUST_BE if sqlite else _POSTGRES_MUST_BE
    ask = "PRAGMA {}" if sqlite else "SHOW {}"
    with engine.connect() as connection:
        for name, must_be in wanted.items():
            found = connection.execute(text(ask.format(name))).scalar_one()
            if found not in must_be:
                raise UnsafeDatabase(
                    f"{name} is {found!r}, must be {must_be[0]!r}", setting=f"{name} = {found}"
                )


def is_there(engine: Engine) -> bool:
    """Say whether there is a database to open; a server is taken to be there."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or path in (None, "", ":memory:"):
        return True
    return Path(str(path)).is_file() and Path(str(path)).stat().st_size > 0
