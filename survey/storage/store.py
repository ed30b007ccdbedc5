"""The one object through which services reach what is kept: sessions, files of snapshots, keys of rounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm import Session, sessionmaker

from survey.storage.engine import BUSY_TIMEOUT_MS, READ_ONLY, in_transactions, open_engine, require_safe
from survey.storage.errors import DatabaseBusy, DatabaseUnreachable
from survey.storage.schema import require_current
from survey.storage.turns import Turn

#: Under this name a session knows the folder beside its database.
FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Store:
    """An open database and the folder beside it.

    `folder` holds `snapshots/` (Parquet) and `keys/` (one secret a round; kept out of every
    backup of the database, see docs/architecture.md).
    """

    engine: Engine
    folder: Path
    _sessions: sessionmaker[Session] = field(repr=False)
    _readers: Mapping[bool, sessionmaker[Session]] = field(repr=False)
    _turn: Turn = field(repr=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session that writes: committed at the end of the block, rolled back on an error.

        Raises:
            DatabaseBusy: the database did not give the lock or a connection in time.
        """
        with _busy_named(), self._turn, self._sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self, *, consistent: bool = False) -> Iterator[Session]:
        """Open a session that only reads; it never waits for a writer.

        Args:
            consistent: every statement sees the database as it was at the first (always so on SQLite);
                without it a server takes no transaction. Rows that are streamed need one.
        """
        with _busy_named(), self._readers[consistent]() as session:
            yield session

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"


@contextmanager
def _busy_named() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise DatabaseBusy(str(error)) from error
    except OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise DatabaseBusy(str(error)) from error
        raise


def open_store(url: str, folder: Path, *, check: bool = True) -> Store:
    """Open the database and its folder, checking its safety and its version.

    Raises:
        DatabaseMissing, DatabaseUnreachable, DatabaseOutOfDate, UnsafeDatabase: see their texts.
    """
    engine = open_engine(url)
    if check:
        try:
            require_safe(engine)
            require_current(engine)
        except OperationalError as error:
            raise DatabaseUnreachable(str(error.orig)) from error
    sqlite = engine.dialect.name == "sqlite"
    return Store(
        engine,
        folder,
        sessionmaker(in_transactions(engine), expire_on_commit=False, info={FOLDER: folder}),
        {False: _readers(engine), True: _readers(in_transactions(engine, "REPEATABLE READ"))},
        Turn(Path(str(engine.url.database)) if sqlite else None, BUSY_TIMEOUT_MS / 1000),
    )


def _readers(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine.execution_options(**{READ_ONLY: True}), expire_on_commit=False)
