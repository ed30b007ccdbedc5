"""A paper desk for the tests: a round on paper, keyers, an official, forms that are back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from survey.services.accounts import Account, account_of_session, add_account, sign_in
from survey.services.clock import Clock, day_in_vietnam
from survey.services.paper.keying import Keyed, key_form
from survey.services.paper.ledger import PrintLine, issue, print_forms, receive
from survey.services.paper.numbers import form_number
from survey.services.paper.response_ids import KEY_FILE, response_id_of
from survey.services.review.rechecks import draw, recheck_id
from survey.services.site_keys import site_key
from survey.storage.store import Store
from tests.rounds import COMMUNES, PROVINCE, make_round

PASSWORD = "mot mat khau du dai"
ROUND = "phieu-giay"
HOUSEHOLDS = "sipas-households-2024"


def paper_round(store: Store, clock: Clock, *, questionnaire: str = "service-counter", **values: Any) -> str:
    return make_round(
        store, clock, code=values.pop("code", ROUND), questionnaire=questionnaire, entry="open",
        counted_grades="A", **values,
    )  # fmt: skip


def line(copies: int = 2, unit: str = COMMUNES[0], psu: str = "Thôn 1", weight: float = 2.5) -> PrintLine:
    return PrintLine(unit, "nông thôn", psu, weight, copies)


def person(
    store: Store, clock: Clock, login: str, role: str = "enumerator", unit_id: str = PROVINCE
) -> Account:
    """Make an account and sign it in."""
    add_account(
        store=store, clock=clock, login=login, full_name=login, role=role, unit_id=unit_id, password=PASSWORD
    )
    secret = sign_in(store=store, clock=clock, login=login, password=PASSWORD)
    found = account_of_session(store=store, clock=clock, secret=secret)
    assert found is not None
    return found


def printed(store: Store, clock: Clock, *lines: PrintLine, code: str = ROUND) -> tuple[str, ...]:
    return print_forms(store=store, clock=clock, actor="tests", code=code, lines=lines or (line(),))[1]


def returned(
    store: Store, clock: Clock, *lines: PrintLine, to: str = "UBND xã", code: str = ROUND
) -> tuple[str, ...]:
    """Print forms, hand them out and take them in, all today."""
    numbers, today = printed(store, clock, *lines, code=code), day_in_vietnam(clock.now())
    issue(store=store, clock=clock, actor="tests", code=code, numbers=numbers, to=to, on=today)
    take_in(store, clock, numbers, today, code=code)
    return numbers


def take_in(store: Store, clock: Clock, numbers: tuple[str, ...], on: date, *, code: str = ROUND) -> None:
    receive(store=store, clock=clock, actor="tests", code=code, numbers=numbers, on=on)


def keyed(
    store: Store, clock: Clock, account: Account, number: str, typed: Mapping[str, Any], **marks: Any
) -> Keyed:
    return key_form(store=store, clock=clock, account=account, number=number, typed=typed, **marks)


#: Numbers of the places below: in the first round of a database, and the seed of its re-check.
DISPUTED, TO_KEY, SEED = form_number(1, 1), form_number(1, 2), "seed of the tests"
#: The site's secret behind paper forms, so that the id below is known beforehand.
PAPER_KEY = b"a secret of the tests"
RECHECK = str(recheck_id(SEED, 1, response_id_of(PAPER_KEY, "quay-thu", form_number(1, 3)).hex))


def paper_places(store: Store, clock: Clock, code: str) -> None:
    """Fill the paper pages of the first round of a database: a disputed form, one to key, one to ask again."""
    site_key(store.keys, KEY_FILE, lambda: PAPER_KEY)
    numbers = returned(store, clock, line(3), code=code)
    assert numbers[:2] == (DISPUTED, TO_KEY)
    first, second = (person(store, clock, login) for login in ("nhap.mot", "nhap.hai"))
    keyed(store, clock, first, DISPUTED, {"rating": "satisfied"})
    keyed(store, clock, second, DISPUTED, {"rating": "neutral", "comment": "Chờ lâu"})
    for keyer in (first, second):
        keyed(store, clock, keyer, numbers[2], {"rating": "satisfied"})
    draw(store=store, clock=clock, actor="tests", code=code, percent=10, seed=SEED)
