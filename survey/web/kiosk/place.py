"""Where a kiosk stands: a round, a unit, and the signed part of its address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import current_app, url_for

from survey.services.collection import FormState, form_state
from survey.services.errors import NoSuchRound
from survey.services.places import is_kiosk_key
from survey.units import load_units
from survey.web import cookies
from survey.web.site import site

#: The cookie of a visit.
VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Place:
    """One counter's screen in one round.

    Attributes:
        state: the form of the visit, or an empty one.
        visit: the id of the visit that is under way at this counter; None at the start.
    """

    code: str
    unit: str
    key: str
    state: FormState
    visit: UUID | None

    @property
    def unit_name(self) -> str:
        return load_units().get(self.unit).full_name

    def address(self, endpoint: str) -> str:
        return url_for(endpoint, code=self.code, unit=self.unit, key=self.key)


def place_at(code: str, unit: str, key: str) -> Place:
    """Find the place of an address.

    Raises:
        NoSuchRound: the address was not made by this site, or its round is not for counters.
        RoundClosed: the round takes no answers today.
    """
    if not is_kiosk_key(str(current_app.config["SECRET_KEY"]), code, unit, key):
        raise NoSuchRound(f"kiosk address of {code} and {unit} is not ours")
    visit = _visit()
    state = form_state(store=site().store, clock=site().clock, round_code=code, response_id=visit)
    if state.round.entry != "counter":
        raise NoSuchRound(f"{code} is not for counters")
    return Place(code, unit, key, state, visit if state.unit_id == unit else None)


def _visit() -> UUID | None:
    try:
        return UUID(hex=cookies.read(VISIT) or "")
    except ValueError:
        return None
