"""The drop-off page: a table a channel, with the target and the share of hurried answers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.reports.figures import count_text, percent_text
from survey.services.page_counts import DropOff, PageLine
from survey.storage.models import RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language
from survey.web.office import words

PLACE = "fieldwork_pages.show"


def drop_off_page(round_: RoundRow, tables: tuple[DropOff, ...]) -> str:
    """Render how many opened and completed each page."""
    return fieldwork_page(
        "fieldwork/pages.html",
        round_=round_,
        place=PLACE,
        columns=[
            {"label": _("Trang"), "head": True},
            {"label": _("Số lần mở"), "numeric": True},
            {"label": _("Số lần làm xong"), "numeric": True},
            {"label": _("Bỏ dở tại trang"), "numeric": True},
        ],
        tables=[_table(one) for one in tables],
    )


def _table(one: DropOff) -> dict[str, Any]:
    return {
        "channel": words.channel(one.channel),
        "rows": [_row(line) for line in one.lines],
        "sent": _share(one.sent),
        "target": percent_text(100 * one.target, 0, language()),
        "below": one.sent is not None and one.sent < one.target,
        "hurried": _hurried(one),
    }


def _row(line: PageLine) -> list[str]:
    title = line.title[language()] if line.title else _("Xem lại và gửi")
    return [
        title,
        count_text(line.opened, language()),
        count_text(line.completed, language()),
        _share(line.left),
    ]


def _hurried(one: DropOff) -> str | None:
    if not one.timed:
        return None
    share = percent_text(100 * (one.hurried or 0) / one.timed, 1, language())
    return _(
        "%(share)s trong %(count)s phiếu đã gửi được trả lời nhanh hơn mức đọc kịp (dưới 0,3 giây một chữ).",
        share=share,
        count=count_text(one.timed, language()),
    )


def _share(value: float | None) -> str:
    return percent_text(None if value is None else 100 * value, 1, language())
