"""A kiosk's visit as one record: sealed on the device, opened here, kept exactly once (K18, O7).

The hot path of every counter: it costs one look at the form, one at the device's pace, and one writing
transaction. Not how the device queues its records (static/js/queue.js).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from survey.questionnaires import Answers, Questionnaire, read_answers, read_section
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.devices import pace as device_pace
from survey.services.devices.errors import BadRecord, DeviceTooBusy, UnreadableSeal
from survey.services.devices.pace import Moment
from survey.services.devices.registry import Device
from survey.services.devices.visits import QUEUED, visitor
from survey.services.errors import NoSuchRound, UnknownVersion
from survey.services.keeping import LATE, Receipt, WholeForm, acknowledged, form_there, keep, require_open
from survey.services.sealed_box import Unopened, unseal
from survey.storage.forms import FormRow
from survey.storage.store import Store

_STATUSES = ("complete", "partial")
_ORDERS = ("written", "reversed")
_LONGEST_WORD = 64
_MOST_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class KioskRecord:
    """What a kiosk put into a box: one visit.

    Attributes:
        status: "complete", or "partial" for a visit that somebody walked away from (K7).
        duration_s: seconds from the first touch to the sending, by the device's monotonic clock.
    """

    response_id: UUID
    round_code: str
    questionnaire_sha256: str
    status: str
    answers: Mapping[str, object]
    option_order: str
    language: str | None
    duration_s: int | None


def record_in_box(*, store: Store, box: bytes) -> KioskRecord:
    """Open a kiosk's box.

    Raises:
        UnreadableSeal: it is not for this site, or was changed.
        BadRecord: there is no visit in it.
    """
    try:
        return record_in(unseal(store.keys, box))
    except Unopened as error:
        raise UnreadableSeal(str(error)) from error


def keep_record(
    *, store: Store, clock: Clock, device: Device, record: KioskRecord, waited: timedelta
) -> Receipt:
    """Keep the visit of an opened box exactly once.

    Args:
        waited: how long the box waited in the device's queue, by the device's clock; no longer is
            believed than the device is enrolled, nor than a round takes late answers.

    Raises:
        UnknownVersion, InvalidAnswers, NotThisUnit, NoSuchRound, RoundClosed: nothing is written; the
            device keeps the box.
        SoonAfterAnother, DeviceTooBusy: it must be sent again later.
        OtherAnswersKept: the id was used before with other answers; both are kept.
    """
    waited = _believed(waited, clock, device)
    moment = Moment(clock.now() - waited, waited)
    circumstances = Circumstances(
        option_order=record.option_order, language=record.language, duration_s=record.duration_s
    )
    who = visitor(
        clock=clock,
        device=device,
        round_code=record.round_code,
        response_id=record.response_id,
        waited=waited,
        circumstances=circumstances,
    )
    with store.reading() as session:
        form = form_there(session, who)
        asked = questionnaire_asked(session, form.round.questionnaire_sha256)
        flags = _flags(session, store, clock, device, moment, record, form)
    _require_round(form, record)
    if form.payload_sha256 is None and waited < QUEUED:
        require_open(form.round, clock)
    whole = WholeForm(
        asked,
        who.marked(flags),
        _answers(asked, record),
        status=record.status,
        completed_on=day_in_vietnam(moment.completed) if waited >= QUEUED else None,
    )
    with store.transaction() as session:
        receipt = keep(session, clock, form, whole)
    return acknowledged(receipt, who)


def record_in(content: bytes) -> KioskRecord:
    """Read what was in a box.

    Raises:
        BadRecord: it is not a visit.
    """
    try:
        told = json.loads(content)
        return KioskRecord(
            response_id=_identifier(told["id"]),
            round_code=_word(told["round"]),
            questionnaire_sha256=_word(told["questionnaire"]),
            status=_one_of(told["status"], _STATUSES),
            answers=_mapping(told["answers"]),
            option_order=_one_of(told["order"], _ORDERS),
            language=_word(told["language"]) if told.get("language") is not None else None,
            duration_s=_seconds(told.get("duration_s")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadRecord(str(error)[:200]) from error


def _believed(waited: timedelta, clock: Clock, device: Device) -> timedelta:
    enrolled = clock.now() - device.enrolled_at if device.enrolled_at else timedelta(0)
    return max(min(waited, enrolled, LATE), timedelta(0))


def _flags(
    session: Session,
    store: Store,
    clock: Clock,
    device: Device,
    moment: Moment,
    record: KioskRecord,
    form: FormRow,
) -> tuple[str, ...]:
    """Look at the device's pace; what is kept already, or was walked away from, has none."""
    if form.payload_sha256 is not None or record.status == "partial":
        return ()
    found = device_pace.pace_of(session, device.id, moment.completed)
    try:
        device_pace.require_pace(found, moment)
    except DeviceTooBusy:
        device_pace.note_too_busy(store=store, clock=clock, device_id=device.id)
        raise
    return device_pace.flags_of(found, moment)


def _require_round(form: FormRow, record: KioskRecord) -> None:
    if form.round.entry != "counter":
        raise NoSuchRound(f"{form.round.code} is not for counters")
    if form.round.questionnaire_sha256 != record.questionnaire_sha256:
        raise UnknownVersion(record.questionnaire_sha256)


def _answers(asked: Questionnaire, record: KioskRecord) -> Answers:
    """Read a whole visit, or of one walked away from the one answer that was given."""
    if record.status == "complete":
        return read_answers(asked, record.answers)
    return read_section(asked, asked.sections[0].id, record.answers, {})


def _identifier(value: str) -> UUID:
    found = UUID(hex=value)
    if found.int >> 64 == 0:
        raise ValueError("not random")
    return found


def _word(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_WORD or not value.isprintable():
        raise ValueError("a word is needed")
    return value


def _one_of(value: Any, words: tuple[str, ...]) -> str:
    if value not in words:
        raise ValueError(f"one of {words} is needed")
    return str(value)


def _mapping(value: Any) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("answers")
    return value


def _seconds(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("duration_s")
    return min(value, _MOST_SECONDS)
