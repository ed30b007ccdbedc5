"""A list of assignments as an office makes it in a workbook or CSV, read with every problem at its cell.

Not making them (tablets/assignments.py), and not how a file is read safely (survey.reports.reading).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.questionnaires import Text
from survey.reports.reading import CellProblem, HeadedSheet, Row, folded, headed, in_order, read_sheets
from survey.services.tablets.assignments import NewAssignment
from survey.services.tablets.errors import BadAssignments
from survey.units import fold, load_units

#: Each column under its first header; the others are taken too. Those of `_NEEDED` must be there.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "login": ("Điều tra viên", "Tên đăng nhập", "enumerator", "login"),
    "unit": ("Đơn vị được đánh giá", "Đơn vị", "unit"),
    "place": ("Địa điểm", "Nơi phỏng vấn", "place"),
    "wanted": ("Số phiếu", "wanted"),
    "stratum": ("Tầng", "stratum"),
    "psu": ("Cụm", "psu"),
    "weight": ("Trọng số", "weight"),
    "due": ("Hạn", "due"),
}
_NEEDED = ("login", "unit", "place", "wanted")
_SHOWN = 20


@dataclass
class _Reading:
    table: HeadedSheet
    headers: Mapping[str, str]
    people: Collection[str]
    units: Mapping[str, str]
    problems: list[CellProblem] = field(default_factory=list)

    def value(self, row: Row, column: str) -> Any:
        header = self.headers.get(column)
        return self.table.value(row, header) if header else None

    def text(self, row: Row, column: str) -> str:
        value = self.value(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str("" if value is None else value).split())

    def read(self, row: Row, column: str, reader: Callable[[str], Any], vi: str, en: str) -> Any:
        """Read a cell; when that fails, report it and give None."""
        text = self.text(row, column)
        try:
            return reader(text)
        except (ValueError, KeyError):
            self.wrong(row.number, column, vi.format(text=text), en.format(text=text))
            return None

    def wrong(self, row: int, column: str, vi: str, en: str) -> None:
        where = self.table.cell(row, self.headers.get(column, ""))
        told = Text.of({"vi": vi, "en": en})
        self.problems.append(CellProblem(self.table.sheet.name, where, "assignments", told))


def read_assignments(
    raw: bytes, *, name: str, people: Collection[str], units: Collection[str]
) -> tuple[NewAssignment, ...]:
    """Read a list of assignments (xlsx or CSV): one line one enumerator at one place.

    Args:
        people: logins that may be given one.
        units: ids of the units that the round judges.

    Raises:
        FileTooLarge, UnreadableFile, ReaderBusy: the file as such was refused.
        BadAssignments: with every problem by cell; nothing of it is to be used.
    """
    sheets = read_sheets(raw, name=name)
    sheet = sheets.first()
    table = headed(sheet, [header for headers in COLUMNS.values() for header in headers])
    headers = {
        column: header
        for column, names in COLUMNS.items()
        for header in reversed(names)
        if folded(header) in table.columns
    }
    reading = _Reading(table, headers, people, _names_of(units))
    reading.problems += [*sheets.problems_in(sheet.name), *table.problems]
    for column in _NEEDED:
        if column not in headers:
            header = COLUMNS[column][0]
            vi, en = f"thiếu cột “{header}”.", f"the column “{header}” is missing."
            reading.wrong(table.header_row, "", vi, en)
    read = [] if reading.problems else [_row(reading, row) for row in table.rows]
    if not read and not reading.problems:
        reading.wrong(table.header_row, "", "danh sách chưa có dòng nào.", "the list has no line.")
    if reading.problems:
        listed = in_order(reading.problems)
        more = f" (+{len(listed) - _SHOWN})" if len(listed) > _SHOWN else ""
        shown = [f"{one.sheet}!{one.cell}: {one.message.in_('vi')}" for one in listed[:_SHOWN]]
        raise BadAssignments(problems="; ".join(shown) + more)
    return tuple(one for one in read if one is not None)


def _row(reading: _Reading, row: Row) -> NewAssignment | None:
    before = len(reading.problems)
    login = reading.read(
        row, "login", lambda text: _one_of(text.lower(), reading.people),
        "“{text}” không phải điều tra viên đang hoạt động.", "“{text}” is no active enumerator.",
    )  # fmt: skip
    unit = reading.read(
        row, "unit", lambda text: reading.units[fold(text)],
        "đợt này không đánh giá “{text}”, hoặc tên chưa rõ.", "this round does not judge “{text}”.",
    )  # fmt: skip
    place = reading.read(row, "place", _filled, "ô trống hoặc quá dài.", "the cell is blank or too long.")
    wanted = reading.read(
        row, "wanted", _count, "“{text}” không phải số từ 1 đến 10.000.", "“{text}” is not from 1 to 10,000."
    )
    weight = reading.read(
        row, "weight", _weight, "“{text}” không phải số dương.", "“{text}” is no positive number."
    )
    due = _due(reading, row)
    if len(reading.problems) > before:
        return None
    stratum, psu = reading.text(row, "stratum"), reading.text(row, "psu")
    return NewAssignment(login, unit, place, wanted, stratum, psu, weight, due)


def _due(reading: _Reading, row: Row) -> date | None:
    value = reading.value(row, "due")
    if value is None or isinstance(value, date):
        return value
    found: date | None = reading.read(row, "due", _day, "“{text}” không phải ngày.", "“{text}” is no date.")
    return found


def _day(text: str) -> date:
    day, month, year = text.split("/") if "/" in text else reversed(text.split("-"))
    return date(int(year), int(month), int(day))


def _one_of(text: str, known: Collection[str]) -> str:
    if text not in known:
        raise ValueError(text)
    return text


def _filled(text: str) -> str:
    if not 0 < len(text) <= 200:
        raise ValueError(text)
    return text


def _count(text: str) -> int:
    number = int(text)
    if not 0 < number <= 10_000:
        raise ValueError(text)
    return number


def _weight(text: str) -> float:
    number = float(text.replace(",", ".")) if text else 1.0
    if not 0 < number < math.inf:
        raise ValueError(text)
    return number


def _names_of(units: Collection[str]) -> dict[str, str]:
    """Map what a unit may be called to its id: its id, its full name, and a name that is one unit's alone."""
    tree, names = load_units(), dict[str, str]()
    short: dict[str, list[str]] = {}
    for unit_id in units:
        unit = tree.get(unit_id)
        names |= {fold(unit_id): unit_id, fold(unit.full_name): unit_id}
        short.setdefault(fold(unit.name), []).append(unit_id)
    return {name: found[0] for name, found in short.items() if len(found) == 1} | names
