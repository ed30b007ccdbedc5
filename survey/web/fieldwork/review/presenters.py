"""The pages of the review: queues with their counts, each thing with what can be decided about it.

Not what they decide (survey.services) nor the words (wording.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.questionnaires import Item, Questionnaire
from survey.services.asked import questionnaire_of
from survey.services.review.alarms import Alarm, AlarmPage
from survey.services.review.exclusions import ConflictCounts, ConflictPair, Exclusion, Meant
from survey.services.review.quarantine_review import RecordPage, WaitingRecord
from survey.services.review.queues import Queues
from survey.services.unit_names import unit_name
from survey.storage.models import ApprovalRow, RoundRow, UnitRow
from survey.storage.responses import MOST_CONFLICTS
from survey.web.access import account
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.review import wording
from survey.web.languages import language
from survey.web.longform_pages import answer_text
from survey.web.office import words
from survey.web.office.figures import count, moment

PLACE = "review.alarms"
#: Things on a page where the service does not cut them.
PAGE = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue in the review's own navigation; `waiting` is None where a count would say nothing."""

    label: str
    address: str
    current: bool
    waiting: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done, and what was typed, so that nothing is lost."""

    text: str
    number: int = 0
    typed: str = ""
    unit: str = ""


NOTHING_REFUSED = Refused("")


def alarms_page(
    round_: RoundRow, queues: Queues, found: AlarmPage, status: str, refused: Refused = NOTHING_REFUSED
) -> str:
    """Render the alarms of one status."""
    return _page(
        "fieldwork/review_alarms.html",
        round_,
        queues,
        "review.alarms",
        refused,
        alarms=[_alarm(one) for one in found.alarms],
        status=status,
        statuses=[
            (name, f"{wording.alarm_status(name)['chip']} ({count(found.counts.get(name, 0))})")
            for name in ("waiting", "justified", "dismissed")
        ],
        page=found.page,
        pages=found.pages,
        is_personal=round_.entry == "personal",
    )


def quarantine_page(
    round_: RoundRow,
    queues: Queues,
    found: RecordPage,
    units: Sequence[UnitRow],
    refused: Refused = NOTHING_REFUSED,
) -> str:
    """Render what waits in quarantine."""
    return _page(
        "fieldwork/review_quarantine.html",
        round_,
        queues,
        "review.quarantined",
        refused,
        records=[_record(one) for one in found.records],
        units=[("", _("Hãy chọn"))] + [(unit.id, unit_name(unit.id)) for unit in units],
        page=found.page,
        pages=found.pages,
    )


def conflicts_page(
    round_: RoundRow,
    queues: Queues,
    conflicts: Sequence[ConflictPair],
    counts: ConflictCounts,
    page: int,
    pages: int,
    refused: Refused = NOTHING_REFUSED,
) -> str:
    """Render a page of pairs of answers that came under one id, side by side, without who gave them."""
    asked = questionnaire_of(round_)
    return _page(
        "fieldwork/review_conflicts.html",
        round_,
        queues,
        "review.conflicts",
        refused,
        conflicts=[_conflict(one, asked) for one in conflicts],
        unkept=count(counts.unkept) if counts.unkept else None,
        most_kept=count(MOST_CONFLICTS),
        is_personal=round_.entry == "personal",
        page=page,
        pages=pages,
    )


def requests_page(
    round_: RoundRow,
    queues: Queues,
    requests: Sequence[ApprovalRow],
    meant: Mapping[int, Meant],
    page: int,
    refused: Refused = NOTHING_REFUSED,
) -> str:
    """Render what one person asked and another decides."""
    shown, page, pages = _cut(requests, page)
    return _page(
        "fieldwork/review_requests.html",
        round_,
        queues,
        "review.requests",
        refused,
        requests=[_request(one, meant.get(one.id)) for one in shown],
        page=page,
        pages=pages,
    )


def exclusions_page(
    round_: RoundRow,
    queues: Queues,
    exclusions: Sequence[Exclusion],
    page: int,
    refused: Refused = NOTHING_REFUSED,
) -> str:
    """Render what two persons keep out of the index, and how to ask for it back."""
    shown, page, pages = _cut(exclusions, page)
    return _page(
        "fieldwork/review_exclusions.html",
        round_,
        queues,
        "review.exclusions",
        refused,
        exclusions=[
            {
                "id": one.approval.id,
                "meant": wording.meant(one.approval.details),
                "still_out": one.still_out,
                "count": count(one.still_out),
                "facts": _persons(one.approval),
                "reason": one.approval.reason,
            }
            for one in shown
        ],
        page=page,
        pages=pages,
    )


def _page(
    template: str, round_: RoundRow, queues: Queues, current: str, refused: Refused, **values: Any
) -> str:
    listed = (
        (_("Báo động"), "review.alarms", queues.alarms),
        (_("Bản ghi cách ly"), "review.quarantined", queues.quarantined),
        (_("Phiếu trùng mã"), "review.conflicts", queues.conflicts),
        (_("Đề nghị cần hai người"), "review.requests", queues.requests),
        (_("Phiếu đã loại"), "review.exclusions", queues.excluded),
    )
    return fieldwork_page(
        template,
        round_=round_,
        place=PLACE,
        queues=[
            Queue(label, url_for(endpoint, code=round_.code), endpoint == current, count(waiting))
            for label, endpoint, waiting in listed
        ],
        refused=refused,
        problems=[{"field": None, "text": refused.text}] if refused.text else [],
        **values,
    )


def _alarm(one: Alarm) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.id,
        "title": f"{wording.alarm_kind(row.kind)} – {unit_name(row.unit_id)}",
        "chip": wording.alarm_status(row.status),
        "why": wording.alarm_facts(row.kind, row.facts),
        "facts": [
            (_("Ngày"), _days(one)),
            (_("Về"), wording.device(row.device, one.stand)),
            (_("Phiếu liên quan"), count(one.responses)),
            *_reviewed(one),
        ],
        "status": row.status,
        "responses": one.responses,
    }


def _days(one: Alarm) -> str:
    first, last = one.scope.first, one.scope.last
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def _reviewed(one: Alarm) -> list[tuple[str, str]]:
    row = one.row
    if row.reviewed_at is None:
        return []
    return [
        (_("Người xem xét"), f"{row.reviewed_by} · {moment(row.reviewed_at)}"),
        (_("Nhận xét"), row.note or "–"),
    ]


def _record(one: WaitingRecord) -> dict[str, Any]:
    row = one.row
    unit = one.unit_id
    facts = [
        (_("Ngày nhận"), f"{row.received_on:%d/%m/%Y}"),
        (_("Lý do cách ly"), wording.why_quarantined(row.reason)),
        (
            _("Máy tại quầy của") if one.is_visit else _("Phân công"),
            unit_name(unit) if unit else _("không đọc được hoặc không có"),
        ),
    ]
    if one.status == "partial":
        facts.append((_("Lượt đánh giá"), _("dở dang: nếu ghi lại vẫn không được tính")))
    if one.other_version:
        facts.append((_("Phiên bản bộ câu hỏi"), _("khác phiên bản của đợt này")))
    if one.unknown:
        facts.append((_("Câu không có trong đợt này"), ", ".join(one.unknown)))
    return {
        "id": row.id,
        "facts": facts,
        "text": one.text,
        "is_cut": one.is_cut,
        "has_place": one.unit_id is not None,
        "sha256": row.raw_sha256[:12],
    }


def _conflict(one: ConflictPair, asked: Questionnaire) -> dict[str, Any]:
    items = [item for item in asked.items if item.id in one.first or item.id in one.second]
    rows = [[item.text.in_(language()), _said(item, one.first), _said(item, one.second)] for item in items]
    return {
        "id": one.id,
        "title": _("Cặp số %(number)s – %(unit)s", number=one.id, unit=unit_name(one.unit_id)),
        "facts": [
            (label, f"{words.channel(channel)}, {day:%d/%m/%Y}")
            for label, channel, day in zip(
                (_("Bản thứ nhất"), _("Bản thứ hai")), one.channels, one.days, strict=True
            )
        ],
        "rows": rows,
        "marked": [
            place for place, item in enumerate(items) if one.first.get(item.id) != one.second.get(item.id)
        ],
        "asked": wording.action(one.asked) if one.asked else None,
    }


def _said(item: Item, answers: Any) -> str:
    """Write an answer; what was written freely is not shown, for it may tell who wrote it (T7)."""
    given = answers.get(item.id)
    if item.kind == "text":
        return _("có ý kiến bằng chữ (không hiện)") if given else "–"
    return answer_text(item, given, language()) or "–"


def _request(row: ApprovalRow, meant: Meant | None) -> dict[str, Any]:
    facts = [(_("Phiếu sẽ bị loại"), count(meant.responses))] if meant else []
    return {
        "id": row.id,
        "title": _("Đề nghị số %(number)s: %(action)s", number=row.id, action=wording.action(row.action)),
        "chip": wording.decision(row.decision),
        "meant": wording.meant(row.details, meant.stand if meant else ""),
        "reason": row.reason,
        "facts": [*facts, *_persons(row)],
        "waits": row.decision == "waiting",
        "own": row.asked_by == account().login,
    }


def _persons(row: ApprovalRow) -> list[tuple[str, str]]:
    persons = [(_("Người đề nghị"), f"{row.asked_by} · {moment(row.asked_at)}")]
    if row.decided_at is not None:
        persons.append((_("Người quyết định"), f"{row.decided_by} · {moment(row.decided_at)}"))
    return persons


def page_of(things: int, page: int) -> tuple[int, int]:
    """Give the page that is there when one is asked for, and how many there are."""
    pages = max(-(-things // PAGE), 1)
    return min(max(page, 1), pages), pages


def _cut(things: Sequence[Any], page: int) -> tuple[Sequence[Any], int, int]:
    page, pages = page_of(len(things), page)
    return things[(page - 1) * PAGE : page * PAGE], page, pages
