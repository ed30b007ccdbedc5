"""At most two files are read at once on this machine, however many processes serve the site.

Not the limits of one reading (sheet_worker/limits.py).
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.reports.reading.errors import ReaderBusy

AT_ONCE = 2
PATIENCE_S = 10.0
_LOOK_AGAIN_S = 0.05


@contextmanager
def reading_turn(patience: float = PATIENCE_S) -> Iterator[None]:
    """Hold one of the two turns; who dies gives it back.

    Raises:
        ReaderBusy: none came free in time.
    """
    file = _take(time.monotonic() + patience)
    try:
        yield
    finally:
        os.close(file)


def _take(end: float) -> int:
    while True:
        for number in range(AT_ONCE):
            file = _locked(number)
            if file is not None:
                return file
        if time.monotonic() > end:
            raise ReaderBusy("two files are being read")
        time.sleep(_LOOK_AGAIN_S)


def _locked(number: int) -> int | None:
    path = Path(tempfile.gettempdir()) / f"survey-reading-{os.getuid()}-{number}.lock"
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ReaderBusy(f"{error.strerror} for the lock of reading {number}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file
