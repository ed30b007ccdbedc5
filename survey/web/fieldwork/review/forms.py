"""What reviewing posts: which thing, what is decided about it, and why."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from survey.services.review.errors import NothingMeant


class DecisionForm(FlaskForm):
    """A decision about one numbered thing, with a note or reason."""

    number = StringField()
    decision = StringField()
    note = StringField()
    unit = StringField()

    @property
    def id(self) -> int:
        """The number of the thing; 0, which nothing has, where none can be read."""
        told = self.number.data or ""
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0

    @property
    def why(self) -> str:
        return (self.note.data or "").replace("\0", "")


class TransactionsForm(FlaskForm):
    """Numbers of transactions, as a file or as lines."""

    file = FileField()
    lines = StringField()

    def text(self) -> str:
        """Give the file's text if there is one, else the lines; what is no UTF-8 becomes wrong lines."""
        sent = self.file.data
        if sent:
            return str(sent.read().decode("utf-8-sig", "replace"))
        return self.lines.data or ""


class ListForm(FlaskForm):
    """Responses by their ids, one a line, and why they are to be left out."""

    responses = StringField()
    note = StringField()

    def ids(self) -> list[UUID]:
        """Read the ids.

        Raises:
            NothingMeant: a line is no id.
        """
        try:
            return [UUID(hex=line.strip()) for line in (self.responses.data or "").split()]
        except ValueError as error:
            raise NothingMeant(str(error)) from error
