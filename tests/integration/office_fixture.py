"""A small filled round, and officials with accounts to look at it.

Not the whole demonstration: four units of two blocks, one with too few forms to be ranked.
"""

from __future__ import annotations

import random
from datetime import date
from uuid import UUID

from survey.questionnaires import answers_sha256, load_shipped, read_answers
from survey.services.accounts import add_account
from survey.services.clock import Clock
from survey.services.rounds import JudgedUnit, NewRound, create_round, set_status
from survey.storage import responses, rounds
from survey.storage.store import Store
from tests.integration.journeys import Page, Person
from tests.rounds import PROVINCE

CODE = "quay-nho"
ELSEWHERE = "p34-96"
PASSWORD = "bốn chữ dễ nhớ"
#: Unit, block, forms handed out, forms received: the last of them too few for a place.
JUDGED = (
    ("c34-24823", "Phường", 50, 40),
    ("c34-24820", "Phường", 50, 32),
    ("c34-25054", "Xã", 40, 30),
    ("c34-25084", "Xã", 40, 12),
)
RECEIVED = sum(received for *_, received in JUDGED)


def fill(store: Store, clock: Clock, code: str = CODE, unit_id: str = PROVINCE) -> str:
    """Make a simulated counter round and fill it, the same every time."""
    asked = load_shipped("service-counter")
    create_round(
        store=store,
        clock=clock,
        actor="tests",
        new=NewRound(
            code=code,
            title_vi="Đợt nhỏ (mô phỏng)",
            title_en="A small round (simulated)",
            population="citizens",
            questionnaire=asked,
            unit_id=unit_id,
            year=2026,
            entry="counter",
            counted_grades="AB",
            opens_on=date(2026, 1, 1),
            closes_on=date(2026, 12, 31),
            units=[JudgedUnit(unit, block, issued) for unit, block, issued, _ in JUDGED],
            simulated=True,
        ),
    )
    set_status(store=store, clock=clock, code=code, status="open", actor="tests")
    chance = random.Random(code)
    with store.transaction() as session:
        round_ = rounds.round_by_code(session, code)
        assert round_ is not None
        rows = []
        for unit, _block, _issued, received in JUDGED:
            for number in range(received):
                rating = chance.choice(
                    ("very_satisfied", "satisfied", "satisfied", "neutral", "dissatisfied")
                )
                answers = read_answers(asked, {"rating": rating})
                rows.append(
                    {
                        "round_id": round_.id,
                        "response_id": UUID(int=chance.getrandbits(128)),
                        "questionnaire_sha256": asked.sha256,
                        "unit_id": unit,
                        "channel": "kiosk",
                        "evidence": "B",
                        "stratum": unit,
                        "psu": f"{unit}:{number % 5}",
                        "base_weight": 1.0,
                        "answers": dict(answers),
                        "payload_sha256": answers_sha256(asked, answers),
                        "day_received": date(2026, 3, 2),
                        "simulated": True,
                    }
                )
        responses.add_responses(session, rows)
    return code


def official(
    store: Store, clock: Clock, person: Person, role: str = "official", unit_id: str = PROVINCE
) -> Person:
    """Give a person an account and sign them in."""
    login = f"{role}.{unit_id}"
    add_account(
        store=store,
        clock=clock,
        login=login,
        full_name="Nguyễn Thị Hạnh",
        role=role,
        unit_id=unit_id,
        password=PASSWORD,
    )
    person.open("/office/sign-in")
    page = person.send({"login": login, "password": PASSWORD})
    assert page.address == "/office/", page.text[:300]
    return person


def press(person: Person, ending: str, **fields: str) -> Page:
    """Press the button of the form on the page whose address ends so."""
    form = next(form for form in person.page.forms if form.action.endswith(ending))
    kept = [(name, value) for name, value in form.fields if name not in fields]
    return person.post(form.action, kept + list(fields.items()))


def token(person: Person) -> str:
    """Take the token of the page, as its forms send it."""
    return next(value for form in person.page.forms for name, value in form.fields if name == "csrf_token")
