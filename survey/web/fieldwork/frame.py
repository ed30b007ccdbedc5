"""The frame of a round's fieldwork pages: the round's tabs, and below them the places of fieldwork."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.services.permissions import may
from survey.storage.models import RoundRow
from survey.web.access import account
from survey.web.office.frame import Tab, round_page

HUB = "fieldwork.hub"


def fieldwork_page(template: str, *, round_: RoundRow, place: str, **values: Any) -> str:
    """Render a page of a round's fieldwork; `place` is the endpoint of its place in the navigation."""
    places = [Tab(one.label, one.address, one.endpoint == place) for one in places_of(round_)]
    return round_page(template, round_=round_, tab=HUB, **{"places": places, **values})


@dataclass(frozen=True, slots=True)
class Place:
    """One place of fieldwork that a person may go to: its endpoint, its name and its address."""

    endpoint: str
    label: str
    address: str


def places_of(round_: RoundRow) -> list[Place]:
    """List the places that this person may go to in this round, in the order of the work."""
    listed = (
        (_("Tổng quan"), HUB, "see", True),
        (_("Đường dẫn riêng"), "fieldwork_invitations.show", "arrange", round_.entry == "personal"),
        (_("Phiếu mời có mã"), "fieldwork_slips.show", "arrange", round_.entry != "personal"),
        (_("Máy tính bảng"), "fieldwork_assignments.show", "arrange", round_.entry != "personal"),
        (_("Phiếu giấy"), "paper.desk", "arrange", True),
        (_("Nhập hai lần"), "paper.keyed", "review", round_.entry != "personal"),
        (_("Phúc tra"), "rechecks.show", "review", round_.entry != "personal"),
        (_("Nhập từ tệp"), "fieldwork_imports.show", "arrange", round_.entry != "personal"),
        (_("Bỏ dở theo trang"), "fieldwork_pages.show", "see", True),
        (_("Thiết bị"), "fieldwork_devices.show", "devices", round_.entry != "personal"),
        (_("Rà soát"), "review.alarms", "review", True),
        (_("Đóng và mở lại đợt"), "fieldwork_reopening.show", "arrange", round_.status == "closed"),
    )
    return [
        Place(endpoint, label, url_for(endpoint, code=round_.code))
        for label, endpoint, right, has in listed
        if has and may(account(), right)
    ]
