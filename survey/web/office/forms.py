"""What officials post and ask for: signing in, what of the results to show, a year, a province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField


class SignInForm(FlaskForm):
    """A login, a password, and where to go afterwards."""

    login = StringField()
    password = PasswordField()
    next = StringField()


@dataclass(frozen=True, slots=True)
class ResultsChoice:
    """What of a round's results is asked for; "" is the first there is."""

    formula: str
    block: str
    section: str
    page: int

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> ResultsChoice:
        return cls(
            arguments.get("formula", ""),
            arguments.get("block", ""),
            arguments.get("section", ""),
            max(arguments.get("page", 1, int), 1),
        )


def chosen_year(arguments: MultiDict[str, str], years: Sequence[int]) -> int:
    """Give the asked year if it is one of those offered, else the first of them."""
    asked = arguments.get("year", 0, int)
    return asked if asked in years else years[0]
