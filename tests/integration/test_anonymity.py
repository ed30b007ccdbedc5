"""R-ANON (a) to (c): no path, no pattern and no log leads from a person to their answers (§4.4).

(d) is in test_sealing.py.
"""

from __future__ import annotations

import http.cookiejar
import io
import logging
import math
import random
import re
import threading
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from waitress import wasyncore
from waitress.server import create_server

from survey.questionnaires import load_shipped
from survey.services.collection import submit_response
from survey.services.links import invitations as inviting
from survey.services.links import reminders
from survey.services.links.invitations import Invitee, Link, invite
from survey.services.links.personal import open_personal_link, response_id_of
from survey.services.round_keys import round_key
from survey.storage.models import Base
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.rounds import AGENCIES, COMMUNES, PROVINCE, make_round

ASKED = load_shipped("delegates-assessment")
CODE = "an-danh"
PEOPLE = 500
UNITS = (*AGENCIES, *COMMUNES, PROVINCE)
#: Tables that many people share a row of; a path through them singles nobody out (the launch check).
SHARED = {"round", "unit", "round_unit", "questionnaire"}


# ---- (a) ----


@both_databases
def test_no_path_of_keys_leads_from_an_invitation_to_a_response(store: Store) -> None:
    """R-ANON (a), on the database as it is: not directly, not through any chain of tables."""
    found = inspect(store.engine)
    beside = defaultdict[str, set[str]](set)
    for table in found.get_table_names():
        for key in found.get_foreign_keys(table):
            if key["referred_table"] not in SHARED and table not in SHARED:
                beside[table].add(key["referred_table"])
                beside[key["referred_table"]].add(table)
    reached, waiting = {"invitation"}, ["invitation"]
    while waiting:
        fresh = beside[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    assert reached == {"invitation", "invited_judgement"}


def test_invitations_and_responses_share_no_column_and_no_time() -> None:
    """R-ANON (a): not even by name, so that no query joins them by mistake; and nothing finer than a day."""
    tables = Base.metadata.tables
    invited = {one.name for table in ("invitation", "invited_judgement") for one in tables[table].columns}
    kept = {one.name for table in ("response", "draft", "response_conflict") for one in tables[table].columns}
    assert invited & kept <= {"id"}
    for table in ("invitation", "invited_judgement", "response", "draft", "response_conflict"):
        finer = [one.name for one in tables[table].columns if "DateTime" in type(one.type).__name__]
        assert finer == [], table


# ---- (b) ----


@both_databases
def test_a_dump_and_the_mail_log_link_five_hundred_ballots_no_better_than_chance(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-ANON (b): orders of rows and ids, dates, labels, weights and reminders are tried.

    Pairing people and responses of one cell at random gets one right a cell, whatever its size (fixed points of a
    random permutation: mean 1, variance 1); a cell that the mail log divides counts as its parts. Over all attacks the mean stays within two standard deviations of that; of
    168 tries at random the luckiest lies near four, so none may go beyond five. With the key all 500 are right.
    """
    rng = random.Random(20260302)
    _seed(monkeypatch, rng)
    truth, mailed = _survey(store, clock, rng)
    dump = _dump(store)
    attacks = list(_attacks(dump, mailed))
    assert len(attacks) == 168
    classes = max(len(groups) for _name, groups in attacks)
    over = {}
    for name, groups in attacks:
        right = sum(
            truth[person] == response
            for people, answers in groups
            for person, response in zip(people, answers, strict=False)
        )
        # On PostgreSQL a reminder writes a person's row at a new place: that order tells what the mail log tells.
        chance = classes if name.startswith(("place/", "xmin/")) else len(groups)
        over[name] = (right - chance) / math.sqrt(chance)
    assert sum(over.values()) / len(over) <= 2
    assert max(over.values()) <= 5, max(over, key=lambda name: over[name])
    key = round_key(store.keys, CODE)
    by_key = {row["id"]: response_id_of(key, row["ballot"], row["judges"]).hex for row in dump["people"]}
    assert by_key == truth


@both_databases
def test_no_group_that_a_dump_or_the_mail_log_tells_apart_is_below_three(
    store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(4)
    _seed(monkeypatch, rng)
    _truth, mailed = _survey(store, clock, rng, people=120)
    sizes = defaultdict[object, int](int)
    for row in _dump(store)["people"]:
        sent = tuple(row["id"] in letters for letters in mailed)
        sizes[row["judges"], row["grp"], row["cluster"], row["weight"], row["sent_on"], sent] += 1
    assert min(sizes.values()) >= 3


def _seed(monkeypatch: pytest.MonkeyPatch, rng: random.Random) -> None:
    """Make ids, tokens and the key repeatable: a test of two standard deviations must not flicker."""
    monkeypatch.setattr(inviting, "uuid4", lambda: UUID(int=rng.getrandbits(128)))
    monkeypatch.setattr(inviting, "new_token", lambda: f"{rng.getrandbits(128):032x}")
    monkeypatch.setattr(reminders, "new_token", lambda: f"{rng.getrandbits(128):032x}")
    monkeypatch.setattr("survey.services.round_keys.secrets.token_bytes", rng.randbytes)


def _survey(
    store: Store, clock: SetClock, rng: random.Random, people: int = PEOPLE
) -> tuple[dict[str, str], list[set[str]]]:
    """Invite, let answer in a random order over two weeks with two reminders; give who sent what, and the mail log."""
    make_round(
        store, clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=UNITS,
    )  # fmt: skip
    invitees = [
        Invitee(f"Người {n:03d}", UNITS[n % len(UNITS)], f"nhóm {n // len(UNITS) % 2}") for n in range(people)
    ]
    links = {
        link.person_ref: link for link in invite(store=store, clock=clock, round_code=CODE, invitees=invitees)
    }
    ids = {row["person"]: row["id"] for row in _dump(store)["people"]}
    waiting, truth, mailed = list(links), {}, []
    rng.shuffle(waiting)
    for day in range(14):
        clock.move(days=1)
        if day in (5, 9):
            made = reminders.remind(store=store, clock=clock, round_code=CODE, actor="tests")
            links |= {link.person_ref: link for link in made}
            mailed.append({ids[link.person_ref] for link in made})
        for _ in range(math.ceil(len(waiting) / (14 - day))):
            person = waiting.pop()
            truth[ids[person]] = _answer(store, clock, links[person], rng).hex
    return truth, mailed


def _answer(store: Store, clock: SetClock, link: Link, rng: random.Random) -> UUID:
    opened = open_personal_link(store=store, token=link.token)
    who = opened.respondent(opened.units[0])
    raw = {item.id: rng.choice(item.scale.options).id for item in ASKED.items if item.scale}
    submit_response(store=store, clock=clock, respondent=who, raw=raw)
    return who.response_id


Rows = list[dict[str, Any]]


def _dump(store: Store) -> dict[str, Rows]:
    """Read all that a dump holds, with the database's own places of rows."""
    sqlite = store.engine.dialect.name == "sqlite"
    place = "{0}.rowid" if sqlite else "({0}.ctid::text::point)[0] * 1000 + ({0}.ctid::text::point)[1]"
    xmin = "0" if sqlite else "{0}.xmin::text::bigint"
    people = text(
        f"SELECT i.id, i.person_ref AS person, i.ballot, i.token_hash, i.sent_on, i.reminded_on, i.reminders, "  # noqa: S608  # our own words
        f'j.judges, j."group" AS grp, j.cluster, j.design_weight AS weight, {place.format("i")} AS place, '
        f"{place.format('j')} AS place2, {xmin.format('i')} AS xmin "
        "FROM invitation i JOIN invited_judgement j ON j.invitation_id = i.id"
    )
    responses = text(
        f"SELECT r.response_id AS id, r.unit_id, r.stratum, r.psu, r.base_weight, r.payload_sha256, "  # noqa: S608  # our own words
        f"r.day_received, {place.format('r')} AS place, {xmin.format('r')} AS xmin FROM response r"
    )
    with store.reading() as session:
        told = {
            "people": [dict(row) for row in session.execute(people).mappings()],
            "responses": [dict(row) for row in session.execute(responses).mappings()],
        }
    for rows in told.values():
        for row in rows:
            row["id"] = row["id"].hex if isinstance(row["id"], UUID) else row["id"].replace("-", "")
    return told


Groups = list[tuple[list[str], list[str]]]


def _attacks(dump: dict[str, Rows], mailed: Sequence[set[str]]) -> Iterator[tuple[str, Groups]]:
    """Pair people and responses within what is known to belong together, in every order that a dump has."""
    own = ("id", "person", "ballot", "token_hash", "place", "place2", "xmin")
    theirs = ("id", "psu", "payload_sha256", "day_received", "place", "xmin")
    for by_mail in (False, True):
        people, answers = defaultdict[object, Rows](list), defaultdict[object, Rows](list)
        for row in dump["people"]:
            letters = tuple(row["id"] in some for some in mailed) if by_mail else ()
            people[row["judges"], row["grp"], row["weight"], letters].append(row)
        days = sorted({str(row["reminded_on"])[:10] for row in dump["people"] if row["reminded_on"]})
        for row in dump["responses"]:
            day = str(row["day_received"])[:10]
            # Before the first reminder, and so without a letter; or after one, and so with all before it.
            after = tuple(day >= one for one in _reminder_days(dump, days)) if by_mail else ()
            answers[row["unit_id"], row["stratum"], row["base_weight"], after].append(row)
        for first in own:
            for second in theirs:
                for backward in (False, True):
                    yield (
                        f"{first}/{second}/{backward}/{by_mail}",
                        [
                            (_ids(people[cell], first), _ids(answers.get(cell, []), second, backward))
                            for cell in people
                        ],
                    )


def _reminder_days(dump: dict[str, Rows], days: Sequence[str]) -> tuple[str, ...]:
    """Give the two days of the mail log: the round began on 2026-03-02, reminders went out on its 6th and 10th."""
    return ("2026-03-08", "2026-03-12") if len(days) <= 2 else tuple(days)


def _ids(rows: Rows, order: str, backward: bool = False) -> list[str]:
    ordered = sorted(rows, key=lambda row: (str(row[order]) if order != "place" else row[order], row["id"]))
    return [row["id"] for row in (reversed(ordered) if backward else ordered)]


# ---- (c) ----


@contextmanager
def _served(app: Flask) -> Iterator[tuple[str, io.StringIO]]:
    """Serve the site by waitress, with every log of the process at its most talkative."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", heard
    finally:
        # Its own thread must close the sockets that it is waiting on.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()
        root.removeHandler(handler)
        root.setLevel(before)


def test_no_token_and_no_id_beside_a_person_stands_in_any_log_or_file(
    store: Store, clock: SetClock, app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    """R-ANON (c), T22: after a whole journey over waitress, with errors on the way."""
    make_round(
        store, clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=(PROVINCE,),
    )  # fmt: skip
    people = [Invitee(f"Người {n}", PROVINCE, "Đại biểu") for n in range(3)]
    links = invite(store=store, clock=clock, round_code=CODE, invitees=people)
    with _served(app) as (address, heard):
        for link in links[:2]:
            _journey(address, link.token)
        for path in (f"/p/link/{links[2].token}/more", f"/p/link/{'x' * 22}", f"/p/{CODE}/review"):
            _open(_browser(), address + path)
    told = heard.getvalue() + "".join(capfd.readouterr())
    assert "SVY-404" in told
    who = [open_personal_link(store=store, token=link.token).respondent(PROVINCE) for link in links]
    for link in links:
        assert link.token not in told
    for one in who:
        assert str(one.response_id) not in told
        assert one.response_id.hex not in told
    assert "Người" not in told
    held = {path.name: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    assert any(name.endswith(".sqlite3-wal") for name in held) or any(".sqlite3" in name for name in held)
    for name, content in held.items():
        assert not any(link.token.encode() in content for link in links), name
    with store.reading() as session:
        for table in ("invitation", "invited_judgement", "audit_event"):
            rows = str([tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608  # our own names
            assert not any(one.response_id.hex in rows or str(one.response_id) in rows for one in who), table
        for table in ("response", "draft", "audit_event"):
            rows = str([tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608  # our own names
            assert "Người" not in rows, table


Open = Callable[..., Any]


def _browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def _open(browser: urllib.request.OpenerDirector, address: str, data: bytes | None = None) -> tuple[str, str]:
    try:
        with browser.open(address, data=data, timeout=20) as answer:
            return answer.geturl(), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.geturl() or "", refused.read().decode()


def _journey(address: str, token: str) -> None:
    """Open a link, answer every section, send, and read the receipt."""
    browser = _browser()
    place, page = _open(browser, f"{address}/p/link/{token}")
    assert token not in place + page
    following = re.search(r'href="([^"]*/s/[^"]*)"', page)
    assert following
    place, page = _open(browser, address + following[1])
    while not place.endswith("/receipt"):
        form = page[page.index('id="answers"') :]
        fields = re.findall(r'<input type="hidden" name="([^"]+)" (?:id="[^"]*" )?value="([^"]*)"', form)
        fields += [
            (name, value) for name, value in re.findall(r'name="(csrf_token)"[^>]*value="([^"]*)"', form)
        ]
        fields += [("form", found) for found in re.findall(r'name="form"[^>]*value="([^"]*)"', form)]
        if "/s/" in place:
            section = ASKED.section(place.rsplit("/", 1)[1])
            fields += [(item.id, item.scale.options[0].id) for item in section.items if item.scale]
        place, page = _open(browser, place, urllib.parse.urlencode(dict(fields)).encode())
    assert token not in page


@both_databases
def test_reminders_of_two_days_are_told_apart_by_what_is_written(store: Store, clock: SetClock) -> None:
    """Each reminder has a bit of its own, so that classes of people are counted by all letters they got."""
    make_round(
        store, clock, code=CODE, questionnaire="delegates-assessment", population="delegates",
        entry="personal", counted_grades="A", units=(PROVINCE,),
    )  # fmt: skip
    invitees = [Invitee(f"Người {n}", PROVINCE, "Đại biểu") for n in range(9)]
    links = {
        one.person_ref: one for one in invite(store=store, clock=clock, round_code=CODE, invitees=invitees)
    }
    rng = random.Random(1)
    written = []
    for some in (range(3), range(3, 6)):
        for number in some:
            _answer(store, clock, links[f"Người {number}"], rng)
        clock.move(days=1)
        made = reminders.remind(store=store, clock=clock, round_code=CODE, actor="tests")
        links |= {one.person_ref: one for one in made}
        written.append(sorted(row["reminders"] for row in _dump(store)["people"]))
    assert written == [[0] * 3 + [1] * 6, [0] * 3 + [1] * 3 + [3] * 3]
    assert all(earlier <= later for earlier, later in pairwise(written))
