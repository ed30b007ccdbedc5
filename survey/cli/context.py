"""What commands reach services with: the settings and the open store."""

from __future__ import annotations

import click

from survey.services.clock import SystemClock
from survey.services.settings import Settings, read_settings
from survey.storage.store import Store, open_store

CLOCK = SystemClock()


def settings() -> Settings:
    return read_settings()


def store() -> Store:
    """Open the site's database until the command ends.

    Raises:
        Unavailable: it is missing, unsafe or of another version.
    """
    told = settings()
    opened = open_store(told.database_url, told.instance)
    click.get_current_context().call_on_close(opened.engine.dispose)
    return opened


def actor() -> str:
    """Name who runs the command, for the log."""
    import getpass

    try:
        return f"survey cli ({getpass.getuser()})"[:80]
    except (KeyError, OSError):
        return "survey cli"
