"""One value between a cell and the JSON document, by the kind of its column.

Not which column it stands in (layout.py). What cannot be read is given as it stands, with a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from survey.reports.criteria_workbook.layout import Column
from survey.reports.criteria_workbook.words import YES_NO, Words
from survey.reports.reading import CellValue, folded

_COMMA_NUMBER = re.compile(r"-?\d+(,\d+)?")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BETWEEN = re.compile(r"[;\n]")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What a cell says: its JSON value, and why it could not be read where it could not."""

    value: Any
    fault: str = ""
    places: Mapping[str, object] = field(default_factory=dict)


def cell_of(value: Any, column: Column) -> str | int | float | date | None:
    """Write a JSON value as what stands in the cell."""
    if value is None:
        return None
    if isinstance(value, bool):
        return YES_NO["yes" if value else "no"][0]
    if isinstance(value, list | tuple):
        return "; ".join(_shown_word(one, column.words) for one in value)
    if column.kind == "day" and isinstance(value, str):
        return _day_or_text(value)
    return value if isinstance(value, int | float) else _shown_word(value, column.words)


def _day_or_text(value: str) -> str | date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    # Before March 1900 spreadsheets count days in two ways.
    return day if day.year > 1900 else value


def _shown_word(value: object, words: Words) -> str:
    said = words.get(str(value))
    return said[0] if said else str(value)


def value_of(cell: CellValue, column: Column) -> ReadValue:
    """Read a cell that holds something as the JSON value of its column."""
    return _READERS[column.kind](cell, column)


def _text(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, str):
        return ReadValue(cell)
    return ReadValue(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else _id_text(cell))


def _id(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, date):
        return _faulty(f"{cell:%d/%m/%Y}", "became_day")
    return ReadValue(cell.strip() if isinstance(cell, str) else _id_text(cell))


def _id_text(cell: CellValue) -> str:
    """Write an id that a spreadsheet took for a number: 2 is "2", not "2.0"."""
    return str(_plain(cell)) if isinstance(cell, float) else str(cell)


def _plain(figure: float) -> int | float:
    return int(figure) if float(figure).is_integer() else figure


def _ids(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, str):
        return ReadValue(_parts(cell))
    one = _id(cell, column)
    return ReadValue([one.value], one.fault, one.places)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell) if part.strip()]


def _number(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return ReadValue(_plain(cell))
    text = cell.strip().replace("\u2212", "-") if isinstance(cell, str) else ""
    if _COMMA_NUMBER.fullmatch(text):
        return ReadValue(_plain(float(text.replace(",", "."))))
    return _faulty(cell, "became_day" if isinstance(cell, date) else "not_number")


def _years(cell: CellValue, column: Column) -> ReadValue:
    parts = _parts(cell) if isinstance(cell, str) else [_id_text(cell)]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return _faulty(cell, "not_years")
    return ReadValue([int(part) for part in parts])


def _day(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, date):
        return ReadValue(cell.isoformat())
    text = cell.strip() if isinstance(cell, str) else ""
    if _ISO_DAY.fullmatch(text):
        return ReadValue(text)
    try:
        return ReadValue(datetime.strptime(text, "%d/%m/%Y").date().isoformat())  # noqa: DTZ007
    except ValueError:
        return _faulty(cell, "not_day")


def _yes_no(cell: CellValue, column: Column) -> ReadValue:
    if isinstance(cell, bool):
        return ReadValue(cell)
    found = _word(cell, YES_NO)
    if found is None:
        return _off_list(cell, YES_NO)
    return ReadValue(found == "yes")


def _choice(cell: CellValue, column: Column) -> ReadValue:
    found = _word(cell, column.words)
    return _off_list(cell, column.words) if found is None else ReadValue(found)


def _several(cell: CellValue, column: Column) -> ReadValue:
    """Read several words of one list, such as xã; đặc khu."""
    found = [(part, _word(part, column.words)) for part in _parts(str(cell))]
    for part, word in found:
        if word is None:
            return ReadValue([word or part for part, word in found], *_list_fault(part, column.words))
    return ReadValue([word for _, word in found])


def _word(cell: CellValue, words: Words) -> str | None:
    """Find the JSON word of what was chosen, by its Vietnamese or English name or by itself."""
    said = folded(cell)
    return next((word for word, names in words.items() if said in map(folded, (word, *names))), None)


def _off_list(cell: CellValue, words: Words) -> ReadValue:
    return ReadValue(str(cell), *_list_fault(cell, words))


def _list_fault(cell: CellValue, words: Words) -> tuple[str, Mapping[str, object]]:
    return "not_in_list", {"got": shown(cell), "choices": "; ".join(said[0] for said in words.values())}


def _faulty(cell: CellValue, code: str) -> ReadValue:
    return ReadValue(str(cell), code, {"got": shown(cell)})


def shown(cell: object) -> str:
    text = str(cell)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_READERS: Mapping[str, Callable[[CellValue, Column], ReadValue]] = {
    "text": _text,
    "id": _id,
    "ids": _ids,
    "number": _number,
    "years": _years,
    "day": _day,
    "yes_no": _yes_no,
    "choice": _choice,
    "words": _several,
}


def is_blank(cell: CellValue) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def put(target: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    """Set a value in nested objects, made as they are needed."""
    for key in keys[:-1]:
        target = target.setdefault(key, {})
    target[keys[-1]] = value


def got(source: Mapping[str, Any], keys: Sequence[str]) -> Any:
    """Give a value from nested objects, None where there is none."""
    found: Any = source
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
