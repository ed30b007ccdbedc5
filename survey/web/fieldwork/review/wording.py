"""What reviewers read for what the database keeps as words: alarms, requests, reasons.

Not the texts of errors, which are their own (survey.services.review.errors).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.services.links.sealing import SEAL
from survey.services.paper.effects import CORRECTION, REJECTION, REJECTION_UNDONE
from survey.services.review.exclusion_deeds import EXCLUDE, KEEP_FIRST, RESTORE, SUPERSEDE, scope_told
from survey.services.review.import_grades import COUNT_IMPORT
from survey.services.review.reopening_deed import REOPEN
from survey.services.unit_names import unit_name
from survey.storage.oversight import Scope
from survey.web.fieldwork.paper.words import reason_words
from survey.web.fieldwork.review.error_texts import text_of_code
from survey.web.languages import language
from survey.web.office.figures import count, number


def alarm_kind(kind: str) -> str:
    return {
        "more_than_transactions": _("Phiếu nhiều hơn giao dịch"),
        "burst": _("Phiếu dồn dập"),
        "identical": _("Phiếu giống hệt nhau"),
        "outside_hours": _("Phiếu ngoài giờ làm việc"),
        "top_box_gap": _("Máy lệch xa phiếu trên điện thoại của người dân"),
    }.get(kind, kind)


def alarm_facts(kind: str, facts: Mapping[str, Any]) -> str:
    """Say in a sentence why an alarm was raised."""
    told = {
        name: count(value) if isinstance(value, int) else number(value, 1) for name, value in facts.items()
    }
    return {
        "more_than_transactions": _("%(responses)s phiếu, trong khi chỉ có %(transactions)s giao dịch."),
        "burst": _("Nhiều nhất %(most_in_a_minute)s phiếu trong một phút; có %(minutes)s phút như vậy."),
        "identical": _("%(same)s trên %(forms)s phiếu có câu trả lời giống hệt nhau."),
        "outside_hours": _("%(responses)s phiếu được gửi ngoài giờ làm việc."),
        "top_box_gap": _(
            "Mức cao nhất chiếm %(share)s phần trăm của %(forms)s phiếu ở máy này, và "
            "%(other_share)s phần trăm của %(other_forms)s phiếu mà người dân có phiếu mời tự gửi từ điện "
            "thoại trong cùng tháng."
        ),
    }.get(kind, "") % told


def device(name: str, stand: str) -> str:
    """Say whom an alarm is about."""
    if name == "open":
        return _("Địa chỉ mở, không qua máy đã đăng ký")
    if name:
        return _("Máy %(stand)s", stand=stand or name[:8])
    return _("Mọi phiếu tại quầy và trên điện thoại của người dân, trừ địa chỉ mở")


def alarm_status(status: str) -> dict[str, str]:
    """Give the chip of an alarm's status."""
    return {
        "waiting": {"chip": _("Chờ xem xét"), "tone": "warn"},
        "justified": {"chip": _("Đúng là bất thường"), "tone": "bad"},
        "dismissed": {"chip": _("Có lý do chính đáng"), "tone": "good"},
    }.get(status, {"chip": status, "tone": ""})


def decision(word: str) -> dict[str, str]:
    """Give the chip of a request of two persons."""
    return {
        "waiting": {"chip": _("Chờ người thứ hai"), "tone": "warn"},
        "granted": {"chip": _("Đã đồng ý"), "tone": "good"},
        "refused": {"chip": _("Đã từ chối"), "tone": ""},
    }.get(word, {"chip": word, "tone": ""})


def action(word: str) -> str:
    """Say what a request asks for; the deeds of other pages say it by their own words."""
    return {
        EXCLUDE: _("Loại phiếu khỏi chỉ số"),
        RESTORE: _("Đưa phiếu trở lại chỉ số"),
        SUPERSEDE: _("Lấy bản thứ hai thay bản thứ nhất"),
        KEEP_FIRST: _("Giữ bản thứ nhất"),
        SEAL: _("Niêm phong đợt, hủy khóa của đường dẫn riêng"),
        REOPEN: _("Mở lại đợt đã đóng"),
        COUNT_IMPORT: _("Tính phiếu của một tệp nhập ở mức A"),
        CORRECTION: _("Sửa một câu của phiếu giấy"),
        REJECTION: _("Loại phiếu giấy đã có người nhập"),
        REJECTION_UNDONE: _("Nhận lại phiếu giấy đã loại"),
    }.get(word, word.replace("_", " "))


def meant(details: Mapping[str, Any], stand: str = "") -> str:
    """Say what a request is about."""
    scope = scope_told(details)
    if scope is not None:
        return scope_text(scope, stand)
    if "responses" in details:
        return _("%(count)s phiếu theo danh sách", count=count(len(details["responses"])))
    if "exclusion" in details:
        return _("Các phiếu đã loại theo đề nghị số %(number)s", number=details["exclusion"])
    if "sha256" in details:
        told = {"file": details["file"], "rows": count(details["rows"]), "sha256": details["sha256"][:12]}
        return _("Tệp %(file)s, %(rows)s phiếu (SHA-256 %(sha256)s…)", **told)
    if "conflict" in details:
        return _("Cặp phiếu trùng mã số %(number)s", number=details["conflict"])
    return _paper(details) or _plain(details) or "–"


def _paper(details: Mapping[str, Any]) -> str:
    """Say which paper form a request is about: what takes the place of an answer, or why it is rejected."""
    if "number" not in details:
        return ""
    form = _("Phiếu giấy số %(number)s", number=details["number"])
    why = reason_words(details["rejection"]) if "rejection" in details else ""
    rest = _plain(details.get("entry", {}))
    return "; ".join(part for part in (form, str(details.get("item", "")), rest, why) if part)


def _plain(details: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in details.items())[:300]


def scope_text(scope: Scope, stand: str = "") -> str:
    """Say which responses a scope means."""
    days = f"{scope.first:%d/%m/%Y}"
    if scope.last != scope.first:
        days = f"{days} – {scope.last:%d/%m/%Y}"
    whom = scope.collected_by or device(scope.device, stand)
    return f"{unit_name(scope.unit_id)}; {days}; {whom}"


def why_quarantined(reason: str) -> str:
    """Say why a record could not be kept; an error's code is said by its own text."""
    return text_of_code(reason, language()) or reason
