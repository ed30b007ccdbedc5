"""A form as a tablet sends it: its shape, and its day by a clock that may be wrong (O6).

Not whether its answers are right, and not what is done with it (tablets/syncing.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from survey.services.clock import day_in_vietnam
from survey.services.tablets.errors import BadRecord
from survey.storage.models import ASSISTANTS

#: A client's clock further off than this is told beside the response (O6).
CLOCK_OFF = timedelta(minutes=10)
CLOCK_WRONG = "clock_wrong"
_LONGEST_OFFSET_S = 2_000_000_000
_LONGEST_INTERVIEW_S = 7 * 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST = datetime(9999, 12, 30, tzinfo=UTC)
_CODE = re.compile(r"[a-z0-9][a-z0-9\-]{2,58}[a-z0-9]")
_TAG = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True, slots=True)
class SyncRecord:
    """One interview as it was completed on a tablet.

    Attributes:
        answers: item id to an option's id, a list of them, or a text; raw.
        sha256: the client's own hash of the canonical answers.
        begun_at, completed_at: milliseconds since 1970 by the client's clock, however wrong.
        duration_s: seconds by the client's monotonic clock; None when it was lost.
        assisted_by: who helped the person to answer (A5); None: nobody.
    """

    response_id: UUID
    round_code: str
    assignment_id: UUID
    questionnaire_sha256: str
    sha256: str
    language: str
    assisted_by: str | None
    begun_at: float
    completed_at: float
    duration_s: int | None
    answers: Mapping[str, str | list[str]]


def read_record(told: object) -> SyncRecord:
    """Read one record of a batch; names that nobody knows are refused.

    Raises:
        BadRecord: naming the first field that is wrong.
    """
    if not isinstance(told, dict):
        raise BadRecord(where="record")
    if set(told) != set(_READERS):
        raise BadRecord(where=", ".join(sorted(map(str, set(told) ^ set(_READERS))))[:200])
    read: dict[str, Any] = {}
    for name, (field, reader) in _READERS.items():
        try:
            read[field] = reader(told[name])
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise BadRecord(str(error)[:80], where=name) from error
    return SyncRecord(**read)


def raw_of(told: object) -> bytes:
    """Write a record as one line of bytes that is the same for the same record."""
    return json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a client's clock says beside the server's.

    Attributes:
        offset_s: the client's clock minus the server's, in seconds; None when it told no time.
        now: the server's time.
    """

    offset_s: int | None
    now: datetime

    def completed_on(self, record: SyncRecord, opens_on: date) -> date:
        """Give the day of completion: corrected, and never before the round or after today (F8)."""
        corrected = _moment(record.completed_at - 1000 * (self.offset_s or 0))
        return min(max(day_in_vietnam(corrected), opens_on), day_in_vietnam(self.now))

    def is_wrong(self, record: SyncRecord, opens_on: date) -> bool:
        """Say whether the client's clock was off, or jumped during the interview."""
        corrected = _moment(record.completed_at - 1000 * (self.offset_s or 0))
        by_clock = (record.completed_at - record.begun_at) / 1000
        return (
            abs(self.offset_s or 0) > CLOCK_OFF.total_seconds()
            or day_in_vietnam(corrected) < opens_on
            or corrected > self.now + CLOCK_OFF
            or by_clock < (record.duration_s or 0) - CLOCK_OFF.total_seconds()
        )


def clocks(sent_at: object, now: datetime) -> Clocks:
    """Compare a client's time of sending (milliseconds since 1970) with the server's."""
    if isinstance(sent_at, bool) or not isinstance(sent_at, int | float) or sent_at != sent_at:
        return Clocks(None, now)
    offset = max(-1e15, min(1e15, float(sent_at))) / 1000 - now.timestamp()
    return Clocks(int(max(-_LONGEST_OFFSET_S, min(_LONGEST_OFFSET_S, offset))), now)


def _moment(milliseconds: float) -> datetime:
    try:
        return min(max(_EPOCH + timedelta(milliseconds=milliseconds), _EPOCH), _FURTHEST)
    except OverflowError:
        return _EPOCH if milliseconds < 0 else _FURTHEST


def _uuid(value: Any) -> UUID:
    found = UUID(hex=value)
    if found.int >> 64 == 0:
        raise ValueError("not random")
    return found


def _shaped(pattern: re.Pattern[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(pattern.pattern)
        return value

    return read


def _helper(value: Any) -> str | None:
    if value is not None and value not in ASSISTANTS:
        raise ValueError("nobody known")
    return None if value is None else str(value)


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise ValueError("no time")
    return float(value)


def _duration(value: Any) -> int | None:
    if value is None:
        return None
    seconds = int(_time(value))
    return seconds if 0 <= seconds <= _LONGEST_INTERVIEW_S else None


def _answers(value: Any) -> Mapping[str, str | list[str]]:
    if not isinstance(value, dict):
        raise TypeError("an object is needed")
    for given in value.values():
        options = given if isinstance(given, list) else [given]
        if not all(isinstance(option, str) for option in options):
            raise TypeError("a text or a list of texts is needed")
    return value


_HASH = _shaped(re.compile(r"[0-9a-f]{64}"))
#: Name on the wire: the field, and what reads it.
_READERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "response_id": ("response_id", _uuid),
    "round": ("round_code", _shaped(_CODE)),
    "assignment": ("assignment_id", _uuid),
    "questionnaire_sha256": ("questionnaire_sha256", _HASH),
    "sha256": ("sha256", _HASH),
    "language": ("language", _shaped(_TAG)),
    "assisted_by": ("assisted_by", _helper),
    "begun_at": ("begun_at", _time),
    "completed_at": ("completed_at", _time),
    "duration_s": ("duration_s", _duration),
    "answers": ("answers", _answers),
}
