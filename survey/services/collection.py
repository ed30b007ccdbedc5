"""Collecting answers: pages saved as a draft, and the form sent exactly once.

Not how a page looks, and not who may be invited (invitations.py, places.py).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import (
    Answers,
    Questionnaire,
    Section,
    answers_sha256,
    load,
    on_path,
    read_answers,
    read_section,
    visible_items,
)
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import (
    EmptyForm,
    NoSuchRound,
    NotThisUnit,
    OtherAnswersKept,
    RoundClosed,
    UnknownVersion,
)
from survey.storage import forms, responses, rounds
from survey.storage.forms import FormRow
from survey.storage.models import QuestionnaireRow, RoundRow
from survey.storage.store import Store

#: Questionnaires by the SHA-256 of their bytes; a site asks a handful.
_parsed: dict[str, Questionnaire] = {}


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers, as far as the response may know: the form's id and its place in the design."""

    round_code: str
    response_id: UUID
    unit_id: str
    channel: str
    evidence: str
    stratum: str
    psu: str
    base_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a form was kept. It tells nothing of the answers.

    Attributes:
        code: the same for every copy of the same form.
        payload_sha256: hash of the canonical answers; a device compares it with its own.
        replayed: True when the form had been kept before.
    """

    code: str
    payload_sha256: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Sent:
    """A whole form that was read and found right."""

    questionnaire: Questionnaire
    respondent: Respondent
    answers: Answers


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as it stands: what is asked, what is answered, what comes on the path.

    Attributes:
        unit_id: the unit it is about; None for a form that nobody began.
    """

    round: RoundRow
    questionnaire: Questionnaire
    answers: Mapping[str, Any]
    sections: tuple[Section, ...]
    visible: tuple[str, ...]
    sent: bool
    unit_id: str | None

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
        form = _there(forms.form_of(session, round_code, response_id), round_code)
        sent = form.payload_sha256 is not None
        if not sent:
            _require_open(form.round, clock)
        questionnaire = _asked(session, form.round)
    return _state(form, questionnaire, form.draft_answers or {}, unit_id=form.unit_id)


def start_form(*, store: Store, clock: Clock, respondent: Respondent) -> FormState:
    """Open an empty form about a unit, so that its pages know whom they are about.

    Raises:
        NoSuchRound, RoundClosed, NotThisUnit: nothing is written.
    """
    with store.transaction() as session:
        form = _locked_form(session, respondent)
        _require_takes(form, respondent, clock)
        questionnaire = _asked(session, form.round)
        responses.save_draft(session, _draft_values(form.round, respondent, {}, clock))
    return _state(form, questionnaire, {}, unit_id=respondent.unit_id)


def save_section(
    *, store: Store, clock: Clock, respondent: Respondent, section_id: str, raw: Mapping[str, object]
) -> FormState:
    """Check one page and save it into the draft; answers of branches left behind stay in the draft.

    Raises:
        InvalidAnswers: with every problem of the page; nothing is written.
        RoundClosed: the round takes no answers today.
    """
    with store.transaction() as session:
        form = _locked_form(session, respondent)
        _require_takes(form, respondent, clock)
        questionnaire = _asked(session, form.round)
        answers = _with_page(questionnaire, form.draft_answers or {}, section_id, raw)
        if form.payload_sha256 is None:
            responses.save_draft(session, _draft_values(form.round, respondent, answers, clock))
    return _state(form, questionnaire, answers, unit_id=respondent.unit_id)


def submit_form(
    *,
    store: Store,
    clock: Clock,
    respondent: Respondent,
    last: Mapping[str, Mapping[str, object]] | None = None,
) -> Receipt:
    """Send the form that was filled page by page; sending it again gives the same receipt.

    Args:
        last: raw answers of sections that came together with the sending, kept with it or not at all.

    Raises:
        InvalidAnswers: something required is still missing.
        RoundClosed: the round takes no answers today; the draft is kept.
    """
    with store.transaction() as session:
        form = _locked_form(session, respondent)
        if form.payload_sha256 is not None:
            return _receipt(respondent, form.payload_sha256, replayed=True)
        _require_open(form.round, clock)
        questionnaire = _asked(session, form.round)
        filled = form.draft_answers or {}
        for section_id, raw in (last or {}).items():
            filled = _with_page(questionnaire, filled, section_id, raw)
        answers = read_answers(questionnaire, on_path(questionnaire, filled))
        receipt = _keep(session, clock, form, _Sent(questionnaire, respondent, answers))
        responses.drop_draft(session, form.round.id, respondent.response_id)
    return _acknowledged(receipt, respondent)


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
    aside for a person to see. Nothing is acknowledged before the commit.

    Raises:
        InvalidAnswers: with every problem; nothing is written.
        OtherAnswersKept: the id was used before with other answers; both are kept.
        RoundClosed, NoSuchRound, NotThisUnit, UnknownVersion: nothing is written.
    """
    with store.reading() as session:
        form = _there(
            forms.form_of(session, respondent.round_code, respondent.response_id), respondent.round_code
        )
        questionnaire = _asked(session, form.round)
    _require_entry(form.round, respondent)
    if form.payload_sha256 is None:
        _require_open(form.round, clock)
    if questionnaire_sha256 not in (None, questionnaire.sha256):
        raise UnknownVersion(str(questionnaire_sha256))
    sent = _Sent(questionnaire, respondent, read_answers(questionnaire, raw))
    with store.transaction() as session:
        receipt = _keep_or_compare(session, clock, sent)
    return _acknowledged(receipt, respondent)


def questionnaire_of(round_: RoundRow) -> Questionnaire:
    """Give the questionnaire of a round that was read with it, parsed once in a process."""
    return _parsed.get(round_.questionnaire_sha256) or _parse(round_.questionnaire)


def receipt_code(round_code: str, response_id: UUID) -> str:
    """Make the receipt of a form: ten letters and digits that follow from its id alone."""
    digest = hashlib.sha256(f"{round_code}:{response_id.hex}".encode()).digest()
    letters = base64.b32encode(digest).decode()[:10]
    return f"{letters[:5]}-{letters[5:]}"


def _asked(session: Session, round_: RoundRow) -> Questionnaire:
    """Give a round's questionnaire; its bytes are read once in a process, since their hash is their name."""
    known = _parsed.get(round_.questionnaire_sha256)
    if known is not None:
        return known
    row = rounds.questionnaire_of(session, round_.questionnaire_sha256)
    assert row is not None, "a foreign key holds it"
    return _parse(row)


def _parse(row: QuestionnaireRow) -> Questionnaire:
    parsed = load(row.document)
    _parsed[row.sha256] = parsed
    return parsed


def _state(
    form: FormRow, questionnaire: Questionnaire, answers: Mapping[str, Any], *, unit_id: str | None
) -> FormState:
    visible = visible_items(questionnaire, answers)
    shown = frozenset(visible)
    sections = tuple(
        section for section in questionnaire.sections if any(item.id in shown for item in section.items)
    )
    sent = form.payload_sha256 is not None
    return FormState(form.round, questionnaire, dict(answers), sections, visible, sent, unit_id)


def _with_page(
    questionnaire: Questionnaire, earlier: Mapping[str, Any], section_id: str, raw: Mapping[str, object]
) -> dict[str, Any]:
    """Put the answers of one page in the place of those it gave before."""
    page = read_section(questionnaire, section_id, raw, earlier)
    here = {item.id for item in questionnaire.section(section_id).items}
    return {item: given for item, given in earlier.items() if item not in here} | _plain(page)


def _receipt(respondent: Respondent, payload: str, *, replayed: bool) -> Receipt:
    return Receipt(receipt_code(respondent.round_code, respondent.response_id), payload, replayed)


def _acknowledged(receipt: Receipt | None, respondent: Respondent) -> Receipt:
    """Give the receipt once its transaction is committed; None says that other answers were kept aside."""
    if receipt is None:
        raise OtherAnswersKept(f"{respondent.round_code} {respondent.response_id}")
    return receipt


def _keep_or_compare(session: Session, clock: Clock, sent: _Sent) -> Receipt | None:
    who = sent.respondent
    form = _there(forms.form_of(session, who.round_code, who.response_id, who.unit_id), who.round_code)
    if form.payload_sha256 is None:
        _require_open(form.round, clock)
        return _keep(session, clock, form, sent)
    payload = answers_sha256(sent.questionnaire, sent.answers)
    if form.payload_sha256 == payload:
        return _receipt(who, payload, replayed=True)
    responses.keep_conflict(
        session,
        {
            "round_id": form.round.id,
            "response_id": who.response_id,
            "channel": who.channel,
            "answers": _plain(sent.answers),
            "payload_sha256": payload,
            "day_received": day_in_vietnam(clock.now()),
        },
    )
    return None


def _keep(session: Session, clock: Clock, form: FormRow, sent: _Sent) -> Receipt | None:
    who = sent.respondent
    if not sent.answers:
        raise EmptyForm(who.round_code)
    if form.judged is None:
        raise NotThisUnit(who.unit_id)
    payload = answers_sha256(sent.questionnaire, sent.answers)
    added = responses.add_response(
        session,
        {
            "round_id": form.round.id,
            "response_id": who.response_id,
            "questionnaire_sha256": sent.questionnaire.sha256,
            "unit_id": who.unit_id,
            "channel": who.channel,
            "evidence": who.evidence,
            "stratum": who.stratum,
            "psu": who.psu,
            "base_weight": who.base_weight,
            "answers": _plain(sent.answers),
            "payload_sha256": payload,
            "day_received": day_in_vietnam(clock.now()),
        },
    )
    if added:
        return _receipt(who, payload, replayed=False)
    # Another copy was committed between our look and our insert (PostgreSQL): compare with it.
    return _keep_or_compare(session, clock, sent)


def _there(form: FormRow | None, round_code: str) -> FormRow:
    if form is None:
        raise NoSuchRound(round_code)
    return form


def _locked_form(session: Session, respondent: Respondent) -> FormRow:
    who = respondent
    form = forms.locked_form_of(session, who.round_code, who.response_id, who.unit_id)
    return _there(form, who.round_code)


def _require_takes(form: FormRow, respondent: Respondent, clock: Clock) -> None:
    _require_open(form.round, clock)
    if form.judged is None:
        raise NotThisUnit(respondent.unit_id)


def _require_entry(round_: RoundRow, respondent: Respondent) -> None:
    """Refuse an answer by the open address to a round that is by personal link only."""
    if round_.entry == "personal" and respondent.channel == "phone":
        raise NoSuchRound(f"{round_.code} is by personal link only")


def _require_open(round_: RoundRow, clock: Clock) -> None:
    today = day_in_vietnam(clock.now())
    if round_.status != "open" or not round_.opens_on <= today <= round_.closes_on:
        raise RoundClosed(f"{round_.code} is {round_.status}, {round_.opens_on} to {round_.closes_on}")


def _plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {item: list(given) if isinstance(given, tuple) else given for item, given in answers.items()}


def _draft_values(
    round_: RoundRow, respondent: Respondent, answers: Mapping[str, Any], clock: Clock
) -> dict[str, Any]:
    return {
        "round_id": round_.id,
        "response_id": respondent.response_id,
        "unit_id": respondent.unit_id,
        "answers": dict(answers),
        "day_saved": day_in_vietnam(clock.now()),
    }
