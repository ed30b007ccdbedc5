"""A kiosk's visit as one record: sealed on the device, opened here, kept exactly once (K18, O7).

The hot path of every counter: it costs one look at the form and one writing transaction, which also
decides by the device's pace. Not how the device queues its records (static/js/queue.js).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from survey.questionnaires import Answers, Questionnaire, read_answers, read_section
from survey.services.asked import questionnaire_asked
from survey.services.circumstances import Circumstances
from survey.services.clock import Clock, day_in_vietnam
from survey.services.devices.errors import BadRecord, UnreadableSeal
from survey.services.devices.pace import Moment, noting_too_busy
from survey.services.devices.registry import Device, kiosk_of_id
from survey.services.devices.visits import QUEUED, paced, psu_of, visitor
from survey.services.errors import NoSuchRound, UnknownVersion
from survey.services.keeping import (
    LATE,
    Receipt,
    Respondent,
    WholeForm,
    acknowledged,
    form_there,
    keep,
    require_open,
)
from survey.services.review.quarantine import Fate, RawRecord, kept_or_quarantined
from survey.services.sealed_box import Unopened, unseal
from survey.services.tablets.records import CLOCK_OFF, CLOCK_WRONG, raw_of
from survey.storage.forms import FormRow
from survey.storage.store import Store

#: Marks an answer that another device than its own brought; its box alone says where it was given.
OTHER_DEVICE = "other_device"
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
        device_id: the kiosk that it was given at.
    """

    response_id: UUID
    device_id: UUID
    round_code: str
    questionnaire_sha256: str
    status: str
    answers: Mapping[str, object]
    option_order: str
    language: str | None
    duration_s: int | None


@dataclass(frozen=True, slots=True)
class SentBox:
    """One box as a kiosk sent it.

    Attributes:
        response_id: the id that the device knows it by; the one inside must be the same.
        waited: how long it waited in the device's queue, by the device's clock, however wrong.
        offset_s: the device's clock minus the server's, in seconds; None when it told no time.
    """

    response_id: str
    box: bytes
    waited: timedelta
    offset_s: int | None = None


def take_box(*, store: Store, clock: Clock, device: Device, sent: SentBox) -> Fate:
    """Keep the visit of a box exactly once, or put it into quarantine opened, and say what became of it.

    A box that does not open stays on its device.
    """
    try:
        content = unseal(store.keys, sent.box)
    except Unopened as error:
        return Fate(sent.response_id, UnreadableSeal.status, error=UnreadableSeal(str(error)))

    def kept() -> Receipt:
        record = record_in(content)
        if record.response_id.hex != sent.response_id:
            raise BadRecord("another id in the box")
        return keep_record(store=store, clock=clock, device=device, record=record, sent=sent)

    return kept_or_quarantined(
        store=store,
        clock=clock,
        device_id=device.id,
        response_id=sent.response_id,
        keep=kept,
        raw=lambda: raw_visit(content, clock.now() - max(sent.waited, timedelta(0))),
        limited=True,
    )


def keep_record(*, store: Store, clock: Clock, device: Device, record: KioskRecord, sent: SentBox) -> Receipt:
    """Keep the visit of an opened box exactly once.

    It is placed where it was given: a queue may be sent after its browser became another device. No longer
    wait is believed than that device is enrolled, nor than a round takes late answers.

    Args:
        device: the one that sends, by its cookie: its pace counts.

    Raises:
        UnknownVersion, InvalidAnswers, NotThisUnit, NoSuchRound, NoSuchDevice, RoundClosed: nothing is
            written.
        SoonAfterAnother, DeviceTooBusy: it must be sent again later.
        OtherAnswersKept: the id was used before with other answers; both are kept.
    """
    is_own = record.device_id == device.id
    given_at = device if is_own else kiosk_of_id(store=store, device_id=record.device_id)
    waited = _believed(sent.waited, clock, given_at)
    who = _visitor(clock, given_at, device, record, sent, waited)
    with store.reading() as session:
        form = form_there(session, who)
        asked = questionnaire_asked(session, form.round.questionnaire_sha256)
    _require_round(form, record)
    if form.payload_sha256 is None and waited < QUEUED:
        require_open(form.round, clock)
    completed = day_in_vietnam(clock.now() - waited)
    day = min(max(completed, form.round.opens_on), day_in_vietnam(clock.now()))
    clock_wrong = day != completed or _is_clock_wrong(sent, clock, given_at)
    whole = WholeForm(
        asked,
        replace(who, psu=psu_of(who.unit_id, day)).marked((CLOCK_WRONG,) if clock_wrong else ()),
        visit_answers(asked, record.status, record.answers),
        status=record.status,
        completed_on=day if waited >= QUEUED else None,
    )
    with noting_too_busy(store=store, clock=clock, device_id=device.id), store.transaction() as session:
        receipt = keep(session, clock, form, whole)
    return acknowledged(receipt, who)


def _visitor(
    clock: Clock, given_at: Device, sender: Device, record: KioskRecord, sent: SentBox, waited: timedelta
) -> Respondent:
    who = visitor(
        clock=clock,
        device=given_at,
        sender=sender,
        round_code=record.round_code,
        response_id=record.response_id,
        waited=waited,
        circumstances=Circumstances(
            option_order=record.option_order,
            language=record.language,
            duration_s=record.duration_s,
            clock_offset_s=sent.offset_s,
            flags=() if given_at.id == sender.id else (OTHER_DEVICE,),
        ),
    )
    return paced(who, sender, Moment(clock.now() - waited, waited))


def raw_visit(content: bytes, completed: datetime) -> RawRecord:
    """Write what was in a box as it lies in quarantine, with the day of completion as its device told it.

    The same box gives the same bytes at each sending, so that it lies there once.
    """
    try:
        told = json.loads(content)
        day = day_in_vietnam(completed).isoformat()
        raw = raw_of({**told, "channel": "kiosk", "completed_on": day})
    except (ValueError, TypeError, RecursionError):
        return RawRecord(content)
    return RawRecord(raw, told.get("round"), told.get("id"))


def record_in(content: bytes) -> KioskRecord:
    """Read what was in a box.

    Raises:
        BadRecord: it is not a visit.
    """
    try:
        told = json.loads(content)
        return KioskRecord(
            response_id=_identifier(told["id"]),
            device_id=UUID(hex=told["device"]),
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


def _enrolled_for(clock: Clock, device: Device) -> timedelta:
    return clock.now() - device.enrolled_at if device.enrolled_at else timedelta(0)


def _believed(waited: timedelta, clock: Clock, device: Device) -> timedelta:
    return max(min(waited, _enrolled_for(clock, device), LATE), timedelta(0))


def _is_clock_wrong(sent: SentBox, clock: Clock, device: Device) -> bool:
    """Say whether the device's clock jumped: it told a wait that is negative, or from before its enrolment.

    One that is always off by the same does no harm: a wait is a difference.
    """
    return not -CLOCK_OFF <= sent.waited <= _enrolled_for(clock, device) + CLOCK_OFF


def _require_round(form: FormRow, record: KioskRecord) -> None:
    if form.round.entry != "counter":
        raise NoSuchRound(f"{form.round.code} is not for counters")
    if form.round.questionnaire_sha256 != record.questionnaire_sha256:
        raise UnknownVersion(record.questionnaire_sha256)


def visit_answers(asked: Questionnaire, status: str, raw: Mapping[str, object]) -> Answers:
    """Read a whole visit, or of one walked away from the one answer that was given.

    Raises:
        InvalidAnswers.
    """
    if status == "complete":
        return read_answers(asked, raw)
    return read_section(asked, asked.sections[0].id, raw, {})


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
