"""What waits for the province's review in a round, as counts: one look for every page of it."""

from __future__ import annotations

from dataclasses import dataclass

from survey.services.accounts import Account
from survey.services.permissions import round_for, units_of
from survey.services.review.exclusions import conflict_counts
from survey.storage import approvals, exclusions, oversight, quarantine
from survey.storage.store import Store


@dataclass(frozen=True, slots=True)
class Queues:
    """How much waits in each queue, and how many responses two persons keep out."""

    alarms: int
    quarantined: int
    conflicts: int
    requests: int
    excluded: int


def queues_for(*, store: Store, account: Account, code: str) -> Queues:
    """Count what waits for review in a round within an account's units.

    Raises:
        NoSuchRound: it is elsewhere or nowhere.
    """
    round_ = round_for(store=store, account=account, code=code)
    conflicts = conflict_counts(store=store, account=account, code=code)
    with store.reading() as session:
        return Queues(
            alarms=oversight.alarm_counts(session, round_.id).get("waiting", 0),
            quarantined=quarantine.waiting_count(session, code, units_of(account)),
            conflicts=conflicts.unasked,
            requests=approvals.waiting_count(session, round_.id),
            excluded=sum(exclusions.excluded_by_unit(session, round_.id).values()),
        )
