"""A print plan from a file: one row a place in the design, with how many forms to number for it."""

from __future__ import annotations

from collections.abc import Mapping

from survey.reports.reading import ASIDE, CellValue, HeadedSheet, Row, folded, headed, read_sheets
from survey.services.paper.errors import BadPrintPlan
from survey.services.paper.ledger import PrintLine
from survey.services.rounds import judged_units
from survey.storage.store import Store
from survey.units import load_units

#: The columns, as they are headed; the unit by its full name, its name or its id.
UNIT, STRATUM, PSU, WEIGHT, COPIES = "Đơn vị", "Tầng", "Cụm", "Trọng số", "Số phiếu"
COLUMNS = (UNIT, STRATUM, PSU, WEIGHT, COPIES)


def read_plan(*, store: Store, code: str, raw: bytes, name: str) -> tuple[PrintLine, ...]:
    """Read a print plan (xlsx or CSV); whether its lines are right, `print_forms` says.

    Raises:
        FileTooLarge, UnreadableFile, ReaderBusy: the file cannot be read.
        BadPrintPlan: a column is missing, or naming the cells that are wrong.
        NoSuchRound: there is no round of that code.
    """
    found = read_sheets(raw, name=name)
    sheet = headed(next(one for one in found.sheets if one.name not in ASIDE), COLUMNS)
    missing = [column for column in COLUMNS if folded(column) not in sheet.columns]
    if missing:
        raise BadPrintPlan("columns", lines=", ".join(missing))
    units = _names(store, code)
    wrong = [one.cell for one in (*found.problems, *sheet.problems)]
    lines = []
    for row in sheet.rows:
        line, cells = _line(sheet, row, units)
        wrong += cells
        lines.append(line)
    if wrong:
        raise BadPrintPlan(name, lines=", ".join(dict.fromkeys(wrong)))
    return tuple(line for line in lines if line is not None)


def _names(store: Store, code: str) -> Mapping[str, str]:
    """Map what a unit may be called to its id; a name that two units share stands for neither."""
    called: dict[str, set[str]] = {}
    for row in judged_units(store=store, code=code):
        for name in (row.id, row.name, load_units().get(row.id).full_name):
            called.setdefault(folded(name), set()).add(row.id)
    return {name: next(iter(ids)) for name, ids in called.items() if len(ids) == 1}


def _line(sheet: HeadedSheet, row: Row, units: Mapping[str, str]) -> tuple[PrintLine | None, list[str]]:
    unit = units.get(folded(sheet.value(row, UNIT)))
    stratum, psu = _text(sheet.value(row, STRATUM)), _text(sheet.value(row, PSU))
    weight, copies = _number(sheet.value(row, WEIGHT)), _number(sheet.value(row, COPIES))
    read = ((UNIT, unit), (STRATUM, stratum), (PSU, psu), (WEIGHT, weight), (COPIES, copies))
    wrong = [sheet.cell(row, column) for column, value in read if value is None]
    if copies is not None and copies != int(copies):
        wrong.append(sheet.cell(row, COPIES))
    if unit is None or stratum is None or psu is None or weight is None or copies is None or wrong:
        return None, wrong
    return PrintLine(unit, stratum, psu, weight, int(copies)), []


def _text(value: CellValue) -> str | None:
    """Read a label; a whole number in a cell is the label of its figures."""
    if value is None or isinstance(value, bool):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip() or None


def _number(value: CellValue) -> float | None:
    """Read a number above 0, as a number or as the text of one with a decimal point or comma."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            return None
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9
    return float(value) if usable else None  # type: ignore[arg-type]  # `usable` says that it is a number
