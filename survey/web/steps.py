"""What a step of a long form leaves beside its answers: pages counted, pace, circumstances (K25, K26).

Not the answers themselves, and no moment: longform.py calls this and shows the pages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import request

from survey.services.circumstances import Circumstances
from survey.services.clock import day_in_vietnam
from survey.services.collection import FormState, Respondent
from survey.services.pace import SPEEDING, words_in
from survey.services.page_counts import REVIEW
from survey.web import pace
from survey.web.languages import language
from survey.web.site import site


def note_arrival(respondent: Respondent, state: FormState, section: str) -> None:
    """Count the first page of a form that nobody began; in memory, as a GET writes nothing."""
    if state.unit_id is None and request.method == "GET":
        count_opened(respondent, state, section)


def count_opened(respondent: Respondent, state: FormState, page: str) -> None:
    """Count a page that this form comes to for the first time."""
    site().pages.opened(state.round.id, respondent.channel, page, _day(respondent, state))


def note_page(
    respondent: Respondent,
    form: Any,
    *,
    before: FormState,
    after: FormState,
    section: str,
    following: str,
) -> None:
    """Note a page whose answers were kept: how fast, and that its form comes to the following one."""
    items = before.questionnaire.section(section).items
    if not any(item.id in before.answers for item in items):
        words = words_in([item.text.in_(language()) for item in items if item.id in before.visible])
        pace.note_page(form.expected_mark, section, form.opened.data or "", words, following)
    was_new = any(item.id in after.visible and item.id not in before.answers for item in items)
    if was_new and following != section:
        day = _day(respondent, after)
        site().pages.completed(after.round.id, respondent.channel, section, day)
        if not _is_answered(after, following):
            count_opened(respondent, after, following)
    site().pages.add_if_due(site().store)


def note_sent(respondent: Respondent, state: FormState) -> None:
    """Note a form that was sent, and forget its pace."""
    if not state.sent:
        site().pages.completed(state.round.id, respondent.channel, REVIEW, _day(respondent, state))
    site().pages.add_if_due(site().store)
    pace.forget()


def with_circumstances(respondent: Respondent, mark: str) -> Respondent:
    """Tell of a phone's answers how they came about; of a personal link's nothing is told."""
    if respondent.channel != "phone":
        return respondent
    seconds, hurried = pace.told_of(mark)
    known = respondent.circumstances or Circumstances()
    flags = (*known.flags, SPEEDING) if hurried else known.flags
    told = replace(known, language=language(), duration_s=seconds, flags=flags)
    return replace(respondent, circumstances=told)


def _is_answered(state: FormState, page: str) -> bool:
    return page != REVIEW and any(
        item.id in state.answers for item in state.questionnaire.section(page).items
    )


def _day(respondent: Respondent, state: FormState) -> date:
    """Give the day to count under: of a personal link always the same, so that no day tells who it was."""
    return state.round.opens_on if respondent.channel == "personal" else day_in_vietnam(site().clock.now())
