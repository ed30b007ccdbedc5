"""Sealing a round by personal link: shuffled, its key destroyed, nothing of the answers changed (§4.4-3)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.questionnaires import load_shipped
from survey.services.accounts import Account, add_account
from survey.services.collection import submit_response
from survey.services.errors import OtherAnswersKept, SamePerson
from survey.services.links.errors import AlreadySealed, LinkEnded, NotGranted, NotReadyToSeal, SealBroken
from survey.services.links.invitations import Judgement, Link, Person, invite_people
from survey.services.links.personal import (
    forms_of_link,
    hash_token,
    open_personal_link,
    response_id_of,
)
from survey.services.links.sealing import SEAL, finish_sealing, step_of, unfinished
from survey.services.review import approvals
from survey.services.round_keys import is_destroyed, round_key
from survey.services.rounds import board, set_status
from survey.services.snapshots import freeze_snapshot, open_snapshot
from survey.storage import responses, rounds
from survey.storage.models import InvitationRow, ResponseConflictRow, ResponseRow, RoundRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person as Browser
from tests.rounds import COMMUNES, PROVINCE, make_round, reopen

ASKED = load_shipped("delegates-assessment")
CODE = "niem-phong"


def _answered(store: Store, clock: SetClock, people: int = 6) -> tuple[Link, ...]:
    """Make a round that people answered: some twice, one of them with other answers under the same id."""
    make_round(
        store,
        clock,
        code=CODE,
        questionnaire="delegates-assessment",
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=COMMUNES,
    )
    invited = [
        Person(f"Đại biểu {number}", tuple(Judgement(unit, "Đại biểu") for unit in COMMUNES))
        for number in range(people)
    ]
    links = invite_people(store=store, clock=clock, round_code=CODE, people=invited, actor="tests")
    for number, link in enumerate(links):
        opened = open_personal_link(store=store, token=link.token)
        for form in forms_of_link(store=store, link=opened):
            submit_response(store=store, clock=clock, respondent=form.respondent, raw=_raw(number % 3))
        if number % 2:
            form = forms_of_link(store=store, link=opened)[0]
            submit_response(store=store, clock=clock, respondent=opened.following(form), raw=_raw(4))
        if number == 0:
            with pytest.raises(OtherAnswersKept):
                submit_response(store=store, clock=clock, respondent=form.respondent, raw=_raw(2))
    set_status(store=store, clock=clock, code=CODE, status="closed", actor="tests")
    return links


def _raw(choice: int) -> dict[str, str]:
    return {item.id: item.scale.options[choice].id for item in ASKED.items if item.scale}


def _account(store: Store, clock: SetClock, login: str, role: str = "official") -> Account:
    add_account(
        store=store,
        clock=clock,
        login=login,
        full_name=login,
        role=role,
        unit_id=PROVINCE,
        password="mot mat khau du dai",
    )
    return Account(login=login, full_name=login, role=role, unit_id=PROVINCE)


def _granted(store: Store, clock: SetClock) -> None:
    lan, minh = _account(store, clock, "lan"), _account(store, clock, "minh", "administrator")
    asked = approvals.ask(
        store=store, clock=clock, account=lan, code=CODE, action=SEAL, details={}, reason="Đợt đã xong"
    )
    with pytest.raises(SamePerson):
        approvals.decide(store=store, clock=clock, account=lan, code=CODE, approval_id=asked, grant=True)
    approvals.decide(store=store, clock=clock, account=minh, code=CODE, approval_id=asked, grant=True)


def _round(store: Store) -> RoundRow:
    with store.reading() as session:
        found = rounds.round_by_code(session, CODE)
    assert found is not None
    return found


def _rows(store: Store) -> list[ResponseRow]:
    with store.reading() as session:
        return list(session.query(ResponseRow).all())


@both_databases
def test_sealing_changes_no_answer_and_leaves_no_id_that_a_link_leads_to(
    store: Store, clock: SetClock
) -> None:
    """R-ANON (d): with the key and every ballot in hand, recomputed ids match no row."""
    links = _answered(store, clock)
    key = round_key(store.keys, CODE)
    with store.reading(consistent=True) as session:
        ballots = [row.ballot for row in session.query(InvitationRow)]
        hashes = list(responses.payload_hashes_of(session, _round(store).id))
    before = _rows(store)
    frozen = freeze_snapshot(store=store, clock=clock, round_code=CODE, actor="tests")
    _granted(store, clock)
    after = _rows(store)
    candidates = {
        response_id_of(key, ballot, unit, revision)
        for ballot in ballots
        for unit in COMMUNES
        for revision in range(10)
    }
    assert len(candidates & {row.response_id for row in before}) == len(before)
    assert not candidates & {row.response_id for row in after}
    assert not candidates & {row.supersedes for row in after}
    assert len(after) == len(before)
    with store.reading(consistent=True) as session:
        assert list(responses.payload_hashes_of(session, _round(store).id)) == hashes
        (conflict,) = session.query(ResponseConflictRow).all()
        assert conflict.response_id in {row.response_id for row in after}
        assert session.execute(text("SELECT count(*) FROM draft")).scalar_one() == 0
    again = freeze_snapshot(store=store, clock=clock, round_code=CODE, actor="tests")
    told = [
        open_snapshot(store=store, code_or_folder=one.code).manifest["data"]["rows_sha256"]
        for one in (frozen, again)
    ]
    assert told[0] == told[1]
    assert board(store=store, code=CODE).complete == frozen.rows
    with pytest.raises(LinkEnded):
        open_personal_link(store=store, token=links[0].token)


@both_databases
def test_what_was_corrected_is_still_corrected_by_the_same_answers(store: Store, clock: SetClock) -> None:
    _answered(store, clock)

    def chains() -> list[tuple[str, str]]:
        rows = {row.response_id: row for row in _rows(store)}
        return sorted(
            (row.payload_sha256, rows[row.supersedes].payload_sha256)
            for row in rows.values()
            if row.supersedes
        )

    before = chains()
    assert len(before) == 3
    _granted(store, clock)
    assert chains() == before


@both_databases
def test_after_sealing_rows_are_as_untouchable_as_before(store: Store, clock: SetClock) -> None:
    _answered(store, clock)
    _granted(store, clock)
    for statement in (
        "DELETE FROM response",
        "UPDATE response SET psu = 'x'",
        "DELETE FROM response_conflict",
    ):
        with pytest.raises(DBAPIError, match="append-only"), store.transaction() as session:
            session.execute(text(statement))


@both_databases
def test_the_rows_stand_in_the_order_of_their_new_ids(store: Store, clock: SetClock) -> None:
    """So nothing tells in which order the answers came."""
    _answered(store, clock)
    _granted(store, clock)
    place = "rowid" if store.engine.dialect.name == "sqlite" else "ctid"
    with store.reading() as session:
        ids = [row[0] for row in session.execute(text(f"SELECT response_id FROM response ORDER BY {place}"))]
    assert ids == sorted(ids)


@both_databases
def test_a_round_that_is_open_or_was_sealed_or_has_no_links_is_not_sealed(
    store: Store, clock: SetClock
) -> None:
    _answered(store, clock)
    reopen(store, clock, CODE)
    with pytest.raises(NotReadyToSeal):
        _granted(store, clock)
    assert not is_destroyed(store.keys, CODE)
    set_status(store=store, clock=clock, code=CODE, status="closed", actor="tests")
    with pytest.raises(NotGranted):
        finish_sealing(store=store, clock=clock, round_code=CODE, actor="tests")
    minh = Account(login="minh", full_name="minh", role="administrator", unit_id=PROVINCE)
    approvals.decide(store=store, clock=clock, account=minh, code=CODE, approval_id=2, grant=True)
    lan = replace(minh, login="lan")
    approvals.ask(store=store, clock=clock, account=lan, code=CODE, action=SEAL, details={}, reason="lại")
    with pytest.raises(AlreadySealed):
        approvals.decide(store=store, clock=clock, account=minh, code=CODE, approval_id=3, grant=True)


@both_databases
def test_a_shuffle_that_lost_an_answer_is_taken_back_whole(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.storage import sealing

    _answered(store, clock)
    before = {row.response_id for row in _rows(store)}
    real = sealing._drop_old

    def lose_one(session: object, round_id: int) -> None:
        real(session, round_id)  # type: ignore[arg-type]  # the session that the shuffle itself gives
        session.execute(  # type: ignore[attr-defined]  # as above
            text("DELETE FROM response WHERE supersedes IS NOT NULL")
        )

    monkeypatch.setattr(sealing, "_drop_old", lose_one)
    with pytest.raises(SealBroken):
        _granted(store, clock)
    assert {row.response_id for row in _rows(store)} == before
    assert not is_destroyed(store.keys, CODE)
    assert _round(store).sealed_on is None


@both_databases
def test_sealing_is_finished_by_command_wherever_it_was_cut_short(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.services.links import sealing

    _answered(store, clock)
    monkeypatch.setattr(sealing, "_after_commit", lambda session, code: None)
    _granted(store, clock)
    assert step_of(store=store, round_=_round(store)) == "key"
    assert unfinished(store=store) == (CODE,)
    told = finish_sealing(store=store, clock=clock, round_code=CODE, actor="tests")
    assert told.found == "key"
    assert step_of(store=store, round_=_round(store)) == "done"
    assert finish_sealing(store=store, clock=clock, round_code=CODE, actor="tests").found == "done"
    assert list(store.keys.iterdir()) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from survey.services import round_keys
from survey.services.review import approvals
from survey.services.links import sealing
from survey.services.accounts import Account
from survey.services.clock import SystemClock
from survey.storage.store import open_store

url, folder, where = sys.argv[1:]
def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before the key":
    sealing.destroy_key = die
else:
    sealing.clean_files = die
store = open_store(url, Path(folder))
minh = Account(login="minh", full_name="minh", role="administrator", unit_id="p34-68")
approvals.decide(store=store, clock=SystemClock(), account=minh, code="niem-phong", approval_id=1, grant=True)
sealing.finish_sealing(store=store, clock=SystemClock(), round_code="niem-phong", actor="tests")
"""


@both_databases
@pytest.mark.parametrize(("where", "step"), [("before the key", "key"), ("before the files", "files")])
def test_a_process_killed_in_the_middle_of_sealing_loses_nothing(
    store: Store, clock: SetClock, where: str, step: str
) -> None:
    _answered(store, clock)
    lan = _account(store, clock, "lan")
    approvals.ask(
        store=store, clock=clock, account=lan, code=CODE, action=SEAL, details={}, reason="Đợt đã xong"
    )
    before = sorted(row.payload_sha256 for row in _rows(store))
    url = store.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, url, str(store.folder), where],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert step_of(store=store, round_=_round(store)) == step
    told = finish_sealing(store=store, clock=clock, round_code=CODE, actor="tests")
    assert (told.found, step_of(store=store, round_=_round(store))) == (step, "done")
    assert sorted(row.payload_sha256 for row in _rows(store)) == before


def test_after_sealing_no_old_id_and_no_key_stands_in_any_file(store: Store, clock: SetClock) -> None:
    """R-ANON (c): the pages and the log of the database are searched, deleted rows too."""
    _answered(store, clock)
    key = round_key(store.keys, CODE)
    old = [row.response_id.hex.encode() for row in _rows(store)]
    _granted(store, clock)
    finish_sealing(store=store, clock=clock, round_code=CODE, actor="tests")
    held = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert [one for one in old if one in held] == []
    assert key not in held
    assert key.hex().encode() not in held


@both_databases
def test_a_link_says_that_its_round_has_ended(
    store: Store, clock: SetClock, person: Callable[[], Browser]
) -> None:
    links = _answered(store, clock)
    browser = person()
    browser.open(f"/p/link/{links[0].token}")
    _granted(store, clock)
    page = browser.open(f"/p/{CODE}/")
    assert page.status == 410
    assert "đã kết thúc" in page.text
    again = person().open(f"/p/link/{links[0].token}")
    assert (again.status, again.address) == (410, "/p/ended")
    assert hash_token(links[0].token)
