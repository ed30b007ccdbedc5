"""The kiosk's screens: attract, the question, reasons and comment, thanks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import render_template

from survey.questionnaires import Item, Option, Questionnaire
from survey.services.devices.pace import COOL_DOWN
from survey.web.kiosk.carried import NOBODY, Screen, carried_by
from survey.web.kiosk.place import Place
from survey.web.languages import language
from survey.web.longform import mark_of
from survey.web.longform_pages import AnswerProblem, PageProblem

#: Seconds until the thanks give way to the first screen (K6).
THANKS_SECONDS = 5
#: Seconds until a paused kiosk asks again whether it may go on.
PAUSED_SECONDS = 60
#: Seconds that a language chosen on the first screen waits for a touch: as long as a question does.
IDLE_SECONDS = 60


def first_item(questionnaire: Questionnaire) -> Item:
    """Give the question that one tap answers: the first of the questionnaire."""
    return questionnaire.items[0]


def further_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Give what the second screen asks: the same for every answer to the first."""
    return questionnaire.items[1:]


def options_shown(item: Item, order: str) -> tuple[Option, ...]:
    """Give the one question's options in a device's order; "no opinion" stays last and apart (K2, K5)."""
    options = item.scale.options if item.scale else ()
    rated = tuple(option for option in options if not option.excluded)
    apart = tuple(option for option in options if option.excluded)
    return (*(reversed(rated) if order == "reversed" else rated), *apart)


def attract_screen(place: Place) -> str:
    return _attract(place, carried=carried_by(place, SCREENS))


def _attract(place: Place, **more: Any) -> str:
    frame = {**_frame(place), "language_next": place.address("attract") + "?chosen=1"}
    return render_template("kiosk/attract.html", **{**frame, "idle": False, **more})


def question_screen(
    place: Place,
    visit: UUID,
    *,
    problems: Iterable[AnswerProblem] = (),
    message: str | None = None,
    **more: Any,
) -> str:
    item = first_item(place.state.questionnaire)
    return render_template(
        "kiosk/question.html",
        **{**_frame(place), "language_next": place.address("question"), **more},
        mark=mark_of(visit),
        item=item,
        options=options_shown(item, place.option_order),
        problems=_summary(problems, message),
        restart_url=place.address("restart"),
    )


def further_screen(
    place: Place,
    visit: UUID,
    *,
    typed: Mapping[str, object] | None = None,
    problems: Iterable[AnswerProblem] = (),
    message: str | None = None,
    **more: Any,
) -> str:
    problems = tuple(problems)
    return render_template(
        "kiosk/further.html",
        **{**_frame(place), "language_next": place.address("further"), **more},
        mark=mark_of(visit),
        items=further_items(place.state.questionnaire),
        answers=typed or {},
        errors={problem.item: problem.message.in_(language()) for problem in problems},
        problems=_summary(problems, message),
        restart_url=place.address("restart"),
    )


def waiting_screen(place: Place, visit: UUID, *, typed: Mapping[str, object]) -> str:
    """Render the seconds between two people's answers: the page sends itself again, nothing is lost (K8)."""
    return render_template(
        "kiosk/waiting.html",
        **_frame(place),
        mark=mark_of(visit),
        typed=_hidden_fields(typed),
        wait=int(COOL_DOWN.total_seconds()),
        idle=False,
    )


def paused_screen(place: Place) -> str:
    """Render a kiosk that the province has paused (K20)."""
    return _paused(place, return_after=PAUSED_SECONDS, carried=carried_by(place, SCREENS))


def _paused(place: Place, **more: Any) -> str:
    return render_template("kiosk/paused.html", **{**_frame(place), "idle": False, **more})


def thanks_screen(place: Place) -> str:
    """Render the thanks: byte for byte the same whatever was answered (K4)."""
    return _thanks(place, return_after=THANKS_SECONDS)


def _thanks(place: Place, **more: Any) -> str:
    return render_template("kiosk/thanks.html", **{**_frame(place), "idle": False, **more})


#: What an enrolled kiosk carries along: the same pages, of no visit.
SCREENS: dict[str, Screen] = {
    "attract": _attract,
    "question": partial(question_screen, visit=NOBODY),
    "further": partial(further_screen, visit=NOBODY),
    "thanks": _thanks,
    "paused": _paused,
}


def _hidden_fields(typed: Mapping[str, object]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for name, value in typed.items():
        values = value if isinstance(value, list) else [value]
        fields += [(name, str(one)) for one in values]
    return fields


def _frame(place: Place) -> dict[str, Any]:
    return {
        "place": place,
        "unit_name": place.unit_name,
        "simulated": place.state.round.simulated,
        "packs": place.state.packs,
        "start_url": place.address("attract"),
        "language_next": place.address("attract"),
    }


def _summary(problems: Iterable[AnswerProblem], message: str | None) -> list[PageProblem]:
    listed = [PageProblem(None, message)] if message else []
    return listed + [PageProblem(problem.item, problem.message.in_(language())) for problem in problems]
