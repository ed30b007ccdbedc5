"""The pages of a long form: one section a page, a review, a receipt. Phone and personal links share them.

A page is rendered straight from the questionnaire. Who answers is the audience's to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField, ValidationError

from survey.questionnaires import InvalidAnswers, Questionnaire
from survey.services.collection import (
    FormState,
    Respondent,
    form_state,
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

#: Finds whose form a request is about, from its cookie; None when there is no such form (any more).
FindRespondent = Callable[[str], Respondent | None]
#: Posted names that are not items.
_OURS = frozenset({"csrf_token", "form", "language"})


class AnswersField(Field):
    """All answers of a page as one field: the questionnaire itself reads and checks them."""

    def process(self, formdata: MultiDict[str, str] | None, data: Any = None, **_: Any) -> None:
        self.data = _raw(self.questionnaire, formdata) if formdata is not None else {}

    def __init__(self, questionnaire: Questionnaire, **kwargs: Any) -> None:
        self.questionnaire = questionnaire
        super().__init__(**kwargs)


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
        if not self.form.data:
            self.form.data = self.expected_mark

    def require_this_form(self) -> None:
        """Refuse a page of another form.

        Raises:
            AnotherForm: the mark is of another form, or missing.
        """
        if "form" in self.errors:
            raise AnotherForm(request.path)


def mark_of(response_id: UUID) -> str:
    """Name a form on its pages without telling its id."""
    return hashlib.sha256(response_id.bytes).hexdigest()[:16]


def section_form(questionnaire: Questionnaire, response_id: UUID) -> Any:
    """Make the WTForms form of a page for one questionnaire."""

    class SectionForm(PageForm):
        answers = AnswersField(questionnaire)

    return SectionForm(response_id)


def add_long_form(blueprint: Blueprint, find: FindRespondent) -> None:
    """Give an audience the pages of a long form under `/<code>/`."""

    def view(rule: str, endpoint: str, function: Callable[..., Any], methods: list[str]) -> None:
        blueprint.add_url_rule(rule, endpoint, open_to_everybody(checks_itself(function)), methods=methods)

    def show_section(code: str, section: str) -> Any:
        found = _find(find, blueprint, code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if state.sent:
            return _to(blueprint, "receipt", code)
        if state.place_of(section) is None:
            raise NoSuchPage(section)
        form = section_form(state.questionnaire, respondent.response_id)
        return pages.section_page(blueprint.name, state, section, form)

    def keep_section(code: str, section: str) -> Any:
        found = _find(find, blueprint, code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if state.sent:
            return _to(blueprint, "receipt", code)
        if state.place_of(section) is None:
            raise NoSuchPage(section)
        return _keep_section(blueprint, respondent, state, section)

    def show_review(code: str) -> Any:
        found = _find(find, blueprint, code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if state.sent:
            return _to(blueprint, "receipt", code)
        return pages.review_page(blueprint.name, state, PageForm(respondent.response_id))

    def send(code: str) -> Any:
        found = _find(find, blueprint, code)
        if isinstance(found, Response):
            return found
        return _send(blueprint, code, *found)

    def show_receipt(code: str) -> Any:
        found = _find(find, blueprint, code)
        if isinstance(found, Response):
            return found
        respondent, state = found
        if not state.sent:
            return _to(blueprint, "review", code)
        return pages.receipt_page(blueprint.name, state, receipt_code(code, respondent.response_id))

    view("/<code>/s/<section>", "section", show_section, ["GET"])
    view("/<code>/s/<section>", "keep_section", keep_section, ["POST"])
    view("/<code>/review", "review", show_review, ["GET"])
    view("/<code>/review", "send", send, ["POST"])
    view("/<code>/receipt", "receipt", show_receipt, ["GET"])


def _keep_section(blueprint: Blueprint, respondent: Respondent, state: FormState, section: str) -> Any:
    form = section_form(state.questionnaire, respondent.response_id)
    valid = form.validate()
    form.require_this_form()
    typed = form.answers.data
    language = switched()
    if language:
        page = make_response(pages.section_page(blueprint.name, state, section, form, typed=typed))
        return remember(page, language)
    if not valid:
        return pages.section_page(
            blueprint.name, state, section, form, typed=typed, expired=PageExpired()
        ), 400
    try:
        after = save_section(
            store=site().store, clock=site().clock, respondent=respondent, section_id=section, raw=typed
        )
    except InvalidAnswers as error:
        return pages.section_page(
            blueprint.name, state, section, form, typed=typed, problems=error.problems
        ), 422
    if pages.newly_asked(state, after, section):
        return _to(blueprint, "section", state.round.code, section=section)
    following = after.after(section)
    if following is None:
        return _to(blueprint, "review", state.round.code)
    return _to(blueprint, "section", state.round.code, section=following)


def _send(blueprint: Blueprint, code: str, respondent: Respondent, state: FormState) -> Any:
    form = PageForm(respondent.response_id)
    valid = form.validate()
    form.require_this_form()
    language = switched()
    if language:
        page = make_response(pages.review_page(blueprint.name, state, form))
        return remember(page, language)
    if not valid:
        return pages.review_page(blueprint.name, state, form, expired=PageExpired()), 400
    try:
        submit_form(store=site().store, clock=site().clock, respondent=respondent)
    except InvalidAnswers as error:
        return pages.review_page(blueprint.name, state, form, problems=error.problems), 422
    return _to(blueprint, "receipt", code)


def _find(find: FindRespondent, blueprint: Blueprint, code: str) -> tuple[Respondent, FormState] | Response:
    respondent = find(code)
    if respondent is None:
        return _to(blueprint, "start", code)
    state = form_state(
        store=site().store, clock=site().clock, round_code=code, response_id=respondent.response_id
    )
    return respondent, state


def _to(blueprint: Blueprint, endpoint: str, code: str, **values: Any) -> Response:
    return redirect(url_for(f"{blueprint.name}.{endpoint}", code=code, **values), 303)


def _raw(questionnaire: Questionnaire, posted: MultiDict[str, str]) -> Mapping[str, object]:
    raw: dict[str, object] = {}
    for name in posted:
        if name in _OURS:
            continue
        values = posted.getlist(name)
        several = len(values) > 1 or (name in questionnaire and questionnaire.item(name).kind == "multiple")
        raw[name] = values if several else values[0]
    return raw
