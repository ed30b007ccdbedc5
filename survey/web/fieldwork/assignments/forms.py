"""What the page of assignments posts: a new one, the one to withdraw, a file."""

from __future__ import annotations

from datetime import date

from flask import Request
from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.tablets.assignments import NewAssignment
from survey.services.tablets.errors import NoFileSent


class AssignmentForm(FlaskForm):
    """One assignment. What is wrong with it, the service says."""

    login = StringField()
    unit = StringField()
    place = StringField()
    wanted = StringField()
    stratum = StringField()
    psu = StringField()
    weight = StringField()
    due = StringField()

    def as_assignment(self) -> NewAssignment:
        """Read the assignment; what cannot be read becomes a value that the service refuses."""
        return NewAssignment(
            login=self.login.data or "",
            unit_id=self.unit.data or "",
            place=" ".join((self.place.data or "").split()),
            wanted=_count(self.wanted.data or ""),
            stratum=(self.stratum.data or "").strip(),
            psu=(self.psu.data or "").strip(),
            base_weight=_weight(self.weight.data or ""),
            due_on=_day(self.due.data or ""),
        )


def sent_file(request: Request) -> tuple[bytes, str]:
    """Give the file of a request and its name.

    Raises:
        NoFileSent: there is none.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFileSent()
    return sent.read(), sent.filename


def _count(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _weight(text: str) -> float:
    try:
        return float(text.strip().replace(",", ".") or "1")
    except ValueError:
        return 0.0


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return date.min
