"""Where a row of a file stands: which form, which unit, which stratum and cluster, what weight, which day.

Not its answers (cells.py).
"""

from __future__ import annotations

import hmac
import math
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from survey.reports.reading import CellValue, folded
from survey.services.importing.cells import BadAnswer
from survey.services.paper.numbers import number_in
from survey.services.paper.response_ids import paper_key, response_id_of
from survey.services.site_keys import site_key
from survey.storage.models import RoundRow, UnitRow
from survey.units import UnknownUnitId, load_units

LONGEST_LABEL = 80
#: File of the site's secret in `instance/keys`. No round's code has a dot, so none can be called so.
KEY_FILE = "imports.secret"
_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,12})?")
_DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_HEAVIEST = 1e9


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is read against: the round, its units by every name they go by, and today.

    `key` is the secret that ids of numbered forms are derived under, `paper_key` that of paper forms';
    `ledger` holds the numbers of the round's own paper forms.
    """

    round: RoundRow
    units: Mapping[str, str | None]
    only_unit: str | None
    today: date
    key: bytes = field(repr=False)
    paper_key: bytes = field(repr=False)
    ledger: Collection[str] = field(repr=False)

    @property
    def last_day(self) -> date:
        """The last day that a form of the round can have."""
        closed = self.round.closed_on or self.round.closes_on
        return min(closed, self.round.closes_on, self.today)


def surroundings(
    round_: RoundRow, units: Sequence[UnitRow], ledger: Collection[str], *, today: date, keys: Path
) -> Surroundings:
    """Gather what rows are read against; a name that two units share names neither."""
    names: dict[str, str | None] = {}
    for unit in units:
        for name in {folded(one) for one in (unit.name, *_full_name(unit.id))}:
            names[name] = None if name in names else unit.id
    names.update({folded(unit.id): unit.id for unit in units})
    only_unit = units[0].id if len(units) == 1 else None
    return Surroundings(round_, names, only_unit, today, import_key(keys), paper_key(keys), ledger)


def import_key(keys: Path) -> bytes:
    """Give the site's secret behind the ids of its numbered forms, making it at the first need."""
    return site_key(keys, KEY_FILE, lambda: secrets.token_bytes(32))


def form_id(key: bytes, round_code: str, number: str) -> UUID:
    """Derive the id of a numbered form: the same number in the same round is the same form.

    HMAC-SHA256 under the site's secret: numbers are easily guessed, and whoever could work out an id
    could send another response under it first.
    """
    told = f"survey import:{round_code}:{folded(number)}".encode()
    return UUID(bytes=hmac.digest(key, told, "sha256")[:16])


def read_id(around: Surroundings, uuid: CellValue, number: CellValue, on_paper: str | None) -> UUID:
    """Give the id of a row's form: its own, or the one that follows from its number.

    Args:
        on_paper: the number as one that the round's paper forms can have: its id is the one that keying the
            form would give, whether it was printed yet or not, so that no form counts by both ways.

    Raises:
        BadAnswer: there is neither, or the first is malformed.
    """
    if on_paper is not None:
        return response_id_of(around.paper_key, around.round.code, on_paper)
    if uuid is not None:
        try:
            return UUID(str(uuid).strip())
        except ValueError:
            raise BadAnswer("bad-uuid", value=uuid) from None
    if number is None or isinstance(number, bool):
        raise BadAnswer("no-number")
    return form_id(around.key, around.round.code, read_label(number, "") or "")


def paper_number(around: Surroundings, value: CellValue) -> str | None:
    """Read a form number as one of the round's paper forms; None where it is none of theirs.

    Raises:
        BadAnswer: the form stands in the round's ledger, so that it is keyed from paper and by nothing else.
    """
    if value is None or isinstance(value, bool | date):
        return None
    number = number_in(around.round.id, str(value))
    if number is not None and number in around.ledger:
        raise BadAnswer("paper-form", value=number)
    return number


def read_unit(around: Surroundings, value: CellValue) -> str:
    """Find the unit a row is about.

    Raises:
        BadAnswer: none is named, or none of the round goes by that name alone.
    """
    if value is None:
        if around.only_unit is None:
            raise BadAnswer("no-unit")
        return around.only_unit
    found = around.units.get(folded(value))
    if found is None:
        raise BadAnswer("unknown-unit", value=value)
    return found


def read_label(value: CellValue, otherwise: str) -> str:
    """Read a stratum, a cluster or a form number.

    Raises:
        BadAnswer: it is too long.
    """
    text = otherwise if value is None else " ".join(_plain(value).split())
    if len(text) > LONGEST_LABEL:
        raise BadAnswer("label-too-long", limit=LONGEST_LABEL)
    return text


def read_weight(value: CellValue) -> float:
    """Read a base weight, a decimal point or comma in text; 1 where the cell is blank.

    Raises:
        BadAnswer: it is no number above 0.
    """
    if value is None:
        return 1.0
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadAnswer("bad-weight")
    if not (math.isfinite(value) and 0 < value <= _HEAVIEST):
        raise BadAnswer("bad-weight")
    return float(value)


def read_day(around: Surroundings, value: CellValue) -> date:
    """Read the day of a row; without one, today or the round's last day.

    Raises:
        BadAnswer: it is no day, or not one of the round's that has come.
    """
    if value is None:
        return around.last_day
    day = value if isinstance(value, date) else _day_of(value)
    first, last = around.round.opens_on, around.last_day
    if not first <= day <= last:
        raise BadAnswer("day-outside", **{name: f"{one:%d/%m/%Y}" for name, one in
                                          (("value", day), ("first", first), ("last", last))})  # fmt: skip
    return day


def _day_of(value: CellValue) -> date:
    text = value.strip() if isinstance(value, str) else ""
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  # only its day is used
        except ValueError:
            continue
    raise BadAnswer("bad-day", value=value)


def _plain(value: CellValue) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _full_name(unit_id: str) -> tuple[str, ...]:
    try:
        return (load_units().get(unit_id).full_name,)
    except UnknownUnitId:
        return ()
