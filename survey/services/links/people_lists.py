"""The list of people that an office makes: a workbook or CSV, read with every problem at its cell.

With a judging plan a line says where a person works; without one it says what they judge. Not inviting them
(links/importing_people.py), and not how a file is read safely (survey.reports.reading).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from survey.questionnaires import Text
from survey.reports.reading import CellProblem, HeadedSheet, Row, folded, headed, in_order, read_sheets
from survey.services.links.errors import BadPeopleList
from survey.services.links.judging_plans import JudgingPlan
from survey.services.links.places import Judgement, Person
from survey.units import AmbiguousUnitName, Unit, UnitNotFound, UnknownUnitId, fold, load_units

#: Each column under its first header; the others are taken too.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("Họ tên", "Họ và tên", "Mã", "Họ tên hoặc mã", "person"),
    "group": ("Nhóm", "Nhóm (chức vụ)", "Chức vụ", "group"),
    "unit": ("Đơn vị được đánh giá", "unit"),
    "own": ("Đơn vị công tác", "own unit"),
    "email": ("Email", "Thư điện tử", "E-mail"),
    "stratum": ("Tầng", "stratum"),
    "psu": ("Cụm", "psu"),
    "weight": ("Trọng số", "weight"),
}
#: Columns that may stand in a list and mean nothing here.
_ASIDE = frozenset(map(folded, ("STT", "TT", "Ghi chú", "Điện thoại", "Số điện thoại")))
_EMAIL = re.compile(r"[^@\s<>(),;:\"\\\[\]]{1,64}@[^@\s<>(),;:\"\\\[\]]{1,185}\.[^@\s.]{2,}")
_LONGEST_NAME, _LONGEST_PLACE = 200, 80


@dataclass(frozen=True, slots=True)
class ListOfPeople:
    """The people of a list, each once, with all the units that their lines name."""

    people: tuple[Person, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class RoundAsked:
    """What a list is read for: the round's units, its province, and the day as of which units stand."""

    judged: tuple[Unit, ...]
    province: str
    day: date


@dataclass
class _Reading:
    """A list while it is read."""

    table: HeadedSheet
    headers: Mapping[str, str]
    problems: list[CellProblem] = field(default_factory=list)
    people: dict[str, _Gathered] = field(default_factory=dict)

    def text(self, row: Row, column: str) -> str:
        header = self.headers.get(column)
        value = self.table.value(row, header) if header else None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str("" if value is None else value).split())

    def wrong(self, row: Row, column: str, vi: str, en: str) -> None:
        header = self.headers.get(column, "")
        where = self.table.cell(row, header) if header else f"A{row.number}"
        text = Text.of({"vi": vi, "en": en})
        self.problems.append(CellProblem(self.table.sheet.name, where, "people-list", text))


@dataclass
class _Gathered:
    email: str | None
    judgements: dict[str, Judgement]


def read_people(raw: bytes, *, name: str, asked: RoundAsked, plan: JudgingPlan | None = None) -> ListOfPeople:
    """Read a list of people (xlsx or CSV) for a round.

    Raises:
        FileTooLarge, UnreadableFile, ReaderBusy: the file as such was refused.
        BadPeopleList: with every problem by sheet and cell; nobody is in it by halves.
    """
    sheets = read_sheets(raw, name=name)
    sheet = sheets.first()
    table = headed(sheet, [header for headers in COLUMNS.values() for header in headers])
    reading = _Reading(table, _headers(table))
    reading.problems += [*sheets.problems_in(sheet.name), *table.problems, *_of_head(reading, plan)]
    if not reading.problems:
        units = _UnitNames(asked)
        for row in table.rows:
            _read_row(reading, row, units, plan)
        if not table.rows:
            reading.problems.append(
                _at(table, table.header_row, "danh sách chưa có ai.", "nobody is on the list.")
            )
    if reading.problems:
        raise BadPeopleList(in_order(reading.problems))
    people = tuple(
        Person(name, tuple(one.judgements.values()), one.email) for name, one in reading.people.items()
    )
    return ListOfPeople(people, len(table.rows))


def _headers(table: HeadedSheet) -> Mapping[str, str]:
    """Find under which header each column stands."""
    found = {}
    for column, headers in COLUMNS.items():
        there = [header for header in headers if folded(header) in table.columns]
        if there:
            found[column] = there[0]
    return found


def _of_head(reading: _Reading, plan: JudgingPlan | None) -> Iterator[CellProblem]:
    table = reading.table
    needed = ("person", "group", "own") if plan else ("person", "group", "unit")
    for column in needed:
        if column not in reading.headers:
            header = COLUMNS[column][0]
            yield _at(table, table.header_row, f"thiếu cột “{header}”.", f"the column “{header}” is missing.")
    known = {folded(header) for headers in COLUMNS.values() for header in headers} | _ASIDE
    for header, place in table.columns.items():
        if header not in known:
            shown = table.shown[place]
            yield CellProblem(
                table.sheet.name,
                table.cell(table.header_row, shown),
                "people-list",
                Text.of(
                    {
                        "vi": f"không rõ cột “{shown}”; hãy sửa tên cột hoặc xóa cột.",
                        "en": f"the column “{shown}” is not known; mend its header or delete it.",
                    }
                ),
            )


def _at(table: HeadedSheet, row: int, vi: str, en: str) -> CellProblem:
    return CellProblem(table.sheet.name, f"A{row}", "people-list", Text.of({"vi": vi, "en": en}))


def _read_row(reading: _Reading, row: Row, units: _UnitNames, plan: JudgingPlan | None) -> None:
    before = len(reading.problems)
    person, group = reading.text(row, "person"), reading.text(row, "group")
    for column, text, longest in (("person", person, _LONGEST_NAME), ("group", group, _LONGEST_PLACE)):
        if not text:
            reading.wrong(row, column, "ô trống.", "the cell is blank.")
        elif len(text) > longest:
            reading.wrong(row, column, f"dài quá {longest} ký tự.", f"longer than {longest} characters.")
    email = _email(reading, row)
    judged = (
        _judged_by_plan(reading, row, units, plan, group) if plan else _judged_by_list(reading, row, units)
    )
    place = _place(reading, row, group)
    if len(reading.problems) > before:
        return
    gathered = reading.people.setdefault(person, _Gathered(email, {}))
    if email and gathered.email not in (None, email):
        reading.wrong(
            row, "email", f"“{person}” đã có email khác ở dòng trên.", f"“{person}” has another e-mail above."
        )
    gathered.email = gathered.email or email
    for unit, (stratum, weight) in judged.items():
        if unit in gathered.judgements:
            vi = f"“{person}” đã được mời đánh giá đơn vị này ở dòng trên."
            reading.wrong(row, "unit", vi, f"“{person}” is asked about this unit above already.")
        gathered.judgements[unit] = Judgement(unit, place[0] or stratum, place[1], place[2] or weight)


def _email(reading: _Reading, row: Row) -> str | None:
    email = reading.text(row, "email")
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email) or not email.isascii()):
        reading.wrong(
            row, "email", f"“{email}” không phải địa chỉ email.", f"“{email}” is no e-mail address."
        )
    return email or None


def _place(reading: _Reading, row: Row, group: str) -> tuple[str, str, float | None]:
    stratum, psu, weight = (reading.text(row, column) for column in ("stratum", "psu", "weight"))
    for column, text in (("stratum", stratum), ("psu", psu)):
        if len(text) > _LONGEST_PLACE:
            reading.wrong(row, column, "dài quá 80 ký tự.", "longer than 80 characters.")
    number: float | None = None
    if weight:
        try:
            number = float(weight.replace(",", "."))
        except ValueError:
            number = 0.0
        if not 0 < number < math.inf:
            reading.wrong(
                row, "weight", f"“{weight}” không phải số dương.", f"“{weight}” is no positive number."
            )
    return stratum, psu, number


def _judged_by_list(reading: _Reading, row: Row, units: _UnitNames) -> Mapping[str, tuple[str, float]]:
    """Read the units that a line names, one or several with semicolons between."""
    named = [one.strip() for one in reading.text(row, "unit").split(";") if one.strip()]
    if not named:
        reading.wrong(row, "unit", "ô trống.", "the cell is blank.")
    found: dict[str, tuple[str, float]] = {}
    for name in named:
        unit = units.judged(name)
        if unit is None:
            vi = f"đợt này không đánh giá “{name}”, hoặc tên chưa rõ."
            reading.wrong(row, "unit", vi, f"this round does not judge “{name}”, or the name is not clear.")
        elif unit in found:
            reading.wrong(row, "unit", f"“{name}” lặp lại.", f"“{name}” stands twice.")
        else:
            found[unit] = (reading.text(row, "group"), 1.0)
    return found


def _judged_by_plan(
    reading: _Reading, row: Row, units: _UnitNames, plan: JudgingPlan, group: str
) -> Mapping[str, tuple[str, float]]:
    """Ask the plan which units a person of a group judges, by where they work."""
    rated_by = plan.group(group) if group else None
    if group and rated_by is None:
        names = ", ".join(f"“{one.name.in_('vi')}”" for one in plan.groups)
        vi, en = f"phương án không có nhóm này; có: {names}.", f"the plan has no such group; it has {names}."
        reading.wrong(row, "group", vi, en)
    name = reading.text(row, "own")
    own = units.any(name) if name else None
    if own is None:
        vi = f"không rõ đơn vị “{name}”." if name else "ô trống."
        reading.wrong(row, "own", vi, f"the unit “{name}” is not known." if name else "the cell is blank.")
    if rated_by is None or own is None:
        return {}
    judged = plan.judged_by(rated_by, own, units.ids, province=units.province, day=units.day)
    if not judged:
        vi = "theo phương án, người này không đánh giá đơn vị nào của đợt."
        reading.wrong(row, "own", vi, "by the plan this person judges no unit of the round.")
    return {unit: (rated_by.stratum, weight) for unit, weight in judged.items()}


class _UnitNames:
    """Finds units by what people write: an id, or a name in any common spelling."""

    def __init__(self, asked: RoundAsked) -> None:
        self.ids: Sequence[str] = [unit.id for unit in asked.judged]
        self.province, self.day = asked.province, asked.day
        self._judged: dict[str, set[str]] = {}
        for unit in asked.judged:
            for name in {unit.id, fold(unit.name), fold(unit.full_name)}:
                self._judged.setdefault(name, set()).add(unit.id)

    def judged(self, name: str) -> str | None:
        """Give the round's unit of a name; None for none, or for several."""
        found = self._judged.get(name) or self._judged.get(fold(name)) or set()
        return next(iter(found)) if len(found) == 1 else None

    def any(self, name: str) -> str | None:
        """Give the unit of a name, of the round or beside it; None for none, or for several."""
        judged = self.judged(name)
        if judged:
            return judged
        tree = load_units()
        try:
            return tree.get(name).id
        except UnknownUnitId:
            pass
        for within in (self.province, None):
            try:
                return tree.find(name, as_of=self.day, within=within).id
            except (UnitNotFound, AmbiguousUnitName):
                continue
        return None
