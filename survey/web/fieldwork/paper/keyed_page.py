"""The page of what was keyed twice: what waits for a third person, and how often two keyings differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text
from survey.services.paper.adjudicating import TwiceKeyed
from survey.services.paper.quality import KeyingQuality
from survey.storage.models import RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.paper.words import KEYED, rate
from survey.web.languages import language


def keyed_page(round_: RoundRow, waiting: Sequence[TwiceKeyed], quality: KeyingQuality) -> str:
    """Render what waits for a third person, and how often keyings differ."""
    return fieldwork_page(
        "fieldwork/paper_keyed.html",
        round_=round_,
        place=KEYED,
        waiting_columns=[
            {"label": _("Số phiếu"), "head": True},
            {"label": _("Đơn vị")},
            {"label": _("Số câu khác nhau"), "numeric": True},
            {"label": _("Việc cần làm")},
        ],
        waiting=[_waiting_row(round_, one) for one in waiting],
        forms=quality.forms,
        item_columns=[
            {"label": _("Câu"), "head": True},
            {"label": _("Số lần nhập đôi"), "numeric": True},
            {"label": _("Khác nhau"), "numeric": True},
            {"label": _("Tỷ lệ khác nhau"), "numeric": True},
        ],
        items=[
            [
                f"{one.number}. {one.item.text.in_(language())}",
                count_text(one.keyed, language()),
                count_text(one.differing, language()),
                rate(one.differing, one.keyed),
            ]
            for one in sorted(quality.items, key=lambda one: (-one.differing / one.keyed, one.number))
            if one.differing
        ],
        keyer_columns=[
            {"label": _("Người nhập"), "head": True},
            {"label": _("Phiếu"), "numeric": True},
            {"label": _("Câu"), "numeric": True},
            {"label": _("Khác người kia"), "numeric": True},
            {"label": _("Tỷ lệ"), "numeric": True},
            {"label": _("Người thứ ba quyết định khác"), "numeric": True},
            {"label": _("Tỷ lệ lỗi"), "numeric": True},
            {"label": _("Chưa quyết định"), "numeric": True},
        ],
        keyers=[
            [
                one.login,
                count_text(one.forms, language()),
                count_text(one.entries, language()),
                count_text(one.differing, language()),
                rate(one.differing, one.entries),
                count_text(one.overruled, language()),
                rate(one.overruled, one.entries),
                count_text(one.open, language()),
            ]
            for one in quality.keyers
        ],
    )


def _waiting_row(round_: RoundRow, one: TwiceKeyed) -> list[Any]:
    address = url_for("paper.differences", code=round_.code, number=one.number)
    if not one.differing:
        to_reject = url_for("paper.form", code=round_.code, number=one.number)
        told = _("Không có câu trả lời ghi nhận được: cần loại phiếu")
        return [one.number, one.unit, "0", {"text": told, "address": to_reject}]
    if one.keyed_by_me:
        return [one.number, one.unit, str(one.differing), _("Người khác quyết định, vì Ông/Bà đã nhập")]
    return [one.number, one.unit, str(one.differing), {"text": _("Xem và quyết định"), "address": address}]
