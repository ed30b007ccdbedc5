"""The paper desk's pages: the ledger, one form, what two keyings disagree on, how often they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.questionnaires import Item, Questionnaire
from survey.reports.figures import count_text, date_text, percent_text
from survey.reports.print.routing_words import numbered
from survey.services.paper.adjudicating import FIRST, SECOND, Difference, DisputedForm, TwiceKeyed
from survey.services.paper.desk import DeskOverview, FormHistory
from survey.services.paper.ledger import MOST_COPIES, Ledger, rejection_reasons
from survey.services.paper.printing import parts_of
from survey.services.paper.quality import KeyingQuality
from survey.services.paper.reading import UNREADABLE, Entry
from survey.storage.models import RoundRow
from survey.storage.paper import LedgerEntry, LedgerFilter, UnitCount
from survey.units import load_units
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.paper.forms import OTHER
from survey.web.languages import language

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


def desk_page(
    round_: RoundRow,
    overview: DeskOverview,
    ledger: Ledger,
    asked: LedgerFilter,
    *,
    print_form: Any,
    move_form: Any,
    today: date,
    problem: str | None = None,
    wrong_form: str = "",
) -> str:
    """Render the ledger of a round, with what can be done to it."""
    units = [(row.id, load_units().get(row.id).full_name) for row in overview.units]
    return fieldwork_page(
        "fieldwork/paper_desk.html",
        round_=round_,
        place=DESK,
        on_paper=round_.entry != "personal",
        problems=[{"field": None, "text": problem}] if problem else [],
        print_form=print_form,
        move_form=move_form,
        wrong_form=wrong_form,
        units=units,
        today=today.isoformat(),
        deeds=deeds(),
        reasons=[("", _("Hãy chọn"))] + [(one.id, one.in_(language())) for one in rejection_reasons()],
        enumerators=overview.enumerators,
        most=MOST_COPIES,
        count_columns=_count_columns(),
        counts=[_count_row(one) for one in overview.counts],
        totals=_totals(overview.counts),
        batches=[_batch(round_, *one) for one in overview.batches],
        asked=asked,
        statuses=[("", _("Mọi trạng thái")), *status_words().items()],
        all_units=[("", _("Mọi đơn vị")), *units],
        ledger=ledger,
        filtered=any((asked.status, asked.unit_id, asked.batch, asked.text)),
        arguments=_arguments(asked),
        columns=[
            {"label": _("Số phiếu"), "head": True},
            {"label": _("Đơn vị")},
            {"label": _("Cụm")},
            {"label": _("Trạng thái")},
            {"label": _("Phát cho")},
            {"label": _("Ngày phát")},
            {"label": _("Ngày thu")},
            {"label": _("Lần nhập"), "numeric": True},
        ],
        rows=[_ledger_row(one) for one in ledger.entries],
    )


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
                _rate(one.differing, one.keyed),
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
                _rate(one.differing, one.entries),
                count_text(one.overruled, language()),
                _rate(one.overruled, one.entries),
                count_text(one.open, language()),
            ]
            for one in quality.keyers
        ],
    )


def differences_page(
    form: Any,
    disputed: DisputedForm,
    *,
    chosen: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> str:
    """Render both values of each item that differs, side by side, without saying who keyed which."""
    numbers = numbered(disputed.questionnaire)
    return fieldwork_page(
        "fieldwork/paper_differences.html",
        round_=disputed.round,
        place=KEYED,
        form=form,
        number=disputed.number,
        unit=disputed.unit,
        action=url_for("paper.decide", code=disputed.round.code, number=disputed.number),
        back=url_for(KEYED, code=disputed.round.code),
        problems=[{"field": None, "text": problem}] if problem else [],
        first=FIRST,
        second=SECOND,
        other=OTHER,
        chosen=chosen or {},
        differences=[_difference(one, numbers) for one in disputed.differences],
    )


def form_page(
    round_: RoundRow,
    history: FormHistory,
    questionnaire: Questionnaire,
    form: Any,
    *,
    item: Item | None = None,
    problem: str | None = None,
) -> str:
    """Render one form of the ledger, and what two persons may do to it."""
    found, numbers = history.form, numbered(questionnaire)
    return fieldwork_page(
        "fieldwork/paper_form.html",
        round_=round_,
        place=KEYED,
        form=form,
        number=found.number,
        status=status_chip(found.status),
        state=found.status,
        back=url_for(KEYED, code=round_.code),
        action=url_for("paper.ask", code=round_.code, number=found.number),
        problems=[{"field": None, "text": problem}] if problem else [],
        facts=[
            (_("Đơn vị"), load_units().get(found.unit_id).full_name),
            (_("Cụm"), f"{found.psu} ({found.stratum})"),
            (_("Đợt in"), str(found.batch)),
            (_("Phát cho"), found.issued_to or "–"),
            (_("Ngày phát"), date_text(found.issued_on)),
            (_("Ngày thu"), date_text(found.returned_on)),
            (_("Lý do loại"), reason_words(found.rejected_for) if found.rejected_for else "–"),
            (_("Số lần nhập"), str(history.keyings)),
            (_("Câu do người thứ ba quyết định"), str(history.decided)),
        ],
        items=[(one.id, f"{numbers[one.id]}. {one.text.in_(language())}") for one in questionnaire.items],
        asked_item=_asked(item, numbers) if item else None,
    )


def entry_words(item: Item, entry: Entry | None) -> str:
    """Say one entry: the answer's words, blank, or unreadable."""
    if entry is None or (entry.get("mark") != UNREADABLE and entry.get("value") in (None, "", [])):
        return _("Để trống")
    if entry.get("mark") == UNREADABLE:
        return _("Không đọc được, chọn nhiều ô")
    value = entry["value"]
    if item.scale is None:
        return str(value)
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(item.scale.option(one).label.in_(language()) for one in chosen if one in item.scale)


def _difference(one: Difference, numbers: Mapping[str, int]) -> Mapping[str, Any]:
    return {
        **_asked(one.item, numbers),
        "first": entry_words(one.item, one.first),
        "second": entry_words(one.item, one.second),
    }


def _asked(item: Item, numbers: Mapping[str, int]) -> Mapping[str, Any]:
    scale = item.scale.options if item.scale else ()
    return {
        "id": item.id,
        "kind": item.kind,
        "text": f"{numbers[item.id]}. {item.text.in_(language())}",
        "options": [(option.id, option.label.in_(language())) for option in scale],
    }


def _waiting_row(round_: RoundRow, one: TwiceKeyed) -> list[Any]:
    address = url_for("paper.differences", code=round_.code, number=one.number)
    if not one.differing:
        return [one.number, one.unit, "0", _("Không có câu trả lời ghi nhận được: cần loại phiếu")]
    if one.keyed_by_me:
        return [one.number, one.unit, str(one.differing), _("Người khác quyết định, vì Ông/Bà đã nhập")]
    return [one.number, one.unit, str(one.differing), {"text": _("Xem và quyết định"), "address": address}]


def _count_columns() -> list[Mapping[str, Any]]:
    labels = (
        _("Đã in"),
        _("Phát ra"),
        _("Thu về"),
        _("Hợp lệ"),
        _("Bị loại"),
        _("Thất lạc"),
        _("Hợp lệ/phát ra"),
    )
    return [{"label": _("Đơn vị"), "head": True}, *({"label": label, "numeric": True} for label in labels)]


def _count_row(one: UnitCount) -> list[str]:
    counts = (one.printed, one.issued, one.returned, one.valid, one.rejected, one.lost)
    return [
        load_units().get(one.unit_id).full_name,
        *(count_text(count, language()) for count in counts),
        _rate(one.valid, one.issued),
    ]


def _totals(counts: Sequence[UnitCount]) -> list[str] | None:
    if len(counts) < 2:
        return None
    sums = [
        sum(getattr(one, name) for one in counts)
        for name in ("printed", "issued", "returned", "valid", "rejected", "lost")
    ]
    return [_("Cộng"), *(count_text(one, language()) for one in sums), _rate(sums[3], sums[1])]


def _rate(part: int, whole: int) -> str:
    return percent_text(100 * part / whole if whole else None, 1, language())


def _batch(round_: RoundRow, batch: int, forms: int, first: str, last: str) -> Mapping[str, Any]:
    parts = parts_of(forms)
    return {
        "label": _(
            "Đợt in %(batch)s: %(forms)s phiếu, từ %(first)s đến %(last)s",
            batch=batch,
            forms=forms,
            first=first,
            last=last,
        ),
        "files": [
            (
                _("PDF %(part)s/%(parts)s", part=part, parts=parts) if parts > 1 else "PDF",
                url_for("paper.printing", code=round_.code, batch=batch, part=part),
            )
            for part in range(1, parts + 1)
        ],
    }


def _ledger_row(entry: LedgerEntry) -> list[Any]:
    form = entry.form
    return [
        form.number,
        load_units().get(form.unit_id).full_name,
        form.psu,
        status_chip(form.status),
        form.issued_to or "–",
        date_text(form.issued_on),
        date_text(form.returned_on),
        str(entry.keyings),
    ]


def _arguments(asked: LedgerFilter) -> Mapping[str, Any]:
    told = {"status": asked.status, "unit": asked.unit_id, "batch": asked.batch, "q": asked.text}
    return {name: value for name, value in told.items() if value}
