"""Where a kiosk stands: the round and the unit of an enrolled device, or of a signed address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import current_app, url_for

from survey.services.collection import FormState, form_state
from survey.services.devices.registry import Device
from survey.services.devices.visits import require_round
from survey.services.errors import NoSuchRound
from survey.services.places import is_kiosk_key
from survey.units import load_units
from survey.web import cookies
from survey.web.access import device
from survey.web.site import site

#: The cookie of a visit.
VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Place:
    """One counter's screen in one round.

    Attributes:
        device: the enrolled kiosk; None in a browser that only has a signed address (decision 0010).
        state: the form of the visit, or an empty one.
        visit: the id of the visit that is under way at this counter; None at the start.
        key: the signed part of the address; None for a device.
    """

    unit: str
    device: Device | None
    state: FormState
    visit: UUID | None
    key: str | None = None

    @property
    def code(self) -> str:
        return self.state.round.code

    @property
    def unit_name(self) -> str:
        return load_units().get(self.unit).full_name

    @property
    def option_order(self) -> str:
        return self.device.option_order if self.device else "written"

    @property
    def is_paused(self) -> bool:
        return self.device is not None and self.device.status == "paused"

    def address(self, screen: str) -> str:
        if self.device:
            return url_for(f"kiosk.{screen}")
        return url_for(f"signed_kiosk.{screen}", code=self.code, unit=self.unit, key=self.key)


def place_of_device() -> Place:
    """Find the place of the enrolled kiosk that asks.

    Raises:
        NotEnrolled: it has no round.
        RoundClosed: the round takes no answers today.
    """
    found = device()
    state, visit = _state(require_round(found), found.unit_id)
    return Place(found.unit_id, found, state, visit)


def place_at(code: str, unit: str, key: str) -> Place:
    """Find the place of a signed address.

    Raises:
        NoSuchRound: the address was not made by this site, or its round is not for counters.
        RoundClosed: the round takes no answers today.
    """
    if not is_kiosk_key(str(current_app.config["SECRET_KEY"]), code, unit, key):
        raise NoSuchRound(f"kiosk address of {code} and {unit} is not ours")
    state, visit = _state(code, unit)
    return Place(unit, None, state, visit, key)


def _state(code: str, unit: str) -> tuple[FormState, UUID | None]:
    visit = _visit()
    state = form_state(store=site().store, clock=site().clock, round_code=code, response_id=visit)
    if state.round.entry != "counter":
        raise NoSuchRound(f"{code} is not for counters")
    return state, visit if state.unit_id == unit else None


def _visit() -> UUID | None:
    try:
        return UUID(hex=cookies.read(VISIT) or "")
    except ValueError:
        return None
