"""The keyers' pages: what waits, and the entry page of one form.

The entry page is made from the questionnaire and from what this person has just typed, never from what the
database holds: who keys second cannot see what was keyed first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from survey.questionnaires import AnswerProblem, Item, Questionnaire
from survey.reports.print.routing_words import numbered
from survey.services.paper.keying import FormToKey, WaitingForm
from survey.services.review.rechecks import NOBODY, ToAskAgain
from survey.web.access import account
from survey.web.keying.forms import CONFIRMED, UNFINISHED, UNREADABLE, Typed
from survey.web.languages import language
from survey.web.office import words
from survey.web.office.frame import Person, notices

_NOTHING = Typed({}, frozenset(), frozenset())
#: What no keyer can confirm as "on the paper"; everything else a sheet of paper can hold.
_TAMPERED = frozenset(
    {"unknown-option", "wrong-type", "repeated-option", "unknown-item", "forbidden-character"}
)


@dataclass(frozen=True, slots=True)
class EntryOption:
    """One answer to choose, and the digit that chooses it ("" past nine)."""

    id: str
    key: str
    label: str
    chosen: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class EntryItem:
    """One item as the entry page shows it."""

    id: str
    number: int
    kind: str
    text: str
    options: tuple[EntryOption, ...]
    value: str
    blank: bool
    unreadable: bool
    problem: str | None
    confirmable: bool
    confirmed: bool


def keyers_page(template: str, *, place: str, **values: Any) -> str:
    """Render a page of a keyer; `place` is the endpoint of its place in the navigation."""
    person = account()
    listed = (
        (_("Nhập phiếu giấy"), "keying.desk", "document"),
        (_("Phúc tra"), "keying.again", "recompute"),
    )
    return render_template(
        template,
        **{
            "sections": [(label, url_for(to), icon, to == place) for label, to, icon in listed],
            "person": Person(person.full_name, words.role(person.role)),
            "logout_url": url_for("keying.sign_out"),
            "home_url": url_for("keying.desk"),
            "notices": notices(),
            **values,
        },
    )


def desk_page(
    form: Any, waiting: Sequence[WaitingForm], *, typed: str = "", problem: str | None = None
) -> str:
    """Render the number to type and the forms that wait for this person."""
    return keyers_page(
        "keying/desk.html",
        place="keying.desk",
        form=form,
        typed=typed,
        problems=[{"field": "number", "text": problem}] if problem else [],
        problem=problem,
        columns=[
            {"label": _("Số phiếu"), "head": True},
            {"label": _("Đơn vị")},
            {"label": _("Đợt khảo sát")},
            {"label": _("Lần nhập")},
        ],
        rows=[_waiting_row(one) for one in waiting],
    )


def form_page(
    form: Any,
    sheet: FormToKey,
    *,
    typed: Typed = _NOTHING,
    problems: Sequence[AnswerProblem] = (),
) -> str:
    """Render the entry page of a paper form."""
    return keyers_page(
        "keying/entry.html",
        place="keying.desk",
        form=form,
        heading=_("Phiếu số %(number)s", number=sheet.number),
        lead=f"{sheet.unit} · {sheet.psu}",
        hint=_("Nhập đúng những gì ghi trên phiếu, kể cả khi để trống hay trả lời chưa hợp lý."),
        back=url_for("keying.desk"),
        action=url_for("keying.keep", sheet=sheet.number),
        send=_("Lưu phiếu %(number)s", number=sheet.number),
        simulated=sheet.round.simulated,
        **_entry(sheet.questionnaire, typed, problems),
    )


def again_page(waiting: Sequence[ToAskAgain]) -> str:
    """Render whom this person may ask again."""
    return keyers_page(
        "keying/again.html",
        place="keying.again",
        columns=[
            {"label": _("Phiếu"), "head": True},
            {"label": _("Đơn vị")},
            {"label": _("Địa bàn")},
            {"label": _("Người hỏi lần đầu")},
        ],
        rows=[_again_row(one) for one in waiting],
    )


def ask_page(
    form: Any,
    asked: ToAskAgain,
    *,
    typed: Typed = _NOTHING,
    problems: Sequence[AnswerProblem] = (),
) -> str:
    """Render the entry page of a form to ask again; it has nothing of the first answers."""
    return keyers_page(
        "keying/ask.html",
        place="keying.again",
        form=form,
        heading=_("Hỏi lại: %(name)s", name=_name(asked)),
        lead=" · ".join(filter(None, (asked.unit, asked.psu, asked.place))),
        hint=_("Hỏi lại từ đầu. Câu trả lời lần đầu không được hiện ở đây."),
        back=url_for("keying.again"),
        action=url_for("keying.keep_again", recheck=asked.id),
        not_asked=url_for("keying.not_asked_again", recheck=asked.id),
        send=_("Lưu câu trả lời"),
        simulated=asked.round.simulated,
        **_entry(asked.questionnaire, typed, problems),
    )


def collector(login: str) -> str:
    """Name who collected a form."""
    return _("Không rõ người hỏi") if login == NOBODY else login


def _entry(
    questionnaire: Questionnaire, typed: Typed, problems: Sequence[AnswerProblem]
) -> Mapping[str, Any]:
    numbers, told = numbered(questionnaire), {one.item: one for one in problems}
    summary = [
        {
            "field": one.item,
            "text": _("Câu %(number)s: %(problem)s", number=numbers.get(one.item, "?"), problem=_said(one)),
        }
        for one in problems
    ]
    return {
        "parts": [
            (
                section.title.in_(language()),
                [_item(item, numbers[item.id], typed, told.get(item.id)) for item in section.items],
            )
            for section in questionnaire.sections
        ],
        "problems": summary,
        "unreadable_value": UNREADABLE,
        "confirmed_name": CONFIRMED,
        "unfinished_name": UNFINISHED,
    }


def _item(item: Item, number: int, typed: Typed, problem: AnswerProblem | None) -> EntryItem:
    value = typed.values.get(item.id, "")
    chosen: Collection[str] = value if isinstance(value, list) else (str(value),)
    unreadable = item.id in typed.unreadable
    return EntryItem(
        item.id,
        number,
        item.kind,
        item.text.in_(language()),
        tuple(_options(item, () if unreadable else chosen)),
        value if isinstance(value, str) else "",
        not value and not unreadable,
        unreadable,
        _said(problem) if problem else None,
        problem is not None and problem.code not in _TAMPERED,
        item.id in typed.confirmed,
    )


def _options(item: Item, chosen: Collection[str]) -> Sequence[EntryOption]:
    return [
        EntryOption(
            option.id,
            str(place) if place < 10 else "",
            option.label.in_(language()),
            option.id in chosen,
            option.excluded,
        )
        for place, option in enumerate(item.scale.options if item.scale else (), start=1)
    ]


def _said(problem: AnswerProblem) -> str:
    return problem.message.in_(language())


def _waiting_row(one: WaitingForm) -> list[Any]:
    return [
        {"text": one.number, "address": url_for("keying.form", sheet=one.number)},
        one.unit,
        one.round.title(language()),
        {"chip": _("Lần hai"), "tone": "info"} if one.second else {"chip": _("Lần một"), "tone": ""},
    ]


def _again_row(one: ToAskAgain) -> list[Any]:
    return [
        {"text": _name(one), "address": url_for("keying.ask", recheck=one.id)},
        one.unit,
        " · ".join(filter(None, (one.psu, one.place))),
        collector(one.collected_by),
    ]


def _name(one: ToAskAgain) -> str:
    """Name a form to ask again: a paper form by its number, another by the beginning of its own id."""
    return one.number or _("phiếu máy tính bảng %(id)s", id=one.id.hex[:8])
