"""The board of terminals: make, enrol, pause, resume, move and revoke devices (K10, K20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from survey.errors import SurveyError
from survey.services.devices import registry as devices
from survey.services.devices.board import devices_for, gaps_for
from survey.services.devices.enrolment import enrolment_code
from survey.services.devices.errors import BadDevice, NoSuchDevice
from survey.services.permissions import rounds_for
from survey.services.rounds import judged_units
from survey.storage.models import RoundRow
from survey.web.access import account, needs, round_asked
from survey.web.fieldwork.devices.forms import DeviceForm, MoveForm
from survey.web.fieldwork.devices.presenters import board_page, code_page, device_page
from survey.web.languages import language
from survey.web.site import site

fieldwork_devices = Blueprint(
    "fieldwork_devices", __name__, url_prefix="/office/rounds/<code>/fieldwork/devices"
)
_DEEDS: dict[str, Callable[..., None]] = {
    "pause": devices.pause,
    "resume": devices.resume,
    "revoke": devices.revoke,
}


@fieldwork_devices.get("/")
@needs("devices")
def show(code: str) -> str:
    """Show every device of the person's units, and the form for a new one."""
    return _board(round_asked(code), DeviceForm())


@fieldwork_devices.post("/")
@needs("devices")
def make(code: str) -> Any:
    """Make a device; the answer shows its code, which cannot be had again."""
    round_, form = round_asked(code), DeviceForm()
    kind = "tablet" if form.kind.data == "tablet" else "kiosk"
    units = {unit.id for unit in judged_units(store=site().store, code=code)}
    try:
        if form.unit.data not in units:
            raise BadDevice(str(form.unit.data), what="unit")
        made = devices.make_device(
            store=site().store,
            clock=site().clock,
            actor=account().login,
            kind=kind,
            unit_id=str(form.unit.data),
            stand=(form.stand.data or "").replace("\0", ""),
            round_code=code if kind == "kiosk" else None,
        )
    except BadDevice as error:
        return _board(round_, form, problem=_wrong(error)), error.status
    return _with_code(round_, made)


@fieldwork_devices.get("/<uuid:device>")
@needs("devices")
def one(code: str, device: UUID) -> str:
    """Show one device: its state, what may be done with it, and when it was silent."""
    return _one(round_asked(code), device)


@fieldwork_devices.post("/<uuid:device>/code")
@needs("devices")
def new_code(code: str, device: UUID) -> Any:
    """Make another enrolment code; older ones end."""
    return _with_code(round_asked(code), _device(device))


@fieldwork_devices.post("/<uuid:device>/<any(pause, resume, revoke):deed>")
@needs("devices")
def do(code: str, device: UUID, deed: str) -> Any:
    """Pause, resume or revoke a device."""
    round_asked(code)
    found = _device(device)
    _DEEDS[deed](store=site().store, clock=site().clock, actor=account().login, device_id=found.id)
    flash(_done(deed, found.stand), "good")
    return redirect(url_for("fieldwork_devices.one", code=code, device=found.id), 303)


@fieldwork_devices.post("/<uuid:device>/move")
@needs("devices")
def move(code: str, device: UUID) -> Any:
    """Give a device another round, or name its stand anew."""
    round_, found, form = round_asked(code), _device(device), MoveForm()
    following = (form.round.data or "")[:60].replace("\0", "") or None
    if following:
        round_asked(following)  # a round elsewhere is as good as absent
    try:
        devices.move(
            store=site().store,
            clock=site().clock,
            actor=account().login,
            device_id=found.id,
            round_code=following,
            stand=(form.stand.data or "").replace("\0", ""),
        )
    except BadDevice as error:
        return _one(round_, device, problem=_wrong(error)), error.status
    flash(_("Đã đổi. Máy sẽ theo lần báo hiệu tới, chậm nhất 5 phút."), "good")
    return redirect(url_for("fieldwork_devices.one", code=code, device=found.id), 303)


def _device(device_id: UUID) -> devices.Device:
    return devices.device_for(store=site().store, account=account(), device_id=device_id)


def _board(round_: RoundRow, form: DeviceForm, problem: str | None = None) -> str:
    return board_page(
        round_,
        devices_for(store=site().store, clock=site().clock, account=account()),
        judged_units(store=site().store, code=round_.code),
        form,
        problem=problem,
    )


def _one(round_: RoundRow, device_id: UUID, problem: str | None = None) -> str:
    listed = devices_for(store=site().store, clock=site().clock, account=account())
    found = next((line for line in listed if line.id == device_id), None)
    if found is None:
        raise NoSuchDevice(str(device_id))
    counters = [one for one in rounds_for(store=site().store, account=account()) if one.entry == "counter"]
    gaps = gaps_for(store=site().store, clock=site().clock, device_id=device_id)
    return device_page(round_, found, counters, gaps, MoveForm(), problem=problem)


def _with_code(round_: RoundRow, device: devices.Device) -> str:
    made = enrolment_code(store=site().store, clock=site().clock, actor=account().login, device_id=device.id)
    return code_page(round_, device, made)


def _wrong(error: SurveyError) -> str:
    what = {
        "stand": _("chỗ đặt cần từ 1 đến 120 ký tự"),
        "unit": _("hãy chọn một đơn vị mà đợt này đánh giá"),
        "round": _("hãy chọn một đợt có máy tại quầy"),
    }
    return type(error)(what=what[str(error.places["what"])]).text(language())


def _done(deed: str, stand: str) -> str:
    return {
        "pause": _("Đã tạm dừng “%(stand)s”. Máy dừng ở yêu cầu tới, chậm nhất 5 phút.", stand=stand),
        "resume": _("“%(stand)s” được chạy lại.", stand=stand),
        "revoke": _("Đã thu hồi “%(stand)s”. Máy không gửi được gì nữa.", stand=stand),
    }[deed]
