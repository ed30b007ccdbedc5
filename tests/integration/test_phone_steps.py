"""What a phone's steps leave beside the answers: pages counted, pace, circumstances (K25, K26, F15)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from survey.questionnaires import load_shipped
from survey.services.page_counts import EVERY_S, PageCounts, drop_offs
from survey.services.rounds import board
from survey.storage import page_counts
from survey.storage.models import PageCountRow, ParadataRow
from survey.storage.rounds import round_by_code
from survey.storage.store import Store
from survey.web.site import Site
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.rounds import AGENCIES, COMMUNES, make_round

USERS = load_shipped("sipas-service-users-2017")
ASKED = "Mời Ông/Bà đọc kỹ câu hỏi"
PERSONS = Callable[[], Person]


def _round(store: Store, clock: SetClock) -> str:
    return make_round(
        store, clock, code="dich-vu", questionnaire="sipas-service-users-2017", population="organisations",
        entry="open", units=AGENCIES,
    )  # fmt: skip


def _first_options(page: Page) -> dict[str, str]:
    section = USERS.section(page.address.rsplit("/", 1)[1])
    return {
        item.id: item.scale.options[0].id
        for item in section.items
        if item.scale is not None and item.kind == "single" and f'name="{item.id}"' in page.html
    }


def _fill(person: Person, clock: SetClock, seconds: float) -> list[bool]:
    """Fill the form with so many seconds a page; give, page by page, whether it asked to read with care."""
    person.open("/r/dich-vu/")
    page = person.send({"unit": AGENCIES[0]})
    asked = [ASKED in page.text]
    while not page.address.endswith("/review"):
        clock.move(seconds=seconds)
        page = person.send(_first_options(page))
        asked.append(ASKED in page.text)
    return asked


def _paradata(store: Store) -> ParadataRow:
    with store.reading() as session:
        return session.scalars(select(ParadataRow)).one()


def _counts(store: Store) -> dict[str, tuple[int, int]]:
    with store.reading() as session:
        return {row.page: (row.opened, row.completed) for row in session.scalars(select(PageCountRow))}


@both_databases
def test_who_answers_faster_than_one_reads_is_asked_once_to_read_and_may_go_on(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K26: one prompt a form; the response is kept, with a flag and seconds rounded to ten beside it."""
    _round(store, clock)
    citizen = person()
    asked = _fill(citizen, clock, seconds=3)
    assert sum(asked) == 1
    clock.move(seconds=2)
    assert citizen.send().address.endswith("/receipt")
    told = _paradata(store)
    assert told.flags == ["speeding"]
    assert told.duration_s == 30
    assert board(store=store, code="dich-vu").complete == 1


@both_databases
def test_who_reads_is_asked_nothing_and_flagged_nothing(
    store: Store, clock: SetClock, person: PERSONS
) -> None:
    _round(store, clock)
    citizen = person()
    assert not any(_fill(citizen, clock, seconds=40))
    citizen.send()
    told = _paradata(store)
    assert told.flags == []
    assert told.duration_s is not None
    assert told.duration_s % 10 == 0
    assert (told.device_id, told.collected_by, told.procedure_group) == (None, None, None)


@both_databases
def test_no_moment_of_a_form_stands_in_the_database(store: Store, clock: SetClock, person: PERSONS) -> None:
    """T8: the pace is in the browser's signed cookie; a time of day in no column beside a response."""
    _round(store, clock)
    citizen = person()
    _fill(citizen, clock, seconds=7)
    citizen.send()
    moment = str(int(clock.now().timestamp()))[:6]
    with store.reading() as session:
        for table in ("response", "response_paradata", "draft", "page_count"):
            rows = [str(row) for row in session.execute(text(f"SELECT * FROM {table}"))]
            assert not [row for row in rows if moment in row or "03:0" in row], table


@both_databases
@pytest.mark.parametrize("forged", ["", "0.0", "-5.x", "99999999999999." + "0" * 16, "é", "١٢.x"])
def test_a_made_up_opening_time_judges_nobody(
    store: Store, clock: SetClock, person: PERSONS, forged: str
) -> None:
    _round(store, clock)
    citizen = person()
    citizen.open("/r/dich-vu/")
    page = citizen.send({"unit": AGENCIES[0]})
    for _ in range(4):
        page = citizen.send({**_first_options(page), "opened": forged})
        assert page.status == 200
        assert ASKED not in page.text


@both_databases
def test_each_page_is_counted_once_a_form_and_not_before_somebody_sends(
    app: Flask, store: Store, clock: SetClock, person: PERSONS
) -> None:
    """K25: refresh, back and saving again count nothing; the counts bear no id."""
    make_round(store, clock, code="quay", entry="counter")
    site: Site = app.extensions["survey"]
    now = [0.0]
    site.pages = PageCounts(now=lambda: now[0])
    for left_at in ("rating", "reasons", None):
        citizen = person()
        citizen.open("/r/quay/")
        citizen.send({"unit": COMMUNES[0]})
        citizen.open("/r/quay/s/rating")
        citizen.open("/r/quay/s/rating")
        if left_at == "rating":
            continue
        citizen.send({"rating": "satisfied"})
        citizen.open("/r/quay/s/rating")
        citizen.send({"rating": "neutral"})
        if left_at is None:
            for answers in ({"reasons": ["waiting"]}, {"comment": "Tốt"}, {}):
                citizen.send(answers)
    now[0] += EVERY_S
    assert site.pages._waiting
    site.pages.add_if_due(store)
    assert _counts(store) == {"rating": (3, 2), "reasons": (2, 1), "comment": (1, 1), "review": (1, 1)}
    with store.reading() as session:
        assert {row.channel for row in session.scalars(select(PageCountRow))} == {"phone"}


@both_databases
def test_counts_cost_a_step_nothing_and_wait_while_the_database_cannot_take_them(
    app: Flask, store: Store, clock: SetClock, person: PERSONS, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_round(store, clock, code="quay", entry="counter")
    site: Site = app.extensions["survey"]
    now, added = [100.0], list[Any]()
    real = page_counts.add_counts

    def down(*_: Any) -> None:
        raise OperationalError("page_count", None, Exception("down"))

    def watched(session: Any, counts: Any) -> None:
        added.append(counts)
        real(session, counts)

    site.pages = PageCounts(now=lambda: now[0])
    monkeypatch.setattr(page_counts, "add_counts", down)
    citizen = person()
    citizen.open("/r/quay/")
    citizen.send({"unit": COMMUNES[0]})
    assert citizen.send({"rating": "satisfied"}).address.endswith("/s/reasons")
    monkeypatch.setattr(page_counts, "add_counts", watched)
    assert citizen.send({"reasons": ["waiting"]}).address.endswith("/s/comment")
    assert added == []
    now[0] += EVERY_S
    citizen.send({"comment": "Tốt"})
    citizen.send()
    assert len(added) == 1
    assert _counts(store)["rating"] == (1, 1)


@both_databases
def test_two_processes_that_add_their_counts_at_once_lose_none(store: Store, clock: SetClock) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    with store.reading() as session:
        round_ = round_by_code(session, code)
    assert round_ is not None
    day, ready = clock.now().date(), Barrier(4)

    def process(number: int) -> None:
        counts = PageCounts()
        pages = ["rating", "reasons", "comment", "review"]
        for page in pages if number % 2 else reversed(pages):
            for _ in range(25):
                counts.opened(round_.id, "phone", page, day)
                counts.completed(round_.id, "phone", page, day)
        ready.wait()
        counts.add_if_due(store)

    threads = [Thread(target=process, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(_counts(store).values()) == {(100, 100)}


@both_databases
def test_drop_off_is_told_by_page_with_shares_only_of_five_or_more(store: Store, clock: SetClock) -> None:
    """K25: 10 began, 4 left at the first page, 3 of the other 6 sent; a short form's target is 85 %."""
    code = make_round(store, clock, code="quay", entry="counter")
    with store.reading() as session:
        round_ = round_by_code(session, code)
    assert round_ is not None
    day = clock.now().date()
    told = {"rating": (10, 6), "reasons": (6, 5), "comment": (5, 4), "review": (4, 3)}
    with store.transaction() as session:
        page_counts.add_counts(
            session, [(round_.id, "phone", page, day, *both) for page, both in told.items()]
        )
    table = drop_offs(store=store, round_=round_)[0]
    assert [(line.opened, line.completed) for line in table.lines] == list(told.values())
    assert [line.left and round(line.left, 6) for line in table.lines] == [0.4, 0.166667, 0.2, None]
    assert (table.sent, table.target) == (0.3, 0.85)


@both_databases
def test_on_the_last_page_a_new_secret_key_costs_one_more_press_and_no_answer(
    app: Flask, store: Store, clock: SetClock, person: PERSONS
) -> None:
    """F15: the page's form is still known, what was typed stays, and one row comes of it."""
    make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open("/r/quay/")
    citizen.send({"unit": COMMUNES[0]})
    citizen.send({"rating": "satisfied"})
    citizen.send({"reasons": ["waiting"]})
    app.config["SECRET_KEY"] = "another secret of the tests, long enough too"
    page = citizen.send({"comment": "Lời đã gõ"})
    assert page.status == 400
    assert dict(page.form.fields)["comment"].strip() == "Lời đã gõ"
    assert citizen.send().address == "/r/quay/review"
    citizen.client.delete_cookie("page")
    assert citizen.send().status == 400
    assert citizen.send().address == "/r/quay/receipt"
    with store.reading() as session:
        kept = session.execute(text("SELECT answers FROM response")).scalar_one()
    assert "Lời đã gõ" in str(kept) or "L\\u1eddi" in str(kept)
