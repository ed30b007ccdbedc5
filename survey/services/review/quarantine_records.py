"""What can be read of a quarantined record: a tablet's form, or a kiosk's visit, sealed still or opened.

Nothing of it is trusted. Not what a person decides about it (quarantine_review.py).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from survey.services.clock import day_in_vietnam
from survey.services.sealed_box import Unopened, unseal
from survey.storage.models import QuarantinedRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Makes the id of a record that lost its own, the same at every try.
_NAMESPACE = UUID("6f1d1a52-5d0f-4b7e-9a35-2c1f0d6a7c11")
_LONGEST_TAG = 35


@dataclass(frozen=True, slots=True)
class ToldRecord:
    """A quarantined record as far as it can be read.

    Attributes:
        said: what it holds, opened where it was sealed; empty where nothing can be read.
        is_visit: True for a kiosk's visit, False for a form by an enumerator.
        text: what was in the box, or the bytes as they are; what is no text is told as its bytes.
    """

    row: QuarantinedRow
    said: Mapping[str, Any]
    is_visit: bool
    text: str

    @property
    def response_id(self) -> UUID:
        """Its own id, or where it has none one that its bytes alone decide."""
        found = _uuid(self.said.get("id" if self.is_visit else "response_id"))
        return found if found and found.int >> 64 else uuid5(_NAMESPACE, self.row.raw_sha256)

    @property
    def assignment_id(self) -> UUID | None:
        return None if self.is_visit else _uuid(self.said.get("assignment"))

    @property
    def device_id(self) -> UUID | None:
        """The kiosk where a visit says that it was given."""
        return _uuid(self.said.get("device")) if self.is_visit else None

    @property
    def answers(self) -> Mapping[str, Any]:
        given = self.said.get("answers")
        return given if isinstance(given, dict) else {}

    @property
    def questionnaire_sha256(self) -> str | None:
        told = self.said.get("questionnaire" if self.is_visit else "questionnaire_sha256")
        return told if isinstance(told, str) else None

    @property
    def status(self) -> str:
        """ "partial" for a visit that somebody walked away from: it never counts, whoever releases it."""
        return "partial" if self.is_visit and self.said.get("status") == "partial" else "complete"

    @property
    def option_order(self) -> str | None:
        told = self.said.get("order")
        return told if self.is_visit and told in ("written", "reversed") else None

    @property
    def language(self) -> str | None:
        told = self.said.get("language")
        is_tag = isinstance(told, str) and told.isprintable() and 0 < len(told) <= _LONGEST_TAG
        return told if is_tag else None

    def completed_on(self, opens_on: date) -> date:
        """Give the day that its device told, between the round's first day and its receipt."""
        told = self.said
        day = _day(told.get("completed_on")) if self.is_visit else _day_of_clock(told.get("completed_at"))
        return min(max(day, opens_on), self.row.received_on) if day else self.row.received_on


def told_record(row: QuarantinedRow, keys: Path) -> ToldRecord:
    """Read what can be read of a record.

    Args:
        keys: the site's folder of keys: what came sealed is opened, if it is for this site.
    """
    said = _document(row.raw)
    if "sealed" not in said:
        return ToldRecord(row, said, said.get("channel") == "kiosk", _text(row.raw))
    content = _opened(said["sealed"], keys)
    # The envelope of a box knows the day when it was closed.
    inside = {**_document(content), "completed_on": said.get("completed_on")}
    return ToldRecord(row, inside, True, _text(content or row.raw))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace").replace("\0", "\\0")


def _document(raw: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _opened(sealed: object, keys: Path) -> bytes:
    try:
        return unseal(keys, base64.b64decode(str(sealed), validate=True))
    except (Unopened, binascii.Error, ValueError):
        return b""


def _uuid(told: object) -> UUID | None:
    try:
        return UUID(hex=told)  # type: ignore[arg-type]  # what is no text is refused by it
    except (ValueError, TypeError, AttributeError):
        return None


def _day(told: object) -> date | None:
    try:
        return date.fromisoformat(told)  # type: ignore[arg-type]  # what is no text is refused by it
    except (ValueError, TypeError):
        return None


def _day_of_clock(at: object) -> date | None:
    """Read milliseconds since 1970 by the device's own clock."""
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 1e14:
        return None
    return day_in_vietnam(_EPOCH + timedelta(milliseconds=at))
