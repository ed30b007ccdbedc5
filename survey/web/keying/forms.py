"""What keyers post: a number, a whole form at once, why nobody could be asked."""

from __future__ import annotations

from dataclasses import dataclass

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from survey.questionnaires import Item, Questionnaire
from survey.services.paper.reading import RAW_UNREADABLE

#: Names and values that no questionnaire has: ids hold letters, digits, dots and hyphens.
UNREADABLE, CONFIRMED = RAW_UNREADABLE, "=confirmed"
#: The button that Enter presses in a browser without scripts: the form is not finished.
UNFINISHED = "=unfinished"


class NumberForm(FlaskForm):
    """The number of a form, typed or scanned."""

    number = StringField()


class SheetForm(FlaskForm):
    """The token of an entry page; its answers are read by `Typed`."""


class NotAskedForm(FlaskForm):
    """Why somebody was not asked again."""

    status = StringField()


@dataclass(frozen=True, slots=True)
class Typed:
    """What was keyed on an entry page, unread.

    Attributes:
        values: by item; "" and [] are blank.
        unreadable: items marked as such.
        confirmed: items that stand on the paper as they were keyed.
    """

    values: dict[str, object]
    unreadable: frozenset[str]
    confirmed: frozenset[str]

    @classmethod
    def of(cls, questionnaire: Questionnaire, posted: MultiDict[str, str]) -> Typed:
        """Read a posted page; what is no item of the questionnaire is passed over."""
        values = {item.id: _value(item, posted) for item in questionnaire.items}
        marked = set(posted.getlist(UNREADABLE)) | {
            item for item, value in values.items() if value == UNREADABLE
        }
        known = frozenset(values)
        return cls(
            {item: value for item, value in values.items() if value != UNREADABLE},
            known & marked,
            known & frozenset(posted.getlist(CONFIRMED)),
        )


def _value(item: Item, posted: MultiDict[str, str]) -> object:
    return posted.getlist(item.id) if item.kind == "multiple" else posted.get(item.id, "")
