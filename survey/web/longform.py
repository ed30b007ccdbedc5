"""The pages of a long form: one section a page, a review, a receipt. Phone and personal links share them.

A page is rendered straight from the questionnaire. Who answers is the audience's to say.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, ValidationError

from survey.errors import SurveyError
from survey.questionnaires import InvalidAnswers, Questionnaire
from survey.services.collection import (
    FormState,
    Respondent,
    receipt_code,
    save_section,
    submit_form,
)
from survey.services.errors import AnotherForm
from survey.services.page_counts import REVIEW
from survey.services.site_keys import site_key
from survey.web import longform_pages as pages
from survey.web import pace, steps
from survey.web.access import open_to_everybody, staff_marks
from survey.web.errors import NoSuchPage, PageExpired
from survey.web.languages import remember, switched
from survey.web.security import checks_itself
from survey.web.site import site

#: Finds whose form a request is about, from its cookie, and the form as it stands; None when there is
#: no such form (any more).
FindForm = Callable[[str], tuple[Respondent, FormState] | None]
#: Posted names that are not items.
_OURS = frozenset({"csrf_token", "form", "language", "opened"})


class AnswersField(Field):
    """All answers of a page as one field: the questionnaire itself reads and checks them."""

    questionnaire: Questionnaire

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.data = _raw(self.questionnaire, formdata) if formdata is not None else {}


class AsksQuestionnaire:
    """Makes a form ask one questionnaire: mixed in before a form whose `answers` is an AnswersField.

    The class is made once, not once a questionnaire and request: WTForms takes longest over classes.
    """

    questionnaire: Questionnaire

    def process(self, *given: Any, **named: Any) -> None:
        self.answers.questionnaire = self.questionnaire  # type: ignore[attr-defined]  # the form's field
        super().process(*given, **named)  # type: ignore[misc]  # the form's


class FormMark(HiddenField):
    """Ties a page to the form it was opened for, so that two forms in one browser cannot mix."""

    def pre_validate(self, form: Any) -> None:
        if self.data != form.expected_mark:
            raise ValidationError("another form")


class PageForm(FlaskForm):
    """The token and the mark of one page, checked before its answers are read."""

    form = FormMark()
    expected_mark = ""

    def __init__(self, response_id: UUID) -> None:
        self.expected_mark = mark_of(response_id)
        super().__init__()
        if not self.is_submitted():
            self.form.data = self.expected_mark

    def require_this_form(self) -> None:
        """Refuse a page of another form.

        Raises:
            AnotherForm: the mark is of another form, or missing.
        """
        if "form" in self.errors:
            raise AnotherForm(request.path)


def mark_of(response_id: UUID) -> str:
    """Name a form on its pages by a word that only this site can make, and that stands nowhere else.

    Its key is not SECRET_KEY: where that is changed, a page that was open still knows its form (F15).
    """
    key = _marks_key(site().store.keys)
    return hmac.digest(key, b"mark:" + response_id.bytes, "sha256").hex()[:16]


@cache
def _marks_key(folder: Path) -> bytes:
    return site_key(folder, "form-marks.secret", lambda: secrets.token_bytes(32))


class SectionForm(AsksQuestionnaire, PageForm):
    """One section of a questionnaire, and when its page was opened."""

    answers = AnswersField()
    opened = HiddenField()

    def __init__(self, questionnaire: Questionnaire, response_id: UUID, section: str) -> None:
        self.questionnaire = questionnaire
        super().__init__(response_id)
        if not self.is_submitted():
            self.opened.data = pace.opened_now(self.expected_mark, section)


class LongForm:
    """The pages of a long form for one audience, under `/<code>/` of its blueprint, or deeper.

    Args:
        under: where its pages stand; parts beside the round's code are the blueprint's own to take and give.
        stale: raised where a page is saved of a form that was sent; without it, the receipt is shown.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        find: FindForm,
        *,
        under: str = "/<code>",
        stale: type[SurveyError] | None = None,
    ) -> None:
        self.audience = blueprint.name
        self._find = find
        self._stale = stale
        for rule, endpoint, view, method in (
            ("/s/<section>", "section", self.show_section, "GET"),
            ("/s/<section>", "keep_section", self.keep_section, "POST"),
            ("/review", "review", self.show_review, "GET"),
            ("/review", "send", self.send, "POST"),
            ("/receipt", "receipt", self.show_receipt, "GET"),
        ):
            blueprint.add_url_rule(under + rule, endpoint, view, methods=[method])

    @open_to_everybody
    def show_section(self, code: str, section: str) -> Any:
        """Show one section as it stands."""
        found = self._unsent(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        form = SectionForm(_on_path(state, section).questionnaire, respondent.response_id, section)
        steps.note_arrival(respondent, state, section)
        hurried = pace.asks_to_read(form.expected_mark, section)
        return pages.section_page(self.audience, state, section, form, hurried=hurried)

    @open_to_everybody
    @checks_itself
    def keep_section(self, code: str, section: str) -> Any:
        """Save one section and go on; with problems, show it again with nothing lost."""
        found = self._unsent(code, saving=True)
        if isinstance(found, Response):
            return found
        respondent, state = found
        form = SectionForm(_on_path(state, section).questionnaire, respondent.response_id, section)
        valid = form.validate()
        form.require_this_form()
        typed = form.answers.data
        language = switched()
        if language:
            page = pages.section_page(self.audience, state, section, form, typed=typed)
            return remember(make_response(page), language)
        if not valid:
            expired = PageExpired()
            return pages.section_page(
                self.audience, state, section, form, typed=typed, expired=expired
            ), expired.status
        try:
            after = save_section(
                store=site().store, clock=site().clock, respondent=respondent, section_id=section, raw=typed
            )
        except InvalidAnswers as error:
            return pages.section_page(
                self.audience, state, section, form, typed=typed, problems=error.problems
            ), error.status
        following = _following(state, after, section)
        steps.note_page(respondent, form, before=state, after=after, section=section, following=following)
        return self._to_page(following, code)

    @open_to_everybody
    def show_review(self, code: str) -> Any:
        """Show every answer before the form is sent."""
        found = self._unsent(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        form = PageForm(respondent.response_id)
        hurried = pace.asks_to_read(form.expected_mark, REVIEW)
        return pages.review_page(self.audience, state, form, hurried=hurried)

    @open_to_everybody
    @checks_itself
    def send(self, code: str) -> Any:
        """Send the form; sending it again comes to the same receipt."""
        found = self._answering(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if state.sent and not state.answers:
            return self._to("receipt", code)
        form = PageForm(respondent.response_id)
        valid = form.validate()
        form.require_this_form()
        language = switched()
        if language:
            return remember(make_response(pages.review_page(self.audience, state, form)), language)
        if not valid:
            expired = PageExpired()
            return pages.review_page(self.audience, state, form, expired=expired), expired.status
        try:
            told = steps.with_circumstances(respondent, form.expected_mark).marked(staff_marks())
            submit_form(store=site().store, clock=site().clock, respondent=told)
        except InvalidAnswers as error:
            return pages.review_page(self.audience, state, form, problems=error.problems), error.status
        steps.note_sent(respondent, state)
        return self._to("receipt", code)

    @open_to_everybody
    def show_receipt(self, code: str) -> Any:
        """Show the receipt of a form that was sent."""
        found = self._answering(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if not state.sent:
            return self._to("review", code)
        return pages.receipt_page(self.audience, state, receipt_code(respondent))

    def _to_page(self, page: str, code: str) -> Response:
        return self._to("review", code) if page == REVIEW else self._to("section", code, section=page)

    def _answering(self, code: str) -> tuple[Respondent, FormState] | Response:
        return self._find(code) or self._to("start", code)

    def _unsent(self, code: str, *, saving: bool = False) -> tuple[Respondent, FormState] | Response:
        found = self._answering(code)
        if not isinstance(found, Response) and found[1].sent:
            if saving and self._stale:
                raise self._stale(code)
            return self._to("receipt", code)
        return found

    def _to(self, endpoint: str, code: str, **values: Any) -> Response:
        return redirect(url_for(f"{self.audience}.{endpoint}", code=code, **values), 303)


def _following(before: FormState, after: FormState, section: str) -> str:
    """Give the page that comes next: the same one again where its answers brought up a question on it."""
    return section if pages.newly_asked(before, after, section) else after.after(section) or REVIEW


def _on_path(state: FormState, section: str) -> FormState:
    if state.place_of(section) is None:
        raise NoSuchPage(section)
    return state


def _raw(questionnaire: Questionnaire, posted: MultiDict[str, str]) -> Mapping[str, object]:
    raw: dict[str, object] = {}
    for name in posted:
        if name in _OURS:
            continue
        values = posted.getlist(name)
        several = len(values) > 1 or (name in questionnaire and questionnaire.item(name).kind == "multiple")
        raw[name] = values if several else values[0]
    return raw
