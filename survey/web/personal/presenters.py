"""What stands on the first pages of a personal link, and the promises that its round may make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from survey.questionnaires import Questionnaire
from survey.services.collection import FormState
from survey.services.links.anonymity import mode_of
from survey.services.links.personal import UnitForm
from survey.storage.models import RoundRow
from survey.units import load_units
from survey.web.languages import language


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of a list: where its form is, and how far."""

    name: str
    address: str
    state: str


def start_page(round_: RoundRow, state: FormState, form: UnitForm) -> str:
    """Render what is asked, about whom, and what is done with the answers."""
    begun = bool(state.answers)
    return render_template(
        "personal/start.html",
        **_frame(round_, state.questionnaire),
        packs=state.packs,
        unit_name=unit_name(form.unit_id),
        begun=begun,
        changing=form.standing == "changing",
        following=next_address(state, form.unit_id),
    )


def units_page(
    round_: RoundRow, questionnaire: Questionnaire, forms: Sequence[UnitForm], *, is_open: bool
) -> str:
    """Render the units that a person is asked to judge, each with the state of its form."""
    return render_template(
        "personal/units.html",
        **_frame(round_, questionnaire),
        units=[_line(round_.code, form, is_open) for form in forms],
        sent=sum(form.counts for form in forms),
        closed=not is_open,
        closes_on=round_.closes_on.strftime("%d/%m/%Y") if is_open else None,
    )


def next_address(state: FormState, unit_id: str) -> str:
    """Give the page of a form where its person goes on."""
    code = state.round.code
    if state.sent:
        return url_for("personal.receipt", code=code, unit=unit_id)
    following = state.first_unanswered() if state.answers else state.sections[0].id
    if following is None:
        return url_for("personal.review", code=code, unit=unit_id)
    return url_for("personal.section", code=code, unit=unit_id, section=following)


def unit_name(unit_id: str) -> str:
    """Name a unit as its form does."""
    return load_units().get(unit_id).full_name


def promises(round_: RoundRow) -> list[str]:
    """Say what is done to keep the answers apart from the name, as far as it is true of this round."""
    said = [_("Đường dẫn này chỉ dành cho Ông/Bà. Câu trả lời không ghi cùng họ tên.")]
    if mode_of(round_) == "attributable":
        said.append(
            _(
                "Phiếu này được bảo mật nhưng không ẩn danh: nhóm của Ông/Bà có ít người, nên ai đọc được "
                "số liệu gốc có thể đoán ra người trả lời. Số liệu công bố luôn gộp nhiều người."
            )
        )
    else:
        said.append(
            _(
                "Phiếu này ẩn danh sau khi đợt được niêm phong: khóa nối đường dẫn với phiếu bị hủy. "
                "Trước lúc đó, người giữ khóa của máy chủ về kỹ thuật có thể ghép hai bên; không trang nào "
                "và không báo cáo nào làm việc đó."
            )
        )
    said.append(_("Câu trả lời được lưu sau mỗi phần; mở lại đường dẫn để làm tiếp, kể cả trên máy khác."))
    said.append(_("Gửi rồi vẫn làm lại được cho đến khi đợt đóng; phiếu gửi sau cùng được tính."))
    return said


def _frame(round_: RoundRow, questionnaire: Questionnaire) -> dict[str, object]:
    return {
        "round_title": round_.title(language()),
        "questionnaire": questionnaire,
        "simulated": round_.simulated,
        "promises": promises(round_),
    }


def _line(code: str, form: UnitForm, is_open: bool) -> UnitLine:
    states = {
        "untouched": _("chưa làm"),
        "begun": _("đang làm"),
        "changing": _("đã gửi, đang làm lại"),
        "sent": _("đã gửi"),
    }
    opens = is_open or form.standing == "sent"
    address = url_for("personal.unit", code=code, unit=form.unit_id) if opens else ""
    return UnitLine(unit_name(form.unit_id), address, states[form.standing])
