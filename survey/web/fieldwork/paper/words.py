"""What the paper desk's pages say for what the ledger keeps as words: states, deeds, reasons, entries."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from survey.questionnaires import Item
from survey.reports.figures import percent_text
from survey.services.paper.reading import UNREADABLE, Entry, is_blank
from survey.services.paper.rejections import rejection_reasons
from survey.web.languages import language

#: The two places of the fieldwork's navigation that these pages belong to.
DESK, KEYED = "paper.desk", "paper.keyed"


def status_words() -> Mapping[str, str]:
    return {
        "printed": _("Đã in"),
        "issued": _("Đã phát"),
        "returned": _("Đã thu về"),
        "valid": _("Hợp lệ"),
        "rejected": _("Bị loại"),
        "lost": _("Thất lạc"),
    }


def status_chip(status: str) -> dict[str, str]:
    tones = {"returned": "info", "valid": "good", "rejected": "bad", "lost": "warn"}
    return {"chip": status_words()[status], "tone": tones.get(status, "")}


def deeds() -> list[tuple[str, str]]:
    return [
        ("issued", _("Phát ra cho người hoặc cơ quan")),
        ("returned", _("Thu về")),
        ("rejected", _("Loại (cần lý do)")),
        ("printed", _("Trả lại, chưa dùng")),
        ("lost", _("Thất lạc")),
    ]


def reason_words(kept: str) -> str:
    """Say why a form was rejected: the reason's words, and what was added."""
    reason, _sep, note = kept.partition(": ")
    words = {one.id: one.in_(language()) for one in rejection_reasons()}
    return " – ".join(filter(None, (words.get(reason, reason), note)))


def reasons() -> list[tuple[str, str]]:
    """List why a form can be rejected, for a page to choose from."""
    return [("", _("Hãy chọn"))] + [(one.id, one.in_(language())) for one in rejection_reasons()]


def entry_words(item: Item, entry: Entry | None) -> str:
    """Say one entry: the answer's words, blank, or unreadable."""
    if entry is None or is_blank(entry):
        return _("Để trống")
    if entry.get("mark") == UNREADABLE:
        return _("Không đọc được, chọn nhiều ô")
    value = entry["value"]
    if item.scale is None:
        return str(value)
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(item.scale.option(one).label.in_(language()) for one in chosen if one in item.scale)


def rate(part: int, whole: int) -> str:
    """Write a share in per cent; a dash where there is nothing to share."""
    return percent_text(100 * part / whole if whole else None, 1, language())
