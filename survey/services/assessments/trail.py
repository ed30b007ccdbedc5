"""The trail of an assessment in the audit log, and the texts that people must give a reason in."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy.orm import Session

from survey.services.accounts import Account
from survey.services.assessments.errors import TextNeeded
from survey.services.clock import Clock
from survey.storage import audit
from survey.storage.models import AssessmentRow

LONGEST_TEXT = 2000
LONGEST_REASON = 1000
_FIELDS = {
    "reason": ("lý do", "reason"),
    "explanation": ("giải trình", "explanation"),
    "reply": ("nội dung giải trình", "reply"),
    "minutes": ("nội dung biên bản", "text of the minutes"),
    "source": ("nguồn số liệu", "source"),
    "name": ("tên tệp", "name of the file"),
}


def note(
    session: Session,
    clock: Clock,
    account: Account,
    assessment: AssessmentRow,
    action: str,
    *about: str,
    **details: Any,
) -> None:
    """Record a deed in the transaction that does it."""
    audit.record(
        session,
        at=clock.now(),
        actor=account.login,
        action=action,
        subject=" ".join((assessment.code, *about)),
        details=details,
    )


def written(text: str, field: str, *, most: int = LONGEST_TEXT) -> str:
    """Give a text that must be there, without the space around it.

    Raises:
        TextNeeded: blank, or too long.
    """
    text = plain(text)
    if not 0 < len(text) <= most:
        words = _FIELDS[field]
        raise TextNeeded(field, field_vi=words[0], field_en=words[1], most=most)
    return text


def perhaps_written(text: str, field: str, *, most: int = LONGEST_TEXT) -> str:
    """Give a text that may be blank, without the space around it.

    Raises:
        TextNeeded: too long.
    """
    return written(text, field, most=most) if plain(text) else ""


def plain(text: str) -> str:
    """Give a text composed, without the space around it and without control characters but line ends."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char for char in composed if char in "\n\t" or unicodedata.category(char) != "Cc").strip()
