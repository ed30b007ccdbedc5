"""A citizen on a phone without scripts: start, pages, review, receipt (K21-K24, P5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from survey.questionnaires import load_shipped
from survey.services.rounds import board, set_status
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.rounds import AGENCIES, COMMUNES, make_round, reopen

USERS = load_shipped("sipas-service-users-2017")


def _round(store: Store, clock: SetClock) -> str:
    return make_round(
        store,
        clock,
        code="dich-vu",
        questionnaire="sipas-service-users-2017",
        population="organisations",
        entry="open",
        units=AGENCIES,
    )


def _first_options(page: Page) -> dict[str, str]:
    """Choose the first option of every question on a page."""
    section = USERS.section(page.address.rsplit("/", 1)[1])
    return {
        item.id: item.scale.options[0].id
        for item in section.items
        if item.scale is not None and item.kind == "single" and f'name="{item.id}"' in page.html
    }


def _fill(person: Person, code: str) -> Page:
    person.open(f"/r/{code}/")
    page = person.send({"unit": AGENCIES[0]})
    for _ in range(30):
        if page.address.endswith("/review"):
            return page
        page = person.send(_first_options(page))
        assert page.status == 200, page.text
    raise AssertionError("the review was never reached")


@both_databases
def test_a_form_is_filled_reviewed_and_sent_and_the_receipt_holds_no_answer(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = _round(store, clock)
    citizen = person()
    review = _fill(citizen, code)
    assert USERS.items[0].text.in_("vi") in review.text
    receipt = citizen.send()
    assert receipt.status == 200
    assert receipt.address.endswith("/receipt")
    first = USERS.items[0]
    assert first.scale is not None
    assert first.scale.options[0].label.in_("vi") not in receipt.text
    counts = board(store=store, code=code)
    assert counts.complete == 1
    assert counts.by_evidence == {"C": 1}


@both_databases
def test_double_click_back_and_resubmit_give_one_response_and_the_same_receipt(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = _round(store, clock)
    citizen = person()
    review = _fill(citizen, code)
    first = citizen.send()
    again = citizen.post(review.form.action, review.form.fields)
    assert first.text == again.text
    assert citizen.open(f"/r/{code}/review").text == first.text
    assert board(store=store, code=code).complete == 1


@both_databases
def test_a_wrong_answer_is_said_beside_its_question_and_nothing_typed_is_lost(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    citizen.send({"rating": "satisfied"})
    citizen.send({"reasons": ["waiting", "attitude"]})
    words = "Cần thêm ghế. " * 100
    page = citizen.send({"comment": words})
    assert page.status == 422
    assert "<title>Lỗi:" in page.html
    assert 'id="comment-problem"' in page.html
    assert 'href="#comment"' in page.html
    assert dict(page.form.fields)["comment"].strip() == words.strip()
    assert citizen.send({"comment": "Cần thêm ghế."}).address.endswith("/review")


@both_databases
@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("no_such_item", "1", 422),
        ("rating", "seven", 422),
        ("comment", "answers of another page", 422),
        ("rating", "", 422),
    ],
)
def test_what_the_page_did_not_ask_is_refused(
    store: Store, clock: SetClock, person: Callable[[], Person], name: str, value: str, status: int
) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    page = citizen.send({name: value})
    assert page.status == status
    assert "error-summary" in page.html
    assert "Traceback" not in page.html


@both_databases
def test_switching_the_language_in_a_form_keeps_what_was_typed(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    page = citizen.send({"rating": "neutral", "language": "en"})
    assert 'lang="en"' in page.html
    assert dict(page.form.fields)["rating"] == "neutral"
    assert citizen.send().address.endswith("/s/reasons")
    assert '<html lang="en">' in citizen.page.html


@both_databases
def test_a_stale_page_asks_to_send_again_and_keeps_the_answers(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """F15: a rotated secret or lost session must not cost the answers."""
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    page = citizen.send({"rating": "neutral", "csrf_token": "stale"})
    assert page.status == 400
    assert "bấm gửi một lần nữa" in page.text
    assert dict(page.form.fields)["rating"] == "neutral"
    assert citizen.send().address.endswith("/s/reasons")


@both_databases
def test_a_page_of_another_form_is_refused_not_mixed(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """eq-questionnaire-runner #379: two tabs, two forms."""
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    old = citizen.send({"unit": COMMUNES[0]})
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[1]})
    page = citizen.post(old.form.action, [*old.form.fields, ("rating", "neutral")])
    assert page.status == 409
    assert "SVY-409-92" in page.text
    citizen.open(f"/r/{code}/s/rating")
    assert citizen.send({"rating": "neutral"}, without=("form",)).status == 409


@both_databases
def test_getting_a_page_twenty_times_writes_nothing(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    """K23: link previews fetch pages."""
    code = make_round(store, clock, code="quay", entry="counter")
    for _ in range(20):
        assert person().open(f"/r/{code}/").status == 200
    with store.reading() as session:
        from survey.storage.models import DraftRow

        assert session.query(DraftRow).count() == 0


@both_databases
def test_a_closed_round_says_so_and_the_draft_waits(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    page = citizen.send({"rating": "neutral"})
    set_status(store=store, clock=clock, code=code, status="closed", actor="tests")
    assert citizen.send().status == 410
    reopen(store, clock, code)
    assert citizen.open(page.address).status == 200
    assert 'value="neutral" checked' in citizen.open(f"/r/{code}/s/rating").html


@both_databases
def test_a_question_that_an_answer_brings_up_is_asked_on_the_same_page(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="sipas", questionnaire="sipas-households-2024", entry="open")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    page = citizen.open(f"/r/{code}/s/A8a")
    assert 'name="A8.trips"' not in page.html
    page = citizen.send({"A8.used": "yes"})
    assert page.address.endswith("/s/A8a")
    assert 'name="A8.trips"' in page.html
    page = citizen.send()
    assert page.address.endswith("/s/A7")


@both_databases
def test_a_page_off_the_path_is_not_shown(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="sipas", questionnaire="sipas-households-2024", entry="open")
    citizen = person()
    citizen.open(f"/r/{code}/")
    citizen.send({"unit": COMMUNES[0]})
    citizen.open(f"/r/{code}/s/A8a")
    citizen.send({"A8.used": "no"})
    assert citizen.open(f"/r/{code}/s/B2.1").status == 404


@both_databases
def test_the_next_person_on_the_same_phone_starts_empty(
    store: Store, clock: SetClock, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock, code="quay", entry="counter")
    citizen = person()
    for expected in (1, 2):
        citizen.open(f"/r/{code}/")
        citizen.send({"unit": COMMUNES[0]})
        assert "checked" not in citizen.page.html
        for answers in ({"rating": "satisfied"}, {}, {}):
            citizen.send(answers)
        citizen.send()
        citizen.send()
        assert board(store=store, code=code).complete == expected
