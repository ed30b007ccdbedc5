"""Tries of one-time codes: only so many wrong ones by a browser, and only so many looked up at once.

Never by address: many people share one (T19). Never by all browsers together: one outsider would then stop
everybody. Not what a code opens (slips/batches.py, devices/enrolment.py).
"""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock

from sqlalchemy.exc import SQLAlchemyError

from survey.errors import TooMany, Unavailable
from survey.services.clock import Clock
from survey.storage import rates
from survey.storage.errors import DatabaseBusy
from survey.storage.store import Store

#: Slow hashes of one kind in this process at once; a flood of codes must not take every thread.
AT_ONCE = 2
#: How long a thread waits for its turn: several hashes, and no longer, or the flood would hold every thread.
PATIENCE_S = 0.5
_MOST_BROWSERS = 10_000

log = logging.getLogger(__name__)


class LocalTries:
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


@dataclass(slots=True)
class CodeTries:
    """The tries of one kind of code.

    Attributes:
        name: stands before the browser in the key of a count.
        allowed: wrong codes of one browser within `within`.
        too_many, busy: what is raised.
    """

    name: str
    allowed: int
    within: timedelta
    too_many: type[TooMany]
    busy: type[Unavailable]
    local: LocalTries = field(default_factory=LocalTries)
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    @contextmanager
    def turn(self, store: Store, clock: Clock, browser: str) -> Iterator[None]:
        """Let a browser try one code.

        Args:
            browser: names the browser or the device, and nobody.

        Raises:
            Unavailable: too many codes are being looked up at this moment.
            TooMany: too many wrong codes of this browser.
        """
        if not self.turns.acquire(timeout=PATIENCE_S):
            raise self.busy()
        try:
            self._require_few(store, clock.now() - self.within, browser)
            yield
        finally:
            self.turns.release()

    def count_wrong(self, store: Store, clock: Clock, browser: str) -> None:
        """Count one wrong code of a browser."""
        now = clock.now()
        try:
            with store.transaction() as session:
                rates.count(session, self._key(browser), now)
        except (SQLAlchemyError, DatabaseBusy):
            log.warning("a wrong code was counted in memory only", exc_info=True)
            self.local.count(browser, now)

    def _require_few(self, store: Store, since: datetime, browser: str) -> None:
        wrong = self.local.since(browser, since)
        try:
            with store.reading() as session:
                wrong += rates.counted_since(session, self._key(browser), since)
        except SQLAlchemyError:
            log.warning("wrong codes are counted in memory only", exc_info=True)
        if wrong >= self.allowed:
            raise self.too_many()

    def _key(self, browser: str) -> str:
        return f"{self.name}:{browser}"
