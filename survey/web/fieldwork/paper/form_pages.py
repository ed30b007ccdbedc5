"""The pages of one form: where it stands and what two persons may do to it, and where two keyings differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from survey.questionnaires import Item, Questionnaire
from survey.reports.figures import date_text
from survey.reports.print.routing_words import numbered
from survey.services.paper.adjudicating import FIRST, SECOND, Difference, DisputedForm
from survey.services.paper.desk import FormHistory
from survey.storage.models import RoundRow
from survey.units import load_units
from survey.web.fieldwork.frame import fieldwork_page
from survey.web.fieldwork.paper.forms import OTHER
from survey.web.fieldwork.paper.words import KEYED, entry_words, reason_words, reasons, status_chip
from survey.web.languages import language


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
        # Only what is back can be rejected, and only what was keyed needs two persons for it.
        rejectable=found.status == "returned" and history.keyings > 0,
        reasons=reasons(),
        items=[(one.id, f"{numbers[one.id]}. {one.text.in_(language())}") for one in questionnaire.items],
        asked_item=_asked(item, numbers) if item else None,
    )


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
