"""A personal link about several units, and answers that are changed until the round closes."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import text

from survey.questionnaires import load_shipped
from survey.services.collection import submit_response
from survey.services.links.errors import StalePage
from survey.services.links.invitations import Judgement, Link, Person, invite_people
from survey.services.links.personal import forms_of_link, open_personal_link
from survey.services.rounds import board, set_status
from survey.services.snapshots import freeze_snapshot
from survey.storage.models import ResponseRow
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page
from tests.integration.journeys import Person as Browser
from tests.rounds import COMMUNES, make_round

ASKED = load_shipped("delegates-assessment")
MakeBrowser = Callable[[], Browser]


def _invited(
    store: Store, clock: SetClock, units: tuple[str, ...] = COMMUNES
) -> tuple[str, tuple[Link, ...]]:
    code = make_round(
        store,
        clock,
        code="cheo",
        questionnaire="delegates-assessment",
        population="delegates",
        entry="personal",
        counted_grades="A",
        units=units,
    )
    people = [
        Person(f"Đại biểu {number}", tuple(Judgement(unit, "Đại biểu") for unit in units))
        for number in range(3)
    ]
    return code, invite_people(store=store, clock=clock, round_code=code, people=people, actor="tests")


def _fill(person: Browser, choice: int = 0) -> Page:
    """Answer every section of the open form and send it."""
    while "/s/" in person.page.address:
        section = ASKED.section(person.page.address.rsplit("/", 1)[1])
        person.send({item.id: item.scale.options[choice].id for item in section.items if item.scale})
    assert person.page.address.endswith("/review"), person.page.text[:500]
    return person.send()


def _units_of(page: Page) -> list[str]:
    return [link for link in page.links if "/u/" in link]


@both_databases
def test_a_link_about_several_units_lists_them_and_says_how_far_each_is(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    code, (link, *_) = _invited(store, clock)
    browser = person()
    first = browser.open(f"/p/link/{link.token}")
    assert first.address == f"/p/{code}/"
    assert "Ông/Bà được mời đánh giá 2 nơi" in first.text
    assert first.text.count("chưa làm") == 2
    units = _units_of(first)
    receipt = _fill_from(browser, units[0])
    assert receipt.address.endswith("/receipt")
    browser.open(units[1])
    section = ASKED.section(browser.page.address.rsplit("/", 1)[1])
    browser.send({item.id: item.scale.options[0].id for item in section.items if item.scale})
    listed = browser.open(f"/p/{code}/")
    assert "Đã gửi 1 trên 2 phiếu" in listed.text
    assert "đang làm" in listed.text
    _fill_from(browser, units[1])
    assert {line.complete for line in board(store=store, code=code).lines} == {1}


def _fill_from(browser: Browser, address: str, choice: int = 0) -> Page:
    browser.open(address)
    return _fill(browser, choice)


@both_databases
def test_each_page_names_the_unit_it_is_about(store: Store, clock: SetClock, person: MakeBrowser) -> None:
    _code, (link, *_) = _invited(store, clock)
    browser = person()
    for address in _units_of(browser.open(f"/p/link/{link.token}")):
        browser.open(address)
        assert re.search(r"Nơi được đánh giá: (Xã|Phường)", browser.page.text)


@both_databases
def test_a_page_about_one_unit_cannot_be_posted_for_another(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    code, (link, *_) = _invited(store, clock)
    browser = person()
    one, other = _units_of(browser.open(f"/p/link/{link.token}"))
    page = browser.open(one)
    refused = browser.post(page.form.action.replace(one, other), page.form.fields)
    assert refused.status == 409
    assert board(store=store, code=code).complete == 0
    with store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM draft")).scalar_one() == 0


@both_databases
def test_a_unit_of_somebody_elses_link_is_as_good_as_absent(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    code, (link, *_) = _invited(store, clock, units=COMMUNES[:1])
    browser = person()
    browser.open(f"/p/link/{link.token}")
    assert browser.open(f"/p/{code}/u/{COMMUNES[1]}/").status == 404
    assert browser.open(f"/p/{code}/u/nowhere/s/{ASKED.sections[0].id}").status == 404


@both_databases
def test_an_answer_may_be_changed_until_the_round_closes_and_the_last_counts(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    """T3, O1: a new empty form, a new row that supersedes; what was answered is never shown again."""
    code, (link, *_) = _invited(store, clock, units=COMMUNES[:1])
    browser = person()
    browser.open(f"/p/link/{link.token}")
    browser.open(next(link for link in browser.page.links if "/s/" in link))
    _fill(browser)
    first = browser.page
    again = browser.post(first.form.action, first.form.fields)
    assert "/s/" in again.address
    assert " checked" not in again.html
    assert "vẫn được tính cho đến khi gửi" in again.text
    assert board(store=store, code=code).complete == 1
    second = _fill(browser, choice=1)
    assert second.address == first.address
    assert board(store=store, code=code).complete == 1
    with store.reading() as session:
        rows = session.query(ResponseRow).all()
    assert len(rows) == 2
    old, new = sorted(rows, key=lambda row: row.supersedes is not None)
    assert new.supersedes == old.response_id
    assert len({row.psu for row in rows}) == 1
    frozen = freeze_snapshot(store=store, clock=clock, round_code=code, actor="tests")
    assert frozen.rows == 1
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    closed = browser.open(f"/p/link/{link.token}")
    assert closed.address.endswith("/receipt")
    assert "Sửa câu trả lời" not in closed.text
    assert browser.post(first.form.action, first.form.fields).status == 410


@both_databases
def test_a_page_of_a_form_that_was_sent_elsewhere_is_refused_in_sight(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    """O1: a stale base is a visible 409, not a silent overwrite."""
    code, (link, *_) = _invited(store, clock, units=COMMUNES[:1])
    phone, laptop = person(), person()
    for browser in (phone, laptop):
        browser.open(f"/p/link/{link.token}")
        browser.open(next(link for link in browser.page.links if "/s/" in link))
    stale = laptop.page
    _fill(phone)
    refused = laptop.post(stale.form.action, stale.form.fields)
    assert refused.status == 409
    assert "SVY-409-230" in refused.text
    receipt = phone.page
    phone.post(receipt.form.action, receipt.form.fields)
    refused = laptop.post(stale.form.action, stale.form.fields)
    assert refused.status == 409
    assert board(store=store, code=code).complete == 1


@both_databases
def test_two_rows_never_take_the_place_of_one(store: Store, clock: SetClock) -> None:
    code, (link, *_) = _invited(store, clock, units=COMMUNES[:1])
    raw = {item.id: item.scale.options[0].id for item in ASKED.items if item.scale}
    opened = open_personal_link(store=store, token=link.token)
    (form,) = forms_of_link(store=store, link=opened)
    submit_response(store=store, clock=clock, respondent=form.respondent, raw=raw)
    (form,) = forms_of_link(store=store, link=opened)
    newer = opened.following(form)
    submit_response(store=store, clock=clock, respondent=newer, raw=raw)
    from dataclasses import replace

    with pytest.raises(StalePage):
        submit_response(store=store, clock=clock, respondent=replace(newer, response_id=uuid4()), raw=raw)
    assert board(store=store, code=code).complete == 1


@both_databases
def test_the_twelfth_change_is_as_good_as_the_first(store: Store, clock: SetClock) -> None:
    """Revisions are looked for four at a time: none is overlooked."""
    code, (link, *_) = _invited(store, clock)
    raw = {item.id: item.scale.options[0].id for item in ASKED.items if item.scale}
    opened = open_personal_link(store=store, token=link.token)
    for _ in range(12):
        form, other = forms_of_link(store=store, link=opened)
        who = opened.following(form) if form.counts else form.respondent
        submit_response(store=store, clock=clock, respondent=who, raw=raw)
    form, other = forms_of_link(store=store, link=opened)
    assert (form.standing, form.revision, other.standing) == ("sent", 11, "untouched")
    assert board(store=store, code=code).complete == 1


@both_databases
def test_a_receipt_is_the_same_whatever_was_answered(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    """T3: a screenshot of the receipt proves nothing."""
    _code, links = _invited(store, clock, units=COMMUNES[:1])
    pages = []
    for link, choice in zip(links, (0, 1, 2), strict=True):
        browser = person()
        browser.open(f"/p/link/{link.token}")
        browser.open(next(link for link in browser.page.links if "/s/" in link))
        pages.append(_plain(_fill(browser, choice).html))
    assert len(set(pages)) == 1


def _plain(html: str) -> str:
    """Leave out what is random on every page: tokens and the receipt's code."""
    html = re.sub(r'name="csrf_token" value="[^"]*"', "", html)
    return re.sub(r"[A-Z2-7]{5}-[A-Z2-7]{5}", "", html)


@both_databases
def test_unknown_revoked_and_malformed_links_cannot_be_told_apart(
    store: Store, clock: SetClock, person: MakeBrowser
) -> None:
    """T21: the same status, the same headers, the same page but for its reference number."""
    _code, (link, *_) = _invited(store, clock)
    with store.transaction() as session:
        session.execute(text("UPDATE invitation SET revoked_on = '2026-03-02'"))
    told = set()
    for token in (link.token, "A" * 22, "x", "%C2%A0", "…" * 30):
        page = person().open(f"/p/link/{token}")
        html = re.sub(r"[0-9a-f]{8}", "", _plain(page.html))
        headers = tuple(
            sorted((n, v) for n, v in page.headers.items() if n not in ("Content-Length", "Set-Cookie"))
        )
        told.add((page.status, html, headers))
    assert len(told) == 1


@both_databases
def test_an_answer_kept_by_version_0_1_0_is_found_again_and_not_given_twice(
    store: Store, clock: SetClock
) -> None:
    """That version derived the id of a link's response without its unit."""
    import hmac
    from dataclasses import replace
    from uuid import UUID

    from survey.services.round_keys import round_key
    from survey.storage.models import InvitationRow

    code, (link, *_) = _invited(store, clock, units=COMMUNES[:1])
    with store.reading() as session:
        ballot = session.query(InvitationRow).filter_by(person_ref="Đại biểu 0").one().ballot
    earlier = UUID(bytes=hmac.digest(round_key(store.keys, code), bytes.fromhex(ballot), "sha256")[:16])
    opened = open_personal_link(store=store, token=link.token)
    raw = {item.id: item.scale.options[0].id for item in ASKED.items if item.scale}
    who = replace(opened.respondent(COMMUNES[0]), response_id=earlier)
    submit_response(store=store, clock=clock, respondent=who, raw=raw)
    (form,) = forms_of_link(store=store, link=opened)
    assert (form.standing, form.respondent.response_id) == ("sent", earlier)
    assert opened.following(form).supersedes == earlier
