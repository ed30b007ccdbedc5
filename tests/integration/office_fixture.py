"""A small filled round, and officials with accounts to look at it.

Not the whole demonstration: four units of two blocks, one with too few forms to be ranked.
"""

from __future__ import annotations

import random

from survey.questionnaires import load_shipped
from survey.services.clock import Clock
from survey.services.rounds import JudgedUnit
from survey.storage.store import Store
from tests.accounts import PASSWORD, make_account
from tests.filled_forms import FilledForm, add_forms
from tests.integration.journeys import Page, Person
from tests.rounds import PROVINCE, make_round

CODE = "quay-nho"
ELSEWHERE = "p34-96"
#: Unit, block, forms handed out, forms received: the last of them too few for a place.
JUDGED = (
    ("c34-24823", "Phường", 50, 40),
    ("c34-24820", "Phường", 50, 32),
    ("c34-25054", "Xã", 40, 30),
    ("c34-25084", "Xã", 40, 12),
)
RECEIVED = sum(received for *_, received in JUDGED)
_RATINGS = ("very_satisfied", "satisfied", "satisfied", "neutral", "dissatisfied")


def fill(store: Store, clock: Clock, code: str = CODE, unit_id: str = PROVINCE) -> str:
    """Make a simulated counter round and fill it, the same every time."""
    asked = load_shipped("service-counter")
    make_round(
        store,
        clock,
        code=code,
        title=("Đợt nhỏ (mô phỏng)", "A small round (simulated)"),
        questionnaire=asked,
        counted_grades="AB",
        units=[JudgedUnit(unit, block, issued) for unit, block, issued, _ in JUDGED],
        unit_id=unit_id,
        simulated=True,
    )
    chance = random.Random(code)
    forms = (
        FilledForm(unit, f"{unit}:{number % 5}", {"rating": chance.choice(_RATINGS)})
        for unit, _block, _issued, received in JUDGED
        for number in range(received)
    )
    add_forms(store, code, asked, forms, chance)
    return code


def official(
    store: Store, clock: Clock, person: Person, role: str = "official", unit_id: str = PROVINCE
) -> Person:
    """Give a person an account and sign them in."""
    login = f"{role}.{unit_id}"
    make_account(store, clock, login, role, unit_id)
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
