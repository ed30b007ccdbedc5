"""Why a paper form can be rejected, and whether one person may: not once answers on it are known from keying.

The deeds themselves are ledger.py's (one person) and effects.py's (two).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from survey.services.paper.errors import BadRejection
from survey.services.paper.questionnaire import HELPED_BY
from survey.services.paper.reading import UNREADABLE, Entries, is_blank
from survey.storage import paper

_LONGEST_NOTE = 150


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a form can be rejected."""

    id: str
    vi: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@cache
def rejection_reasons() -> tuple[Reason, ...]:
    """List why a form can be rejected, as the data file has it."""
    listed = json.loads(Path(__file__).with_name("reasons.json").read_text(encoding="utf-8"))
    return tuple(Reason(**one) for one in listed["reasons"])


def reason_text(reason: str, note: str) -> str:
    """Write a rejection as it is kept: the reason's id, and what was added to it.

    Raises:
        BadRejection: an unknown reason, a note too long, or "other" without a note.
    """
    note = " ".join(note.split())
    known = reason in {one.id for one in rejection_reasons()}
    if not known or len(note) > _LONGEST_NOTE or (reason == "other" and not note):
        raise BadRejection(reason[:20])
    return f"{reason}: {note}" if note else reason


def answers_known(session: Session, numbers: Collection[str]) -> tuple[str, ...]:
    """List those of some forms of which a keying holds an answer.

    Who rejects such a form could know what it says; a form on which nobody found an answer tells nothing.
    """
    keyed = paper.keyings_of_forms(session, numbers)
    return tuple(sorted({one.number for one in keyed if _has_answer(one.answers)}))


def _has_answer(entries: Entries) -> bool:
    return any(
        item != HELPED_BY and entry.get("mark") != UNREADABLE and not is_blank(entry)
        for item, entry in entries.items()
    )
