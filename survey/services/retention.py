"""What is thrown away when its time is over: drafts nobody goes on with, sessions, failed sign-ins.

Never a response: those are kept, so that what was published can be proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from survey.services.accounts import ABSOLUTE, IDLE
from survey.services.clock import Clock, day_in_vietnam
from survey.storage import accounts, audit, responses
from survey.storage.store import Store

#: How long a draft waits for its person; the privacy page says the same.
DRAFT_KEPT = timedelta(days=30)
_FAILURE_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows were thrown away."""

    drafts: int
    sessions: int
    failures: int


def drop_old_drafts(*, store: Store, clock: Clock) -> int:
    """Delete the drafts that nobody touched for 30 days; give how many."""
    with store.transaction() as session:
        return responses.drop_drafts_before(session, day_in_vietnam(clock.now()) - DRAFT_KEPT)


def tidy(*, store: Store, clock: Clock, actor: str) -> Tidied:
    """Delete old drafts, sessions that are over, and failed sign-ins older than a day."""
    now = clock.now()
    drafts = drop_old_drafts(store=store, clock=clock)
    with store.transaction() as session:
        sessions = accounts.drop_sessions_before(session, started=now - ABSOLUTE, seen=now - IDLE)
        failures = accounts.drop_failures_before(session, now - _FAILURE_KEPT)
        told = {"drafts": drafts, "sessions": sessions, "failures": failures}
        audit.record(session, at=now, actor=actor, action="tidied", subject="site", details=told)
    return Tidied(drafts, sessions, failures)
