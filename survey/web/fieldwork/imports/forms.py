"""What the page of imports posts: a file, the one that was checked, a reason."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request
from flask_wtf import FlaskForm
from wtforms import StringField

from survey.services.importing.errors import NoFileChosen


class CheckedForm(FlaskForm):
    """The checked file that a button is about, and why its forms should count."""

    upload = StringField()
    reason = StringField()


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    raw: bytes

    @classmethod
    def of(cls, request: Request) -> SentFile:
        """Read the file of a request.

        Raises:
            NoFileChosen: there is none.
        """
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise NoFileChosen("no file")
        return cls(sent.filename, sent.read())
