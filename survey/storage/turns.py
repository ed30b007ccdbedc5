"""Turns of SQLite's writers, those of one process and those of several. Not the database's own lock.

SQLite makes a second writer sleep and try again, up to 100 ms a time and in no order: with eight
writers the unlucky wait over a second while the database stands idle. Here they queue instead; a
writer that knows nothing of this queue still meets SQLite's own lock.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from threading import Lock
from types import TracebackType

from survey.storage.errors import DatabaseBusy

#: Between two looks at a lock that another process holds: a fraction of a short transaction.
_LOOK_AGAIN_S = 0.0002


class Turn:
    """Lets one writer at a time into a SQLite file; on a server it lets everybody in at once.

    Within a process by a lock of threads. Between processes by two locked files beside the database:
    who waits for `writing` holds `next`, so that a process that has just written goes behind it.
    """

    def __init__(self, database: Path | None, seconds: float) -> None:
        self._threads = Lock() if database is not None else None
        self._files = _Files(database) if database is not None else None
        self._seconds = seconds

    def __enter__(self) -> None:
        if self._threads is None or self._files is None:
            return
        end = time.monotonic() + self._seconds
        if not self._threads.acquire(timeout=self._seconds):
            raise DatabaseBusy("another writer of this process did not end")
        try:
            self._files.enter(end)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._threads is not None and self._files is not None:
            self._files.leave()
            self._threads.release()


class _Files:
    """The two locks between processes; the files are made when first needed, and hold nothing."""

    def __init__(self, database: Path) -> None:
        self._paths = [Path(f"{database}-{name}") for name in ("next", "writing")]
        self._open: list[int] = []

    def enter(self, end: float) -> None:
        if not self._open:
            self._open = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) for path in self._paths]
        following, writing = self._open
        _lock(following, end)
        try:
            _lock(writing, end)
        finally:
            fcntl.flock(following, fcntl.LOCK_UN)

    def leave(self) -> None:
        fcntl.flock(self._open[1], fcntl.LOCK_UN)


def _lock(file: int, end: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise DatabaseBusy("a writer of another process did not end") from None
            time.sleep(_LOOK_AGAIN_S)
        else:
            return
