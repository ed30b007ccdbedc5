"""The page of personal links: what a checked list comes to, who is invited, counts that tell on nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text
from survey.services.importing import Upload
from survey.services.links.anonymity import mode_of
from survey.services.links.errors import BadJudgingPlan, BadPeopleList
from survey.services.links.importing_people import Taken
from survey.services.links.judging_plans import load_plan, shipped_plans
from survey.services.links.reminders import GroupCount
from survey.services.unit_names import unit_name
from survey.storage.invitations import Invited
from survey.storage.models import RoundRow
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.invitations.forms import MAIL
from survey.web.languages import language

PLACE = "fieldwork_invitations.show"
_LISTED = 100
ON_A_PAGE = 50


def found_in(taken: Taken, plan: str | None) -> dict[str, Any]:
    """Put what a list comes to into plain values, for the hour that the file is kept."""
    return {
        "new": taken.new,
        "widened": taken.widened,
        "known": taken.known,
        "judgements": taken.judgements,
        "small": [[list(one.places), one.people] for one in taken.small],
        "plan": plan,
        "problems": [],
    }


def problems_found(refused: BadPeopleList, plan: str | None) -> dict[str, Any]:
    """Put what is wrong with a list into plain values."""
    listed = [
        {"cell": one.cell, "sheet": one.sheet, "vi": one.message.in_("vi"), "en": one.message.in_("en")}
        for one in refused.listed[:_LISTED]
    ]
    return {"problems": listed, "count": len(refused.listed), "plan": plan, "small": []}


def invitations_page(
    round_: RoundRow,
    people: Sequence[Invited],
    counts: Sequence[GroupCount],
    *,
    step: str,
    mails: bool,
    upload: Upload | None = None,
    problem: str | None = None,
    plan_problem: BadJudgingPlan | None = None,
    page: int = 1,
    asked: str = "",
) -> str:
    """Render the page; `step` is how far the sealing is (services/links/sealing.py)."""
    pages = max(1, -(-len(people) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    shown = people[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return fieldwork_page(
        "fieldwork/invitations.html",
        round_=round_,
        place=PLACE,
        problems=_problems(problem, plan_problem),
        is_personal=round_.entry == "personal",
        attributable=mode_of(round_) == "attributable",
        step=step,
        closed=round_.status == "closed",
        sealed_on=date_text(round_.sealed_on) if round_.sealed_on else None,
        ways=_ways(mails),
        plans=[("", _("Không: danh sách tự nêu đơn vị được đánh giá")), *_plans()],
        checked=_checked(upload) if upload else None,
        count_columns=[
            {"label": _("Nhóm"), "head": True},
            {"label": _("Đã mời"), "numeric": True},
            {"label": _("Đã trả lời đủ"), "numeric": True},
        ],
        count_rows=[_count(one) for one in counts],
        people=[_person(*one) for one in shown],
        people_count=count_text(len(people), language()),
        anybody=bool(people) or bool(asked),
        page=page,
        pages=pages,
        asked=asked,
        urls={
            name: url_for(f"fieldwork_invitations.{name}", code=round_.code)
            for name in (
                "template",
                "check",
                "marked",
                "invite",
                "remind",
                "renew",
                "revoke",
                "ask_seal",
                "show",
            )
        },
    )


def _problems(problem: str | None, plan: BadJudgingPlan | None) -> list[Mapping[str, str | None]]:
    listed: list[Mapping[str, str | None]] = [{"field": None, "text": problem}] if problem else []
    if plan:
        listed += [{"field": "plan_file", "text": one.text(language())} for one in plan.listed[:_LISTED]]
    return listed


def _ways(mails: bool) -> list[tuple[str, str]]:
    ways = [
        ("pdf", _("Thẻ in có mã QR (PDF)")),
        ("xlsx", _("Bảng đường dẫn và tin nhắn cho Zalo (Excel)")),
        ("csv", _("Bảng đường dẫn (CSV)")),
    ]
    return [*ways, (MAIL, _("Gửi thư điện tử cho từng người"))] if mails else ways


def _plans() -> list[tuple[str, str]]:
    return [(name, load_plan(name).title.in_(language())) for name in shipped_plans()]


def _checked(upload: Upload) -> Mapping[str, Any]:
    found = upload.found
    if found["problems"]:
        return {
            "id": upload.id,
            "name": upload.name,
            "count": found["count"],
            "columns": [
                {"label": _("Ô"), "head": True},
                {"label": _("Cần sửa")},
                {"label": _("Trang tính")},
            ],
            "rows": [[one["cell"] or "–", one[language()], one["sheet"]] for one in found["problems"]],
        }
    return {
        "id": upload.id,
        "count": 0,
        "something": bool(found["new"] or found["widened"]),
        "only_wider": not found["new"],
        "facts": [
            (_("Tệp"), upload.name),
            (_("Người mời mới"), count_text(found["new"], language())),
            (_("Người đã mời, thêm đơn vị (dùng đường dẫn cũ)"), count_text(found["widened"], language())),
            (_("Người đã mời, không đổi"), count_text(found["known"], language())),
            (_("Lượt đánh giá mới"), count_text(found["judgements"], language())),
        ],
        "small_columns": [
            {"label": _("Đơn vị · nhóm · cụm · trọng số"), "head": True},
            {"label": _("Số người"), "numeric": True},
        ],
        "small": [
            [" · ".join([unit_name(places[0]), *places[1:]]), str(people)]
            for places, people in found["small"][:_LISTED]
        ],
    }


def _count(one: GroupCount) -> list[str]:
    answered = "–" if one.answered is None else count_text(one.answered, language())
    return [one.group, count_text(one.invited, language()), answered]


def _person(person: Any, judged: Sequence[Any]) -> Mapping[str, str]:
    """Say who is invited and how; nothing of it tells whether they answered or were reminded."""
    return {
        "id": person.id.hex,
        "name": person.person_ref,
        "group": ", ".join(sorted({one.group for one in judged})),
        "units": unit_name(judged[0].judges)
        if len(judged) == 1
        else _("%(count)s nơi", count=count_text(len(judged), language())),
        "email": person.email or "–",
        "sent_on": date_text(person.sent_on) if person.sent_on else "–",
    }
