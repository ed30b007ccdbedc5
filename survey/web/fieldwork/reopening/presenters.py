"""The page of a round's openings and closings, and what can be asked of it now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import date_text
from survey.storage.models import ApprovalRow, AuditEventRow, RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.office.figures import moment

PLACE = "fieldwork_reopening.show"


def reopening_page(
    round_: RoundRow,
    turns: Sequence[AuditEventRow],
    waiting: ApprovalRow | None,
    *,
    over: bool,
    problem: str | None = None,
    typed: str = "",
) -> str:
    """Render the page.

    Args:
        turns: events of services/review/reopening.py, the latest first.
        waiting: what waits for a second person.
        over: whether the round's last day is past, so that opening it again would take no answer.
    """
    return fieldwork_page(
        "fieldwork/reopening.html",
        round_=round_,
        place=PLACE,
        problems=[{"field": "reason", "text": problem}] if problem else [],
        action=url_for("fieldwork_reopening.ask", code=round_.code),
        closed=round_.status == "closed",
        sealed_on=date_text(round_.sealed_on) if round_.sealed_on else None,
        over=over,
        last_day=date_text(round_.closes_on),
        waiting={"number": waiting.id, "login": waiting.asked_by} if waiting else None,
        typed=typed,
        columns=[{"label": _("Lúc"), "head": True}, {"label": _("Việc")}, {"label": _("Người làm")}],
        rows=[[moment(one.at), _deed(one.action), one.actor] for one in turns],
    )


def _deed(action: str) -> str:
    return {
        "round made": _("Lập đợt"),
        "round open": _("Mở đợt"),
        "round closed": _("Đóng đợt"),
        "round reopened": _("Mở lại đợt"),
    }.get(action, action)
