"""The pages of a long form: one section a page, a review, a receipt. Phone and personal links share them.

A page is rendered straight from the questionnaire. Who answers is the audience's to say.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, make_response, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, ValidationError

from survey.questionnaires import InvalidAnswers, Questionnaire
from survey.services.collection import (
    FormState,
    Respondent,
    receipt_code,
    save_section,
    submit_form,
)
from survey.services.errors import AnotherForm
from survey.web import longform_pages as pages
from survey.web.access import open_to_everybody
from survey.web.errors import NoSuchPage, PageExpired
from survey.web.languages import remember, switched
from survey.web.security import checks_itself
from survey.web.site import site

#: Finds whose form a request is about, from its cookie, and the form as it stands; None when there is
#: no such form (any more).
FindForm = Callable[[str], tuple[Respondent, FormState] | None]
#: Posted names that are not items.
_OURS = frozenset({"csrf_token", "form", "language"})


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
    """Name a form on its pages by a word that only this site can make, and that stands nowhere else."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, b"mark:" + response_id.bytes, "sha256").hex()[:16]


class SectionForm(AsksQuestionnaire, PageForm):
    """One section of a questionnaire."""

    answers = AnswersField()

    def __init__(self, questionnaire: Questionnaire, response_id: UUID) -> None:
        self.questionnaire = questionnaire
        super().__init__(response_id)


class LongForm:
    """The pages of a long form for one audience, under `/<code>/` of its blueprint."""

    def __init__(self, blueprint: Blueprint, find: FindForm) -> None:
        self.audience = blueprint.name
        self._find = find
        for rule, endpoint, view, method in (
            ("/<code>/s/<section>", "section", self.show_section, "GET"),
            ("/<code>/s/<section>", "keep_section", self.keep_section, "POST"),
            ("/<code>/review", "review", self.show_review, "GET"),
            ("/<code>/review", "send", self.send, "POST"),
            ("/<code>/receipt", "receipt", self.show_receipt, "GET"),
        ):
            blueprint.add_url_rule(rule, endpoint, view, methods=[method])

    @open_to_everybody
    def show_section(self, code: str, section: str) -> Any:
        """Show one section as it stands."""
        found = self._unsent(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        form = SectionForm(_on_path(state, section).questionnaire, respondent.response_id)
        return pages.section_page(self.audience, state, section, form)

    @open_to_everybody
    @checks_itself
    def keep_section(self, code: str, section: str) -> Any:
        """Save one section and go on; with problems, show it again with nothing lost."""
        found = self._unsent(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        form = SectionForm(_on_path(state, section).questionnaire, respondent.response_id)
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
        return self._following(state, after, section)

    @open_to_everybody
    def show_review(self, code: str) -> Any:
        """Show every answer before the form is sent."""
        found = self._unsent(code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        return pages.review_page(self.audience, state, PageForm(respondent.response_id))

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
            submit_form(store=site().store, clock=site().clock, respondent=respondent)
        except InvalidAnswers as error:
            return pages.review_page(self.audience, state, form, problems=error.problems), error.status
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

    def _following(self, before: FormState, after: FormState, section: str) -> Response:
        code = after.round.code
        if pages.newly_asked(before, after, section):
            return self._to("section", code, section=section)
        following = after.after(section)
        return self._to("section", code, section=following) if following else self._to("review", code)

    def _answering(self, code: str) -> tuple[Respondent, FormState] | Response:
        return self._find(code) or self._to("start", code)

    def _unsent(self, code: str) -> tuple[Respondent, FormState] | Response:
        found = self._answering(code)
        if not isinstance(found, Response) and found[1].sent:
            return self._to("receipt", code)
        return found

    def _to(self, endpoint: str, code: str, **values: Any) -> Response:
        return redirect(url_for(f"{self.audience}.{endpoint}", code=code, **values), 303)


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
