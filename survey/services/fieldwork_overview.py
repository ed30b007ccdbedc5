"""How far the fieldwork of a round has come, place by place, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from survey.services.accounts import Account
from survey.services.clock import Clock
from survey.services.permissions import round_for
from survey.storage.fieldwork_counts import counts_of
from survey.storage.store import Store

#: Three heartbeats (K10).
SILENT_AFTER = timedelta(minutes=15)


def fieldwork_counts(*, store: Store, clock: Clock, account: Account, code: str) -> Mapping[str, int]:
    """Count what there is and what waits in a round within an account's units.

    Raises:
        NoSuchRound: it is elsewhere or nowhere.
    """
    round_ = round_for(store=store, account=account, code=code)
    with store.reading() as session:
        return counts_of(session, round_.id, round_.code, silent_since=clock.now() - SILENT_AFTER)
