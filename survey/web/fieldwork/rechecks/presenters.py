"""The re-check page: the samples with their seeds, and one sample's disagreement table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text, interval_text, percent_text
from survey.services.review.recheck_results import CollectorLine, RecheckTable
from survey.services.review.rechecks import NOBODY, Sample
from survey.storage.models import RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language

PLACE = "rechecks.show"


def rechecks_page(
    round_: RoundRow,
    form: Any,
    samples: Sequence[Sample],
    shown: Sample | None,
    table: RecheckTable | None,
    *,
    problem: str | None = None,
) -> str:
    """Render the form for a new sample, the samples, and what one of them found."""
    return fieldwork_page(
        "fieldwork/rechecks.html",
        round_=round_,
        place=PLACE,
        form=form,
        action=url_for("rechecks.draw_sample", code=round_.code),
        problems=[{"field": "percent", "text": problem}] if problem else [],
        problem=problem,
        sample_columns=[
            {"label": _("Mẫu"), "head": True},
            {"label": _("Ngày chọn")},
            {"label": _("Người chọn")},
            {"label": _("Tỷ lệ"), "numeric": True},
            {"label": _("Chọn từ"), "numeric": True},
            {"label": _("Số phiếu"), "numeric": True},
            {"label": _("Số gieo (seed)")},
            {"label": _("Chọn lại")},
        ],
        samples=[_sample_row(round_, one) for one in samples],
        shown=shown,
        columns=[
            {"label": _("Người hỏi lần đầu"), "head": True},
            {"label": _("Được chọn"), "numeric": True},
            {"label": _("Hỏi lại được"), "numeric": True},
            {"label": _("Không gặp"), "numeric": True},
            {"label": _("Từ chối"), "numeric": True},
            {"label": _("Chưa hỏi"), "numeric": True},
            {"label": _("Chưa xác nhận"), "numeric": True},
            {"label": _("Câu so được"), "numeric": True},
            {"label": _("Câu khớp"), "numeric": True},
            {"label": _("Khoảng tin cậy")},
        ],
        rows=[_line(one) for one in table.lines] if table else [],
        total=_line(table.total, _("Cộng")) if table and len(table.lines) > 1 else None,
    )


def _sample_row(round_: RoundRow, one: Sample) -> list[Any]:
    holds = {"chip": _("Ra đúng mẫu này"), "tone": "good"}
    broken = {"chip": _("Khác mẫu đã lưu"), "tone": "bad"}
    return [
        {"text": f"{one.id}", "address": url_for(PLACE, code=round_.code, sample=one.id)},
        date_text(one.drawn_on),
        one.drawn_by,
        percent_text(100 * one.share, 0, language()),
        count_text(one.frame_size, language()),
        count_text(one.size, language()),
        one.seed,
        holds if one.holds else broken,
    ]


def _line(one: CollectorLine, label: str | None = None) -> list[Any]:
    found = one.agreement
    counts = (one.drawn, one.reached, one.not_reached, one.refused, one.waiting, one.unconfirmed)
    share = None if found.share is None else 100 * found.share
    low, high = (None if end is None else 100 * end for end in (found.low, found.high))
    return [
        label or _name(one.collected_by),
        *(count_text(count, language()) for count in counts),
        count_text(found.compared, language()),
        percent_text(share, 1, language()),
        interval_text(low, high, 1, language()),
    ]


def _name(login: str) -> str:
    return _("Không rõ người hỏi") if login == NOBODY else login


def arguments_of(asked: Mapping[str, str]) -> int:
    """Read which sample is asked for; 0 is the newest."""
    text = asked.get("sample", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
