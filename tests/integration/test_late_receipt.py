"""The late window runs from the end of a round to the day a record reached the server, not to its review (O5)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from survey.questionnaires import load_shipped, read_answers
from survey.services.accounts import Account
from survey.services.clock import day_in_vietnam
from survey.services.errors import RoundClosed
from survey.services.keeping import LATE, WholeForm, form_there, keep
from survey.services.review.errors import StillWrong
from survey.services.review.quarantine import quarantine
from survey.services.review.quarantine_review import quarantined_for, release
from survey.services.rounds import board, set_status
from survey.storage.models import ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.tablets import add_enumerator, assign, record
from tests.rounds import PROVINCE, make_round, somebody

ASKS = Account("lan.nt", "Nguyễn Thị Lan", "official", PROVINCE)


@both_databases
@pytest.mark.parametrize(("days", "is_kept"), [(0, True), (LATE.days, True), (LATE.days + 1, False)])
def test_a_record_is_judged_by_the_day_it_reached_the_server_however_late_somebody_looks(
    store: Store, clock: SetClock, days: int, is_kept: bool
) -> None:
    code = make_round(store, clock)
    add_enumerator(store, clock)
    raw = json.dumps(record(code, assign(store, clock, code), clock.now())).encode()
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    clock.move(days=days)
    came = day_in_vietnam(clock.now())
    quarantine(store=store, clock=clock, raw=raw, reason="sent by device", round_code=code)
    clock.move(days=60)
    (waits,) = quarantined_for(store=store, account=ASKS, code=code).records
    told = {"store": store, "clock": clock, "account": ASKS, "code": code, "unit_id": "", "note": "thử"}
    if not is_kept:
        with pytest.raises(StillWrong):
            release(**told, record_id=waits.row.id)  # type: ignore[arg-type]  # one dictionary of all
        assert board(store=store, code=code).complete == 0
        return
    release(**told, record_id=waits.row.id)  # type: ignore[arg-type]  # one dictionary of all
    with store.reading() as session:
        assert session.scalars(select(ResponseRow.day_received)).all() == [came]


@pytest.mark.parametrize("before", [1, 400])
def test_what_came_before_a_round_that_is_open_today_is_refused_and_said_so(
    store: Store, clock: SetClock, before: int
) -> None:
    """The refusal is about the day of receipt, also where today would do."""
    code = make_round(store, clock, opens_on=date(2026, 3, 1))
    asked, who = load_shipped("service-counter"), somebody(code)
    day = date(2026, 3, 1) - timedelta(days=before)
    answers = read_answers(asked, {"rating": "satisfied"})
    whole = WholeForm(asked, who, answers, completed_on=day, received_on=day)
    with store.transaction() as session, pytest.raises(RoundClosed):
        keep(session, clock, form_there(session, who), whole)
    assert board(store=store, code=code).complete == 0
