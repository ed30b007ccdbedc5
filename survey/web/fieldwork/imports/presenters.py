"""The page of imports: what to fill, what was found in a checked file, what was taken before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text
from survey.services.clock import day_in_vietnam
from survey.services.importing import LATE_DAYS, CheckedFile, Upload
from survey.services.unit_names import alphabetical, unit_name
from survey.storage.models import ApprovalRow, ImportRow, RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.languages import language

PLACE = "fieldwork_imports.show"
#: How many problems the page lists; the marked file has them all.
LISTED = 100


def found_in(checked: CheckedFile) -> dict[str, Any]:
    """Put what was found into plain words for the hour that the file is kept."""
    earlier = checked.earlier
    return {
        "sheet": checked.sheets.first().name,
        "sha256": checked.sheets.sha256,
        "hidden": list(checked.sheets.hidden),
        "new": len(checked.forms),
        "already": checked.already,
        "count": checked.problem_count,
        "problems": [
            {
                "sheet": one.sheet,
                "cell": one.cell,
                "vi": one.message.in_("vi"),
                "en": one.message.in_("en"),
            }
            for one in checked.problems[:LISTED]
        ],
        "units": Counter(form.unit_id for form in checked.forms),
        "earlier": [day_in_vietnam(earlier.imported_at).isoformat(), earlier.imported_by]
        if earlier
        else None,
    }


def imports_page(
    round_: RoundRow,
    taken: tuple[ImportRow, ...],
    *,
    upload: Upload | None = None,
    request: ApprovalRow | None = None,
    problem: str | None = None,
    closed: str | None = None,
) -> str:
    """Render the page; `upload` is a file that was checked, `closed` why the round takes no file."""
    code = round_.code
    return fieldwork_page(
        "fieldwork/imports.html",
        round_=round_,
        place=PLACE,
        closed=closed,
        problems=[{"field": None, "text": problem}] if problem else [],
        check_url=url_for("fieldwork_imports.check", code=code),
        template_url=url_for("fieldwork_imports.template", code=code),
        confirm_url=url_for("fieldwork_imports.confirm", code=code),
        marked_url=url_for("fieldwork_imports.marked", code=code),
        ask_url=url_for("fieldwork_imports.ask", code=code),
        late_days=LATE_DAYS,
        checked=_checked(upload, request) if upload else None,
        columns=[
            {"label": _("Tệp"), "head": True},
            {"label": _("Số phiếu"), "numeric": True},
            {"label": _("Ngày nhập")},
            {"label": _("Người nhập")},
        ],
        rows=[_row(one) for one in taken],
    )


def _checked(upload: Upload, request: ApprovalRow | None) -> Mapping[str, Any]:
    found = upload.found
    granted = request is not None and request.decision == "granted"
    return {
        "id": upload.id,
        "new": count_text(found["new"], language()),
        "count": found["count"],
        "can_take": not found["count"] and found["new"] > 0,
        "granted": granted,
        "waiting": request is not None and request.decision == "waiting",
        "facts": _facts(upload, granted=granted),
        "hidden": ", ".join(found["hidden"]),
        "earlier": _earlier(found["earlier"]),
        **_problem_table(found),
        **_unit_table(found),
    }


def _earlier(told: list[str] | None) -> Mapping[str, str] | None:
    return {"day": date_text(date.fromisoformat(told[0])), "who": told[1]} if told else None


def _problem_table(found: Mapping[str, Any]) -> Mapping[str, Any]:
    shown, count = found["problems"], found["count"]
    places = {"listed": count_text(len(shown), language()), "count": count_text(count, language())}
    return {
        "listed": _("Liệt kê %(listed)s trong %(count)s chỗ; tệp tải về có đủ.", **places)
        if count > len(shown)
        else None,
        "problem_columns": [
            {"label": _("Ô"), "head": True},
            {"label": _("Cần sửa")},
        ],
        "problem_rows": [[one["cell"] or "–", one[language()]] for one in shown],
    }


def _unit_table(found: Mapping[str, Any]) -> Mapping[str, Any]:
    units = found["units"]
    return {
        "unit_columns": [
            {"label": _("Đơn vị"), "head": True},
            {"label": _("Phiếu mới"), "numeric": True},
        ],
        "unit_rows": [[unit_name(unit), count_text(units[unit], language())] for unit in alphabetical(units)],
    }


def _facts(upload: Upload, *, granted: bool) -> list[tuple[str, str]]:
    found = upload.found
    return [
        (_("Tệp"), upload.name),
        (_("Trang tính đã đọc"), found["sheet"]),
        (_("Phiếu mới"), count_text(found["new"], language())),
        (_("Phiếu đã có trong đợt, cùng nội dung"), count_text(found["already"], language())),
        (_("Chỗ cần sửa"), count_text(found["count"], language())),
        (
            _("Mức bằng chứng"),
            _("A – hai người đã đồng ý") if granted else _("C – chưa có căn cứ"),
        ),
    ]


def _row(one: ImportRow) -> list[str]:
    return [
        one.file_name,
        count_text(one.rows, language()),
        date_text(day_in_vietnam(one.imported_at)),
        one.imported_by,
    ]
