"""What the paper desk posts: forms to print, numbers to move in the ledger, decisions, corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from survey.questionnaires import Item
from survey.services.paper.adjudicating import FIRST, SECOND
from survey.services.paper.ledger import PrintLine
from survey.services.paper.reading import RAW_UNREADABLE
from survey.storage.models import PAPER_STATUSES
from survey.storage.paper import LedgerFilter

DEEDS = ("issued", "returned", "printed", "rejected", "lost")
OTHER = "=other"
_LARGEST_BATCH = 999_999


class PrintForm(FlaskForm):
    """One place in the design and how many forms it gets. What is wrong with it, the service says."""

    unit = StringField()
    stratum = StringField()
    psu = StringField()
    weight = StringField()
    copies = StringField()

    def line(self) -> PrintLine:
        """Read the place; what cannot be read becomes a value that the service refuses."""
        return PrintLine(
            self.unit.data or "",
            (self.stratum.data or "").replace("\0", ""),
            (self.psu.data or "").replace("\0", ""),
            _weight(self.weight.data or ""),
            _count(self.copies.data or ""),
        )


class MoveForm(FlaskForm):
    """Numbers and what became of them."""

    deed = StringField()
    numbers = StringField()
    to = StringField()
    on = StringField()
    reason = StringField()
    note = StringField()

    def day(self) -> date:
        """Read the day; what is no day becomes one that the service refuses."""
        try:
            return date.fromisoformat((self.on.data or "").strip())
        except ValueError:
            return date.max


class CorrectionForm(FlaskForm):
    """One item of a kept form as the paper has it, or a rejection to make or to take back, and why."""

    deed = StringField()
    item = StringField()
    rejection = StringField()
    reason = StringField()


@dataclass(frozen=True, slots=True)
class SentPlan:
    """A print plan as it was sent; no name where no file was chosen."""

    name: str
    raw: bytes

    @classmethod
    def of(cls, request: Request) -> SentPlan:
        sent = request.files.get("file")
        return cls("", b"") if sent is None or not sent.filename else cls(sent.filename, sent.read())


def wanted(arguments: MultiDict[str, str]) -> LedgerFilter:
    """Read which forms of the ledger are asked for; what is unknown asks for all."""
    status = arguments.get("status", "")
    return LedgerFilter(
        status if status in PAPER_STATUSES else "",
        arguments.get("unit", "").replace("\0", ""),
        min(_count(arguments.get("batch", "")), _LARGEST_BATCH),
        arguments.get("q", "").replace("\0", "").strip()[:80],
    )


def choices(items: Iterable[Item], posted: MultiDict[str, str]) -> dict[str, object]:
    """Read what was decided of each item: FIRST, SECOND, or what the paper says instead."""
    read = {item.id: _choice(item, posted) for item in items}
    return {item: choice for item, choice in read.items() if choice is not None}


def on_the_paper(item: Item, posted: MultiDict[str, str], name: str) -> object:
    """Read what the paper says of an item: an answer, "" for blank, or RAW_UNREADABLE."""
    if posted.get(f"{name}.unreadable"):
        return RAW_UNREADABLE
    return posted.getlist(name) if item.kind == "multiple" else posted.get(name, "")


def _choice(item: Item, posted: MultiDict[str, str]) -> object:
    chosen = posted.get(item.id)
    if chosen in (FIRST, SECOND):
        return chosen
    return on_the_paper(item, posted, f"other.{item.id}") if chosen == OTHER else None


def _count(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _weight(text: str) -> float:
    try:
        return float(text.strip().replace(",", ".") or "1")
    except ValueError:
        return 0.0
