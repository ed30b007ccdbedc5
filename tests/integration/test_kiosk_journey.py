"""A citizen at a counter: one tap answers, every answer costs the same, nothing is left behind (K1-K8, K27)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from survey.questionnaires import load_shipped
from survey.services.places import kiosk_key
from survey.services.rounds import board
from survey.services.settings import Settings
from survey.storage.store import Store
from tests.conftest import SetClock, both_databases
from tests.integration.journeys import Page, Person
from tests.rounds import COMMUNES, make_round

RATING = load_shipped("service-counter").item("rating")
assert RATING.scale is not None
ANSWERS = [option.id for option in RATING.scale.options]


def _address(settings: Settings, code: str, unit: str = COMMUNES[0]) -> str:
    assert settings.secret_key
    return f"/kiosk/{code}/{unit}/{kiosk_key(settings.secret_key, code, unit)}/"


def _rate(person: Person, address: str, answer: str) -> list[Page]:
    """Walk from the first screen to the thanks; give every screen on the way."""
    return [
        person.open(address),
        person.send(),
        person.send({"rating": answer}),
        person.send(),
    ]


@both_databases
def test_every_answer_takes_the_same_screens_and_ends_in_the_same_thanks(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person]
) -> None:
    """K3 and K4: equal taps, and a thank-you page that is byte for byte the same but for the token
    (and, on the questions, the mark of the visit)."""
    code = make_round(store, clock)
    walks = [_rate(person(), _address(settings, code), answer) for answer in ANSWERS]
    for screens in zip(*walks, strict=True):
        assert (
            len({re.sub(r'name="(csrf_token|form)" value="[^"]*"', "", page.html) for page in screens}) == 1
        )
    counts = board(store=store, code=code)
    assert counts.complete == len(ANSWERS)
    assert counts.by_evidence == {"C": len(ANSWERS)}
    assert counts.by_channel == {"kiosk": len(ANSWERS)}


@both_databases
def test_the_thanks_return_to_the_start_by_themselves(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock)
    address = _address(settings, code)
    thanks = _rate(person(), address, "satisfied")[-1]
    assert thanks.headers["Refresh"] == f"5; url={address}"
    assert thanks.headers["Cache-Control"] == "no-store"


@both_databases
@pytest.mark.parametrize("screen", ["question", "further"])
def test_without_a_live_visit_every_question_leads_to_the_start(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person], screen: str
) -> None:
    code = make_round(store, clock)
    address = _address(settings, code)
    visitor = person()
    _rate(visitor, address, "satisfied")
    assert visitor.open(address + screen).address == address
    assert visitor.post(address + screen, [("csrf_token", "x"), ("rating", "neutral")]).address == address
    assert board(store=store, code=code).complete == 1


@both_databases
def test_a_kiosk_address_that_this_site_did_not_sign_is_refused(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock)
    key = kiosk_key(settings.secret_key or "", code, COMMUNES[0])
    for address in (
        f"/kiosk/{code}/{COMMUNES[1]}/{key}/",
        f"/kiosk/{code}/{COMMUNES[0]}/{'0' * 20}/",
        f"/kiosk/other/{COMMUNES[0]}/{key}/",
    ):
        assert person().open(address).status == 404


@both_databases
def test_a_visit_dropped_halfway_is_never_counted(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person]
) -> None:
    """K7."""
    code = make_round(store, clock)
    visitor = person()
    address = _address(settings, code)
    visitor.open(address)
    visitor.send()
    visitor.send({"rating": "dissatisfied"})
    visitor.post(address + "restart", [("csrf_token", dict(visitor.page.form.fields)["csrf_token"])])
    assert visitor.page.address == address
    assert board(store=store, code=code).complete == 0


@both_databases
def test_a_comment_too_long_is_shown_again_whole(
    store: Store, clock: SetClock, settings: Settings, person: Callable[[], Person]
) -> None:
    code = make_round(store, clock)
    visitor = person()
    visitor.open(_address(settings, code))
    visitor.send()
    visitor.send({"rating": "dissatisfied"})
    page = visitor.send({"reasons": ["waiting"], "comment": "y" * 3_000})
    assert page.status == 422
    assert "y" * 3_000 in page.html
    assert 'value="waiting" checked' in page.html or 'value="waiting"  checked' in page.html
