"""What the views reach services with: the store, the clock, the settings. One a process."""

from __future__ import annotations

from threading import Lock

from flask import current_app

from survey.services.clock import Clock
from survey.services.page_counts import PageCounts
from survey.services.settings import Settings
from survey.storage.store import Store, open_store


class Site:
    """Holds the open store; a database that is not ready is tried again at the next request."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.pages = PageCounts()
        self._store: Store | None = None
        self._lock = Lock()

    @property
    def store(self) -> Store:
        """The open store.

        Raises:
            Unavailable: the database is missing, unsafe or of another version.
        """
        if self._store is None:
            with self._lock:
                if self._store is None:
                    self._store = open_store(self.settings.database_url, self.settings.instance)
        return self._store


def site() -> Site:
    """Give the site of this request."""
    found: Site = current_app.extensions["survey"]
    return found
