"""The board of terminals, one device's page, and the code that is shown once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.print.typesetting import qr_svg
from survey.services.devices.board import BoardDevice, Gap
from survey.services.devices.enrolment import EnrolmentCode
from survey.services.devices.registry import Device
from survey.storage.models import RoundRow, UnitRow
from survey.units import load_units
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language
from survey.web.office.figures import count, moment
from survey.web.site import site

PLACE = "fieldwork_devices.show"


def board_page(
    round_: RoundRow,
    devices: Sequence[BoardDevice],
    units: Sequence[UnitRow],
    form: Any,
    *,
    problem: str | None = None,
) -> str:
    """Render the board and the form for a new device."""
    listed = [one for one in devices if one.status != "revoked"]
    return fieldwork_page(
        "fieldwork/devices.html",
        round_=round_,
        place=PLACE,
        form=form,
        action=url_for("fieldwork_devices.make", code=round_.code),
        problems=[{"field": None, "text": problem}] if problem else [],
        kinds=_kinds(round_),
        units=[(unit.id, load_units().get(unit.id).full_name) for unit in units],
        chosen={name: form[name].data or "" for name in ("kind", "unit", "stand")},
        figures=_figures(listed),
        columns=[
            {"label": _("Chỗ đặt"), "head": True},
            {"label": _("Đơn vị")},
            {"label": _("Loại")},
            {"label": _("Đợt")},
            {"label": _("Trạng thái")},
            {"label": _("Báo hiệu lần cuối")},
            {"label": _("Chưa gửi"), "numeric": True},
            {"label": _("Pin"), "numeric": True},
            {"label": _("Phiên bản")},
        ],
        rows=[_row(round_, one) for one in listed],
        silent=[place for place, one in enumerate(listed) if one.silent],
        revoked=[_row(round_, one)[:5] for one in devices if one.status == "revoked"],
    )


def device_page(
    round_: RoundRow,
    device: BoardDevice,
    counters: Sequence[RoundRow],
    gaps: Sequence[Gap],
    form: Any,
    *,
    problem: str | None = None,
) -> str:
    """Render one device: its facts, its deeds, its gaps."""
    return fieldwork_page(
        "fieldwork/device.html",
        round_=round_,
        place=PLACE,
        device=device,
        form=form,
        problems=[{"field": None, "text": problem}] if problem else [],
        back=url_for(PLACE, code=round_.code),
        state=_state(device),
        facts=_facts(device),
        rounds=[(one.code, one.title(language())) for one in counters],
        gap_columns=[
            {"label": _("Từ"), "head": True},
            {"label": _("Đến")},
            {"label": _("Số phút"), "numeric": True},
        ],
        gap_rows=[[moment(gap.begins), moment(gap.ends), count(gap.minutes)] for gap in gaps],
    )


def code_page(round_: RoundRow, device: Device, made: EnrolmentCode) -> str:
    """Render an enrolment code, the only time it is shown: to type, and as a QR of the enrolment address."""
    address = site().settings.public_base_url + url_for("devices.show")
    drawn = base64.b64encode(qr_svg(f"{address}#{made.code}").encode()).decode()
    return fieldwork_page(
        "fieldwork/device_code.html",
        round_=round_,
        place=PLACE,
        device=device,
        unit_name=load_units().get(device.unit_id).full_name,
        code_written=made.written,
        address=address,
        qr=f"data:image/svg+xml;base64,{drawn}",
        expires=moment(made.expires_at),
        back=url_for("fieldwork_devices.one", code=round_.code, device=device.id),
    )


def kind_word(kind: str) -> str:
    return {"kiosk": _("Máy tại quầy"), "tablet": _("Máy tính bảng")}[kind]


def _kinds(round_: RoundRow) -> list[tuple[str, str]]:
    kinds = ["kiosk", "tablet"] if round_.entry == "counter" else ["tablet"]
    return [(kind, kind_word(kind)) for kind in kinds]


def _figures(devices: Sequence[BoardDevice]) -> list[dict[str, str]]:
    waiting = sum(one.queue_length or 0 for one in devices)
    counted = (
        (_("Đang chạy"), sum(one.status == "active" and not one.silent for one in devices)),
        (_("Mất tín hiệu"), sum(one.silent for one in devices)),
        (_("Tạm dừng"), sum(one.status == "paused" for one in devices)),
        (_("Phiếu chưa gửi"), waiting),
    )
    return [{"label": label, "value": count(number)} for label, number in counted]


def _state(device: BoardDevice) -> dict[str, str]:
    if device.silent:
        return {"chip": _("Mất tín hiệu"), "tone": "bad"}
    words = {
        "waiting": (_("Chờ ghi danh"), ""),
        "active": (_("Đang chạy"), "good"),
        "paused": (_("Tạm dừng"), "warn"),
        "revoked": (_("Đã thu hồi"), ""),
    }
    chip, tone = words[device.status]
    return {"chip": chip, "tone": tone}


def _row(round_: RoundRow, device: BoardDevice) -> list[Any]:
    address = url_for("fieldwork_devices.one", code=round_.code, device=device.id)
    return [
        {"text": device.stand, "address": address},
        load_units().get(device.unit_id).full_name,
        kind_word(device.kind),
        device.round_code,
        _state(device),
        moment(device.last_seen_at) if device.last_seen_at else None,
        _queue(device),
        None if device.battery is None else f"{device.battery}%",
        device.app_version[:8] if device.app_version else None,
    ]


def _queue(device: BoardDevice) -> str | None:
    if device.queue_length is None:
        return None
    if not device.queue_length or device.queue_oldest_h is None:
        return count(device.queue_length)
    return _("%(count)s, lâu nhất %(hours)s giờ", count=device.queue_length, hours=device.queue_oldest_h)


def _facts(device: BoardDevice) -> list[tuple[str, str]]:
    order = {"written": _("như trong bộ câu hỏi"), "reversed": _("đảo ngược")}
    facts = [
        (_("Đơn vị"), load_units().get(device.unit_id).full_name),
        (_("Loại"), kind_word(device.kind)),
        (_("Đợt"), device.round_code or "–"),
        (_("Ghi danh lúc"), moment(device.enrolled_at) if device.enrolled_at else "–"),
        (_("Báo hiệu lần cuối"), moment(device.last_seen_at) if device.last_seen_at else "–"),
        (_("Chưa gửi"), _queue(device) or "–"),
    ]
    if device.kind == "kiosk":
        facts.append((_("Thứ tự các mức"), order[device.option_order]))
    return facts
