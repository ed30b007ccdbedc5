"""What is thrown away when its time is over: drafts, sessions, failed sign-ins, signs of life, counts.

Never a response: those are kept, so that what was published can be proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from survey.services.accounts import ABSOLUTE, IDLE
from survey.services.clock import Clock, day_in_vietnam
from survey.services.devices.visits import keep_old_visits_left
from survey.services.importing import drop_old_uploads
from survey.storage import accounts, audit, devices, rates, responses
from survey.storage.store import Store

#: How long a draft waits for its person; the privacy page says the same.
DRAFT_KEPT = timedelta(days=30)
_FAILURE_KEPT = timedelta(days=1)
#: The alarms of a day are raised on the next (review/plausibility.py); nothing asks for older minutes.
_COUNTS_KEPT = timedelta(days=2)
#: As long as a backup is kept, so that a silent terminal of last month can still be looked up.
_SIGNS_KEPT = timedelta(days=35)


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
    """Delete old drafts, sessions that are over, failed sign-ins, counts by minute and signs of life.

    What kiosks' visits of former days left unfinished is kept as that first (K7).
    """
    now = clock.now()
    visits = keep_old_visits_left(store=store, clock=clock, before=day_in_vietnam(now))
    drop_old_uploads(store=store, clock=clock)
    drafts = drop_old_drafts(store=store, clock=clock)
    with store.transaction() as session:
        sessions = accounts.drop_sessions_before(session, started=now - ABSOLUTE, seen=now - IDLE)
        failures = accounts.drop_failures_before(session, now - _FAILURE_KEPT)
        rates.drop_counts_before(session, now - _COUNTS_KEPT)
        devices.drop_signs_before(session, now - _SIGNS_KEPT)
        devices.drop_codes_before(session, now)
        told = {"visits": visits, "drafts": drafts, "sessions": sessions, "failures": failures}
        audit.record(session, at=now, actor=actor, action="tidied", subject="site", details=told)
    return Tidied(drafts, sessions, failures)
