"""Keeping one whole form exactly once, and the receipt that proves it.

Not how the form came together: page by page or in one piece is collection.py's.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import Answers, Questionnaire, answers_sha256
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.errors import EmptyForm, NoSuchRound, NotThisUnit, OtherAnswersKept, RoundClosed
from survey.services.links.errors import StalePage
from survey.storage import forms, paradata, rates, responses
from survey.storage.forms import FormRound, FormRow
from survey.storage.models import RoundRow

#: How long after its end a round takes what was completed before (O5).
LATE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a response is counted under, by minute, in the transaction that keeps it (storage/rates.py)."""

    key: str
    at: datetime
    #: Judges the pace before this one is counted: gives words for review, or refuses it by an error.
    pace: Callable[[Session], tuple[str, ...]] | None = None

    @property
    def turn(self) -> str | None:
        """The key whose next one waits until this one is committed; None where no pace is judged."""
        return self.key if self.pace else None

    def counted(self, session: Session) -> tuple[str, ...]:
        """Count it and give the words for review that its pace calls for."""
        words = self.pace(session) if self.pace else ()
        rates.count(session, self.key, self.at, last_at=self.at)
        return words


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
    #: Key of the receipt's code; a personal link has one, so that a receipt shown leads to no row.
    receipt_key: bytes = field(default=b"", repr=False)
    #: How the answers came about; never for a personal link.
    circumstances: Circumstances | None = None
    #: The response that this one takes the place of: a person who changes their answer (T3, O1).
    supersedes: UUID | None = None
    #: Counts a device's responses by minute (K8, K9, K11); None where nothing is counted.
    tally: Tally | None = None

    def told(self, circumstances: Circumstances) -> Respondent:
        """Give the same respondent with what is known of how the answers came about."""
        return replace(self, circumstances=circumstances)

    def marked(self, flags: tuple[str, ...]) -> Respondent:
        """Give the same respondent with more words for review; one without circumstances stays as it is."""
        told = self.circumstances
        if told is None or not flags:
            return self
        return replace(self, circumstances=replace(told, flags=(*told.flags, *flags)))


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
class WholeForm:
    """A form that was read and found right, and who sends it."""

    questionnaire: Questionnaire
    respondent: Respondent
    answers: Answers
    #: "partial" for a visit that somebody walked away from: kept, never counted (K7).
    status: str = "complete"
    #: The day it was completed on a device without a network: then it is also taken within `LATE` after its
    #: round ended, and labelled (O5). None: it is taken while the round is open.
    completed_on: date | None = None
    #: The day it reached the server, where it is read only later: out of quarantine, or off paper. It is the
    #: day that is kept and that `LATE` is counted to. None: it arrives now.
    received_on: date | None = None

    def day_received(self, clock: Clock) -> date:
        return self.received_on or day_in_vietnam(clock.now())

    def payload_sha256(self) -> str:
        return answers_sha256(self.questionnaire, self.answers)


def receipt_code(respondent: Respondent) -> str:
    """Make the receipt of a form: ten letters and digits that follow from its id and its key alone."""
    told = f"{respondent.round_code}:{respondent.response_id.hex}".encode()
    letters = base64.b32encode(hmac.digest(respondent.receipt_key or b"open", told, "sha256")).decode()
    return f"{letters[:5]}-{letters[5:10]}"


def receipt_of(respondent: Respondent, payload_sha256: str, *, replayed: bool) -> Receipt:
    """Make the receipt of a form that is kept."""
    return Receipt(receipt_code(respondent), payload_sha256, replayed)


def keep(session: Session, clock: Clock, form: FormRow, whole: WholeForm) -> Receipt | None:
    """Keep a form in a writing transaction; None says that other answers were kept aside.

    Args:
        form: how it stood at the last look. The insert looks again: it adds nothing when the id is
            taken, or when the round no longer takes answers.

    Raises:
        EmptyForm, NotThisUnit, RoundClosed: nothing is written. So with what the tally's pace raises: it is
            asked only for an id that was found new, so that a copy always gets its receipt.
    """
    if form.payload_sha256 is not None:
        return _compare(session, clock, form, whole)
    who = whole.respondent
    if not whole.answers:
        raise EmptyForm(who.round_code)
    require_judged(form, who)
    payload = whole.payload_sha256()
    day = whole.day_received(clock)
    tally = who.tally if whole.status == "complete" else None
    added, late = _added(
        session,
        whole.completed_on,
        tally.turn if tally else None,
        {
            "round_id": form.round.id,
            "response_id": who.response_id,
            "questionnaire_sha256": whole.questionnaire.sha256,
            "unit_id": who.unit_id,
            "channel": who.channel,
            "evidence": who.evidence,
            "stratum": who.stratum,
            "psu": who.psu,
            "base_weight": who.base_weight,
            "answers": plain(whole.answers),
            "payload_sha256": payload,
            "day_received": day,
            "status": whole.status,
            "supersedes": who.supersedes,
        },
    )
    if added:
        marked = who.marked(tally.counted(session)) if tally else who
        if marked.circumstances is not None:
            told = {**marked.circumstances.columns(), "late": late}
            paradata.add_paradata(session, form.round.id, who.response_id, told)
        return receipt_of(who, payload, replayed=False)
    # Another copy, or the end of the round, came between the look and the insert: look again.
    form = form_there(session, who)
    if form.payload_sha256 is None:
        require_open_on(form.round, day)
        if who.supersedes is not None:
            # Something else took the place of the same response: never two of them, and never in silence.
            raise StalePage(str(form.round.code))
    return keep(session, clock, form, whole)


def _added(
    session: Session, completed_on: date | None, turn: str | None, values: Mapping[str, Any]
) -> tuple[bool, bool]:
    """Add a response; say whether it was added, and whether it came late."""
    if responses.add_response(session, values, turn=turn):
        return True, False
    since = values["day_received"] - LATE
    late = completed_on is not None and responses.add_late_response(
        session, values, completed_on=completed_on, ended_since=since, turn=turn
    )
    return late, late


def acknowledged(receipt: Receipt | None, respondent: Respondent) -> Receipt:
    """Give the receipt, once its transaction is committed.

    Raises:
        OtherAnswersKept: other answers were kept aside.
    """
    if receipt is None:
        raise OtherAnswersKept(f"{respondent.round_code} {respondent.response_id}")
    return receipt


def form_there(session: Session, respondent: Respondent, *, locked: bool = False) -> FormRow:
    """Find a respondent's form.

    Args:
        locked: keep others from changing its draft until the transaction ends.

    Raises:
        NoSuchRound: there is no round of that code.
    """
    find = forms.locked_form_of if locked else forms.form_of
    form = find(session, respondent.round_code, respondent.response_id, respondent.unit_id)
    if form is None:
        raise NoSuchRound(respondent.round_code)
    return form


def require_open(round_: FormRound, clock: Clock) -> None:
    """Refuse a round that takes no answers today.

    Raises:
        RoundClosed: it is closed, or today is not among its days.
    """
    require_open_on(round_, day_in_vietnam(clock.now()))


def require_open_on(round_: FormRound, day: date) -> None:
    """Refuse a round that is not open, or was not meant to be on a day.

    Raises:
        RoundClosed.
    """
    if round_.status != "open" or not round_.opens_on <= day <= round_.closes_on:
        raise RoundClosed(f"{round_.code} is {round_.status}, {round_.opens_on} to {round_.closes_on}")


def is_open(round_: FormRound | RoundRow, clock: Clock) -> bool:
    """Say whether a round takes answers today."""
    return round_.status == "open" and round_.opens_on <= day_in_vietnam(clock.now()) <= round_.closes_on


def require_judged(form: FormRow, respondent: Respondent) -> None:
    """Refuse a unit that the round does not judge.

    Raises:
        NotThisUnit.
    """
    if form.judged is None:
        raise NotThisUnit(respondent.unit_id)


def plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Write answers as they stand in the database: plain JSON."""
    return {item: list(given) if isinstance(given, tuple) else given for item, given in answers.items()}


def _compare(session: Session, clock: Clock, form: FormRow, whole: WholeForm) -> Receipt | None:
    payload, who = whole.payload_sha256(), whole.respondent
    if form.payload_sha256 == payload:
        return receipt_of(who, payload, replayed=True)
    responses.keep_conflict(
        session,
        {
            "round_id": form.round.id,
            "response_id": who.response_id,
            "channel": who.channel,
            "answers": plain(whole.answers),
            "payload_sha256": payload,
            "day_received": whole.day_received(clock),
        },
    )
    return None
