"""Bringing a database to the tables of this version, by the migrations beside the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from survey.storage.engine import in_transactions, is_there
from survey.storage.errors import DatabaseOutOfDate, DatabaseUnreachable

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine) -> None:
    """Create or bring forward the tables, all of it in one transaction where the database can.

    A new SQLite file is its owner's alone to read.

    Raises:
        DatabaseUnreachable: the database refuses the connection.
    """
    if not is_there(engine) and engine.url.database:
        path = Path(engine.url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    config = _config()
    try:
        with in_transactions(engine).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise DatabaseUnreachable(str(error.orig)) from error


def require_current(engine: Engine) -> None:
    """Refuse a database of another version.

    Raises:
        DatabaseOutOfDate: the tables are missing, older or newer than this code.
    """
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != head:
        raise DatabaseOutOfDate(f"revision {found!r}, this code needs {head!r}")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
