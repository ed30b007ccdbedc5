"""The page of the ledger: counts by unit, printings, the forms of a filter, and what can be done to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.reports.figures import count_text, date_text
from survey.services.paper.desk import DeskOverview
from survey.services.paper.ledger import MOST_COPIES, Ledger
from survey.services.paper.printing import parts_of
from survey.storage.models import RoundRow
from survey.storage.paper import LedgerEntry, LedgerFilter, UnitCount
from survey.units import load_units
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.paper.words import DESK, deeds, rate, reasons, status_chip, status_words
from survey.web.languages import language


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
        reasons=reasons(),
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
        rate(one.valid, one.issued),
    ]


def _totals(counts: Sequence[UnitCount]) -> list[str] | None:
    if len(counts) < 2:
        return None
    sums = [
        sum(getattr(one, name) for one in counts)
        for name in ("printed", "issued", "returned", "valid", "rejected", "lost")
    ]
    return [_("Cộng"), *(count_text(one, language()) for one in sums), rate(sums[3], sums[1])]


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
