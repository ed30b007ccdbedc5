"""The page of slips: its form, its list of batches, and the sheet to print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text
from survey.services.slips.batches import (
    FEWEST_TOLD,
    MOST_AT_ONCE,
    BatchLine,
    months_offered,
    procedure_groups,
)
from survey.storage.models import RoundRow, UnitRow
from survey.units import load_units
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language
from survey.web.longform_pages import PageProblem

PLACE = "fieldwork_slips.show"


def slips_page(
    round_: RoundRow,
    units: tuple[UnitRow, ...],
    lines: tuple[BatchLine, ...],
    form: Any,
    *,
    today: date,
    wrong: tuple[str, ...] = (),
) -> str:
    """Render the form for a new sheet and the batches made before.

    Args:
        wrong: names of what the service refused.
    """
    errors = _problems(wrong)
    return fieldwork_page(
        "fieldwork/slips.html",
        round_=round_,
        place=PLACE,
        form=form,
        action=url_for("fieldwork_slips.make", code=round_.code),
        takes_slips=round_.entry != "personal",
        units=[(unit.id, load_units().get(unit.id).full_name) for unit in units],
        groups=[(group, group) for group in procedure_groups()],
        months=[(month.strftime("%Y-%m"), month.strftime("%m/%Y")) for month in months_offered(today)],
        chosen=_chosen(form),
        most=MOST_AT_ONCE,
        errors=errors,
        problems=[PageProblem(None if name == "round" else name, text) for name, text in errors.items()],
        columns=[
            {"label": _("Lô"), "head": True},
            {"label": _("Nơi phục vụ")},
            {"label": _("Lĩnh vực")},
            {"label": _("Tháng")},
            {"label": _("Số phiếu"), "numeric": True},
            {"label": _("Đã dùng"), "numeric": True},
            {"label": _("Dùng đến hết ngày")},
            {"label": _("Người tạo")},
        ],
        rows=[_row(line) for line in lines],
    )


def used_text(line: BatchLine) -> str:
    """Write how many codes were used: fewer than five are not told apart."""
    if not line.countable:
        return "–"
    return _("dưới %(count)s", count=FEWEST_TOLD) if line.used is None else count_text(line.used, language())


def _problems(wrong: tuple[str, ...]) -> dict[str, str]:
    texts = {
        "round": _("Đợt này không nhận phiếu mời: đã đóng, hoặc trả lời bằng đường dẫn riêng."),
        "unit": _("Hãy chọn nơi phục vụ."),
        "group": _("Hãy chọn lĩnh vực, hoặc gõ tên khác không quá 120 ký tự."),
        "month": _("Hãy chọn tháng trong danh sách."),
        "size": _("Số phiếu là số nguyên từ 1 đến %(most)s.", most=MOST_AT_ONCE),
    }
    return {name: text for name, text in texts.items() if name in wrong}


def _row(line: BatchLine) -> list[str]:
    return [
        str(line.number),
        load_units().get(line.unit_id).full_name,
        line.procedure_group,
        line.month.strftime("%m/%Y"),
        count_text(line.size, language()),
        used_text(line),
        date_text(line.expires_on),
        line.made_by,
    ]


def _chosen(form: Any) -> Mapping[str, str]:
    return {name: form[name].data or "" for name in ("unit", "group", "other_group", "month", "size")}
