"""The plain list of people that scripts use: person, unit, stratum, psu, weight, as CSV.

Not the list that officials make in Excel (links/people_lists.py).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from survey.errors import SurveyError
from survey.services.errors import BadInviteList
from survey.services.links.places import Invitee
from survey.units import load_units

_FIRST_LINE = 2


def read_invitees(raw: bytes) -> tuple[Invitee, ...]:
    """Read a list of people from CSV (UTF-8): person, unit, stratum, psu, weight.

    `unit` is a unit's id; `psu` may be blank (see Judgement), `weight` may be blank for 1.

    Raises:
        BadInviteList: naming every line that is wrong; nobody is invited.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise BadInviteList(str(error), lines="UTF-8") from error
    except csv.Error as error:
        raise BadInviteList(str(error), lines="CSV") from error
    invitees, wrong = [], []
    for number, line in enumerate(lines, start=_FIRST_LINE):
        try:
            invitees.append(_invitee(line))
        except (AttributeError, KeyError, ValueError, SurveyError):
            wrong.append(str(number))
    if wrong or not invitees:
        raise BadInviteList(lines=", ".join(wrong) or "1")
    return tuple(invitees)


def _invitee(line: Mapping[str, str]) -> Invitee:
    person, stratum, psu = (line[name].strip() for name in ("person", "stratum", "psu"))
    weight = float(line["weight"].strip() or "1")
    if not (person and stratum and 0 < weight < math.inf) or "\0" in person + stratum + psu:
        raise ValueError("a blank, a NUL or a weight that is not positive")
    return Invitee(person[:200], load_units().get(line["unit"].strip()).id, stratum[:80], psu[:80], weight)
