"""Collecting answers: pages saved as a draft, and the form sent exactly once.

Not how a page looks, who may be invited (links/invitations.py, places.py), or how a form is kept
(keeping.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from survey.questionnaires import (
    LanguagePack,
    Questionnaire,
    Section,
    on_path,
    read_answers,
    read_section,
    visible_items,
)
from survey.services.asked import asked_in_languages, questionnaire_asked, questionnaire_of
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import NoSuchRound, UnknownVersion
from survey.services.keeping import (
    Receipt,
    Respondent,
    WholeForm,
    acknowledged,
    form_there,
    keep,
    plain,
    receipt_code,
    receipt_of,
    require_judged,
    require_open,
)
from survey.storage import forms, responses
from survey.storage.forms import FormRound, FormRow
from survey.storage.store import Store

__all__ = [
    "FormState",
    "Receipt",
    "Respondent",
    "form_state",
    "questionnaire_of",
    "receipt_code",
    "save_section",
    "start_form",
    "submit_form",
    "submit_response",
]


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as it stands: what is asked, what is answered, what comes on the path.

    Attributes:
        unit_id: the unit it is about; None for a form that nobody began.
        packs: what the questionnaire speaks besides its own languages.
    """

    round: FormRound
    questionnaire: Questionnaire
    answers: Mapping[str, Any]
    sections: tuple[Section, ...]
    visible: tuple[str, ...]
    sent: bool
    unit_id: str | None
    packs: tuple[LanguagePack, ...] = ()

    def place_of(self, section_id: str) -> int | None:
        """Give the position of a section on the path, from 0, or None when it is not on it."""
        ids = [section.id for section in self.sections]
        return ids.index(section_id) if section_id in ids else None

    def after(self, section_id: str) -> str | None:
        """Give the section that follows on the path, or None when the review comes next."""
        place = self.place_of(section_id)
        following = self.sections[place + 1 :] if place is not None else self.sections
        return following[0].id if following else None

    def first_unanswered(self) -> str | None:
        """Give the first section with a required item that has no answer."""
        for section in self.sections:
            for item in section.items:
                if item.required and item.id in self.visible and item.id not in self.answers:
                    return section.id
        return None


def form_state(*, store: Store, clock: Clock, round_code: str, response_id: UUID | None) -> FormState:
    """Read a form as far as it is filled; nothing is written.

    Raises:
        NoSuchRound, RoundClosed: the round is not there, or takes no answers today. A form that
            was sent already is still shown as sent after the round closed.
    """
    with store.reading() as session:
        form = forms.form_of(session, round_code, response_id)
        if form is None:
            raise NoSuchRound(round_code)
        if form.payload_sha256 is None:
            require_open(form.round, clock)
        asked = asked_in_languages(session, form.round)
    return _state(form, asked.questionnaire, form.draft_answers or {}, form.unit_id, asked.packs)


def start_form(*, store: Store, clock: Clock, respondent: Respondent) -> FormState:
    """Open an empty form about a unit, so that its pages know whom they are about.

    Raises:
        NoSuchRound, RoundClosed, NotThisUnit: nothing is written.
    """
    with store.transaction() as session:
        form = form_there(session, respondent, locked=True)
        require_open(form.round, clock)
        require_judged(form, respondent)
        questionnaire = questionnaire_asked(session, form.round.questionnaire_sha256)
        responses.save_draft(session, _draft(form.round, respondent, {}, clock))
    return _state(form, questionnaire, {}, respondent.unit_id)


def save_section(
    *, store: Store, clock: Clock, respondent: Respondent, section_id: str, raw: Mapping[str, object]
) -> FormState:
    """Check one page and save it into the draft; answers of branches left behind stay in the draft.

    Raises:
        InvalidAnswers: with every problem of the page; nothing is written.
        RoundClosed: the round takes no answers today.
    """
    with store.transaction() as session:
        form = form_there(session, respondent, locked=True)
        require_open(form.round, clock)
        require_judged(form, respondent)
        if form.draft_answers is None and form.payload_sha256 is None:
            # Two first pages at once have no draft to lock yet: the second waits here for the first.
            responses.begin_draft(session, _draft(form.round, respondent, {}, clock))
            form = form_there(session, respondent, locked=True)
        questionnaire = questionnaire_asked(session, form.round.questionnaire_sha256)
        answers = _with_page(questionnaire, form.draft_answers or {}, section_id, raw)
        if form.payload_sha256 is None:
            responses.save_draft(session, _draft(form.round, respondent, answers, clock))
    return _state(form, questionnaire, answers, respondent.unit_id)


def submit_form(
    *,
    store: Store,
    clock: Clock,
    respondent: Respondent,
    last: Mapping[str, Mapping[str, object]] | None = None,
) -> Receipt:
    """Send the form that was filled page by page; sending it again gives the same receipt.

    Where its id was kept by another way meanwhile, what was filled is compared like any other copy.

    Args:
        last: raw answers of sections that came together with the sending, kept with it or not at all.

    Raises:
        InvalidAnswers: something required is still missing.
        RoundClosed: the round takes no answers today; the draft is kept.
        OtherAnswersKept: the id was used before with other answers; both are kept.
    """
    with store.transaction() as session:
        form = form_there(session, respondent, locked=True)
        if form.payload_sha256 is None:
            require_open(form.round, clock)
        elif not form.draft_answers:
            return receipt_of(respondent, form.payload_sha256, replayed=True)
        questionnaire = questionnaire_asked(session, form.round.questionnaire_sha256)
        filled = form.draft_answers or {}
        for section_id, raw in (last or {}).items():
            filled = _with_page(questionnaire, filled, section_id, raw)
        answers = read_answers(questionnaire, on_path(questionnaire, filled))
        receipt = keep(session, clock, form, WholeForm(questionnaire, respondent, answers))
        responses.drop_draft(session, form.round.id, respondent.response_id)
    return acknowledged(receipt, respondent)


def submit_response(
    *,
    store: Store,
    clock: Clock,
    respondent: Respondent,
    raw: Mapping[str, object],
    questionnaire_sha256: str | None = None,
) -> Receipt:
    """Keep one whole submission exactly once and give its receipt.

    The same id with the same answers gives the first receipt again; with other answers it is kept
    aside for a person to see. Nothing is acknowledged before the commit. The answers are read before
    the writing transaction begins, so that a wrong form never takes the writer's turn.

    Raises:
        InvalidAnswers: with every problem; nothing is written.
        OtherAnswersKept: the id was used before with other answers; both are kept.
        RoundClosed, NoSuchRound, NotThisUnit, UnknownVersion: nothing is written.
    """
    with store.reading() as session:
        form = form_there(session, respondent)
        questionnaire = questionnaire_asked(session, form.round.questionnaire_sha256)
    _require_entry(form.round, respondent)
    if form.payload_sha256 is None:
        require_open(form.round, clock)
    if questionnaire_sha256 not in (None, questionnaire.sha256):
        raise UnknownVersion(str(questionnaire_sha256))
    whole = WholeForm(questionnaire, respondent, read_answers(questionnaire, raw))
    with store.transaction() as session:
        receipt = keep(session, clock, form, whole)
    return acknowledged(receipt, respondent)


def _state(
    form: FormRow,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    unit_id: str | None,
    packs: tuple[LanguagePack, ...] = (),
) -> FormState:
    visible = visible_items(questionnaire, answers)
    shown = frozenset(visible)
    sections = tuple(
        section for section in questionnaire.sections if any(item.id in shown for item in section.items)
    )
    sent = form.payload_sha256 is not None
    return FormState(form.round, questionnaire, dict(answers), sections, visible, sent, unit_id, packs)


def _with_page(
    questionnaire: Questionnaire, earlier: Mapping[str, Any], section_id: str, raw: Mapping[str, object]
) -> dict[str, Any]:
    """Put the answers of one page in the place of those it gave before."""
    page = read_section(questionnaire, section_id, raw, earlier)
    here = {item.id for item in questionnaire.section(section_id).items}
    return {item: given for item, given in earlier.items() if item not in here} | plain(page)


def _require_entry(round_: FormRound, respondent: Respondent) -> None:
    """Refuse an answer by the open address to a round that is by personal link only."""
    if round_.entry == "personal" and respondent.channel == "phone":
        raise NoSuchRound(f"{round_.code} is by personal link only")


def _draft(
    round_: FormRound, respondent: Respondent, answers: Mapping[str, Any], clock: Clock
) -> dict[str, Any]:
    told = respondent.circumstances
    return {
        "round_id": round_.id,
        "response_id": respondent.response_id,
        "unit_id": respondent.unit_id,
        "answers": dict(answers),
        "day_saved": day_in_vietnam(clock.now()),
        "device_id": told.device_id if told and respondent.channel == "kiosk" else None,
    }
