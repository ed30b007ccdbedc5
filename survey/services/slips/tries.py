"""Wrong codes: five an hour from one browser or device, and only so many looked up at once (K13, T21).

Never by address: many people share one (T19). Not what a code opens (slips/batches.py).
"""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock

from sqlalchemy.exc import SQLAlchemyError

from survey.services.clock import Clock
from survey.services.slips.errors import SlipsBusy, TooManySlipTries
from survey.storage import rates
from survey.storage.errors import DatabaseBusy
from survey.storage.store import Store

ALLOWED = 5
WITHIN = timedelta(hours=1)
#: Slow hashes of this process at once; a flood of codes must not take every thread.
_AT_ONCE = 2
_PATIENCE_S = 5.0
_MOST_BROWSERS = 10_000

log = logging.getLogger(__name__)
_turns = BoundedSemaphore(_AT_ONCE)


class _LocalTries:
    """Counts in memory while the database cannot (F25): each process for itself, until it ends."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tries: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def count(self, browser: str, now: datetime) -> None:
        with self._lock:
            if len(self._tries) >= _MOST_BROWSERS:
                self._tries.clear()
            self._tries[browser].append(now)

    def since(self, browser: str, moment: datetime) -> int:
        with self._lock:
            return sum(at >= moment for at in self._tries.get(browser, ()))


_local = _LocalTries()


@contextmanager
def turn_to_try(store: Store, clock: Clock, browser: str) -> Iterator[None]:
    """Let a browser try one code.

    Args:
        browser: names the browser or the device, and nobody.

    Raises:
        SlipsBusy: too many codes are being looked up at this moment.
        TooManySlipTries: five wrong codes within the hour.
    """
    if not _turns.acquire(timeout=_PATIENCE_S):
        raise SlipsBusy()
    try:
        _require_few(store, clock.now() - WITHIN, browser)
        yield
    finally:
        _turns.release()


def count_wrong(store: Store, clock: Clock, browser: str) -> None:
    """Count one wrong code of a browser."""
    now = clock.now()
    try:
        with store.transaction() as session:
            rates.count(session, _key(browser), now)
    except (SQLAlchemyError, DatabaseBusy):
        log.warning("a wrong code was counted in memory only", exc_info=True)
        _local.count(browser, now)


def _require_few(store: Store, since: datetime, browser: str) -> None:
    wrong = _local.since(browser, since)
    try:
        with store.reading() as session:
            wrong += rates.counted_since(session, _key(browser), since)
    except SQLAlchemyError:
        log.warning("wrong codes are counted in memory only", exc_info=True)
    if wrong >= ALLOWED:
        raise TooManySlipTries()


def _key(browser: str) -> str:
    return f"try:{browser}"
