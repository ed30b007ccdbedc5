"""What stands on the pages of a long form: values for the templates, and the pages themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import render_template, url_for
from markupsafe import Markup

from survey.errors import SurveyError
from survey.questionnaires import Item, Text, visible_items
from survey.services.collection import FormState
from survey.web.languages import language
from survey.web.spoken_words import said


class AnswerProblem(Protocol):
    """What is wrong with one answer (survey.questionnaires.AnswerProblem)."""

    @property
    def item(self) -> str: ...
    @property
    def message(self) -> Text: ...


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A problem as the error summary lists it: the field it is about, if it is on the page."""

    field: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One answer as the review shows it."""

    label: str
    answer: str | None
    change: str


def section_page(
    audience: str,
    state: FormState,
    section_id: str,
    form: Any,
    *,
    typed: Mapping[str, object] | None = None,
    problems: Iterable[AnswerProblem] = (),
    expired: SurveyError | None = None,
    hurried: bool = False,
) -> str:
    """Render one section, with what was typed and what is wrong with it.

    Args:
        hurried: ask to read with care (K26).
    """
    section = state.questionnaire.section(section_id)
    place = state.place_of(section_id) or 0
    problems = tuple(problems)
    shown = _shown(state, section.items, typed, problems)
    previous = state.sections[place - 1].id if place else None
    code = state.round.code
    return render_template(
        "longform/section.html",
        **_frame(state),
        section=section,
        items=shown,
        answers=typed if typed is not None else state.answers,
        errors={problem.item: problem.message.in_(language()) for problem in problems},
        problems=_summary(problems, {item.id for item in shown}, expired),
        place=place + 1,
        places=len(state.sections),
        form=form,
        hurried=hurried,
        language_url=None,
        action=_sent_to(url_for(f"{audience}.keep_section", code=code, section=section_id)),
        back=url_for(f"{audience}.section", code=code, section=previous)
        if previous
        else url_for(f"{audience}.start", code=code),
    )


def review_page(
    audience: str,
    state: FormState,
    form: Any,
    *,
    problems: Iterable[AnswerProblem] = (),
    expired: SurveyError | None = None,
    hurried: bool = False,
) -> str:
    """Render all answers before they are sent, each with a way to change it."""
    missing = tuple(problems)
    return render_template(
        "longform/review.html",
        **_frame(state),
        groups=[
            (said(section.title, language()), _lines(audience, state, section.id, section.items))
            for section in state.sections
        ],
        problems=_summary(missing, set(), expired),
        form=form,
        hurried=hurried,
        language_url=None,
        action=_sent_to(url_for(f"{audience}.send", code=state.round.code)),
        back=url_for(f"{audience}.section", code=state.round.code, section=state.sections[-1].id),
    )


def receipt_page(audience: str, state: FormState, code: str) -> str:
    """Render the receipt: the same whatever was answered."""
    return render_template("longform/receipt.html", **_frame(state), receipt_code=code, audience=audience)


def newly_asked(before: FormState, after: FormState, section_id: str) -> bool:
    """Say whether the answers of a page brought up a question on that same page."""
    here = {item.id for item in before.questionnaire.section(section_id).items}
    return bool(here & (set(after.visible) - set(before.visible)) - set(after.answers))


def answer_text(item: Item, given: Any, lang: str) -> str | None:
    """Write an answer as words."""
    if given is None:
        return None
    if item.scale is None:
        return str(given)
    chosen = [given] if isinstance(given, str) else list(given)
    return "; ".join(item.scale.option(option).label.in_(lang) for option in chosen)


def _answer_said(item: Item, given: Any, lang: str) -> str | None:
    """Write an answer as it stands on a page, options in another language than the page's marked as such."""
    if given is None or item.scale is None:
        return answer_text(item, given, lang)
    chosen = [given] if isinstance(given, str) else list(given)
    return Markup("; ").join(said(item.scale.option(option).label, lang) for option in chosen)


def _sent_to(address: str) -> str:
    """Send a form to another address than its page has: where that fails, Back leads to the page (P8)."""
    return f"{address}?sent"


def _frame(state: FormState) -> dict[str, Any]:
    return {
        "round_title": state.round.title(language()),
        "questionnaire": state.questionnaire,
        "simulated": state.round.simulated,
        "packs": state.packs,
    }


def _shown(
    state: FormState,
    items: Iterable[Item],
    typed: Mapping[str, object] | None,
    problems: tuple[AnswerProblem, ...],
) -> list[Item]:
    """Show what is on the path, and what a problem of this very page is about."""
    wrong = {problem.item for problem in problems}
    visible = set(state.visible)
    if typed is not None:
        known = {
            name: value
            for name, value in typed.items()
            if name in state.questionnaire and isinstance(value, str | list)
        }
        visible |= set(visible_items(state.questionnaire, {**state.answers, **known}))
    return [item for item in items if item.id in visible or item.id in wrong]


def _summary(
    problems: tuple[AnswerProblem, ...], on_page: set[str], expired: SurveyError | None
) -> list[PageProblem]:
    listed = [PageProblem(None, expired.text(language()))] if expired else []
    for problem in problems:
        field = problem.item if problem.item in on_page else None
        listed.append(PageProblem(field, problem.message.in_(language())))
    return listed


def _lines(audience: str, state: FormState, section: str, items: Iterable[Item]) -> list[ReviewLine]:
    change = url_for(f"{audience}.section", code=state.round.code, section=section)
    lang = language()
    return [
        ReviewLine(
            said(item.text, lang),
            _answer_said(item, state.answers.get(item.id), lang),
            f"{change}#{item.id}",
        )
        for item in items
        if item.id in state.visible
    ]
