"""Leaders and delegates by personal link: resumed anywhere until sent, and never joined to a name."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from flask import Flask
from sqlalchemy import inspect

from survey.questionnaires import load_shipped
from survey.services.errors import NoSuchLink, TooFewAlike
from survey.services.links.invitations import (
    Invitee,
    Link,
    hash_token,
    invite,
    respondent_of_link,
    response_id_of,
)
from survey.services.microdata import export_responses
from survey.services.rounds import board
from survey.services.snapshots import freeze_snapshot
from survey.storage import responses, rounds
from survey.storage.models import InvitationRow, InvitedJudgementRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Person
from tests.rounds import PROVINCE, make_round

DELEGATES = load_shipped("delegates-assessment")


def _links(store: Store, clock: SetClock, count: int = 3) -> tuple[str, tuple[Link, ...]]:
    code = make_round(
        store,
        clock,
        code="dai-bieu",
        questionnaire="delegates-assessment",
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=(PROVINCE,),
    )
    people = [Invitee(f"Đại biểu {number}", PROVINCE, "Đại biểu") for number in range(count)]
    return code, invite(store=store, clock=clock, round_code=code, invitees=people)


def _answer_page(person: Person) -> None:
    section = DELEGATES.section(person.page.address.rsplit("/", 1)[1])
    person.send({item.id: item.scale.options[0].id for item in section.items if item.scale})


@both_databases
def test_a_form_begun_on_one_device_is_finished_on_another_and_sent_once(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code, (link, *_) = _links(store, clock)
    phone, laptop = person(), person()
    phone.open(f"/p/link/{link.token}")
    phone.open(phone.page.links[[*map(_is_section, phone.page.links)].index(True)])
    _answer_page(phone)
    laptop.open(f"/p/link/{link.token}")
    assert "Làm tiếp" in laptop.page.text
    laptop.open(next(filter(_is_section, laptop.page.links)))
    while not laptop.page.address.endswith("/review"):
        _answer_page(laptop)
    receipt = laptop.send()
    assert receipt.address.endswith("/receipt")
    assert phone.open(f"/p/link/{link.token}").text == receipt.text
    assert board(store=store, code=code).by_evidence == {"A": 1}


def _is_section(address: str) -> bool:
    return "/s/" in address


@both_databases
def test_opening_a_link_writes_nothing_however_often(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """K23 and §4.4: no "first opened at", nothing to align with the order of responses."""
    _code, (link, *_) = _links(store, clock)
    with store.reading() as session:
        before = _everything(session)
    for _ in range(20):
        person().open(f"/p/link/{link.token}")
    with store.reading() as session:
        assert _everything(session) == before


@both_databases
def test_the_token_leaves_the_address_at_the_first_step(
    store: Store, clock: SetClock, person: Callable[[], Person], app: Flask
) -> None:
    """T22: no log, history or referrer keeps it; and no page writes it."""
    _code, (link, *_) = _links(store, clock)
    reader = person()
    page = reader.open(f"/p/link/{link.token}")
    assert link.token not in page.address
    assert link.token not in page.html
    assert page.headers["Referrer-Policy"] == "no-referrer"


@both_databases
@pytest.mark.parametrize("token", ["nothing", "x" * 22, "%00", "..", "a" * 5_000, "ế"])
def test_every_link_that_does_not_work_looks_the_same(
    store: Store, clock: SetClock, person: Callable[[], Person], token: str
) -> None:
    _links(store, clock)
    page = person().open(f"/p/link/{token}")
    assert page.status == 404
    assert re.sub(r"[0-9a-f]{8}", "", page.text).count("SVY-404") == 1


@both_databases
def test_a_revoked_link_is_dead(store: Store, clock: SetClock) -> None:
    _code, (link, *_) = _links(store, clock)
    with store.transaction() as session:
        session.query(InvitationRow).update({"revoked_on": clock.now().date()})
    with pytest.raises(NoSuchLink):
        respondent_of_link(store=store, token=link.token)


@both_databases
def test_no_column_or_key_leads_from_an_invitation_to_a_response(store: Store, clock: SetClock) -> None:
    """R-ANON (a), on the database as it is."""
    found = inspect(store.engine)
    invitation = {column["name"] for column in found.get_columns("invitation")}
    for table in ("response", "draft", "response_conflict"):
        assert not invitation & {column["name"] for column in found.get_columns(table)} - {"id"}
        referred = {key["referred_table"] for key in found.get_foreign_keys(table)}
        assert "invitation" not in referred
    assert {key["referred_table"] for key in found.get_foreign_keys("invitation")} == {"round"}


@both_databases
def test_without_the_rounds_key_a_dump_of_the_database_links_nobody(store: Store, clock: SetClock) -> None:
    """R-ANON (b): the ids of responses follow from tokens only under a key kept outside the database."""
    code, links = _links(store, clock, count=12)
    raw = {item.id: item.scale.options[0].id for item in DELEGATES.items if item.scale}
    from survey.services.collection import submit_response

    for link in links:
        who, _ = respondent_of_link(store=store, token=link.token)
        submit_response(store=store, clock=clock, respondent=who, raw=raw)
    with store.reading(consistent=True) as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        kept = {row.response_id for row in responses.stream_of(session, round_.id)}
        hashes = [row.token_hash for row in session.query(InvitationRow)]
    key = (store.keys / f"{code}.key").read_bytes()
    assert {response_id_of(key, one, PROVINCE) for one in hashes} == kept
    for guess in (b"", b"\0" * 32, code.encode()):
        assert not {response_id_of(guess, one, PROVINCE) for one in hashes} & kept
    assert {hash_token(link.token) for link in links} == set(hashes)
    assert oct((store.keys / f"{code}.key").stat().st_mode)[-3:] == "600"


@both_databases
def test_people_whose_place_in_the_design_would_name_them_are_not_invited(
    store: Store, clock: SetClock
) -> None:
    """§4.4, launch check: a join on unit, stratum, PSU and weight never leads to fewer than three people."""
    code, _ = _links(store, clock)
    alone = [
        *(Invitee(f"Lãnh đạo {number}", PROVINCE, "Lãnh đạo", "sở") for number in range(3)),
        Invitee("Chủ tịch", PROVINCE, "Lãnh đạo", "ủy ban"),
    ]
    with pytest.raises(TooFewAlike, match="1 cells"):
        invite(store=store, clock=clock, round_code=code, invitees=alone)
    assert board(store=store, code=code).invited == 3
    invite(store=store, clock=clock, round_code=code, invitees=alone[:3])
    invite(store=store, clock=clock, round_code=code, invitees=[replace(alone[0], person_ref="Người thứ tư")])


@both_databases
def test_each_person_of_a_simple_random_sample_is_a_psu_that_no_invitation_names(
    store: Store, clock: SetClock
) -> None:
    _code, links = _links(store, clock)
    people = [respondent_of_link(store=store, token=link.token)[0] for link in links]
    assert len({person.psu for person in people}) == len(links)
    with store.reading() as session:
        assert {row.cluster for row in session.query(InvitedJudgementRow)} == {""}


@both_databases
def test_nothing_on_a_page_or_receipt_stands_in_what_is_kept_or_handed_out(
    store: Store, clock: SetClock, person: Callable[[], Person], tmp_path: Path
) -> None:
    """T5: whoever has seen a person's pages cannot find the person's row in an export, a snapshot or the table."""
    code, (link, *_) = _links(store, clock)
    delegate = person()
    delegate.open(f"/p/link/{link.token}")
    delegate.open(next(filter(_is_section, delegate.page.links)))
    seen = {dict(delegate.page.form.fields)["form"]}
    while not delegate.page.address.endswith("/review"):
        _answer_page(delegate)
    receipt = delegate.send()
    found = re.search(r"[A-Z2-7]{5}-[A-Z2-7]{5}", receipt.text)
    assert found
    who, _round = respondent_of_link(store=store, token=link.token)
    unkeyed = base64.b32encode(hashlib.sha256(f"{code}:{who.response_id.hex}".encode()).digest()).decode()
    assert not unkeyed.startswith(found[0].replace("-", ""))
    seen |= {found[0]}
    target = tmp_path / "all.csv"
    export_responses(store=store, clock=clock, code=code, target=target, actor="tests")
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    frozen_rows = pq.read_table(frozen.folder / "data" / "000001.parquet").to_pylist()
    kept = target.read_bytes() + str(frozen_rows).encode()
    with store.reading() as session:
        kept += str(_everything(session)).encode()
    assert [word for word in seen if word.encode() in kept] == []


@both_databases
def test_a_round_by_personal_link_has_no_open_door(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code, _ = _links(store, clock)
    assert person().open(f"/r/{code}/").status == 404
    assert person().open(f"/p/{code}/").status == 404
    assert person().open(f"/p/{code}/review").status == 404


def _everything(session: object) -> list[tuple[object, ...]]:
    from sqlalchemy import text
    from sqlalchemy.orm import Session

    assert isinstance(session, Session)
    tables = ("invitation", "response", "draft", "audit_event")
    return [tuple(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}"))]
