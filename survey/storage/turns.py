"""Turns of the writers of one process. Not the database's own lock, which tells processes apart."""

from __future__ import annotations

from threading import Lock

from survey.storage.errors import DatabaseBusy


class Turn:
    """Lets one writer of this process at a time into SQLite.

    SQLite makes a second writer sleep and try again, up to 100 ms a time and in no order: with eight
    writers the unlucky wait over a second while the database stands idle. Writers of other
    processes are still told apart by SQLite's own lock.
    """

    def __init__(self, seconds: float | None) -> None:
        self._lock = Lock() if seconds is not None else None
        self._seconds = seconds or 0.0

    def __enter__(self) -> None:
        if self._lock is not None and not self._lock.acquire(timeout=self._seconds):
            raise DatabaseBusy("another writer of this process did not end")

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()
