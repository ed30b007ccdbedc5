"""The kiosk's screens: attract, the question, reasons and comment, thanks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import render_template

from survey.questionnaires import Item, Questionnaire
from survey.web.kiosk.place import Place
from survey.web.languages import language
from survey.web.longform import mark_of
from survey.web.longform_pages import AnswerProblem, PageProblem

#: Seconds until the thanks give way to the first screen (K6).
THANKS_SECONDS = 5
#: Seconds that a language chosen on the first screen waits for a touch: as long as a question does.
IDLE_SECONDS = 60


def first_item(questionnaire: Questionnaire) -> Item:
    """Give the question that one tap answers: the first of the questionnaire."""
    return questionnaire.items[0]


def further_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Give what the second screen asks: the same for every answer to the first."""
    return questionnaire.items[1:]


def attract_screen(place: Place) -> str:
    frame = {**_frame(place), "language_next": place.address("kiosk.attract") + "?chosen=1"}
    return render_template("kiosk/attract.html", **frame, idle=False)


def question_screen(
    place: Place, visit: UUID, *, problems: Iterable[AnswerProblem] = (), message: str | None = None
) -> str:
    item = first_item(place.state.questionnaire)
    return render_template(
        "kiosk/question.html",
        **{**_frame(place), "language_next": place.address("kiosk.question")},
        mark=mark_of(visit),
        item=item,
        problems=_summary(problems, message),
        restart_url=place.address("kiosk.restart"),
    )


def further_screen(
    place: Place,
    visit: UUID,
    *,
    typed: Mapping[str, object] | None = None,
    problems: Iterable[AnswerProblem] = (),
    message: str | None = None,
) -> str:
    problems = tuple(problems)
    return render_template(
        "kiosk/further.html",
        **{**_frame(place), "language_next": place.address("kiosk.further")},
        mark=mark_of(visit),
        items=further_items(place.state.questionnaire),
        answers=typed or {},
        errors={problem.item: problem.message.in_(language()) for problem in problems},
        problems=_summary(problems, message),
        restart_url=place.address("kiosk.restart"),
    )


def thanks_screen(place: Place) -> str:
    """Render the thanks: byte for byte the same whatever was answered (K4)."""
    return render_template("kiosk/thanks.html", **_frame(place), idle=False, return_after=THANKS_SECONDS)


def _frame(place: Place) -> dict[str, Any]:
    return {
        "place": place,
        "unit_name": place.unit_name,
        "simulated": place.state.round.simulated,
        "start_url": place.address("kiosk.attract"),
        "language_next": place.address("kiosk.attract"),
    }


def _summary(problems: Iterable[AnswerProblem], message: str | None) -> list[PageProblem]:
    listed = [PageProblem(None, message)] if message else []
    return listed + [PageProblem(problem.item, problem.message.in_(language())) for problem in problems]
