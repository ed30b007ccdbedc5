"""Collecting answers: pages saved as a draft, and the form sent exactly once.

Not how a page looks, and not who may be invited (invitations.py, places.py).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
from survey.storage import responses, rounds
from survey.storage.models import DraftRow, RoundRow
from survey.storage.store import Store


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
class FormState:
    """A form as it stands: what is asked, what is answered, what comes on the path."""

    round: RoundRow
    questionnaire: Questionnaire
    answers: Mapping[str, Any]
    sections: tuple[Section, ...]
    visible: tuple[str, ...]
    sent: bool

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
        round_ = _round(session, round_code)
        sent = response_id is not None and responses.payload_kept(session, round_.id, response_id) is not None
        if not sent:
            _require_open(round_, clock)
        draft = responses.draft_of(session, round_.id, response_id) if response_id else None
    return _state(round_, draft.answers if draft else {}, sent=sent)


def start_form(*, store: Store, clock: Clock, respondent: Respondent) -> FormState:
    """Open an empty form about a unit, so that its pages know whom they are about.

    Raises:
        NoSuchRound, RoundClosed, NotThisUnit: nothing is written.
    """
    with store.transaction() as session:
        round_ = _open_round(session, respondent, clock)
        responses.save_draft(session, _draft_values(round_, respondent, {}, clock))
    return _state(round_, {}, sent=False)


def unit_of_form(*, store: Store, round_code: str, response_id: UUID) -> str | None:
    """Give the unit a form is about, whether still a draft or sent; None when there is no such form."""
    with store.reading() as session:
        round_ = _round(session, round_code)
        draft = responses.draft_of(session, round_.id, response_id)
        return draft.unit_id if draft else responses.unit_judged(session, round_.id, response_id)


def save_section(
    *, store: Store, clock: Clock, respondent: Respondent, section_id: str, raw: Mapping[str, object]
) -> FormState:
    """Check one page and save it into the draft; answers of branches left behind stay in the draft.

    Raises:
        InvalidAnswers: with every problem of the page; nothing is written.
        RoundClosed: the round takes no answers today.
    """
    with store.transaction() as session:
        round_ = _open_round(session, respondent, clock)
        questionnaire = questionnaire_of(round_)
        draft = session.get(DraftRow, (round_.id, respondent.response_id), with_for_update=True)
        earlier: dict[str, Any] = dict(draft.answers) if draft else {}
        page = read_section(questionnaire, section_id, raw, earlier)
        for item in questionnaire.section(section_id).items:
            earlier.pop(item.id, None)
        answers = {**earlier, **_plain(page)}
        sent = responses.payload_kept(session, round_.id, respondent.response_id) is not None
        if not sent:
            responses.save_draft(session, _draft_values(round_, respondent, answers, clock))
    return _state(round_, answers, sent=sent)


def submit_form(*, store: Store, clock: Clock, respondent: Respondent) -> Receipt:
    """Send the form that was filled page by page; sending it again gives the same receipt.

    Raises:
        InvalidAnswers: something required is still missing.
        RoundClosed: the round takes no answers today; the draft is kept.
    """
    with store.transaction() as session:
        round_ = _round(session, respondent.round_code)
        draft = session.get(DraftRow, (round_.id, respondent.response_id), with_for_update=True)
        kept = responses.payload_kept(session, round_.id, respondent.response_id)
        if kept is not None:
            return Receipt(receipt_code(round_.code, respondent.response_id), kept, replayed=True)
        _require_open(round_, clock)
        questionnaire = questionnaire_of(round_)
        answers = read_answers(questionnaire, on_path(questionnaire, draft.answers if draft else {}))
        receipt = _keep(session, clock, round_, questionnaire, respondent, answers)
        responses.drop_draft(session, round_.id, respondent.response_id)
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
        round_ = _round(session, respondent.round_code)
        questionnaire = questionnaire_of(round_)
    if questionnaire_sha256 not in (None, questionnaire.sha256):
        raise UnknownVersion(str(questionnaire_sha256))
    answers = read_answers(questionnaire, raw)
    with store.transaction() as session:
        round_ = _round(session, respondent.round_code)
        receipt = _keep_or_compare(session, clock, round_, questionnaire, respondent, answers)
    return _acknowledged(receipt, respondent)


def questionnaire_of(round_: RoundRow) -> Questionnaire:
    """Give a round's questionnaire, parsed once in a process."""
    return _loaded(round_.questionnaire_sha256, round_.questionnaire.document)


def receipt_code(round_code: str, response_id: UUID) -> str:
    """Make the receipt of a form: ten letters and digits that follow from its id alone."""
    digest = hashlib.sha256(f"{round_code}:{response_id.hex}".encode()).digest()
    letters = base64.b32encode(digest).decode()[:10]
    return f"{letters[:5]}-{letters[5:]}"


@lru_cache(maxsize=64)
def _loaded(_sha256: str, document: bytes) -> Questionnaire:
    return load(document)


def _state(round_: RoundRow, answers: Mapping[str, Any], *, sent: bool) -> FormState:
    questionnaire = questionnaire_of(round_)
    visible = visible_items(questionnaire, answers)
    shown = frozenset(visible)
    sections = tuple(
        section for section in questionnaire.sections if any(item.id in shown for item in section.items)
    )
    return FormState(round_, questionnaire, dict(answers), sections, visible, sent)


def _acknowledged(receipt: Receipt | None, respondent: Respondent) -> Receipt:
    """Give the receipt once its transaction is committed; None says that other answers were kept aside."""
    if receipt is None:
        raise OtherAnswersKept(f"{respondent.round_code} {respondent.response_id}")
    return receipt


def _keep_or_compare(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    questionnaire: Questionnaire,
    respondent: Respondent,
    answers: Answers,
) -> Receipt | None:
    payload = answers_sha256(questionnaire, answers)
    kept = responses.payload_kept(session, round_.id, respondent.response_id)
    if kept is None:
        _require_open(round_, clock)
        return _keep(session, clock, round_, questionnaire, respondent, answers)
    if kept == payload:
        return Receipt(receipt_code(round_.code, respondent.response_id), kept, replayed=True)
    responses.keep_conflict(
        session,
        {
            "round_id": round_.id,
            "response_id": respondent.response_id,
            "channel": respondent.channel,
            "answers": _plain(answers),
            "payload_sha256": payload,
            "day_received": day_in_vietnam(clock.now()),
        },
    )
    return None


def _keep(
    session: Session,
    clock: Clock,
    round_: RoundRow,
    questionnaire: Questionnaire,
    respondent: Respondent,
    answers: Answers,
) -> Receipt | None:
    if not answers:
        raise EmptyForm(respondent.round_code)
    if not rounds.judges(session, round_.id, respondent.unit_id):
        raise NotThisUnit(respondent.unit_id)
    payload = answers_sha256(questionnaire, answers)
    added = responses.add_response(
        session,
        {
            "round_id": round_.id,
            "response_id": respondent.response_id,
            "questionnaire_sha256": questionnaire.sha256,
            "unit_id": respondent.unit_id,
            "channel": respondent.channel,
            "evidence": respondent.evidence,
            "stratum": respondent.stratum,
            "psu": respondent.psu,
            "base_weight": respondent.base_weight,
            "answers": _plain(answers),
            "payload_sha256": payload,
            "day_received": day_in_vietnam(clock.now()),
        },
    )
    if added:
        return Receipt(receipt_code(round_.code, respondent.response_id), payload, replayed=False)
    # Another copy was committed between our look and our insert (PostgreSQL): compare with it.
    return _keep_or_compare(session, clock, round_, questionnaire, respondent, answers)


def _round(session: Session, code: str) -> RoundRow:
    round_ = rounds.round_by_code(session, code)
    if round_ is None:
        raise NoSuchRound(code)
    return round_


def _open_round(session: Session, respondent: Respondent, clock: Clock) -> RoundRow:
    round_ = _round(session, respondent.round_code)
    _require_open(round_, clock)
    if not rounds.judges(session, round_.id, respondent.unit_id):
        raise NotThisUnit(respondent.unit_id)
    return round_


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
