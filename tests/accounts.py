"""Accounts for the tests.

Not signing in, which is a walk through the site (tests/integration/office_fixture.py).
"""

from __future__ import annotations

from survey.services.accounts import Account, add_account
from survey.services.clock import Clock
from survey.storage.store import Store
from tests.rounds import PROVINCE

PASSWORD = "bốn chữ dễ nhớ"


def make_account(
    store: Store,
    clock: Clock,
    login: str,
    role: str,
    unit_id: str = PROVINCE,
    *,
    full_name: str = "Nguyễn Thị Hạnh",
    password: str = PASSWORD,
) -> Account:
    """Make an account of a role at a unit."""
    return add_account(
        store=store,
        clock=clock,
        login=login,
        full_name=full_name,
        role=role,
        unit_id=unit_id,
        password=password,
    )
